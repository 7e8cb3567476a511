"""What every keeper of transfers must do, alone and in a crowd."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from erp_core.catalog.entities import Product, ProductId, standard_units
from erp_core.inventory.entities import (
    Parcel,
    StockKey,
    StockTransfer,
    StockTransferId,
    StockTransferState,
    TransferLine,
    TransferLineId,
    TransferSummary,
    WarehouseId,
)
from erp_core.inventory.ports import InventoryUnitOfWork, StockTransferQuery
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    InvariantError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
    TransitionError,
)
from erp_core.kernel.page import Cursor, PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.testing import NOON, RIVAL, at_once, context, expect
from erp_core.testing.catalog import a_product
from erp_core.testing.inventory import a_warehouse
from erp_core.testing.stock import COST, ONE, RECEIPT, TEN

LATER = NOON + timedelta(hours=7, microseconds=123456)


def a_line(product_id: ProductId, quantity: Quantity = TEN) -> TransferLine:
    """Make a line of which nothing has arrived."""
    return TransferLine(
        id=TransferLineId(new_id()), product_id=product_id, lot="L-7 ☕", quantity=quantity
    )


def a_transfer(source: WarehouseId, target: WarehouseId, *lines: TransferLine) -> StockTransfer:
    """Make a transfer that was just sent."""
    return StockTransfer(
        id=StockTransferId(new_id()),
        from_warehouse_id=source,
        to_warehouse_id=target,
        lines=lines,
        label="Guia nº 7, São João",
        dispatched_at=NOON,
    )


class StockTransferContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[InventoryUnitOfWork]

    def a_stored_product(self) -> Product:
        with self.unit_of_work(context()) as uow:
            uow.units.add_absent(context(), standard_units())
            return uow.products.add(context(), replace(a_product(), tax_class_id=None))

    def a_stored_warehouse(self) -> WarehouseId:
        with self.unit_of_work(context()) as uow:
            return uow.warehouses.add(context(), a_warehouse()).id

    def sent(self, lines: int = 1) -> StockTransfer:
        """Return a transfer of the company's that is not stored yet."""
        product = self.a_stored_product()
        ends = self.a_stored_warehouse(), self.a_stored_warehouse()
        return a_transfer(*ends, *(a_line(product.id) for _ in range(lines)))

    def stored(self, transfer: StockTransfer) -> StockTransfer:
        with self.unit_of_work(context()) as uow:
            return uow.stock_transfers.add(context(), transfer)

    def saved(self, transfer: StockTransfer) -> StockTransfer:
        with self.unit_of_work(context()) as uow:
            return uow.stock_transfers.save(context(), transfer)

    def found(self, transfer_id: StockTransferId) -> StockTransfer:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.stock_transfers.get(context(), transfer_id)

    def listed(self, request: PageRequest, **filters: object) -> list[TransferSummary]:
        found: list[TransferSummary] = []
        while True:
            query = replace(StockTransferQuery(page=request), **filters)  # type: ignore[arg-type]  # by name
            with self.unit_of_work(context(), read_only=True) as uow:
                page = uow.stock_transfers.page(context(), query)
            found += page.items
            if page.next is None:
                return found
            request = replace(request, after=page.next)


