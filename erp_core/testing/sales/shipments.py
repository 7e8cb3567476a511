"""What every keeper of shipments must do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from erp_core.catalog.entities import LineId, ProductId
from erp_core.inventory.entities import WarehouseId
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import (
    LotPart,
    Order,
    OrderId,
    Shipment,
    ShipmentId,
    ShipmentLine,
    ShipmentState,
    ShipmentSummary,
    ToShip,
)
from erp_core.sales.ports import ShipmentQuery
from erp_core.testing import NOON, RIVAL, at_once, context, expect
from erp_core.testing.parties import another_party
from erp_core.testing.sales.builders import CUSTOMER, OFFERED, Trade, an_order
from erp_core.testing.sales.orders import LATER, SalesContract, settled

NUMBER = "SHP2024-00001"


def a_shipment(order: Order, trade: Trade) -> Shipment:
    """Make a draft of all that is left of an order; only what comes later is at its default."""
    known = order.by_id
    return Shipment(
        id=ShipmentId(new_id()),
        order_id=order.id,
        party_id=order.party_id,
        warehouse_id=trade.warehouse_id,
        on=OFFERED,
        lines=tuple(
            ShipmentLine.of(known[each.line_id], _by_hand(each.line_id, each.quantity))
            for each in order.left_to_ship
        ),
        carrier="Transportadora Três Irmãos 🚚",
        tracking_number="BR 123 456/é",
        note="Deixar na portaria.\nObrigado! 🙏",
    )


def _by_hand(line_id: LineId, quantity: Quantity) -> ToShip:
    little = Quantity.of("0.000001")
    lots = (
        LotPart(lot="Z-1 é", quantity=quantity - little),
        LotPart(lot="A-2", quantity=little),
    )
    return ToShip(id=LineId(new_id()), order_line_id=line_id, quantity=quantity, lots=lots)


def sent_out(shipment: Shipment, number: str = NUMBER) -> Shipment:
    """Return the shipment validated under that number; of its first line another lot went out."""
    line = shipment.lines[0]
    lots = {line.id: (LotPart(lot="B-3", quantity=line.quantity),)}
    return shipment.validate(number=number, customer=CUSTOMER, lots=lots, now=NOON)


class ShipmentRepositoryContract(SalesContract):
    """One caller at a time, and a crowd."""

    def ordered(self, many: int = 1, number: str = "ORD1") -> tuple[Order, Trade]:
        trade = self.trade()
        order = self.saved(settled(self.stored(an_order(trade, many=many)), number))
        return order, trade

    def stored_shipment(self, shipment: Shipment) -> Shipment:
        with self.unit_of_work(context()) as uow:
            return uow.shipments.add(context(), shipment)

    def saved_shipment(self, shipment: Shipment) -> Shipment:
        with self.unit_of_work(context()) as uow:
            return uow.shipments.save(context(), shipment)

    def shipment(self, shipment_id: ShipmentId) -> Shipment:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.shipments.get(context(), shipment_id)

    def held(self, shipment_id: ShipmentId) -> Shipment:
        with self.unit_of_work(context()) as uow:
            return uow.shipments.lock(context(), shipment_id)

    def listed(
        self, request: PageRequest | None = None, **filters: object
    ) -> list[ShipmentSummary]:
        query = ShipmentQuery(page=request or PageRequest(limit=200))
        query = replace(query, **filters)  # type: ignore[arg-type]  # by name
        with self.unit_of_work(context(), read_only=True) as uow:
            return list(uow.shipments.page(context(), query).items)

    def test_every_field_survives_the_round_trip(self) -> None:
        shipment = self.stored_shipment(a_shipment(*self.ordered(many=3)))
        assert (shipment.version, len(shipment.lines)) == (1, 3)
        assert self.shipment(shipment.id) == shipment == self.held(shipment.id)
        out = self.saved_shipment(sent_out(shipment))
        assert self.shipment(shipment.id) == out
        assert out.lines[0].lots == (LotPart(lot="B-3", quantity=out.lines[0].quantity),)
        assert out.lines[1:] == shipment.lines[1:]
        delivered = self.saved_shipment(out.deliver(LATER, LATER))
        assert self.shipment(shipment.id) == delivered
        assert (delivered.version, delivered.delivered_at) == (3, LATER)

    def test_what_was_called_off_survives_the_round_trip(self) -> None:
        shipment = self.stored_shipment(a_shipment(*self.ordered()))
        with self.unit_of_work(context()) as uow:
            seen = uow.shipments.lock(context(), shipment.id)
            once = uow.shipments.save(context(), sent_out(seen))
            twice = uow.shipments.save(context(), once.cancel("voltou 🙃", LATER))
        assert self.shipment(shipment.id) == twice
        assert twice.reason == "voltou 🙃"

    def test_a_drafts_lines_are_replaced_as_a_whole(self) -> None:
        order, trade = self.ordered(many=3)
        shipment = self.stored_shipment(a_shipment(order, trade))
        lines = (replace(shipment.lines[2], lots=()), a_shipment(order, trade).lines[0])
        changed = self.saved_shipment(shipment.change({"lines": lines, "carrier": ""}))
        assert self.shipment(shipment.id) == changed
        assert [len(line.lots) for line in changed.lines] == [0, 2]

    def test_a_change_is_noted_and_told(self) -> None:
        shipment = a_shipment(*self.ordered())
        with self.unit_of_work(context()) as uow:
            stored = uow.shipments.add(context(), shipment)
            (added,) = uow.journal.take()
            out = uow.shipments.save(context(), sent_out(stored))
            (changed,) = uow.journal.take()
            uow.shipments.save(context(), out.cancel("", NOON))
        assert (added.kind, added.id) == ("sales.shipment", str(shipment.id))
        assert (changed.before["state"], changed.after["state"]) == ("draft", "validated")
        with self.unit_of_work(context(), read_only=True) as uow:
            told = [each.name for each in uow.outbox.pending(context(), 10)]
            payload = uow.outbox.pending(context(), 10)[1].payload
        assert told[1:] == ["sales.shipment_validated", "sales.shipment_cancelled"]
        assert (payload["order_id"], payload["number"]) == (str(shipment.order_id), NUMBER)

    def test_a_draft_is_removed_for_good(self) -> None:
        shipment = self.stored_shipment(a_shipment(*self.ordered()))
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.shipments.delete(context(), replace(shipment, version=7))
        assert self.shipment(shipment.id) == shipment
        with self.unit_of_work(context()) as uow:
            uow.shipments.delete(context(), shipment)
            (noted,) = uow.journal.take()
        assert (noted.kind, noted.after) == ("sales.shipment", {})
        with expect(NotFoundError):
            self.shipment(shipment.id)
        assert self.stored_shipment(replace(shipment, version=0)).version == 1

    def test_identities_and_numbers_are_taken_once(self) -> None:
        order, trade = self.ordered()
        shipment, other = (self.stored_shipment(a_shipment(order, trade)) for _ in range(2))
        for twin in (
            replace(a_shipment(order, trade), id=shipment.id),
            replace(a_shipment(order, trade), lines=shipment.lines),
        ):
            with expect(AlreadyExistsError) as refusal:
                self.stored_shipment(twin)
            assert refusal[0].field == "id"
        self.saved_shipment(sent_out(shipment))
        with expect(AlreadyExistsError, "sales.shipment.number_taken"):
            self.saved_shipment(sent_out(other))

    def test_what_is_unknown_is_not_found(self) -> None:
        order, trade = self.ordered()
        shipment = a_shipment(order, trade)
        (line,) = shipment.lines
        for stranger in (
            replace(shipment, order_id=OrderId(new_id())),
            replace(shipment, party_id=PartyId(new_id())),
            replace(shipment, warehouse_id=WarehouseId(new_id())),
            replace(shipment, lines=(replace(line, order_line_id=LineId(new_id())),)),
            replace(shipment, lines=(replace(line, product_id=ProductId(new_id())),)),
        ):
            with expect(NotFoundError):
                self.stored_shipment(stranger)
        for unknown in (self.shipment, self.held):
            with expect(NotFoundError):
                unknown(shipment.id)
        with expect(NotFoundError):
            self.saved_shipment(shipment)
        with expect(NotFoundError), self.unit_of_work(context()) as uow:
            uow.shipments.head(context(), shipment.id)

    def test_another_companys_shipment_does_not_exist(self) -> None:
        shipment = self.stored_shipment(a_shipment(*self.ordered()))
        rival = context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            for refused in (uow.shipments.get, uow.shipments.lock, uow.shipments.head):
                with expect(NotFoundError):
                    refused(rival, shipment.id)
            with expect(NotFoundError):
                uow.shipments.save(rival, shipment)
            assert uow.shipments.page(rival, ShipmentQuery(page=PageRequest())).items == ()
            uow.shipments.reassign(rival, shipment.party_id, PartyId(new_id()))
        assert self.shipment(shipment.id) == shipment

    def test_of_many_who_validate_one_does(self) -> None:
        seen = self.stored_shipment(a_shipment(*self.ordered()))

        def validates() -> bool:
            with self.unit_of_work(context()) as uow:
                mine = uow.shipments.lock(context(), seen.id)
                if mine.state is not ShipmentState.DRAFT:
                    return False
                uow.shipments.save(context(), sent_out(mine))
            return True

        assert sum(at_once(*[validates] * 6)) == 1
        assert self.shipment(seen.id).version == 2

    def test_a_merged_customers_shipments_are_the_survivors(self) -> None:
        shipment = self.stored_shipment(a_shipment(*self.ordered()))
        mine = self.stored_shipment(a_shipment(*self.ordered(number="ORD2")))
        with self.unit_of_work(context()) as uow:
            survivor = uow.parties.add(context(), another_party("Chá & Mel"))
            uow.journal.take()
            uow.shipments.reassign(context(), shipment.party_id, survivor.id)
            (noted,) = uow.journal.take()
            assert noted.after["count"] == "1"
            uow.shipments.reassign(context(), shipment.party_id, survivor.id)
            assert uow.journal.take() == ()
        carried = self.shipment(shipment.id)
        assert (carried.party_id, carried.version) == (survivor.id, 2)
        assert self.shipment(mine.id) == mine

    def test_a_list_shows_no_lines_and_is_filtered_sorted_and_counted(self) -> None:
        order, trade = self.ordered()
        first = self.saved_shipment(
            sent_out(self.stored_shipment(a_shipment(order, trade)), "SHP2")
        )
        second = self.stored_shipment(a_shipment(order, trade))
        late = replace(a_shipment(*self.ordered(number="ORD2")), on=OFFERED + timedelta(days=1))
        third = self.saved_shipment(sent_out(self.stored_shipment(late), "SHP1"))
        everything = [each.summary for each in (first, second, third)]
        assert self.listed() == everything
        assert self.listed(states=(ShipmentState.VALIDATED,)) == everything[::2]
        assert self.listed(order_id=order.id) == everything[:2]
        assert self.listed(party_id=third.party_id) == [third.summary]
        assert self.listed(warehouse_id=third.warehouse_id) == [third.summary]
        assert self.listed(date_from=third.on) == [third.summary]
        assert self.listed(date_to=OFFERED) == everything[:2]
        assert self.listed(number="SHP") == everything[::2]
        by_number = [each.number for each in self.listed(PageRequest(sort="number"))]
        assert by_number == ["", "SHP1", "SHP2"]
        newest = self.listed(PageRequest(limit=2, sort="date", descending=True))
        assert [each.id for each in newest] == [third.id, second.id]
        with self.unit_of_work(context(), read_only=True) as uow:
            query = ShipmentQuery(page=PageRequest(limit=1, count=True))
            assert uow.shipments.page(context(), query).total == 3
            assert uow.shipments.head(context(), first.id) == first.summary
        with expect(MalformedError):
            self.listed(PageRequest(sort="note"))
