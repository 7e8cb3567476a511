"""What every giver of party codes must do, alone and in a crowd."""

from __future__ import annotations

from dataclasses import replace

from erp_core.kernel.errors import DeadlineExceededError
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.parties.entities import CodeSeries
from erp_core.parties.ports import PartiesUnitOfWork
from erp_core.testing import RIVAL, at_once, context, expect
from erp_core.testing.parties.builders import another_party


class PartyCodesBase:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[PartiesUnitOfWork]

    def given(self, series: CodeSeries = CodeSeries.CUSTOMER) -> str:
        with self.unit_of_work(context()) as uow:
            return uow.party_codes.next(context(), series)


class PartyCodesContract(PartyCodesBase):
    """Every store."""

    def test_codes_count_up_from_one_in_each_series(self) -> None:
        assert [self.given(), self.given()] == ["C000001", "C000002"]
        assert self.given(CodeSeries.SUPPLIER) == "S000001"
        assert self.given(CodeSeries.PROSPECT) == "P000001"
        with self.unit_of_work(context()) as uow:
            both = [uow.party_codes.next(context(), CodeSeries.CUSTOMER) for _ in range(2)]
        assert both == ["C000003", "C000004"]

    def test_each_company_counts_for_itself(self) -> None:
        self.given()
        rival = context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            assert uow.party_codes.next(rival, CodeSeries.CUSTOMER) == "C000001"

    def test_codes_that_were_taken_by_hand_are_skipped(self) -> None:
        with self.unit_of_work(context()) as uow:
            for number in range(1, 103):
                party = replace(another_party("Ana"), customer_code=f"C{number:06d}")
                uow.parties.add(context(), party)
            assert uow.party_codes.next(context(), CodeSeries.CUSTOMER) == "C000103"
        assert self.given(CodeSeries.SUPPLIER) == "S000001"

    def test_many_at_once_are_given_different_codes(self) -> None:
        def takes() -> str:
            with self.unit_of_work(context()) as uow:
                code = uow.party_codes.next(context(), CodeSeries.CUSTOMER)
                uow.parties.add(context(), replace(another_party("Ana"), customer_code=code))
            return code

        assert sorted(at_once(*[takes] * 8)) == [f"C{n:06d}" for n in range(1, 9)]

    def test_who_gives_a_code_by_hand_and_who_takes_the_next_do_not_collide(self) -> None:
        def by_hand() -> str:
            with self.unit_of_work(context()) as uow:
                uow.party_codes.hold(context(), CodeSeries.CUSTOMER)
                party = replace(another_party("Ana"), customer_code="C000003")
                return uow.parties.add(context(), party).code

        def takes() -> str:
            with self.unit_of_work(context()) as uow:
                code = uow.party_codes.next(context(), CodeSeries.CUSTOMER)
                party = replace(another_party("Ana"), customer_code=code)
                return uow.parties.add(context(), party).code

        self.given()
        codes = at_once(by_hand, takes)
        assert sorted(codes) == ["C000002", "C000003"]


class ConcurrentPartyCodesContract(PartyCodesBase):
    """For stores that admit several writers: only who needs the same series waits."""

    def test_the_series_do_not_wait_for_each_other(self) -> None:
        with self.unit_of_work(context()) as uow:
            uow.party_codes.next(context(), CodeSeries.CUSTOMER)
            assert self.given(CodeSeries.SUPPLIER) == "S000001"

    def test_who_holds_a_series_has_it_to_himself(self) -> None:
        self.given()
        with self.unit_of_work(context()) as slow:
            slow.party_codes.hold(context(), CodeSeries.CUSTOMER)
            hurried = context().with_timeout(0.2)
            with expect(DeadlineExceededError), self.unit_of_work(hurried) as fast:
                fast.party_codes.next(hurried, CodeSeries.CUSTOMER)
        assert self.given() == "C000002"
