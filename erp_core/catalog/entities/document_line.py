"""The line of a document: what quotes, orders, invoices and purchases are all made of."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from erp_core.catalog.entities.discount import NO_DISCOUNT, Discount
from erp_core.catalog.entities.product import ProductId
from erp_core.catalog.entities.tax_class import TaxClassId, TaxComponent, require_components
from erp_core.catalog.entities.unit import require_unit_code
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import InvariantError, ensure
from erp_core.kernel.exact import PLACES, exact, plain
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.kernel.text import require_text

LineId = NewType("LineId", UUID)

LINES_MAX: Final = 1000
LINE_DESCRIPTION_MAX: Final = 2000


class LineKind(StrEnum):
    """What a line is there for."""

    ITEM = "item"  # a product, or something that is only described
    HEADING = "heading"
    NOTE = "note"
    SUBTOTAL = "subtotal"  # of the items since the last heading or subtotal

    @property
    def is_priced(self) -> bool:
        """Say whether such a line has a quantity and a price of its own."""
        return self is LineKind.ITEM


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """One line, with everything its amounts follow from, as it was when it was written.

    A price, a tax or a name that changes later changes no line. The prices are in the currency
    of the document. A negative quantity gives back (a credit note), a negative price without a
    product deducts (a deposit that was paid).
    """

    id: LineId
    kind: LineKind = LineKind.ITEM
    product_id: ProductId | None = None  # None: what the description says
    description: str = ""  # of an item and a heading never empty
    quantity: Quantity = ZERO  # of an item never zero
    unit: str = ""  # the code of one of the company's units; empty: nothing countable
    unit_price: Decimal = Decimal(0)  # major units, up to six decimals
    price_includes_tax: bool = False  # every component, whatever it says of itself
    discount: Discount = NO_DISCOUNT
    tax_class_id: TaxClassId | None = None  # where the components came from
    components: tuple[TaxComponent, ...] = ()
    unit_cost: UnitPrice | None = None  # None: unknown, and so is the margin

    def __post_init__(self) -> None:
        price = plain(exact(self.unit_price, PLACES, "catalog.line.unit_price"))
        object.__setattr__(self, "unit_price", price)
        silent = self.kind is LineKind.SUBTOTAL or self.product_id is not None
        require_text(
            self.description,
            "catalog.line.description",
            shortest=0 if silent else 1,
            longest=LINE_DESCRIPTION_MAX,
            field="description",
        )
        if self.kind.is_priced:
            self._require_item()
        else:
            self._require_text_only()

    def _require_item(self) -> None:
        require_some(self.quantity)
        ensure(
            self.product_id is None or self.unit_price >= 0,
            "catalog.line.negative_price",
            "the price of a product is zero or more",
            field="unit_price",
        )
        if self.unit or self.product_id is not None:
            require_unit_code(self.unit, field="unit")
        require_components(self.components)

    def _require_text_only(self) -> None:
        said = (
            ("product_id", self.product_id is not None),
            ("quantity", self.quantity != ZERO),
            ("unit", bool(self.unit)),
            ("unit_price", bool(self.unit_price)),
            ("discount", self.discount != NO_DISCOUNT),
            ("tax_class_id", self.tax_class_id is not None or bool(self.components)),
            ("unit_cost", self.unit_cost is not None),
        )
        for field, is_said in said:
            ensure(
                not is_said,
                "catalog.line.text_only",
                f"a {self.kind} has a description and nothing else",
                field=field,
                kind=self.kind.value,
            )


def require_some(quantity: Quantity) -> None:
    """Raise InvariantError where an item is neither more nor less than nothing."""
    ensure(
        quantity != ZERO,
        "catalog.line.quantity",
        "an item needs a quantity other than zero",
        field="quantity",
    )


def require_lines(lines: Sequence[DocumentLine]) -> None:
    """Raise InvariantError where a document has too many lines, or one of them twice."""
    ensure(
        len(lines) <= LINES_MAX,
        "catalog.document.lines",
        f"a document has at most {LINES_MAX} lines",
        field="lines",
        most=LINES_MAX,
    )
    seen: set[LineId] = set()
    for index, line in enumerate(lines):
        if line.id in seen:
            raise InvariantError(
                "each line has an id of its own",
                code="catalog.document.line_twice",
                field=f"lines/{index}/id",
            )
        seen.add(line.id)