class StockTransferRepositoryContract(StockTransferContract):
    """One caller at a time, and a crowd that wants the same goods."""

    def test_every_field_survives_the_round_trip(self) -> None:
        one, two = self.a_stored_product(), self.a_stored_product()
        ends = self.a_stored_warehouse(), self.a_stored_warehouse()
        exact = Quantity.of("123456789012.345678")
        lines = a_line(two.id, exact), a_line(one.id), a_line(two.id, ONE)
        transfer = self.stored(a_transfer(*ends, *lines))
        assert self.found(transfer.id) == transfer
        assert (transfer.version, transfer.lines) == (1, lines)

    def test_a_change_survives_the_round_trip(self) -> None:
        transfer = self.stored(self.sent(lines=3))
        first, second, third = transfer.lines
        some = (
            Parcel(line_id=second.id, quantity=TEN),
            Parcel(line_id=third.id, quantity=Quantity.of("0.000001")),
        )
        arrived = self.saved(transfer.arrive(some, NOON))
        assert self.found(transfer.id) == arrived
        assert (arrived.version, arrived.state) == (2, StockTransferState.PARTLY_ARRIVED)
        assert arrived.lines[0] == first
        closed = self.saved(arrived.close("caiu do caminhão 🚚", LATER))
        assert self.found(transfer.id) == closed
        assert (closed.ended_at, closed.reason) == (LATER, "caiu do caminhão 🚚")

    def test_a_change_is_noted_in_the_journal(self) -> None:
        transfer = self.sent()
        with self.unit_of_work(context()) as uow:
            stored = uow.stock_transfers.add(context(), transfer)
            (added,) = uow.journal.take()
            seen = uow.stock_transfers.lock(context(), transfer.id)
            assert seen == stored
            uow.stock_transfers.save(context(), seen.cancel("", NOON))
            (changed,) = uow.journal.take()
        assert (added.kind, added.id) == ("inventory.stock_transfer", str(transfer.id))
        assert added.after["label"] == transfer.label
        assert changed.before == {"state": "dispatched", "ended_at": ""}
        assert changed.after["state"] == "cancelled"

    def test_what_was_saved_may_be_changed_and_saved_again(self) -> None:
        transfer = self.stored(self.sent())
        part = (Parcel(line_id=transfer.lines[0].id, quantity=ONE),)
        with self.unit_of_work(context()) as uow:
            seen = uow.stock_transfers.lock(context(), transfer.id)
            once = uow.stock_transfers.save(context(), seen.arrive(part, NOON))
            twice = uow.stock_transfers.save(context(), once.arrive(part, NOON))
        assert self.found(transfer.id) == twice
        assert twice.lines[0].arrived == Quantity.of("2")

    def test_an_identity_is_taken_once(self) -> None:
        transfer = self.stored(self.sent())
        for twin in (
            replace(self.sent(), id=transfer.id),
            replace(self.sent(), lines=transfer.lines),
        ):
            with expect(AlreadyExistsError) as refusal:
                self.stored(twin)
            assert refusal[0].field == "id"

    def test_what_is_unknown_is_not_found(self) -> None:
        transfer = self.sent()
        nowhere, nothing = WarehouseId(new_id()), ProductId(new_id())
        for stranger in (
            replace(transfer, from_warehouse_id=nowhere),
            replace(transfer, to_warehouse_id=nowhere),
            replace(transfer, lines=(a_line(nothing),)),
        ):
            with expect(NotFoundError):
                self.stored(stranger)
        for unknown in (self.found, self.locked):
            with expect(NotFoundError):
                unknown(transfer.id)
        with expect(NotFoundError):
            self.saved(transfer)

    def locked(self, transfer_id: StockTransferId) -> StockTransfer:
        with self.unit_of_work(context()) as uow:
            return uow.stock_transfers.lock(context(), transfer_id)

    def test_another_companys_transfer_does_not_exist(self) -> None:
        transfer, rival = self.stored(self.sent()), context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            with expect(NotFoundError):
                uow.stock_transfers.get(rival, transfer.id)
            with expect(NotFoundError):
                uow.stock_transfers.lock(rival, transfer.id)
            with expect(NotFoundError):
                uow.stock_transfers.save(rival, transfer)
            query = StockTransferQuery(page=PageRequest())
            assert uow.stock_transfers.page(rival, query).items == ()
        with expect(NotFoundError), self.unit_of_work(rival) as uow:
            uow.stock_transfers.add(rival, replace(transfer, version=0))

    def test_of_many_writers_who_saw_the_same_version_one_wins(self) -> None:
        seen = self.stored(self.sent())

        def cancels() -> bool:
            try:
                self.saved(seen.cancel("", NOON))
            except StaleVersionError:
                return False
            return True

        assert sum(at_once(*[cancels] * 6)) == 1

    def test_never_more_arrives_than_was_sent(self) -> None:
        transfer = self.stored(self.sent())
        three = (Parcel(line_id=transfer.lines[0].id, quantity=Quantity.of("3")),)

        def arrives() -> bool:
            try:
                with self.unit_of_work(context()) as uow:
                    seen = uow.stock_transfers.lock(context(), transfer.id)
                    uow.stock_transfers.save(context(), seen.arrive(three, NOON))
            except InvariantError:
                return False
            return True

        assert sum(at_once(*[arrives] * 8)) == 3
        found = self.found(transfer.id)
        assert (found.version, found.lines[0].arrived) == (4, Quantity.of("9"))

    def test_of_two_who_end_it_one_is_told(self) -> None:
        transfer = self.stored(self.sent())

        def cancels() -> bool:
            try:
                with self.unit_of_work(context()) as uow:
                    seen = uow.stock_transfers.lock(context(), transfer.id)
                    uow.stock_transfers.save(context(), seen.cancel("", NOON))
            except TransitionError:
                return False
            return True

        assert sorted(at_once(cancels, cancels)) == [False, True]

    def test_a_list_shows_no_lines_and_is_filtered_and_counted(self) -> None:
        sent = [self.stored(self.sent(lines=2)) for _ in range(3)]
        ended = self.saved(sent[1].cancel("", NOON))
        everything = [sent[0].summary, ended.summary, sent[2].summary]
        assert self.listed(PageRequest(limit=2)) == everything
        assert self.listed(PageRequest(limit=2, descending=True)) == everything[::-1]
        states = (StockTransferState.CANCELLED, StockTransferState.ARRIVED)
        assert self.listed(PageRequest(), states=states) == [ended.summary]
        by_source = self.listed(PageRequest(), from_warehouse_id=sent[0].from_warehouse_id)
        by_target = self.listed(PageRequest(), to_warehouse_id=sent[2].to_warehouse_id)
        assert (by_source, by_target) == ([sent[0].summary], [sent[2].summary])
        after = Cursor("", sent[1].id)
        assert self.listed(PageRequest(after=after)) == [sent[2].summary]
        with self.unit_of_work(context(), read_only=True) as uow:
            query = StockTransferQuery(page=PageRequest(limit=1, count=True))
            assert uow.stock_transfers.page(context(), query).total == 3
            with expect(MalformedError):
                query = StockTransferQuery(page=PageRequest(sort="label"))
                uow.stock_transfers.page(context(), query)

    def test_a_row_of_transit_that_no_transfer_explains_is_named(self) -> None:
        transfer = self.sent(lines=2)
        one = transfer.lines[0]
        plain = tuple(replace(line, lot="") for line in transfer.lines)
        transfer = replace(transfer, lines=plain)
        with self.unit_of_work(context()) as uow:
            transit = uow.warehouses.transit(context()).id
            key = transfer.lines[0].at(transit)
            elsewhere = transfer.lines[0].at(transfer.to_warehouse_id)
            stock = uow.stock.lock(context(), [key, elsewhere], receiving=True)
            stock = stock.receive(key, TEN + TEN, COST, RECEIPT)
            uow.stock.save(context(), stock.receive(elsewhere, ONE, COST, RECEIPT))
        assert self.differences() == [(key, TEN + TEN, ZERO)]
        assert self.differences(limit=0) == []
        self.stored(transfer)
        assert self.differences() == []
        self.stored(replace(self.ended(transfer), id=StockTransferId(new_id())))
        assert self.differences() == []
        part = (Parcel(line_id=one.id, quantity=ONE),)
        arrived = self.saved(replace(transfer, version=1).arrive(part, NOON))
        assert self.differences() == [(key, TEN + TEN, Quantity.of("19"))]
        self.saved(arrived.cancel("", NOON))
        assert self.differences() == [(key, TEN + TEN, ZERO)]
        rival = context(company=RIVAL)
        with self.unit_of_work(rival, read_only=True) as uow:
            assert uow.stock_transfers.differences(rival, 10) == ()

    def ended(self, transfer: StockTransfer) -> StockTransfer:
        """Return a transfer of the same goods with which nothing is under way."""
        lines = tuple(replace(line, id=TransferLineId(new_id())) for line in transfer.lines)
        return replace(transfer, lines=lines).cancel("", NOON)

    def differences(self, limit: int = 10) -> list[tuple[StockKey, Quantity, Quantity]]:
        with self.unit_of_work(context(), read_only=True) as uow:
            found = uow.stock_transfers.differences(context(), limit)
            assert len(found) in {limit, uow.stock_transfers.count_differences(context())}
        return [
            (each.key, Quantity(each.on_hand.value), Quantity(each.under_way.value))
            for each in found
        ]
