"""Two warehouses of one firm, and short words for what goes between them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from erp_core.catalog.entities import ProductId, standard_units
from erp_core.erp import Erp
from erp_core.inventory.entities import (
    TRANSIT_CODE,
    Parcel,
    StockKey,
    StockMovement,
    StockTransfer,
    StockTransferId,
    TransferLine,
    TransferLineId,
    WarehouseId,
)
from erp_core.inventory.ports import (
    MovementQuery,
    StockQuery,
    WarehouseQuery,
)
from erp_core.inventory.use_cases import (
    ArriveTransferCommand,
    DispatchTransferCommand,
    EndTransferCommand,
    ReceiveStockCommand,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    ErpError,
    InvariantError,
)
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.testing import context
from erp_core.testing.catalog import a_product
from erp_core.testing.inventory import a_warehouse
from erp_memory.store import MemoryStore
from tests.wiring import an_erp

CLERK = context("inventory.*")
PAGE = PageRequest(limit=200)


def of(value: str) -> Quantity:
    return Quantity.of(value)


def line(product_id: ProductId, quantity: str, lot: str = "") -> TransferLine:
    return TransferLine(
        id=TransferLineId(new_id()), product_id=product_id, quantity=of(quantity), lot=lot
    )


@dataclass
class Firm:
    """Two warehouses, and short words for what goes between them."""

    erp: Erp
    store: MemoryStore
    here: WarehouseId
    there: WarehouseId

    def product(self, on_hand: str = "10", cost: str = "2", **changes: object) -> ProductId:
        with self.store(CLERK) as uow:
            uow.units.add_absent(CLERK, standard_units())
            product = uow.products.add(CLERK, replace(a_product(), tax_class_id=None, **changes))
        if of(on_hand) > ZERO:
            self.receive(product.id, on_hand, cost)
        return product.id

    def receive(
        self, product_id: ProductId, quantity: str, cost: str, lot: str = ""
    ) -> StockMovement:
        command = ReceiveStockCommand(
            key=StockKey(product_id, self.here, lot),
            quantity=of(quantity),
            unit_cost=UnitPrice(Decimal(cost), "EUR"),
        )
        return self.erp.inventory.receive_stock(CLERK, command)

    def send(self, *lines: TransferLine, **changes: object) -> StockTransfer:
        command = DispatchTransferCommand(
            id=StockTransferId(new_id()),
            from_warehouse_id=self.here,
            to_warehouse_id=self.there,
            lines=lines,
            label="by van",
        )
        return self.erp.inventory.dispatch_transfer(CLERK, replace(command, **changes))

    def arrive(self, transfer: StockTransfer, *quantities: str) -> StockTransfer:
        """Let so much of each line arrive, or all of everything."""
        parcels = tuple(
            Parcel(line_id=each.id, quantity=of(quantity))
            for each, quantity in zip(transfer.lines, quantities, strict=False)
        )
        command = ArriveTransferCommand(id=transfer.id, parcels=parcels or None)
        return self.erp.inventory.arrive_transfer(CLERK, command)

    def close(self, transfer: StockTransfer, reason: str = "fell off") -> StockTransfer:
        command = EndTransferCommand(id=transfer.id, reason=reason)
        return self.erp.inventory.close_transfer(CLERK, command)

    def cancel(self, transfer: StockTransfer, reason: str = "") -> StockTransfer:
        command = EndTransferCommand(id=transfer.id, reason=reason)
        return self.erp.inventory.cancel_transfer(CLERK, command)

    @property
    def transit(self) -> WarehouseId:
        found = self.erp.inventory.list_warehouses(
            CLERK, WarehouseQuery(page=PAGE, code=TRANSIT_CODE)
        )
        return found.items[0].id

    def on_hand(self, product_id: ProductId) -> list[Decimal]:
        """Say how much lies here, on the way, and there."""
        listed = self.erp.inventory.list_stock(CLERK, StockQuery(page=PAGE, product_id=product_id))
        found = {each.item.key.warehouse_id: each.item.on_hand.value for each in listed.items}
        return [found.get(each, Decimal(0)) for each in (self.here, self.transit, self.there)]

    def story(self, product_id: ProductId) -> list[StockMovement]:
        query = MovementQuery(page=PAGE, product_id=product_id)
        return list(self.erp.inventory.list_movements(CLERK, query).items)


def a_firm() -> Firm:
    store = MemoryStore()
    erp = an_erp(store)
    places = [replace(a_warehouse(), may_go_negative=False) for _ in range(2)]
    here, there = (erp.inventory.add_warehouse(CLERK, each).id for each in places)
    return Firm(erp, store, here, there)


def refusal_of(refused: Callable[[], object], error: type[ErpError] = InvariantError) -> ErpError:
    with pytest.raises(error) as refusal:
        refused()
    return refusal.value
