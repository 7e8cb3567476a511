"""What every giver of documents' numbers must do, alone and in a crowd."""

from __future__ import annotations

from datetime import date

from erp_core.documents.entities import NumberMask, NumberSeriesChanges
from erp_core.documents.ports import DocumentsUnitOfWork
from erp_core.kernel.context import Context
from erp_core.kernel.errors import DeadlineExceededError, InvariantError, NotFoundError
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing import RIVAL, at_once, context, expect

ORDER, INVOICE = "sales.order", "invoicing.invoice"
LEAP_DAY = date(2024, 2, 29)
NEXT_DAY = date(2024, 3, 1)
NEXT_YEAR = date(2025, 1, 1)


class NumberingBase:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[DocumentsUnitOfWork]

    def taken(
        self, document_type: str = ORDER, on: date = LEAP_DAY, ctx: Context | None = None
    ) -> str:
        caller = ctx or context()
        with self.unit_of_work(caller) as uow:
            return uow.numbering.take(caller, document_type, on)

    def series(self, changes: NumberSeriesChanges, document_type: str = ORDER) -> None:
        with self.unit_of_work(context()) as uow:
            series = uow.number_series.get(context(), document_type)
            uow.number_series.save(context(), series.change(changes))

    def masked(self, mask: str, document_type: str = ORDER) -> None:
        self.series({"mask": NumberMask(mask)}, document_type)


