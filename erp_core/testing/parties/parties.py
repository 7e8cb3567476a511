"""What every keeper of parties must do, alone and in a crowd."""

from __future__ import annotations

from dataclasses import replace

from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    DeadlineExceededError,
    NotFoundError,
    StaleVersionError,
    TransitionError,
)
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.parties.entities import (
    Party,
    PartyId,
    PartyKind,
    PartyRole,
    PartyState,
    PaymentTermId,
    TaxId,
    TaxIdKind,
)
from erp_core.parties.ports import PartiesUnitOfWork, PartyQuery
from erp_core.testing import NOON, RIVAL, at_once, context, expect
from erp_core.testing.parties.builders import a_party, a_payment_term, another_party

CPF = TaxId("BR", TaxIdKind.CPF, "111.444.777-35")
CNPJ = TaxId("BR", TaxIdKind.CNPJ, "12.ABC.345/01DE-35")


class PartyContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[PartiesUnitOfWork]

    def stored(self, party: Party) -> Party:
        with self.unit_of_work(context()) as uow:
            return uow.parties.add(context(), party)

    def found(self, party_id: PartyId) -> Party:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.parties.get(context(), party_id)

    def named(self, text: str) -> list[str]:
        with self.unit_of_work(context(), read_only=True) as uow:
            query = PartyQuery(page=PageRequest(sort="name"), text=text)
            return [each.name for each in uow.parties.page(context(), query).items]

    def merge(self, survivor: Party, other: Party) -> tuple[Party, Party]:
        with self.unit_of_work(context()) as uow:
            one, two = uow.parties.lock(context(), (survivor.id, other.id))
            one, two = one.absorb(two, NOON)
            two = uow.parties.save(context(), two)
            return uow.parties.save(context(), one), two


