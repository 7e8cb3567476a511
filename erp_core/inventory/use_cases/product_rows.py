"""One row of an import: the words of its columns, and what becomes of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, Final, TypeVar
from uuid import UUID

from erp_core.catalog.entities import Product, ProductId, ProductKind, TaxClassId, Tracking
from erp_core.inventory.entities import LotDates
from erp_core.kernel.csv_table import Line
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import new_ids
from erp_core.kernel.errors import ErpError, InvariantError, MalformedError, ensure
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import Quantity

_DECIMAL: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", re.ASCII)
_WHOLE: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_FLAGS: Final = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
_KNOWN_MAX: Final = 16_384  # spellings of amounts that are remembered: files repeat them
_CURRENCIES_MAX: Final = 4  # of which so many are
_STOCK: Final = frozenset(
    {"warehouse_code", "quantity", "unit_cost", "lot", "made_on", "expires_on"}
)

Convert = Callable[[str], object]
C = TypeVar("C", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningStock:
    """What of a new product lies in a warehouse already."""

    warehouse_code: str
    quantity: Quantity
    unit_cost: UnitPrice
    lot: str = ""
    dates: LotDates | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """A product to be, and the line of the file that tells of it."""

    line: int
    product: Product
    opening: OpeningStock | None = None


ReadRows = tuple[list[ProductRow], list[ErpError]]


def fault(line: int, error: ErpError) -> ErpError:
    """Say of *error* in which line it is, and so in which column."""
    error.field = f"lines/{line}/{error.field}" if error.field else f"lines/{line}"
    error.details = {**error.details, "line": line}
    return error


class ProductColumns:
    """The columns of a file, in its own order. Made once, asked for every row."""

    def __init__(self, names: Sequence[str], currency: str) -> None:
        """Take the *names* of the columns; amounts are in *currency*.

        Raises:
            MalformedError: a column nobody knows, one said twice, or no SKU or no name.
        """
        known = _conversions(currency)
        for name in names:
            if name not in known:
                raise MalformedError(
                    f"no column {name[:64]!r} is known; known are: {', '.join(known)}",
                    code="import.column_unknown",
                    column=name[:64],
                    known=", ".join(known),
                )
        if len(set(names)) < len(names):
            raise MalformedError("a column is there twice", code="import.column_twice")
        if not {"sku", "name"} <= set(names):
            raise MalformedError(
                "the columns sku and name must be there", code="import.column_missing"
            )
        self._width = len(names)
        columns = [(index, name, known[name]) for index, name in enumerate(names)]
        self._of_product = [each for each in columns if each[1] not in _STOCK]
        self._of_stock = [each for each in columns if each[1] in _STOCK]
        self._no_cost = UnitPrice(Decimal(0), currency)

    def read(self, lines: Sequence[Line]) -> ReadRows:
        """Return the rows that can be products, and why each other cannot."""
        rows: list[ProductRow] = []
        faults: list[ErpError] = []
        of_product, of_stock, width = self._of_product, self._of_stock, self._width
        for line, new in zip(lines, new_ids(len(lines)), strict=True):
            cells = line.cells
            try:
                ensure(len(cells) == width, "import.cells", "other cells than columns")
                given = {name: read(cells[at]) for at, name, read in of_product if cells[at]}
                stock = {name: read(cells[at]) for at, name, read in of_stock if cells[at]}
                rows.append(self._row(line.number, ProductId(new), given, stock))
            except ErpError as error:  # one of them: say all that is wrong with the row
                faults += [fault(line.number, each) for each in self._wrong(cells) or [error]]
        return rows, faults

    def _wrong(self, cells: list[str]) -> list[ErpError]:
        """Return what is wrong with each of the cells, taken by itself."""
        if len(cells) != self._width:
            error = InvariantError(
                f"{len(cells)} cells where there are {self._width} columns",
                code="import.cells",
                cells=len(cells),
                columns=self._width,
            )
            return [error]
        wrong: list[ErpError] = []
        for at, name, read in sorted(self._of_product + self._of_stock, key=itemgetter(0)):
            try:
                if cells[at]:
                    read(cells[at])
            except ErpError as error:
                error.field = name
                wrong.append(error)
        return wrong

    def _row(
        self, line: int, product_id: ProductId, given: dict[str, Any], stock: dict[str, Any]
    ) -> ProductRow:
        opening = self._opening(**stock) if stock else None
        if "kind" not in given:
            given["kind"] = ProductKind.GOODS
        if "stock_managed" not in given:
            given["stock_managed"] = given["kind"].keeps_stock
        if "sku" not in given or "name" not in given:  # which the product refuses in its own words
            given = {"sku": "", "name": "", **given}
        return ProductRow(line=line, product=Product(id=product_id, **given), opening=opening)

    def _opening(  # noqa: PLR0913  # one for each column
        self,
        *,
        warehouse_code: str = "",
        quantity: Quantity | None = None,
        unit_cost: UnitPrice | None = None,
        lot: str = "",
        made_on: date | None = None,
        expires_on: date | None = None,
    ) -> OpeningStock:
        if quantity is None:
            raise InvariantError(
                "say how much of it there is, or leave the columns of its stock empty",
                code="import.quantity_missing",
                field="quantity",
            )
        if not warehouse_code:
            raise InvariantError(
                "say in which warehouse it lies",
                code="import.warehouse_missing",
                field="warehouse_code",
            )
        dates = None
        if made_on or expires_on:
            dates = LotDates(made_on=made_on, expires_on=expires_on)
        return OpeningStock(
            warehouse_code=warehouse_code,
            quantity=quantity,
            unit_cost=self._no_cost if unit_cost is None else unit_cost,
            lot=lot,
            dates=dates,
        )


@lru_cache(_CURRENCIES_MAX)
def _conversions(currency: str) -> Mapping[str, Convert]:
    """Return every column by name, with what reads its cells."""
    price = lru_cache(_KNOWN_MAX)(partial(_price, currency))
    quantity = lru_cache(_KNOWN_MAX)(_quantity)
    return {
        "sku": str,
        "name": str,
        "kind": partial(_choice, _KINDS),
        "description": str,
        "unit": str,
        "barcode": str,
        "sale_price": price,
        "price_includes_tax": _flag,
        "tax_class_id": _tax_class_id,
        "minimum_price": price,
        "cost_price": price,
        "stock_managed": _flag,
        "tracking": partial(_choice, _TRACKINGS),
        "reorder_point": quantity,
        "desired_level": quantity,
        "lead_time_days": _whole,
        "weight_kg": _decimal,
        "length_cm": _decimal,
        "width_cm": _decimal,
        "height_cm": _decimal,
        "customs_code": str,
        "origin_country": str,
        "for_sale": _flag,
        "for_purchase": _flag,
        "tags": _tags,
        "warehouse_code": str,
        "quantity": quantity,
        "unit_cost": price,
        "lot": str,
        "made_on": _day,
        "expires_on": _day,
    }


def _decimal(cell: str) -> Decimal:
    if _DECIMAL.fullmatch(cell):
        return Decimal(cell)
    raise InvariantError(
        "this is no decimal such as 1234.56: a point, and nothing between the thousands",
        code="import.decimal",
    )


def _price(currency: str, cell: str) -> UnitPrice:
    return UnitPrice(_decimal(cell), currency)


def _quantity(cell: str) -> Quantity:
    return Quantity(_decimal(cell))


def _whole(cell: str) -> int:
    ensure(bool(_WHOLE.fullmatch(cell)), "import.whole", "this is no whole number")
    return int(cell)


def _flag(cell: str) -> bool:
    ensure(cell.lower() in _FLAGS, "import.flag", "write yes or no here")
    return _FLAGS[cell.lower()]


def _choice(choices: Mapping[str, C], cell: str) -> C:
    if (chosen := choices.get(cell)) is not None:
        return chosen
    listed = ", ".join(choices)
    raise InvariantError(f"write one of: {listed}", code="import.choice", choices=listed)


def _tags(cell: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in cell.split("|"))


def _tax_class_id(cell: str) -> TaxClassId:
    try:
        return TaxClassId(UUID(cell))
    except ValueError as error:
        raise InvariantError("this is no id of a tax class", code="import.uuid") from error


def _day(cell: str) -> date:
    try:
        if _DATE.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass  # the thirteenth month: refused below, as any other misspelling
    raise InvariantError("this is no date such as 2026-11-23", code="import.date")


_KINDS: Final = {each.value: each for each in ProductKind}
_TRACKINGS: Final = {each.value: each for each in Tracking}