class NumberingContract(NumberingBase):
    """Every store."""

    def test_numbers_count_up_from_one_for_each_type_of_document(self) -> None:
        assert [self.taken(), self.taken()] == ["ORD2024-00001", "ORD2024-00002"]
        assert self.taken("sales.quote") == "QUO2024-00001"
        with self.unit_of_work(context()) as uow:
            both = [uow.numbering.take(context(), ORDER, LEAP_DAY) for _ in range(2)]
        assert both == ["ORD2024-00003", "ORD2024-00004"]
        with self.unit_of_work(context()) as uow, expect(NotFoundError):
            uow.numbering.take(context(), "sales.poem", LEAP_DAY)

    def test_each_company_counts_for_itself(self) -> None:
        self.masked("A{00}")
        self.taken()
        rival = context(company=RIVAL)
        assert self.taken(ctx=rival) == "ORD2024-00001"
        assert self.taken() == "A02"

    def test_what_is_rolled_back_leaves_no_gap(self) -> None:
        for expected in ("ORD2024-00001", "ORD2024-00002"):
            with expect(NotFoundError), self.unit_of_work(context()) as uow:
                assert uow.numbering.take(context(), ORDER, LEAP_DAY) == expected
                uow.numbering.take(context(), "sales.poem", LEAP_DAY)
            assert self.taken() == expected

    def test_a_counter_begins_anew_as_its_mask_says(self) -> None:
        dates = (LEAP_DAY, NEXT_DAY, NEXT_YEAR, LEAP_DAY)
        for mask, expected in (
            ("Y{yyyy}-{00@year}", ["Y2024-01", "Y2024-02", "Y2025-01", "Y2024-03"]),
            ("M{yy}{mm}-{00@month}", ["M2402-01", "M2403-01", "M2501-01", "M2402-02"]),
            ("N{yy}{mm}{dd}-{00}", ["N240229-01", "N240301-02", "N250101-03", "N240229-04"]),
        ):
            self.masked(mask)
            assert [self.taken(on=each) for each in dates] == expected

    def test_a_counter_goes_on_from_where_its_mask_says_and_never_back(self) -> None:
        self.masked("A{00+98}")
        assert [self.taken(), self.taken()] == ["A99", "A100"]
        self.masked("B{00+7}")
        assert self.taken() == "B101"
        self.masked("C{0000+999999999}")
        assert [self.taken(), self.taken()] == ["C1000000000", "C1000000001"]

    def test_a_number_shows_the_customers_code(self) -> None:
        self.masked("{customer}-{000}")
        with self.unit_of_work(context()) as uow:
            number = uow.numbering.take(context(), ORDER, LEAP_DAY, customer_code="C000042")
        assert number == "C000042-001"
        with expect(InvariantError, "documents.number.customer"):
            self.taken()
        with self.unit_of_work(context()) as uow:
            number = uow.numbering.take(context(), ORDER, LEAP_DAY, customer_code="B.2")
        assert number == "B.2-002"

    def test_the_numbers_of_a_chronological_series_never_run_backwards(self) -> None:
        assert self.taken(INVOICE, NEXT_DAY) == "INV2024-00001"
        with expect(InvariantError, "documents.number.backdated") as refusal:
            self.taken(INVOICE, LEAP_DAY)
        assert refusal[0].details["last"] == NEXT_DAY
        assert refusal[0].details["document_type"] == INVOICE
        assert "2024-03-01" in str(refusal[0])
        assert self.taken(INVOICE, NEXT_DAY) == "INV2024-00002"
        assert self.taken(INVOICE, NEXT_YEAR) == "INV2025-00001"
        assert self.taken(INVOICE, NEXT_DAY) == "INV2024-00003"  # of a year that has its own

    def test_the_earliest_date_of_the_next_number_is_known(self) -> None:
        assert self.earliest(INVOICE) is None
        self.taken(INVOICE, NEXT_DAY)
        self.taken(ORDER, NEXT_DAY)
        assert self.earliest(INVOICE) == NEXT_DAY
        assert self.earliest(INVOICE, NEXT_YEAR) is None
        assert self.earliest(ORDER) is None  # in which dates do not matter
        with self.unit_of_work(context()) as uow, expect(NotFoundError):
            uow.numbering.earliest(context(), "sales.poem", LEAP_DAY)

    def earliest(self, document_type: str, on: date = LEAP_DAY) -> date | None:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.numbering.earliest(context(), document_type, on)

    def test_other_series_look_at_no_date_until_they_are_told_to(self) -> None:
        assert [self.taken(on=each) for each in (NEXT_DAY, LEAP_DAY)] == [
            "ORD2024-00001",
            "ORD2024-00002",
        ]
        self.series({"chronological": True})
        with expect(InvariantError, "documents.number.backdated"):
            self.taken(on=LEAP_DAY)
        assert self.taken(on=NEXT_DAY) == "ORD2024-00003"

    def test_many_at_once_are_given_different_numbers_without_a_gap(self) -> None:
        first = self.taken(INVOICE)
        numbers = [first, *at_once(*[lambda: self.taken(INVOICE)] * 12)]
        assert sorted(numbers) == [f"INV2024-{n:05d}" for n in range(1, 14)]

    def test_the_first_of_a_period_may_be_many_at_once(self) -> None:
        numbers = at_once(*[self.taken] * 8)
        assert sorted(numbers) == [f"ORD2024-{n:05d}" for n in range(1, 9)]


class ConcurrentNumberingContract(NumberingBase):
    """For stores that admit several writers: only who needs the same counter waits."""

    def test_the_counters_do_not_wait_for_each_other(self) -> None:
        with self.unit_of_work(context()) as uow:
            uow.numbering.take(context(), ORDER, LEAP_DAY)
            assert self.taken(INVOICE) == "INV2024-00001"
            assert self.taken(on=NEXT_YEAR) == "ORD2025-00001"
            assert self.taken(ctx=context(company=RIVAL)) == "ORD2024-00001"

    def test_who_has_taken_a_number_has_the_counter_to_himself_until_he_commits(self) -> None:
        for expected in ("ORD2024-00001", "ORD2024-00002"):  # the first makes the counter
            with self.unit_of_work(context()) as slow:
                assert slow.numbering.take(context(), ORDER, LEAP_DAY) == expected
                hurried = context().with_timeout(0.2)
                with expect(DeadlineExceededError):
                    self.taken(ctx=hurried)
        assert self.taken() == "ORD2024-00003"