class PartyRepositoryContract(PartyContract):
    """One writer at a time, or several who do not know of each other."""

    def test_every_field_survives_the_round_trip(self) -> None:
        with self.unit_of_work(context()) as uow:
            term = uow.payment_terms.add(context(), a_payment_term())
            new = replace(a_party(), payment_term_id=term.id).archive()
            party = uow.parties.add(context(), new)
        assert self.found(party.id) == party
        assert (party.version, party.events) == (1, ())

    def test_a_change_of_every_field_survives_the_round_trip(self) -> None:
        party, bare = self.stored(a_party()), another_party("Ana")
        names = {each for each in Party.__dataclass_fields__ if each not in {"id", "version"}}
        with self.unit_of_work(context()) as uow:
            seen = uow.parties.get(context(), party.id)
            others = {name: getattr(bare, name) for name in names}
            saved = uow.parties.save(context(), replace(seen, **others))
        assert self.found(party.id) == saved == replace(bare, id=party.id, version=2)

    def test_a_change_is_noted_in_the_journal(self) -> None:
        party = self.stored(a_party())
        with self.unit_of_work(context()) as uow:
            seen = uow.parties.get(context(), party.id)
            uow.parties.save(context(), seen.change({"trade_name": "B"}))
            (change,) = uow.journal.take()
        assert (change.kind, change.id) == ("parties.party", str(party.id))
        assert change.before == {"trade_name": party.trade_name}
        assert change.after == {"trade_name": "B"}

    def test_an_identity_and_each_code_are_taken_once(self) -> None:
        party = self.stored(a_party())
        for twin, field in (
            (replace(a_party(), id=party.id), "id"),
            (replace(a_party(), customer_code=party.customer_code), "customer_code"),
            (replace(a_party(), supplier_code=party.supplier_code), "supplier_code"),
            (replace(a_party(), prospect_code=party.prospect_code), "prospect_code"),
        ):
            with expect(AlreadyExistsError) as refusal:
                self.stored(twin)
            assert refusal[0].field == field

    def test_a_tax_id_is_one_partys_only(self) -> None:
        party = self.stored(replace(another_party("Ana"), tax_ids=(CPF, CNPJ)))
        other = self.stored(another_party("Bia"))
        with expect(AlreadyExistsError, "parties.party.tax_id_taken") as refused:
            self.stored(replace(another_party("Eva"), tax_ids=(CNPJ,)))
        assert refused[0].details["party_id"] == party.id
        with (
            expect(AlreadyExistsError, "parties.party.tax_id_taken") as refused,
            self.unit_of_work(context()) as uow,
        ):
            uow.parties.save(context(), other.change({"tax_ids": (CPF,)}))
        assert refused[0].details["party_id"] == party.id
        same_digits = TaxId("AR", TaxIdKind.OTHER, CPF.number)
        self.stored(replace(another_party("Eva"), tax_ids=(same_digits,)))

    def test_a_tax_id_that_was_given_up_is_free(self) -> None:
        party = self.stored(replace(another_party("Ana"), tax_ids=(CPF, CNPJ)))
        for left in ((CNPJ,), ()):
            with self.unit_of_work(context()) as uow:
                seen = uow.parties.get(context(), party.id)
                uow.parties.save(context(), seen.change({"tax_ids": left}))
            assert self.found(party.id).tax_ids == left
        other = self.stored(replace(another_party("Bia"), tax_ids=(CPF, CNPJ)))
        assert self.found(other.id).tax_ids == (CPF, CNPJ)

    def test_of_many_who_enter_the_same_tax_id_one_wins(self) -> None:
        def enters() -> PartyId | None:
            party = replace(another_party("Ana"), tax_ids=(CNPJ, CPF))
            try:
                self.stored(party)
            except AlreadyExistsError as error:
                told.append(error.details["party_id"])
                return None
            return party.id

        told: list[object] = []
        winners = [each for each in at_once(*[enters] * 6) if each is not None]
        assert len(winners) == 1
        assert told == winners * 5

    def test_who_is_held_is_who_is_found(self) -> None:
        party = self.stored(a_party())
        with self.unit_of_work(context()) as uow:
            assert uow.parties.hold(context(), party.id) == party
        for ctx, wanted in ((context(), PartyId(new_id())), (context(company=RIVAL), party.id)):
            with expect(NotFoundError), self.unit_of_work(ctx) as uow:
                uow.parties.hold(ctx, wanted)

    def test_an_unknown_party_is_not_found(self) -> None:
        known, unknown = self.stored(another_party("Ana")), PartyId(new_id())
        with self.unit_of_work(context()) as uow:
            with expect(NotFoundError):
                uow.parties.get(context(), unknown)
            with expect(NotFoundError):
                uow.parties.lock(context(), (known.id, unknown))
            with expect(NotFoundError):
                uow.parties.save(context(), a_party())

    def test_an_unknown_payment_term_is_not_found(self) -> None:
        with expect(NotFoundError) as refusal:
            self.stored(replace(a_party(), payment_term_id=PaymentTermId(new_id())))
        assert refusal[0].field == "payment_term_id"

    def test_another_companys_party_does_not_exist(self) -> None:
        party, rival = self.stored(a_party()), context(company=RIVAL)
        with self.unit_of_work(context()) as uow:
            term = uow.payment_terms.add(context(), a_payment_term())
        with self.unit_of_work(rival) as uow:
            with expect(NotFoundError):
                uow.parties.get(rival, party.id)
            with expect(NotFoundError):
                uow.parties.lock(rival, (party.id,))
            with expect(NotFoundError):
                uow.parties.save(rival, party)
            assert uow.parties.page(rival, PartyQuery(page=PageRequest())).items == ()
            query = PartyQuery(page=PageRequest(), text="sao")
            assert uow.parties.page(rival, query).items == ()
            assert uow.parties.namesakes(rival, a_party(), 10) == ()
            twin = uow.parties.add(rival, replace(party, version=0))
            assert twin.tax_ids == party.tax_ids
        with expect(NotFoundError), self.unit_of_work(rival) as uow:
            uow.parties.add(rival, replace(another_party("Ana"), payment_term_id=term.id))

    def test_a_failed_unit_of_work_leaves_no_trace(self) -> None:
        with expect(NotFoundError), self.unit_of_work(context()) as uow:
            uow.parties.add(context(), replace(another_party("Ana"), tax_ids=(CPF,)))
            uow.parties.get(context(), PartyId(new_id()))
        assert self.named("ana") == []
        self.stored(replace(another_party("Bia"), tax_ids=(CPF,)))

    def test_namesakes_are_found_whatever_accents_and_case(self) -> None:
        party = self.stored(another_party("João da Silva"))
        twin = self.stored(another_party("JOAO  DA SILVA"))
        self.stored(another_party("João da Silva e Filhos"))
        nameless = [self.stored(another_party("!?")) for _ in range(2)]
        with self.unit_of_work(context()) as uow:
            assert uow.parties.namesakes(context(), party, 10) == (twin,)
            assert uow.parties.namesakes(context(), twin, 10) == (party,)
            assert uow.parties.namesakes(context(), party, 0) == ()
            assert uow.parties.namesakes(context(), nameless[0], 10) == ()

    def test_a_merger_survives_the_round_trip_and_is_told(self) -> None:
        bare = replace(another_party("Bia"), roles=(PartyRole.SUPPLIER,), customer_code=None)
        survivor = self.stored(bare)
        other = self.stored(replace(a_party(), tax_ids=(CPF,)))
        one, two = self.merge(survivor, other)
        assert (self.found(one.id), self.found(two.id)) == (one, two)
        assert (one.tax_ids, two.tax_ids, two.merged_into_id) == ((CPF,), (), one.id)
        assert (one.customer_code, two.customer_code) == (other.customer_code, None)
        with self.unit_of_work(context(), read_only=True) as uow:
            (message,) = uow.outbox.pending(context(), 10)
            assert uow.parties.namesakes(context(), another_party(two.name), 10) == ()
        assert message.name == "parties.party_merged"
        assert message.payload["survivor_id"] == str(one.id)
        assert message.payload["absorbed_id"] == str(two.id)

    def test_of_many_writers_who_saw_the_same_version_one_wins(self) -> None:
        seen = self.stored(a_party())

        def archives() -> bool:
            try:
                with self.unit_of_work(context()) as uow:
                    uow.parties.save(context(), seen.archive())
            except StaleVersionError:
                return False
            return True

        assert sum(at_once(*[archives] * 6)) == 1

    def test_of_two_who_merge_crosswise_one_wins(self) -> None:
        one, two = self.stored(another_party("Ana")), self.stored(another_party("Bia"))

        def merges(survivor: Party, other: Party) -> bool:
            try:
                self.merge(survivor, other)
            except TransitionError:
                return False
            return True

        won = at_once(lambda: merges(one, two), lambda: merges(two, one))
        assert sum(won) == 1
        states = {self.found(one.id).state, self.found(two.id).state}
        assert states == {PartyState.ACTIVE, PartyState.ARCHIVED}

    def test_a_change_is_either_merged_or_refused(self) -> None:
        survivor, other = self.stored(another_party("Ana")), self.stored(another_party("Bia"))

        def changes() -> bool:
            try:
                with self.unit_of_work(context()) as uow:
                    seen = uow.parties.get(context(), other.id)
                    uow.parties.save(context(), seen.change({"kind": PartyKind.COMPANY}))
            except (StaleVersionError, TransitionError):
                return False
            return True

        _, changed = at_once(lambda: bool(self.merge(survivor, other)), changes)
        absorbed = self.found(other.id)
        assert absorbed.merged_into_id == survivor.id
        assert (absorbed.kind is PartyKind.COMPANY) == changed


