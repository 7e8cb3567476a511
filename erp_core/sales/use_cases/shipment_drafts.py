"""Writing shipments, while the goods are still here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TypedDict

from erp_core.catalog.entities import LineId, Product, ProductId, Tracking
from erp_core.inventory.entities import WarehouseId
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import ErpError, at, ensure
from erp_core.kernel.use_case import UseCase
from erp_core.parties.ports import hold_named
from erp_core.sales.entities import (
    Order,
    OrderId,
    Part,
    Shipment,
    ShipmentChanges,
    ShipmentId,
    ShipmentLine,
    ToShip,
)
from erp_core.sales.ports import SalesUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class AddShipmentCommand:
    id: ShipmentId
    order_id: OrderId
    warehouse_id: WarehouseId
    lines: tuple[ToShip, ...] | None = None  # None: all that is left to take from there
    on: date | None = None  # None: today, in the company's time zone
    carrier: str = ""
    tracking_number: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class AddShipment(UseCase[SalesUnitOfWork, AddShipmentCommand, Shipment]):
    """Write a new shipment of an order's goods, as a draft: no stock moves yet.

    Raises:
        AlreadyExistsError: its id, or that of a line, is taken.
        NotFoundError: no such order, line of it, or warehouse.
        TransitionError: the order is not confirmed.
        InvariantError: nothing is left to ship, or less of a line than is wanted; a line is no
            goods, or its lots are not as they must be; nothing is taken from that warehouse.
    """

    permission = "sales.shipment.add"

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: AddShipmentCommand) -> Shipment:
        with at("order_id"):
            order = uow.orders.get(ctx, command.order_id)
        hold_named(ctx, uow, order.party_id)
        _require_warehouse(ctx, uow, command.warehouse_id)
        shipment = Shipment(
            id=command.id,
            order_id=order.id,
            party_id=order.party_id,
            warehouse_id=command.warehouse_id,
            on=command.on or uow.companies.get(ctx).day(self.clock.now(ctx)),
            lines=_lines(ctx, uow, order, command.lines, command.warehouse_id),
            carrier=command.carrier,
            tracking_number=command.tracking_number,
            note=command.note,
        )
        return uow.shipments.add(ctx, shipment)


class ShipmentDraftChanges(TypedDict, total=False):
    """What of a draft may be changed; what is absent stays. Lines are replaced as a whole."""

    warehouse_id: WarehouseId
    on: date
    lines: tuple[ToShip, ...] | None  # None: all that is left to take from there
    carrier: str
    tracking_number: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeShipmentCommand:
    id: ShipmentId
    version: int | None
    changes: ShipmentDraftChanges


@dataclass(frozen=True, kw_only=True)
class ChangeShipment(UseCase[SalesUnitOfWork, ChangeShipmentCommand, Shipment]):
    """Write a draft anew in part; of goods under way, the carrier and its number may change.

    Raises:
        NotFoundError: no such shipment, line of its order, or warehouse.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it may not change so any more, or the order is not confirmed.
        InvariantError: as adding one does.
    """

    permission = "sales.shipment.change"

    def execute(
        self, ctx: Context, uow: SalesUnitOfWork, command: ChangeShipmentCommand
    ) -> Shipment:
        shipment = uow.shipments.lock(ctx, command.id).expect(command.version)
        asked = command.changes
        changes = _rest_of(asked)
        if "lines" in asked or "warehouse_id" in asked:
            shipment.require_draft()
        warehouse_id = asked.get("warehouse_id", shipment.warehouse_id)
        if warehouse_id != shipment.warehouse_id:
            _require_warehouse(ctx, uow, warehouse_id)
            changes["warehouse_id"] = warehouse_id
        if "lines" in asked:
            order = uow.orders.get(ctx, shipment.order_id)
            changes["lines"] = _lines(ctx, uow, order, asked["lines"], warehouse_id)
        return uow.shipments.save(ctx, shipment.change(changes))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentCommand:
    """Names a shipment, and the version of it that the caller has seen (None: any)."""

    id: ShipmentId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class DeleteShipment(UseCase[SalesUnitOfWork, ShipmentCommand, Shipment]):
    """Remove a draft for good.

    Raises:
        NotFoundError: no such shipment.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is no draft any more.
    """

    permission = "sales.shipment.delete"

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: ShipmentCommand) -> Shipment:
        shipment = uow.shipments.lock(ctx, command.id).expect(command.version).require_draft()
        uow.shipments.delete(ctx, shipment)
        return shipment


def shipped(order: Order, parts: Sequence[Part]) -> Order:
    """Return the order with *parts* shipped; errors speak of the shipment's lines.

    Raises:
        TransitionError: the order is not confirmed.
        NotFoundError: a part is of no line of the order.
        InvariantError: more than is left would be shipped, or what is no goods.
    """
    with _of_the_order():
        return order.ship(parts)


@contextmanager
def _of_the_order() -> Iterator[None]:
    """Name an order's line as a shipment does."""
    try:
        yield
    except ErpError as error:
        place, slash, field = error.field.rpartition("/")
        if field == "line_id":
            error.field = f"{place}{slash}order_line_id"
        raise


