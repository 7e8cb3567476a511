"""A line of a shipment: how much of an order's line goes out, and of which lots."""

from __future__ import annotations

from typing import Final, Self

from erp_core.catalog.entities import LineId, ProductId
from erp_core.inventory.entities import NUMBER_LENGTH_MAX, StockKey, WarehouseId
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.kernel.text import require_text
from erp_core.sales.entities.lines import Part
from erp_core.sales.entities.order_line import OrderLine, not_goods

SHIPPED_LOTS_MAX: Final = 2000  # of all lines of a shipment


@dataclass(frozen=True, slots=True, kw_only=True)
class LotPart:
    """How much of one lot; of a serial number, one."""

    lot: str
    quantity: Quantity

    def __post_init__(self) -> None:
        require_text(
            self.lot,
            "inventory.lot.number",
            shortest=1,
            longest=NUMBER_LENGTH_MAX,
            field="lot",
        )
        ensure(
            self.quantity > ZERO,
            "sales.parts.quantity",
            "give a quantity greater than zero, or leave the line out",
            field="quantity",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToShip:
    """How much of an order's line a person wants to ship, and of which lots if he minds."""

    id: LineId
    order_line_id: LineId
    quantity: Quantity
    lots: tuple[LotPart, ...] = ()

    @property
    def part(self) -> Part:
        """How much of which line of the order that is."""
        return Part(line_id=self.order_line_id, quantity=self.quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentLine:
    """Goods of one line of an order, as the delivery note says them."""

    id: LineId
    order_line_id: LineId
    product_id: ProductId
    description: str
    unit: str
    quantity: Quantity
    lots: tuple[LotPart, ...] = ()  # chosen by hand; once validated, those that went out

    def __post_init__(self) -> None:
        ensure(
            self.quantity > ZERO,
            "sales.parts.quantity",
            "give a quantity greater than zero, or leave the line out",
            field="quantity",
        )
        ensure(
            len({each.lot for each in self.lots}) == len(self.lots),
            "sales.shipment.lot_twice",
            "name each lot once, with all that is taken of it",
            field="lots",
        )
        named = sum((each.quantity for each in self.lots), ZERO)
        ensure(
            not self.lots or named == self.quantity,
            "sales.shipment.lots",
            f"the lots come to {named}, the line to {self.quantity}: make them agree, or leave"
            " the lots out and those that expire first are taken",
            field="lots",
            wanted=self.quantity,
            named=named,
        )

    @classmethod
    def of(cls, line: OrderLine, wanted: ToShip) -> Self:
        """Make the line that ships what is *wanted* of an order's *line*.

        Raises:
            InvariantError: it is of nothing, its lots do not come to its quantity, or the order's
                line is no goods.
        """
        product_id = line.line.product_id
        if product_id is None or not line.goods:
            raise not_goods(line.id)
        return cls(
            id=wanted.id,
            order_line_id=line.id,
            product_id=product_id,
            description=line.line.description,
            unit=line.line.unit,
            quantity=wanted.quantity,
            lots=wanted.lots,
        )

    @property
    def part(self) -> Part:
        """How much of which line of the order goes out."""
        return Part(line_id=self.order_line_id, quantity=self.quantity)

    def rows(self, warehouse_id: WarehouseId) -> tuple[tuple[StockKey, Quantity], ...]:
        """Return the stock rows that the line takes from, as far as its lots tell."""
        if not self.lots:
            return ((StockKey(self.product_id, warehouse_id), self.quantity),)
        return tuple(
            (StockKey(self.product_id, warehouse_id, each.lot), each.quantity)
            for each in self.lots
        )