class ConcurrentPartyContract(PartyContract):
    """For stores that admit several writers: the version is checked as the row is written."""

    def test_the_slower_of_two_writers_is_told(self) -> None:
        party = self.stored(a_party())
        with expect(StaleVersionError), self.unit_of_work(context()) as slow:
            seen = slow.parties.get(context(), party.id)
            with self.unit_of_work(context()) as fast:
                found = fast.parties.get(context(), party.id)
                fast.parties.save(context(), found.change({"name": "B"}))
            slow.parties.save(context(), seen.archive())
        assert self.found(party.id).name == "B"
        assert self.named("b") == ["B"]

    def test_who_locks_parties_has_them_to_himself(self) -> None:
        one, two = self.stored(another_party("Ana")), self.stored(another_party("Bia"))
        with self.unit_of_work(context()) as slow:
            slow.parties.lock(context(), (two.id, one.id))
            hurried = context().with_timeout(0.2)
            with expect(DeadlineExceededError), self.unit_of_work(hurried) as fast:
                fast.parties.lock(hurried, (one.id, two.id))
        with self.unit_of_work(context()) as uow:
            assert uow.parties.lock(context(), (two.id, one.id)) == (two, one)

    def test_who_holds_a_party_keeps_a_merger_waiting_and_nobody_who_holds_it_too(self) -> None:
        one, two = self.stored(another_party("Ana")), self.stored(another_party("Bia"))
        hurried = context().with_timeout(0.2)
        with self.unit_of_work(context()) as slow:
            assert slow.parties.hold(context(), two.id) == two
            with self.unit_of_work(context()) as other:
                assert other.parties.hold(context(), two.id) == two
            with expect(DeadlineExceededError), self.unit_of_work(hurried) as fast:
                fast.parties.lock(hurried, (one.id, two.id))
        _, absorbed = self.merge(one, two)
        assert self.found(two.id).merged_into_id == absorbed.merged_into_id == one.id

    def test_who_would_hold_a_party_that_is_merged_waits_and_sees_it_merged(self) -> None:
        one, two = self.stored(another_party("Ana")), self.stored(another_party("Bia"))
        hurried = context().with_timeout(0.2)
        with self.unit_of_work(context()) as merging:
            survivor, other = merging.parties.lock(context(), (one.id, two.id))
            survivor, absorbed = survivor.absorb(other, NOON)
            merging.parties.save(context(), absorbed)
            with expect(DeadlineExceededError), self.unit_of_work(hurried) as fast:
                fast.parties.hold(hurried, two.id)
            merging.parties.save(context(), survivor)
        with self.unit_of_work(context()) as uow:
            assert uow.parties.hold(context(), two.id).merged_into_id == one.id
