"""What every keeper of lots, serials and reservations must do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

from erp_core.catalog.entities import Tracking
from erp_core.inventory.entities import (
    InsufficientStockError,
    Lot,
    LotDates,
    LotId,
    Reason,
    Reservation,
    ReservationExceededError,
    StockKey,
    StockRule,
)
from erp_core.inventory.ports import LotQuery, MovementQuery, ReservationQuery
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import InvariantError, NotFoundError, StaleVersionError
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.testing import RIVAL, at_once, context, expect
from erp_core.testing.stock import COST, ISSUE, ONE, RECEIPT, TEN, StockContract

LINE = "sales.order:7/1"
COUNT = replace(ISSUE, reason=Reason.COUNT)
MAY = LotDates(made_on=date(2024, 2, 29), expires_on=date(2025, 5, 31))


class LotContract(StockContract):
    def a_lot_key(self, tracking: Tracking = Tracking.LOT, number: str = "L-1 é") -> StockKey:
        return StockKey(self.a_stored_product(tracking).id, self.a_stored_warehouse(), number)

    def receive_lot(self, key: StockKey, dates: LotDates | None, quantity: Quantity = ONE) -> None:
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key], receiving=True)
            uow.stock.save(context(), stock.receive(key, quantity, COST, RECEIPT, dates))

    def lots(self, **filters: object) -> list[Lot]:
        query = replace(LotQuery(page=PageRequest(sort="number")), **filters)  # type: ignore[arg-type]  # by name
        with self.unit_of_work(context(), read_only=True) as uow:
            return list(uow.lots.page(context(), query).items)


class LotRepositoryContract(LotContract):
    """Lots are entered by whatever moves them first."""

    def test_every_field_survives_the_round_trip(self) -> None:
        key = self.a_lot_key()
        self.receive_lot(key, MAY)
        (lot,) = self.lots()
        assert (lot.product_id, lot.number, lot.version) == (key.product_id, "L-1 é", 1)
        assert (lot.made_on, lot.expires_on) == (MAY.made_on, MAY.expires_on)
        with self.unit_of_work(context()) as uow:
            seen = uow.lots.get(context(), lot.id)
            saved = uow.lots.save(context(), seen.change({"note": "☕", "expires_on": None}))
            (change,) = uow.journal.take()
        assert self.lots() == [saved]
        assert (saved.version, saved.note, saved.expires_on) == (2, "☕", None)
        assert (change.kind, set(change.after)) == ("inventory.lot", {"note", "expires_on"})

    def test_a_lot_that_comes_again_says_the_same_dates(self) -> None:
        key = self.a_lot_key()
        self.receive_lot(key, None)
        assert self.lots()[0].expires_on is None
        self.receive_lot(key, MAY)  # what was unknown is filled in
        self.receive_lot(key, None)
        self.receive_lot(key, MAY)
        assert [(lot.expires_on, lot.version) for lot in self.lots()] == [(MAY.expires_on, 2)]
        with expect(InvariantError, "inventory.lot.mismatch") as refusal:
            self.receive_lot(key, LotDates(expires_on=date(2026, 1, 1)))
        assert refusal[0].field == "expires_on"
        assert self.item(key).on_hand == Quantity.of("4")

    def test_a_lot_that_is_found_is_entered_as_one_that_is_received(self) -> None:
        key = self.a_lot_key()
        beside = replace(key, lot="L-2")
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key, beside])
            found = [(key, TEN), (beside, ZERO)]
            saved = uow.stock.save(context(), stock.adjust_all(found, COUNT))
        assert [lot.number for lot in self.lots()] == ["L-1 é", "L-2"]
        assert [self.item(each).version for each in (key, beside)] == [1, 1]
        assert list(saved.lots.values()) == self.lots()
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [beside, key])
            uow.stock.save(context(), stock.adjust(key, ONE, COUNT).issue(key, ONE, ISSUE))
        self.receive_lot(key, MAY)  # its dates come later
        assert [(each.expires_on, each.version) for each in self.lots()] == [
            (MAY.expires_on, 2),
            (None, 1),
        ]

    def test_a_lot_that_leaves_before_it_came_is_entered(self) -> None:
        product = self.a_stored_product(Tracking.LOT)
        key = StockKey(product.id, self.a_stored_warehouse(may_go_negative=True), "ahead")
        self.issue(key, ONE)
        self.issue(key, ONE)
        self.receive_lot(key, None, TEN)
        assert [(lot.number, lot.version) for lot in self.lots()] == [("ahead", 1)]

    def test_of_many_who_find_one_lot_at_once_one_enters_it(self) -> None:
        here = self.a_lot_key()

        def finds(key: StockKey) -> None:
            with self.unit_of_work(context()) as uow:
                stock = uow.stock.lock(context(), [key])
                uow.stock.save(context(), stock.adjust(key, ONE, COUNT))

        at_once(*(partial(finds, key) for key in (here, self.elsewhere(here)) for _ in range(4)))
        assert len(self.lots()) == 1

    def test_lots_are_found_by_product_number_and_expiry(self) -> None:
        first, second = self.a_lot_key(number="A-1"), self.a_lot_key(number="B-1")
        third = replace(first, lot="A-2")
        for key, day in ((first, 10), (second, 20), (third, 30)):
            self.receive_lot(key, LotDates(expires_on=date(2024, 6, day)))
        self.receive_lot(replace(first, lot="Z"), None)
        assert [lot.number for lot in self.lots()] == ["A-1", "A-2", "B-1", "Z"]
        assert [lot.number for lot in self.lots(number="A-")] == ["A-1", "A-2"]
        assert [lot.number for lot in self.lots(product_id=second.product_id)] == ["B-1"]
        assert [lot.number for lot in self.lots(expires_until=date(2024, 6, 20))] == ["A-1", "B-1"]

    def test_a_lot_of_another_company_or_an_old_version_is_refused(self) -> None:
        self.receive_lot(self.a_lot_key(), MAY)
        (lot,), rival = self.lots(), context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            assert uow.lots.page(rival, LotQuery(page=PageRequest())).items == ()
            for refused in (
                partial(uow.lots.get, rival, lot.id),
                partial(uow.lots.save, rival, lot),
            ):
                with expect(NotFoundError):
                    refused()
        with self.unit_of_work(context()) as uow:
            uow.lots.save(context(), lot)
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.lots.save(context(), lot)
        with expect(NotFoundError), self.unit_of_work(context()) as uow:
            uow.lots.get(context(), LotId(new_id()))

    def test_first_receipts_of_one_lot_at_once_enter_it_once(self) -> None:
        key = self.a_lot_key()
        at_once(*[partial(self.receive_lot, key, MAY)] * 6)
        assert len(self.lots()) == 1
        assert self.item(key).on_hand == Quantity.of("6")

    def test_the_way_of_a_serial_through_the_house_is_read_page_by_page(self) -> None:
        here = self.a_lot_key(Tracking.SERIAL, "S-1")
        there, other = self.elsewhere(here), replace(here, lot="S-11")
        namesake = self.a_lot_key(Tracking.SERIAL, "S-1")
        for key in (here, other, namesake):
            self.receive_lot(key, None)
        self.transfer(here, there)
        self.issue(there, ONE)
        self.receive_lot(here, None)
        way = [(here, "1"), (here, "-1"), (there, "1"), (there, "-1"), (here, "1")]
        serial = {"product_id": here.product_id, "lot": here.lot}
        assert self.way(**serial) == [(key, Quantity.of(many)) for key, many in way]
        assert self.way(**serial, warehouse_id=there.warehouse_id) == [
            (there, ONE),
            (there, -ONE),
        ]
        assert self.way(**serial | {"lot": "s-1"}) == []
        with expect(InvariantError, "inventory.movements.lot") as refusal:
            MovementQuery(page=PageRequest(), lot="S-1")
        assert refusal[0].field == "product_id"

    def way(self, **filters: object) -> list[tuple[StockKey, Quantity]]:
        found: list[tuple[StockKey, Quantity]] = []
        request = PageRequest(limit=2)
        while True:
            query = replace(MovementQuery(page=request), **filters)  # type: ignore[arg-type]  # by name
            with self.unit_of_work(context(), read_only=True) as uow:
                page = uow.stock.movements(context(), query)
            found += [(each.key, each.quantity) for each in page.items]
            if page.next is None:
                return found
            request = replace(request, after=page.next)

    def test_a_serial_is_in_one_place(self) -> None:
        here = self.a_lot_key(Tracking.SERIAL, "S-1")
        there = self.elsewhere(here)
        self.receive_lot(here, None)
        with expect(InvariantError, "inventory.serial"):
            self.receive_lot(there, None)
        with expect(InvariantError, "inventory.serial"):
            self.receive_lot(here, None)
        self.transfer(here, there)
        with expect(InvariantError, "inventory.serial"):
            self.receive_lot(here, None)
        assert [self.item(key).on_hand for key in (here, there)] == [ZERO, ONE]

    def test_of_many_who_receive_one_serial_in_many_places_one_does(self) -> None:
        here = self.a_lot_key(Tracking.SERIAL, "S-1")
        keys = [here, *(self.elsewhere(here) for _ in range(5))]

        def receives(key: StockKey) -> bool:
            try:
                self.receive_lot(key, None)
            except InvariantError:
                return False
            return True

        assert sum(at_once(*(partial(receives, key) for key in keys))) == 1


class ReservationContract(LotContract):
    """What is promised is not available, and adds up."""

    def reserve(self, key: StockKey, quantity: Quantity, origin: str = LINE) -> None:
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key], origins=[origin])
            uow.stock.save(context(), stock.reserve(key, quantity, origin))

    def release(self, key: StockKey, quantity: Quantity, origin: str = LINE) -> None:
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key], origins=[origin])
            uow.stock.save(context(), stock.release(key, quantity, origin))

    def promises(self, **filters: object) -> list[Reservation]:
        query = replace(ReservationQuery(page=PageRequest()), **filters)  # type: ignore[arg-type]  # by name
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.stock.differences(context(), 10) == ()
            return list(uow.stock.reservations(context(), query).items)

    def test_what_is_reserved_for_a_line_is_not_available_to_others(self) -> None:
        key = self.a_key(TEN)
        self.reserve(key, Quantity.of("8"))
        assert (self.item(key).reserved, self.item(key).available) == (
            Quantity.of("8"),
            Quantity.of("2"),
        )
        with expect(InsufficientStockError):
            self.issue(key, Quantity.of("3"))
        with expect(InsufficientStockError):
            self.reserve(key, Quantity.of("3"), "sales.order:7/2")
        self.issue(key, Quantity.of("2"))
        (promise,) = self.promises()
        assert (promise.key, promise.origin, promise.quantity) == (key, LINE, Quantity.of("8"))

    def test_a_reservation_grows_shrinks_and_goes(self) -> None:
        key = self.a_key(TEN)
        self.reserve(key, ONE)
        self.reserve(key, ONE)
        assert [each.quantity.value for each in self.promises()] == [2]
        self.release(key, ONE)
        assert [each.quantity.value for each in self.promises()] == [1]
        with expect(ReservationExceededError):
            self.release(key, TEN)
        self.release(key, ONE)
        assert (self.promises(), self.item(key).reserved) == ([], ZERO)
        with expect(ReservationExceededError):
            self.release(key, ONE)

    def test_lines_have_reservations_of_their_own(self) -> None:
        key, other = self.a_key(TEN), self.a_key(TEN)
        self.reserve(key, ONE, "sales.order:7/1")
        self.reserve(key, ONE, "sales.order:7/2")
        self.reserve(other, ONE, "sales.order:8/1")
        assert len(self.promises(origin="sales.order:7")) == 2
        assert len(self.promises(product_id=other.product_id)) == 1
        assert len(self.promises(warehouse_id=key.warehouse_id, origin="sales.order:7/2")) == 1
        with expect(ReservationExceededError):
            self.release(other, ONE, "sales.order:7/1")

    def test_what_was_reserved_is_released_and_issued_in_one(self) -> None:
        key = self.a_key(TEN)
        self.reserve(key, TEN)
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key], origins=[LINE])
            stock = stock.release(key, TEN, LINE).issue(key, TEN, ISSUE)
            saved = uow.stock.save(context(), stock)
            assert saved.reservations == {}
        assert (self.item(key).on_hand, self.item(key).reserved) == (ZERO, ZERO)
        assert self.promises() == []

    def test_a_reservation_is_of_the_company_and_noted(self) -> None:
        key, rival = self.a_key(TEN), context(company=RIVAL)
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key], origins=[LINE])
            uow.stock.save(context(), stock.reserve(key, ONE, LINE))
            noted = {change.kind for change in uow.journal.take()}
        assert noted == {"inventory.stock_item", "inventory.reservation"}
        with self.unit_of_work(rival, read_only=True) as uow:
            query = ReservationQuery(page=PageRequest())
            assert uow.stock.reservations(rival, query).items == ()

    def test_more_is_never_promised_than_there_is(self) -> None:
        key = self.a_key(TEN)

        def tries(line: int) -> bool:
            try:
                self.reserve(key, ONE, f"sales.order:{line}")
            except InsufficientStockError:
                return False
            return True

        assert sum(at_once(*(partial(tries, line) for line in range(16)))) == 10
        assert (self.item(key).available, len(self.promises())) == (ZERO, 10)

    def test_a_row_that_breaks_a_rule_is_named(self) -> None:
        key = self.a_key(TEN)
        self.reserve(key, ONE)
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key])
            forged = replace(stock.items[key], on_hand=ONE, reserved=TEN)
            uow.stock.save(context(), replace(stock, items={key: forged}))
        with self.unit_of_work(context(), read_only=True) as uow:
            found = uow.stock.differences(context(), 10)
            first = uow.stock.differences(context(), 1)
            assert uow.stock.count_differences(context()) == len(found)
            assert uow.stock.count_differences(context(company=RIVAL)) == 0
        told = {each.rule: (each.key, str(each.found), str(each.expected)) for each in found}
        assert told == {
            StockRule.ON_HAND: (key, "1", "10"),
            StockRule.RESERVED: (key, "10", "1"),
        }
        assert first == found

    def test_a_row_that_hides_its_reservations_is_named(self) -> None:
        hidden, claimed, right = (self.a_key(TEN) for _ in range(3))
        for line in (LINE, f"{LINE}0"):
            self.reserve(hidden, ONE, line)
            self.reserve(right, ONE, line)
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [hidden, claimed])
            forged = {
                key: replace(stock.items[key], reserved=reserved)
                for key, reserved in ((hidden, ZERO), (claimed, ONE))
            }
            uow.stock.save(context(), replace(stock, items=forged))
        with self.unit_of_work(context(), read_only=True) as uow:
            found = uow.stock.differences(context(), 10)
            assert uow.stock.count_differences(context()) == len(found) == 2
        told = {each.key: (each.rule, str(each.found), str(each.expected)) for each in found}
        assert told == {
            hidden: (StockRule.RESERVED, "0", "2"),
            claimed: (StockRule.RESERVED, "1", "0"),
        }
        assert [each.key for each in found] == sorted((hidden, claimed))

    def test_movements_that_refer_to_another_are_found(self) -> None:
        key = self.a_key(TEN)
        (first,) = self.story(key)
        back = replace(RECEIPT, reason=Reason.RETURN, reference_id=first.id)
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key], receiving=True)
            uow.stock.save(context(), stock.receive(key, ONE, COST, back))
        with self.unit_of_work(context(), read_only=True) as uow:
            (found,) = uow.stock.referring(context(), first.id)
            assert found == self.story(key)[-1]
            assert uow.stock.referring(context(company=RIVAL), first.id) == ()
