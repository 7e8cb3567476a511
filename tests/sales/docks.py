"""A shop that also ships what it sells, and short words for that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from erp_core.catalog.entities import LineId, Product
from erp_core.erp import ErpUnitOfWork
from erp_core.inventory.entities import Reason, StockMovement, WarehouseId
from erp_core.inventory.ports import MovementQuery, ReservationQuery, StockQuery
from erp_core.kernel.entity import new_id
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.sales.entities import (
    LotPart,
    Order,
    OrderLine,
    Shipment,
    ShipmentId,
    ToShip,
)
from erp_core.sales.use_cases import (
    AddShipmentCommand,
    CancelShipmentCommand,
    ChangeShipmentCommand,
    DeliverShipmentCommand,
    ShipmentCommand,
    ShipmentDraftChanges,
)
from erp_core.testing import context
from erp_core.testing.inventory import a_warehouse
from tests.sales.shops import PAGE, SELLER, Shop, a_shop, of

CLERK = context("sales.shipment.*", "inventory.*")


@dataclass
class Dock(Shop):
    """Goods of confirmed orders leave from here."""

    def another_place(self, **changes: object) -> WarehouseId:
        with self.store(SELLER) as uow:
            place = replace(a_warehouse(), may_go_negative=False)
            return uow.warehouses.add(SELLER, replace(place, **changes)).id

    def sold(self, *wanted: tuple[Product, object]) -> Order:
        """Confirm an order of so much of each product."""
        return self.confirm(self.order(*(self.line(*each) for each in wanted)))

    def draft(self, order: Order, *lines: ToShip, **changes: object) -> Shipment:
        command = AddShipmentCommand(
            id=ShipmentId(new_id()),
            order_id=order.id,
            warehouse_id=self.where,
            lines=lines or None,
        )
        return self.erp.sales.add_shipment(CLERK, replace(command, **changes))

    def change(self, shipment: Shipment, **changes: object) -> Shipment:
        said: ShipmentDraftChanges = changes
        command = ChangeShipmentCommand(id=shipment.id, version=None, changes=said)
        return self.erp.sales.change_shipment(CLERK, command)

    def validate(self, shipment: Shipment) -> Shipment:
        return self.erp.sales.validate_shipment(CLERK, ShipmentCommand(id=shipment.id))

    def ship(self, order: Order, *lines: ToShip, **changes: object) -> Shipment:
        return self.validate(self.draft(order, *lines, **changes))

    def deliver(self, shipment: Shipment, at: datetime | None = None) -> Shipment:
        command = DeliverShipmentCommand(id=shipment.id, delivered_at=at)
        return self.erp.sales.deliver_shipment(CLERK, command)

    def call_off(self, shipment: Shipment, reason: str = "") -> Shipment:
        command = CancelShipmentCommand(id=shipment.id, reason=reason)
        return self.erp.sales.cancel_shipment(CLERK, command)

    def delete(self, shipment: Shipment) -> Shipment:
        return self.erp.sales.delete_shipment(CLERK, ShipmentCommand(id=shipment.id))

    def shown(self, shipment: Shipment) -> Shipment:
        return self.erp.sales.get_shipment(CLERK, shipment.id)

    def lots(self, product: Product) -> dict[str, tuple[str, str]]:
        """Say of each lot how much is on hand, and how much of it reserved."""
        items = self.items(product).items()
        return {lot: (str(each.on_hand), str(each.reserved)) for lot, each in items}

    def lies(self, product: Product) -> dict[WarehouseId, tuple[str, str]]:
        """Say of each place how much is on hand, and how much of it reserved."""
        query = StockQuery(page=PAGE, product_id=product.id)
        items = [each.item for each in self.erp.inventory.list_stock(CLERK, query).items]
        return {each.key.warehouse_id: (str(each.on_hand), str(each.reserved)) for each in items}

    def kept(self, order: Order) -> dict[str, str]:
        """Say how much is kept for each line, counted from one."""
        query = ReservationQuery(page=PAGE, origin=f"sales.order:{order.id}/")
        found: dict[str, str] = {}
        for each in self.erp.inventory.list_reservations(CLERK, query).items:
            place = each.origin.rpartition("/")[2]
            found[place] = str(of(found.get(place, "0")) + each.quantity)
        return found

    def moves(self, product: Product, reason: Reason) -> list[StockMovement]:
        query = MovementQuery(page=PAGE, product_id=product.id)
        found = self.erp.inventory.list_movements(CLERK, query).items
        return [each for each in found if each.posting.reason is reason]


def a_dock(store: UnitOfWorkFactory[ErpUnitOfWork] | None = None, **ports: object) -> Dock:
    return Dock(**vars(a_shop(store, **ports)))


def some(line: OrderLine, quantity: object, **lots: object) -> ToShip:
    """Say that so much of an order's line is to be shipped, and of which lots."""
    return ToShip(
        id=LineId(new_id()),
        order_line_id=line.id,
        quantity=of(quantity),
        lots=tuple(LotPart(lot=lot, quantity=of(each)) for lot, each in lots.items()),
    )