def _require_warehouse(ctx: Context, uow: SalesUnitOfWork, warehouse_id: WarehouseId) -> None:
    with at("warehouse_id"):
        warehouse = uow.warehouses.get(ctx, warehouse_id)
    warehouse.require_active()
    warehouse.require_storage()


def _lines(
    ctx: Context,
    uow: SalesUnitOfWork,
    order: Order,
    asked: Sequence[ToShip] | None,
    warehouse_id: WarehouseId,
) -> tuple[ShipmentLine, ...]:
    """Return the lines that ship what is asked for, or all that is left.

    Raises:
        TransitionError: the order is not confirmed.
        NotFoundError: the order has no such line.
        InvariantError: less is left, it is no goods, or its lots are not as they must be.
    """
    wanted = _all_left(order, warehouse_id) if asked is None else asked
    shipped(order, [each.part for each in wanted])
    known, lines = order.by_id, []
    for index, each in enumerate(wanted):
        with at(f"lines/{index}"):
            lines.append(ShipmentLine.of(known[each.order_line_id], each))
    by_lot = {each.product_id for each in lines if each.lots}
    _require_lots(lines, uow.products.some(ctx, list(by_lot)) if by_lot else {})
    return tuple(lines)


def _all_left(order: Order, warehouse_id: WarehouseId) -> list[ToShip]:
    """Return what is left of the order, but for lines that are taken from elsewhere."""
    order.require_open()
    here = {line.id for line in order.lines if line.warehouse_id in (None, warehouse_id)}
    left = [each for each in order.left_to_ship if each.line_id in here]
    ensure(
        bool(left),
        "sales.order.nothing_to_ship",
        "nothing of this order is left to take from this warehouse: name the lines to take from"
        " another than was agreed",
        field="lines",
    )
    return [
        ToShip(id=LineId(new_id()), order_line_id=each.line_id, quantity=each.quantity)
        for each in left
    ]


def _require_lots(lines: Sequence[ShipmentLine], products: Mapping[ProductId, Product]) -> None:
    for index, line in enumerate(lines):
        product = products.get(line.product_id)
        if product is not None:
            ensure(
                product.stock_managed and product.tracking is not Tracking.NONE,
                "inventory.lot",
                f"{product.sku} is kept without lots",
                field=f"lines/{index}/lots",
                sku=product.sku,
            )


def _rest_of(asked: ShipmentDraftChanges) -> ShipmentChanges:
    """Return those of the changes that a shipment takes over as they are."""
    rest: ShipmentChanges = {}
    if "on" in asked:
        rest["on"] = asked["on"]
    if "carrier" in asked:
        rest["carrier"] = asked["carrier"]
    if "tracking_number" in asked:
        rest["tracking_number"] = asked["tracking_number"]
    if "note" in asked:
        rest["note"] = asked["note"]
    return rest
