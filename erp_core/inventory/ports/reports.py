"""Questions about stock that go over many rows, and what they are answered with.

Each is answered by one statement, a page at a time, in the one order the report has.
"""

from __future__ import annotations

from abc import abstractmethod
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import LotId, Reason, StockKey, WarehouseId
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import MalformedError, ensure
from erp_core.kernel.money import UnitPrice, minor_digits
from erp_core.kernel.page import Cursor, Page, PageRequest, number, require_own_order
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.totals import Total, Worth

# What goes out for good: neither carried to another warehouse nor counted differently.
CONSUMING: Final = (Reason.ISSUE, Reason.SALE, Reason.PRODUCTION)
_HUNDRED: Final = Decimal(100)
_ID_DIGITS: Final = 32
_UNITS_MAX: Final = Decimal(2**63)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedProduct:
    """What a reader of a report must know of a product to recognise it."""

    id: ProductId
    sku: str
    name: str

    @property
    def cursor(self) -> Cursor:
        """The place after this product in a list in order of products."""
        return Cursor("", self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockAtQuery:
    """What lay where just before the moment *until*; without one: what lies there now."""

    page: PageRequest
    until: datetime | None = None
    product_id: ProductId | None = None
    warehouse_id: WarehouseId | None = None

    def __post_init__(self) -> None:
        require_own_order(self.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockAt:
    """A stock row at a moment: how much, and what one of it cost on average then."""

    product: ReportedProduct
    warehouse_id: WarehouseId
    warehouse: str  # its code
    lot: str
    on_hand: Quantity  # never zero: such rows are left out
    average_cost: UnitPrice | None

    @property
    def value(self) -> Worth | None:
        """What it was worth, rounded once; None before the first receipt at a cost."""
        return None if self.average_cost is None else Worth.of(self.on_hand, self.average_cost)

    @property
    def key(self) -> StockKey:
        return StockKey(self.product.id, self.warehouse_id, self.lot)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastQuery:
    """What there is and will be of the products stock is kept of; of one, or of all."""

    page: PageRequest
    product_id: ProductId | None = None

    def __post_init__(self) -> None:
        require_own_order(self.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """One product over all warehouses.

    *incoming* and *outgoing* are what documents have promised: outgoing is what is reserved, and
    incoming nothing, as long as no document promises more. A transfer is neither: what is on its
    way between two of our warehouses is on hand all the time.
    """

    product: ReportedProduct
    on_hand: Total
    reserved: Total
    incoming: Total
    outgoing: Total

    @property
    def available(self) -> Total:
        """What may be promised or taken now."""
        return self.on_hand - self.reserved

    @property
    def forecast(self) -> Total:
        """What will be left once all that is promised has come and gone."""
        return self.on_hand + self.incoming - self.outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class ReorderQuery:
    """What is to be ordered: active products of which too little is left."""

    page: PageRequest

    def __post_init__(self) -> None:
        require_own_order(self.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reorder:
    """A product of which less than its reorder point is available or on its way."""

    forecast: Forecast
    reorder_point: Quantity
    desired_level: Quantity | None
    lead_time_days: int | None

    @property
    def suggested(self) -> Total:
        """How much to order, up to the desired level; without one up to the reorder point."""
        wanted = self.reorder_point if self.desired_level is None else self.desired_level
        return Total(wanted.value) - self.forecast.available - self.forecast.incoming


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiringQuery:
    """Lots that may be used until the day *until* at the latest, that day included."""

    page: PageRequest
    until: date
    warehouse_id: WarehouseId | None = None

    def __post_init__(self) -> None:
        require_own_order(self.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiringLot:
    """What is left of one lot in one warehouse; the list begins with what expires first."""

    product: ReportedProduct
    lot_id: LotId
    lot: str
    expires_on: date
    warehouse_id: WarehouseId
    warehouse: str  # its code
    on_hand: Quantity  # never zero

    @property
    def place(self) -> tuple[date, UUID, UUID]:
        return (self.expires_on, self.lot_id, self.warehouse_id)

    @property
    def cursor(self) -> Cursor:
        return Cursor(f"{self.expires_on}{self.warehouse_id.hex}", self.lot_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowMoversQuery:
    """Products that lie there and of which nothing has gone out from *since* on."""

    page: PageRequest
    since: datetime

    def __post_init__(self) -> None:
        require_own_order(self.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowMover:
    """A product that lies there: how much, what it is worth, and when some last went out."""

    product: ReportedProduct
    on_hand: Total  # over all warehouses; never zero
    average_cost: UnitPrice | None
    last_issued_at: datetime | None  # None: never

    @property
    def value(self) -> Worth | None:
        return None if self.average_cost is None else Worth.of(self.on_hand, self.average_cost)


class AbcClass(StrEnum):
    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True, kw_only=True)
class AbcQuery:
    """Which products make the turnover of a period; *since* is included, *until* is not.

    *a* and *b* are percentages: the dearest products that make the first *a* percent of the value
    are A, those that make the next *b* percent B, and the rest C.
    """

    page: PageRequest
    since: datetime
    until: datetime
    a: Decimal = Decimal(80)
    b: Decimal = Decimal(15)

    def __post_init__(self) -> None:
        require_own_order(self.page)
        ensure(
            self.a > 0 and self.b >= 0 and self.a + self.b <= _HUNDRED,
            "inventory.abc.thresholds",
            "a is above zero, b not below it, and both together at most 100 percent",
            field="a",
        )

    def class_of(self, row: AbcRow) -> AbcClass:
        """Return the class of a product: the one that its first cent falls into."""
        before = row.before.amount * _HUNDRED
        if before < self.a * row.total.amount:
            return AbcClass.A
        return AbcClass.B if before < (self.a + self.b) * row.total.amount else AbcClass.C


@dataclass(frozen=True, slots=True, kw_only=True)
class AbcRow:
    """What went out of one product, at the cost each issue had, rounded issue by issue.

    Values in different currencies cannot be compared: each currency has a ranking of its own.
    """

    product: ReportedProduct
    issued: Total
    value: Worth
    before: Worth  # of all products that rank higher
    total: Worth  # of all products

    @property
    def place(self) -> tuple[str, Decimal, UUID]:
        """Currencies by their code, then the dearest first."""
        return (self.value.currency, -self.value.amount, self.product.id)

    @property
    def cursor(self) -> Cursor:
        return Cursor(f"{self.value.currency}{self.value.amount}", self.product.id)


class StockReports(Protocol):
    """Answers questions about stock. Proved by ``erp_core.testing.stock_reports``.

    The contract is ``StockReportsContract``. Every page is counted where its request says so.
    """

    @abstractmethod
    def stock_at(self, ctx: Context, query: StockAtQuery) -> Page[StockAt]:
        """Return what lay where, in the order of the rows' keys.

        Raises:
            MalformedError: a cursor of another list.
        """

    @abstractmethod
    def forecast(self, ctx: Context, query: ForecastQuery) -> Page[Forecast]:
        """Return what there is and will be, in the order of products."""

    @abstractmethod
    def reorder(self, ctx: Context, query: ReorderQuery) -> Page[Reorder]:
        """Return what is to be ordered, in the order of products."""

    @abstractmethod
    def expiring(self, ctx: Context, query: ExpiringQuery) -> Page[ExpiringLot]:
        """Return what expires, in the order in which it does.

        Raises:
            MalformedError: a cursor of another list.
        """

    @abstractmethod
    def slow_movers(self, ctx: Context, query: SlowMoversQuery) -> Page[SlowMover]:
        """Return what does not move, in the order of products."""

    @abstractmethod
    def abc(self, ctx: Context, query: AbcQuery) -> Page[AbcRow]:
        """Return what went out, the dearest first within each currency.

        Raises:
            MalformedError: a cursor of another list.
        """


def expiring_place(cursor: Cursor) -> tuple[date, UUID, UUID]:
    """Return the place in the list of what expires that *cursor* stands for.

    Raises:
        MalformedError: it is the place of something else.
    """
    try:
        warehouse = UUID(hex=cursor.value[-_ID_DIGITS:])
        day = date.fromisoformat(cursor.value[:-_ID_DIGITS])
    except ValueError as error:
        raise _strange() from error
    return (day, cursor.id, warehouse)


def abc_place(cursor: Cursor) -> tuple[str, Decimal, UUID]:
    """Return the place in the ranking that *cursor* stands for.

    Raises:
        MalformedError: it is the place of something else.
    """
    value = number(cursor.value[3:])
    currency = cursor.value[:3]
    # No database compares more minor units than 64 bits hold, nor does any ranking reach them.
    if not value.is_finite() or abs(value) >= _UNITS_MAX / 10 ** minor_digits(currency):
        raise _strange()
    return (currency, -value, cursor.id)


def _strange() -> MalformedError:
    return MalformedError(
        "this cursor belongs to another list: begin again without it",
        code="page.cursor",
        field="cursor",
    )
