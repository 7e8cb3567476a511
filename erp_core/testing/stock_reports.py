"""What every store that answers questions about stock must say: cases worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from erp_core.catalog.entities import Product, Tracking, standard_units
from erp_core.inventory.entities import LotDates, Posting, Reason, StockKey
from erp_core.inventory.ports import (
    AbcClass,
    AbcQuery,
    AbcRow,
    ExpiringQuery,
    Forecast,
    ForecastQuery,
    ReorderQuery,
    SlowMover,
    SlowMoversQuery,
    StockAt,
    StockAtQuery,
)
from erp_core.kernel.errors import InvariantError, MalformedError
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import Cursor, PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.totals import Total, Worth
from erp_core.testing import NOON, RIVAL, context, expect
from erp_core.testing.catalog import a_product
from erp_core.testing.stock import StockContract

T = TypeVar("T")

ALL = PageRequest(limit=200)
HOUR = timedelta(hours=1)


def euros(amount: str) -> UnitPrice:
    return UnitPrice(Decimal(amount), "EUR")


def posting(hours: int, reason: Reason) -> Posting:
    return Posting(reason=reason, at=NOON + hours * HOUR, by="ada")


class StockReportsContract(StockContract):
    """Every report over a handful of movements whose sums fit on a sheet of paper."""

    def sold(self, name: str = "Tea", **levels: object) -> Product:
        product = replace(a_product(), name=name, **levels)  # type: ignore[arg-type]  # by name
        with self.unit_of_work(context()) as uow:
            uow.units.add_absent(context(), standard_units())
            return uow.products.add(context(), product)

    def key_of(
        self, lot: str = "", *, may_go_negative: bool = False, **levels: object
    ) -> StockKey:
        warehouse = self.a_stored_warehouse(may_go_negative=may_go_negative)
        return StockKey(self.sold(**levels).id, warehouse, lot)  # type: ignore[arg-type]  # by name

    def come(
        self, key: StockKey, quantity: str, cost: UnitPrice, hours: int, day: date | None = None
    ) -> None:
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key], receiving=True)
            dates = LotDates(expires_on=day) if key.lot else None
            told = posting(hours, Reason.RECEIPT)
            stock = stock.receive(key, Quantity.of(quantity), cost, told, dates)
            uow.stock.save(context(), stock)

    def go(self, key: StockKey, quantity: str, hours: int, reason: Reason = Reason.ISSUE) -> None:
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key])
            stock = stock.issue(key, Quantity.of(quantity), posting(hours, reason))
            uow.stock.save(context(), stock)

    def keep(self, key: StockKey, quantity: str) -> None:
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key], origins=["order:1/1"])
            stock = stock.reserve(key, Quantity.of(quantity), "order:1/1")
            uow.stock.save(context(), stock)

    def stock_at(self, until: datetime | None = None, **narrowed: object) -> list[StockAt]:
        query = replace(StockAtQuery(page=ALL, until=until), **narrowed)  # type: ignore[arg-type]  # by name
        with self.unit_of_work(context(), read_only=True) as uow:
            return list(uow.stock_reports.stock_at(context(), query).items)

    def forecasts(self) -> dict[object, Forecast]:
        with self.unit_of_work(context(), read_only=True) as uow:
            page = uow.stock_reports.forecast(context(), ForecastQuery(page=ALL))
            return {row.product.id: row for row in page.items}

    def slow(self, since: datetime) -> list[SlowMover]:
        query = SlowMoversQuery(page=ALL, since=since)
        with self.unit_of_work(context(), read_only=True) as uow:
            return list(uow.stock_reports.slow_movers(context(), query).items)

    def ranks(self, **asked: object) -> list[AbcRow]:
        query = AbcQuery(page=ALL, since=NOON, until=NOON + 100 * HOUR)
        query = replace(query, **asked)  # type: ignore[arg-type]  # by name
        with self.unit_of_work(context(), read_only=True) as uow:
            return list(uow.stock_reports.abc(context(), query).items)

    def test_stock_is_told_as_it_was_at_any_moment(self) -> None:
        key = self.key_of()
        self.come(key, "10", euros("2"), 1)
        self.come(key, "5", euros("3.5"), 3)  # (10 x 2 + 5 x 3.5) / 15 = 2.5
        self.go(key, "4", 5)
        self.go(key, "11", 7)
        seen = [
            [(str(row.on_hand), str(row.average_cost), str(row.value)) for row in rows]
            for rows in (self.stock_at(NOON + hours * HOUR) for hours in (1, 2, 4, 5, 6, 8))
        ]
        assert seen == [
            [],  # a movement at the moment itself comes after it
            [("10", "2 EUR", "20.00 EUR")],
            [("15", "2.5 EUR", "37.50 EUR")],
            [("15", "2.5 EUR", "37.50 EUR")],
            [("11", "2.5 EUR", "27.50 EUR")],
            [],
        ]
        assert self.stock_at() == []
        (row,) = self.stock_at(NOON + 6 * HOUR)
        assert (row.key, row.product.name, row.lot) == (key, "Tea", "")

    def test_the_cost_of_the_past_is_the_companys_after_the_last_movement(self) -> None:
        here = self.key_of()
        there = replace(here, warehouse_id=self.a_stored_warehouse())
        self.come(here, "1", euros("1"), 1)
        self.come(there, "3", euros("3"), 2)  # (1 + 9) / 4 = 2.5
        self.come(here, "4", euros("5.5"), 9)  # (10 + 22) / 8 = 4
        then = self.stock_at(NOON + 3 * HOUR)
        assert {row.key: str(row.value) for row in then} == {here: "2.50 EUR", there: "7.50 EUR"}
        now = self.stock_at()
        assert {row.key: str(row.value) for row in now} == {here: "20.00 EUR", there: "12.00 EUR"}
        assert [row.key for row in now] == sorted([here, there])
        (found,) = self.stock_at(NOON + 3 * HOUR, warehouse_id=there.warehouse_id)
        assert found.key == there
        with self.unit_of_work(context(), read_only=True) as uow:
            warehouse = uow.warehouses.get(context(), there.warehouse_id)
        assert found.warehouse == warehouse.code
        assert self.stock_at(product_id=self.sold().id) == []

    def test_values_are_rounded_row_by_row_half_away_from_zero(self) -> None:
        short = self.key_of(may_go_negative=True)
        self.come(short, "1", euros("0.333333"), 1)
        self.go(short, "2.5", 2)  # - 1.5 x 0.333333 = - 0.4999995
        yen = self.key_of()
        self.come(yen, "0.5", UnitPrice(Decimal(5), "JPY"), 1)
        free = self.key_of(may_go_negative=True)
        self.go(free, "1", 1)  # never received: of no known value
        for rows in (self.stock_at(), self.stock_at(NOON + 10 * HOUR)):
            found = {row.key: row.value for row in rows}
            assert found == {
                short: Worth(Decimal("-0.50"), "EUR"),
                yen: Worth(Decimal(3), "JPY"),
                free: None,
            }

    def test_a_forecast_takes_off_what_is_promised(self) -> None:
        key, bare = self.key_of(), self.sold()
        self.sold(stock_managed=False)
        self.come(key, "7", euros("1"), 1)
        self.come(replace(key, warehouse_id=self.a_stored_warehouse()), "3", euros("1"), 1)
        self.keep(key, "4")
        rows = self.forecasts()
        row = rows.pop(key.product_id)
        ten, four, six = (Total(Decimal(each)) for each in (10, 4, 6))
        assert (row.on_hand, row.reserved, row.available) == (ten, four, six)
        assert (row.incoming, row.outgoing, row.forecast) == (Total(), four, six)
        assert [(each.product.sku, each.forecast) for each in rows.values()] == [
            (bare.sku, Total())
        ]
        only = ForecastQuery(page=ALL, product_id=bare.id)
        with self.unit_of_work(context(), read_only=True) as uow:
            (found,) = uow.stock_reports.forecast(context(), only).items
        assert found == rows[bare.id]

    def test_what_runs_short_is_to_be_ordered(self) -> None:
        five, nine = Quantity.of("5"), Quantity.of("9")
        short = self.key_of(reorder_point=five, desired_level=nine, lead_time_days=3)
        self.come(short, "6", euros("1"), 1)
        self.keep(short, "2.5")  # 3.5 available, 5.5 to order
        enough = self.key_of(reorder_point=five, desired_level=nine)
        self.come(enough, "5", euros("1"), 1)
        gone = self.sold(reorder_point=five)  # nothing there, no level: up to the point itself
        archived = self.sold(reorder_point=five)
        with self.unit_of_work(context()) as uow:
            stored = uow.products.get(context(), archived.id)
            uow.products.save(context(), stored.archive(NOON))
        with self.unit_of_work(context(), read_only=True) as uow:
            page = uow.stock_reports.reorder(context(), ReorderQuery(page=ALL))
        found = {each.forecast.product.id: each for each in page.items}
        assert set(found) == {short.product_id, gone.id}
        assert found[short.product_id].suggested == Total(Decimal("5.5"))
        assert found[short.product_id].lead_time_days == 3
        assert found[gone.id].suggested == Total(five.value)

    def test_lots_are_told_before_they_expire(self) -> None:
        first = self.key_of("L-1", tracking=Tracking.LOT)
        second = replace(first, lot="L-2")
        empty = replace(first, lot="L-3")
        elsewhere = replace(first, warehouse_id=self.a_stored_warehouse())
        self.come(first, "2", euros("1"), 1, date(2024, 6, 20))
        self.come(elsewhere, "3", euros("1"), 1)
        self.come(second, "4", euros("1"), 1, date(2024, 6, 10))
        self.come(empty, "1", euros("1"), 1, date(2024, 6, 1))
        self.go(empty, "1", 2)
        self.come(replace(first, lot="L-9"), "1", euros("1"), 1)  # keeps for ever

        def found(**asked: object) -> list[tuple[str, str]]:
            query = replace(ExpiringQuery(page=PageRequest(limit=1), until=day), **asked)  # type: ignore[arg-type]  # by name
            rows = []
            while True:
                with self.unit_of_work(context(), read_only=True) as uow:
                    page = uow.stock_reports.expiring(context(), query)
                rows += [(row.lot, str(row.on_hand)) for row in page.items]
                if page.next is None:
                    return rows
                query = replace(query, page=replace(query.page, after=page.next))

        day = date(2024, 6, 20)
        pair = [("L-1", "2"), ("L-1", "3")]
        if first.warehouse_id > elsewhere.warehouse_id:
            pair.reverse()
        assert found() == [("L-2", "4"), *pair]
        assert found(warehouse_id=elsewhere.warehouse_id) == [("L-1", "3")]
        assert found(until=date(2024, 6, 9)) == []

    def test_what_lies_there_and_does_not_go_out_is_slow(self) -> None:
        dead, slow, quick, gone = (self.key_of() for _ in range(4))
        for key in (dead, slow, quick, gone):
            self.come(key, "8", euros("2"), 1)
        self.go(slow, "1", 2)
        self.go(slow, "1", 4, Reason.SALE)
        self.go(dead, "1", 9, Reason.ADJUSTMENT)  # a correction is no issue
        self.go(quick, "1", 5)
        self.go(gone, "8", 2)
        found = {row.product.id: row for row in self.slow(NOON + 5 * HOUR)}
        assert set(found) == {dead.product_id, slow.product_id}
        assert found[slow.product_id].last_issued_at == NOON + 4 * HOUR
        assert found[slow.product_id].value == Worth(Decimal(12), "EUR")
        assert found[dead.product_id].last_issued_at is None
        assert str(found[dead.product_id].on_hand) == "7"

    def test_products_are_ranked_by_the_value_that_went_out(self) -> None:
        keys = [self.key_of() for _ in range(4)]
        for key, cost, issued in zip(
            keys, ("8", "1", "1", "0.125"), ("10", "12", "4", "8"), strict=True
        ):
            self.come(key, "20", euros(cost), 1)
            self.go(key, issued, 2)
        self.come(keys[1], "1", euros("1"), 3)  # what comes in, or goes another way, is no issue
        self.go(keys[1], "1", 4, Reason.ADJUSTMENT)
        self.go(keys[2], "1", 100)  # after the period
        yen = self.key_of()
        self.come(yen, "2", UnitPrice(Decimal(3), "JPY"), 1)
        self.go(yen, "0.5", 2)
        rows = self.ranks()
        assert [(row.product.id, str(row.value)) for row in rows] == [
            (keys[0].product_id, "80.00 EUR"),
            (keys[1].product_id, "12.00 EUR"),
            (keys[2].product_id, "4.00 EUR"),
            (keys[3].product_id, "1.00 EUR"),
            (yen.product_id, "2 JPY"),
        ]
        assert [str(row.before) for row in rows[:4]] == [
            "0.00 EUR",
            "80.00 EUR",
            "92.00 EUR",
            "96.00 EUR",
        ]
        assert {str(row.total) for row in rows[:4]} == {"97.00 EUR"}
        query = AbcQuery(page=ALL, since=NOON, until=NOON + HOUR)
        # 80 % of 97 is 77.60, 95 % is 92.15: the first crosses the one, the third the other.
        classes = [query.class_of(row) for row in rows]
        assert classes == [AbcClass.A, AbcClass.B, AbcClass.B, AbcClass.C, AbcClass.A]
        assert [str(row.issued) for row in rows] == ["10", "12", "4", "8", "0.5"]

    def test_each_issue_is_rounded_by_itself(self) -> None:
        key = self.key_of()
        self.come(key, "1000001.1", euros("999999.333335"), 1)
        for quantity in ("0.000001", "0.005", "999999.000001", "1.000001"):
            self.go(key, quantity, 2)
        # 0.999999 -> 1.00; 4999.996667 -> 5000.00; 999998333336.666669; 1000000.333334
        wanted = sum(
            (
                euros("999999.333335").times(Quantity.of(each)).amount
                for each in ("0.000001", "0.005", "999999.000001")
            ),
            Decimal(0),
        )
        (row,) = self.ranks()
        wanted += euros("999999.333335").times(Quantity.of("1.000001")).amount
        assert row.value == Worth(wanted, "EUR")

    def test_every_report_is_read_page_by_page(self) -> None:
        keys = sorted(self.key_of(reorder_point=Quantity.of("99")) for _ in range(3))
        for key in keys:
            self.come(key, "5", euros("1"), 1)
            self.go(key, "1", 2)
        then = NOON + 9 * HOUR
        with self.unit_of_work(context(), read_only=True) as uow:
            reports = uow.stock_reports
            for ask in (
                lambda page: reports.stock_at(context(), StockAtQuery(page=page)),
                lambda page: reports.stock_at(context(), StockAtQuery(page=page, until=then)),
                lambda page: reports.forecast(context(), ForecastQuery(page=page)),
                lambda page: reports.reorder(context(), ReorderQuery(page=page)),
                lambda page: reports.slow_movers(
                    context(), SlowMoversQuery(page=page, since=then)
                ),
                lambda page: reports.abc(context(), AbcQuery(page=page, since=NOON, until=then)),
            ):
                first = ask(PageRequest(limit=2, count=True))
                assert (len(first.items), first.total) == (2, 3)
                last = ask(PageRequest(limit=2, after=first.next))
                assert (len(last.items), last.next, last.total) == (1, None, None)
                whole = ask(PageRequest(limit=5000, export=True))
                assert whole.items == (*first.items, *last.items)
        self.go(keys[0], "2", 3)
        seen: list[AbcRow] = []
        after: Cursor | None = None
        while not seen or after:
            with self.unit_of_work(context(), read_only=True) as uow:
                query = AbcQuery(page=PageRequest(limit=1, after=after), since=NOON, until=then)
                page = uow.stock_reports.abc(context(), query)
            seen, after = [*seen, *page.items], page.next
        assert [row.product.id for row in seen] == [key.product_id for key in keys]
        assert [str(row.before.amount) for row in seen] == ["0.00", "3.00", "4.00"]

    def test_another_companys_stock_is_in_no_report(self) -> None:
        key = self.key_of("L", tracking=Tracking.LOT, reorder_point=Quantity.of("9"))
        self.come(key, "5", euros("1"), 1, date(2024, 3, 1))
        self.go(key, "1", 2)
        rival, then = context(company=RIVAL), NOON + 9 * HOUR
        with self.unit_of_work(rival, read_only=True) as uow:
            reports = uow.stock_reports
            for page in (
                reports.stock_at(rival, StockAtQuery(page=ALL)),
                reports.stock_at(rival, StockAtQuery(page=ALL, until=then)),
                reports.forecast(rival, ForecastQuery(page=ALL)),
                reports.reorder(rival, ReorderQuery(page=ALL)),
                reports.expiring(rival, ExpiringQuery(page=ALL, until=date(2030, 1, 1))),
                reports.slow_movers(rival, SlowMoversQuery(page=ALL, since=then)),
                reports.abc(rival, AbcQuery(page=ALL, since=NOON, until=then)),
            ):
                assert page.items == ()

    def test_a_strange_cursor_or_order_is_malformed(self) -> None:
        key = self.key_of()
        with self.unit_of_work(context(), read_only=True) as uow:
            reports = uow.stock_reports
            for value in ("", "EUR", "EURNaN", "2024-01-01", "Z" * 40):
                page = PageRequest(after=Cursor(value, key.product_id))
                with expect(MalformedError, "page.cursor"):
                    reports.abc(context(), AbcQuery(page=page, since=NOON, until=NOON))
                with expect(MalformedError, "page.cursor"):
                    reports.expiring(context(), ExpiringQuery(page=page, until=NOON.date()))
                with expect(MalformedError, "page.cursor"):
                    reports.stock_at(context(), StockAtQuery(page=page))
        for page in (PageRequest(sort="name"), PageRequest(descending=True)):
            with expect(MalformedError, "page.sort"):
                ForecastQuery(page=page)
        with expect(InvariantError, "inventory.abc.thresholds"):
            self.ranks(a=Decimal(90), b=Decimal(20))
