"""What every keeper of payment terms must do."""

from __future__ import annotations

from dataclasses import replace

from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.parties.entities import (
    PaymentTerm,
    PaymentTermId,
    PaymentTermState,
)
from erp_core.parties.ports import PartiesUnitOfWork, PaymentTermQuery
from erp_core.testing import RIVAL, context, expect
from erp_core.testing.parties.builders import a_payment_term


class PaymentTermContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[PartiesUnitOfWork]

    def stored(self, term: PaymentTerm) -> PaymentTerm:
        with self.unit_of_work(context()) as uow:
            return uow.payment_terms.add(context(), term)

    def found(self, term_id: PaymentTermId) -> PaymentTerm:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.payment_terms.get(context(), term_id)

    def listed(self, request: PageRequest, states: tuple[PaymentTermState, ...] = ()) -> list[str]:
        names: list[str] = []
        while True:
            with self.unit_of_work(context(), read_only=True) as uow:
                query = PaymentTermQuery(page=request, states=states)
                page = uow.payment_terms.page(context(), query)
            names += [each.name for each in page.items]
            if page.next is None:
                return names
            request = replace(request, after=page.next)


class PaymentTermRepositoryContract(PaymentTermContract):
    """One writer at a time."""

    def test_every_field_survives_the_round_trip(self) -> None:
        term = self.stored(a_payment_term().archive())
        assert self.found(term.id) == term
        assert term.version == 1

    def test_a_change_survives_the_round_trip_and_is_noted(self) -> None:
        term = self.stored(a_payment_term())
        halves = tuple(replace(each, percent=each.percent) for each in term.instalments)
        with self.unit_of_work(context()) as uow:
            seen = uow.payment_terms.get(context(), term.id)
            changed = seen.change(
                {"name": "À vista", "deposit_percent": None, "instalments": halves}
            )
            saved = uow.payment_terms.save(context(), changed)
            (change,) = uow.journal.take()
        assert self.found(term.id) == saved
        assert (saved.version, saved.deposit_percent) == (2, None)
        assert (change.kind, change.id) == ("parties.payment_term", str(term.id))
        assert set(change.after) == {"name", "deposit_percent"}

    def test_an_identity_and_a_name_are_taken_once(self) -> None:
        term = self.stored(a_payment_term())
        for twin, field in (
            (replace(a_payment_term(), id=term.id), "id"),
            (replace(a_payment_term(), name=term.name), "name"),
        ):
            with expect(AlreadyExistsError) as refusal:
                self.stored(twin)
            assert refusal[0].field == field

    def test_a_name_cannot_be_taken_over(self) -> None:
        term, other = self.stored(a_payment_term()), self.stored(a_payment_term())
        with expect(AlreadyExistsError), self.unit_of_work(context()) as uow:
            uow.payment_terms.save(context(), other.change({"name": term.name}))

    def test_an_unknown_payment_term_is_not_found(self) -> None:
        with self.unit_of_work(context()) as uow:
            with expect(NotFoundError):
                uow.payment_terms.get(context(), PaymentTermId(new_id()))
            with expect(NotFoundError):
                uow.payment_terms.save(context(), a_payment_term())

    def test_another_companys_payment_term_does_not_exist(self) -> None:
        term, rival = self.stored(a_payment_term()), context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            with expect(NotFoundError):
                uow.payment_terms.get(rival, term.id)
            with expect(NotFoundError):
                uow.payment_terms.save(rival, term)
            query = PaymentTermQuery(page=PageRequest())
            assert uow.payment_terms.page(rival, query).items == ()
            twin = uow.payment_terms.add(rival, replace(term, version=0))
            assert twin.name == term.name

    def test_an_old_version_is_refused(self) -> None:
        term = self.stored(a_payment_term())
        with self.unit_of_work(context()) as uow:
            uow.payment_terms.save(context(), term.archive())
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.payment_terms.save(context(), term.change({"name": "B"}))

    def test_pages_follow_one_another_in_the_order_of_the_words(self) -> None:
        term = a_payment_term()
        for name in ("c", "Á vista", "a - prazo", "B", "a prazo"):
            term = replace(a_payment_term(), name=name)
            self.stored(term)
        up = self.listed(PageRequest(limit=2, sort="name"))
        assert up == ["a - prazo", "a prazo", "Á vista", "B", "c"]
        down = self.listed(PageRequest(limit=2, sort="name", descending=True))
        assert down == up[::-1]
        assert len(self.listed(PageRequest(limit=2))) == 5

    def test_a_list_is_filtered(self) -> None:
        archived = self.stored(a_payment_term().archive())
        self.stored(a_payment_term())
        assert self.listed(PageRequest(), (PaymentTermState.ARCHIVED,)) == [archived.name]
        with self.unit_of_work(context(), read_only=True) as uow, expect(MalformedError):
            query = PaymentTermQuery(page=PageRequest(sort="colour"))
            uow.payment_terms.page(context(), query)


class ConcurrentPaymentTermContract(PaymentTermContract):
    """For stores that admit several writers: the version is checked as the row is written."""

    def test_the_slower_of_two_writers_is_told(self) -> None:
        term = self.stored(a_payment_term())
        with expect(StaleVersionError), self.unit_of_work(context()) as slow:
            seen = slow.payment_terms.get(context(), term.id)
            with self.unit_of_work(context()) as fast:
                found = fast.payment_terms.get(context(), term.id)
                fast.payment_terms.save(context(), found.change({"name": "B"}))
            slow.payment_terms.save(context(), seen.archive())
        assert self.found(term.id).name == "B"
