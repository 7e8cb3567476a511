"""Goods in transit, side by side."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from erp_core.inventory.entities import (
    Parcel,
    StockTransfer,
    StockTransferId,
    StockTransferState,
    TransferLine,
    TransferLineId,
)
from erp_core.inventory.ports import MovementQuery, StockTransferQuery
from erp_core.inventory.use_cases import (
    ArriveTransfer,
    ArriveTransferCommand,
    CancelTransfer,
    CloseTransfer,
    DispatchTransfer,
    DispatchTransferCommand,
    EndTransferCommand,
    GetTransfer,
    ListMovements,
    ListTransfers,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import ZERO, Quantity
from tests.contracts.side_by_side import limits, places, products, quantities
from tests.contracts.side_by_side_documents import WithDocuments

few = st.integers(0, 3)
goods = st.sampled_from([*["tea", "rum"] * 4, "advice", "batch", "unknown"])
some = st.sampled_from(["1", "2", "3.5", "0.000001", "40"]).map(Quantity.of)


class WithTransfers(WithDocuments):
    def __init__(self, kind: str, folder: Path) -> None:
        super().__init__(kind, folder)
        self.transfers: dict[StockTransferId, StockTransfer] = {}

    @rule(lines=st.lists(st.tuples(goods, some), min_size=1, max_size=3), source=places, to=places)
    def dispatch(self, lines: list[tuple[str, Quantity]], source: str, to: str) -> None:
        sent = tuple(
            TransferLine(
                id=TransferLineId(new_id()), product_id=self.products[product], quantity=many
            )
            for product, many in lines
        )
        command = DispatchTransferCommand(
            id=StockTransferId(new_id()),
            from_warehouse_id=self.places[source],
            to_warehouse_id=self.places[to],
            lines=sent,
            label="by van",
        )
        back = partial(self._call_off, command.id)
        self._travels(self.ask(DispatchTransfer, command), back)

    @precondition(lambda self: self.transfers)
    @rule(which=few, line=few, quantity=st.none() | quantities)
    def arrive(self, which: int, line: int, quantity: Quantity | None) -> None:
        """All of it, or a part of one line."""
        transfer = self._one(which)
        chosen = transfer.lines[line % len(transfer.lines)].id
        parcels = None if quantity is None else (Parcel(line_id=chosen, quantity=quantity),)
        command = ArriveTransferCommand(id=transfer.id, parcels=parcels)
        self._travels(self.ask(ArriveTransfer, command), _gone)

    @precondition(lambda self: self.transfers)
    @rule(
        which=few,
        way=st.sampled_from([CloseTransfer, CancelTransfer]),
        reason=st.sampled_from(["", "stolen"]),
    )
    def end(self, which: int, way: type, reason: str) -> None:
        command = EndTransferCommand(id=self._one(which).id, reason=reason)
        self._travels(self.ask(way, command), _gone)

    def _call_off(self, transfer_id: StockTransferId) -> Any:
        """Undo a dispatch; what has partly arrived cannot be undone like this."""
        if self.transfers[transfer_id].state is not StockTransferState.DISPATCHED:
            return None
        cancelled = self.ask(CancelTransfer, EndTransferCommand(id=transfer_id))
        self._travels(cancelled, _gone)
        return cancelled

    @precondition(lambda self: self.transfers)
    @rule(which=few, limit=limits, place=st.none() | places)
    def read_transfers(self, which: int, limit: int, place: str | None) -> None:
        assert self.ask(GetTransfer, self._one(which).id) == self._one(which)
        query = StockTransferQuery(
            page=PageRequest(limit=limit),
            states=(StockTransferState.DISPATCHED, StockTransferState.ARRIVED),
            to_warehouse_id=None if place is None else self.places[place],
        )
        self.pages(ListTransfers, query)

    @rule(product=products)
    def take_from_transit(self, product: str) -> None:
        """What is under way is nobody's to take."""
        key = self.key(product, "north")
        for known in [each for each in self.on_hand if each.warehouse_id not in self._storage]:
            if known.product_id == key.product_id:
                before = self.on_hand[known]
                self._issue(known, Quantity.of("1"))
                assert self.on_hand[known] == before

    @property
    def _storage(self) -> set[Any]:
        return set(self.places.values())

    def _one(self, which: int) -> StockTransfer:
        known = list(self.transfers.values())
        return known[-1 - which % len(known)]

    def _travels(self, transfer: StockTransfer | None, back: Callable[[], Any]) -> None:
        """Note the movements of a step, which are those of its origin that nobody has seen."""
        if transfer is None:
            return
        self.transfers[transfer.id] = transfer
        seen = {each.id for each in self.movements}
        newest = PageRequest(limit=12, descending=True)
        page = self.ask(ListMovements, MovementQuery(page=newest))
        ours = [each for each in page.items if each.posting.origin == transfer.origin]
        made = [each for each in reversed(ours) if each.id not in seen]
        assert sum((each.quantity for each in made), ZERO) <= ZERO
        self.moved(made, back)


def _gone() -> None:
    """Do nothing: it cannot be undone."""
