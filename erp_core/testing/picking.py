"""What everybody who finds goods for documents must do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from erp_core.catalog.entities import Tracking
from erp_core.inventory.entities import (
    Candidate,
    LotDates,
    Place,
    StillOut,
    StockKey,
    take_back,
)
from erp_core.kernel.quantity import Quantity
from erp_core.testing import RIVAL, context
from erp_core.testing.lots import ReservationContract
from erp_core.testing.stock import COST, ISSUE, ONE, RECEIPT, TEN

ORDER = "sales.order:9"


class PickingContract(ReservationContract):
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    def candidates(self, *keys: StockKey, rival: bool = False) -> tuple[Candidate, ...]:
        ctx = context(company=RIVAL) if rival else context()
        places: set[Place] = {(key.product_id, key.warehouse_id) for key in keys}
        with self.unit_of_work(ctx, read_only=True) as uow:
            return uow.picking.candidates(ctx, places)

    def still_out(self, origin: str = ORDER, *, rival: bool = False) -> tuple[StillOut, ...]:
        ctx = context(company=RIVAL) if rival else context()
        with self.unit_of_work(ctx, read_only=True) as uow:
            return uow.picking.still_out(ctx, origin)

    def test_lots_are_found_in_the_order_in_which_they_expire(self) -> None:
        late = self.a_lot_key(number="late")
        keys = [replace(late, lot=lot) for lot in ("late", "none", "soon", "never")]
        days = (date(2024, 12, 1), date(2024, 1, 1), date(2024, 3, 1), None)
        for key, day in zip(keys, days, strict=True):
            self.receive_lot(key, LotDates(expires_on=day), TEN)
        self.issue(keys[1], TEN)
        found = self.candidates(keys[0])
        assert [each.key.lot for each in found] == ["soon", "late", "never"]
        assert [each.expires_on for each in found] == [days[2], days[0], None]
        assert {each.available for each in found} == {TEN}

    def test_what_is_reserved_is_no_candidate(self) -> None:
        key, other, empty = self.a_key(TEN), self.a_key(TEN), self.a_key()
        self.reserve(key, TEN)
        self.reserve(other, ONE)
        nine = Candidate(key=other, available=Quantity.of("9"))
        assert self.candidates(key, other, empty) == (nine,)
        assert self.candidates(key, other, rival=True) == ()
        assert self.candidates() == ()

    def test_what_lies_elsewhere_is_no_candidate(self) -> None:
        key = self.a_key(TEN)
        there = self.elsewhere(key)
        self.transfer(key, there)
        assert [each.key for each in self.candidates(there)] == [there]
        assert {each.key for each in self.candidates(there, key)} == {there, key}

    def test_what_is_kept_for_lines_is_found(self) -> None:
        one, two = sorted((self.a_key(TEN), self.a_key(TEN)))
        self.reserve(two, ONE, f"{ORDER}/1")
        self.reserve(one, TEN, f"{ORDER}/1")
        self.reserve(two, ONE, f"{ORDER}/10")
        for ctx, many in ((context(), 2), (context(company=RIVAL), 0)):
            with self.unit_of_work(ctx, read_only=True) as uow:
                found = uow.picking.reserved(ctx, [f"{ORDER}/1", f"{ORDER}/2"])
                assert [each.key for each in found] == [one, two][:many]
                assert uow.picking.reserved(ctx, []) == ()

    def test_what_went_out_for_a_document_is_found_until_it_is_back(self) -> None:
        key = self.a_key(TEN)
        lot = self.a_lot_key(Tracking.LOT)
        self.receive_lot(lot, None, TEN)
        posting = replace(ISSUE, origin=ORDER)
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key, lot], receiving=True)
            stock = stock.issue(key, TEN, posting).issue(lot, ONE, posting)
            stock = stock.issue(lot, ONE, replace(posting, origin=f"{ORDER}9"))
            uow.stock.save(context(), stock.receive(key, ONE, COST, RECEIPT))
        whole, small = self.still_out()
        assert [(each.movement.key, each.rest) for each in (whole, small)] == [
            (key, TEN),
            (lot, ONE),
        ]
        assert self.still_out(rival=True) == ()
        back = replace(posting, reference_id=whole.movement.id)
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key], receiving=True)
            uow.stock.save(context(), stock.receive(key, ONE, COST, back))
        assert [each.rest.value for each in self.still_out()] == [9, 1]
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key, lot], receiving=True)
            out = uow.picking.still_out(context(), ORDER)
            uow.stock.save(context(), take_back(stock, out, posting, "EUR"))
        assert self.still_out() == ()
        assert self.item(key).on_hand == Quantity.of("11")
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.stock.differences(context(), 10) == ()

    def test_what_goods_cost_on_average_is_known_once_they_were_received(self) -> None:
        key, never, ctx = self.a_key(TEN), self.a_key(), context(company=RIVAL)
        asked = {key.product_id, never.product_id}
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.picking.average_costs(context(), asked) == {key.product_id: COST}
            assert uow.picking.average_costs(context(), ()) == {}
        with self.unit_of_work(ctx, read_only=True) as uow:
            assert uow.picking.average_costs(ctx, asked) == {}
