"""The rules of parties, told through their use cases, in memory."""

from dataclasses import replace
from decimal import Decimal

import pytest

from erp_core.erp import Erp
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    InvariantError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    TransitionError,
)
from erp_core.kernel.money import Money, Rate
from erp_core.kernel.page import PageRequest
from erp_core.parties.entities import (
    PARTY_LIFECYCLE,
    BankAccount,
    Contact,
    Party,
    PartyId,
    PartyKind,
    PartyMerged,
    PartyRole,
    PartyState,
    PaymentTermId,
    TaxId,
    TaxIdKind,
)
from erp_core.parties.ports import PartyQuery
from erp_core.parties.use_cases import (
    ChangePartyCommand,
    EnteredParty,
    MergeParties,
    MergePartiesCommand,
    PartyCommand,
    PaymentTermCommand,
)
from erp_core.testing import NOON, FixedClock, Witness, context
from erp_core.testing.parties import VALID_VAT, a_party, a_payment_term
from erp_memory.store import MemoryStore
from tests.wiring import an_erp

CLERK = context("parties.*")
CPF = TaxId("BR", TaxIdKind.CPF, "111.444.777-35")
VAT = TaxId("DE", TaxIdKind.VAT, VALID_VAT["DE"])


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def erp(store: MemoryStore) -> Erp:
    return an_erp(store)


def a_new(name: str = "Ana Lima", *roles: PartyRole, **more: object) -> Party:
    party = Party(
        id=PartyId(new_id()),
        kind=PartyKind.PERSON,
        name=name,
        roles=roles or (PartyRole.CUSTOMER,),
    )
    return replace(party, **more)


def entered(erp: Erp, party: Party) -> Party:
    return erp.parties.create_party(CLERK, party).party


def changed(erp: Erp, party: Party, **changes: object) -> Party:
    command = ChangePartyCommand(id=party.id, version=None, changes=changes)
    return erp.parties.change_party(CLERK, command)


@pytest.mark.parametrize(
    ("roles", "codes", "code"),
    [
        ((PartyRole.CUSTOMER,), ("C000001", None, None), "C000001"),
        ((PartyRole.SUPPLIER,), (None, "S000001", None), "S000001"),
        ((PartyRole.PROSPECT,), (None, None, "P000001"), "P000001"),
        ((PartyRole.SUPPLIER, PartyRole.CUSTOMER), ("C000001", "S000001", None), "C000001"),
        ((PartyRole.PROSPECT, PartyRole.SUPPLIER), (None, "S000001", None), "S000001"),
    ],
)
def test_each_role_brings_a_code(erp: Erp, roles, codes, code: str) -> None:
    party = entered(erp, a_new("Ana", *roles))

    assert (party.customer_code, party.supplier_code, party.prospect_code) == codes
    assert party.code == code
    assert set(party.roles) == set(roles)


def test_a_prospect_who_becomes_a_customer_keeps_his_code_and_gets_another(erp: Erp) -> None:
    party = entered(erp, a_new("Ana", PartyRole.PROSPECT))
    party = changed(erp, party, roles=(PartyRole.CUSTOMER,))

    assert (party.code, party.prospect_code) == ("C000001", "P000001")


def test_a_code_may_be_given_by_hand_and_is_skipped_by_the_counter(erp: Erp) -> None:
    given = entered(erp, a_new("Ana", customer_code="C000001"))
    following = entered(erp, a_new("Bia"))
    moved = changed(erp, following, customer_code="K.7")
    again = changed(erp, moved, customer_code=None)

    assert (given.code, following.code, moved.code) == ("C000001", "C000002", "K.7")
    assert again.code == "C000003"
    with pytest.raises(AlreadyExistsError) as refusal:
        changed(erp, again, customer_code="C000001")
    assert refusal.value.field == "customer_code"


@pytest.mark.parametrize("code", ["", "c1", "C 1", "-C1", "C" * 33, "Ç"])
def test_a_code_has_one_spelling(code: str) -> None:
    for name in ("customer_code", "supplier_code"):
        with pytest.raises(InvariantError) as refusal:
            a_new("Ana", **{name: code})
        assert refusal.value.field == name


def test_the_same_tax_id_names_the_party_that_has_it(erp: Erp) -> None:
    party = entered(erp, a_new(tax_ids=(CPF,)))
    with pytest.raises(AlreadyExistsError) as refusal:
        entered(erp, a_new("Bia", tax_ids=(CPF,)))

    assert refusal.value.code == "parties.party.tax_id_taken"
    assert refusal.value.details["party_id"] == party.id


def test_check_digits_are_asked_of_the_checker(erp: Erp) -> None:
    wrong = TaxId("DE", TaxIdKind.VAT, "136695977")
    party = entered(erp, a_new(tax_ids=(VAT, TaxId("US", TaxIdKind.OTHER, "12-3456789"))))
    for refused in (
        lambda: entered(erp, a_new("Bia", tax_ids=(wrong,))),
        lambda: changed(erp, party, tax_ids=(wrong,)),
    ):
        with pytest.raises(InvariantError) as refusal:
            refused()
        assert refusal.value.code == "parties.tax_id.check_digit"
    assert changed(erp, party, tax_ids=(VAT, CPF)).tax_ids == (VAT, CPF)


def test_a_likely_duplicate_is_told_of_and_not_refused(erp: Erp) -> None:
    first = entered(erp, a_new("João  da Silva"))
    second = erp.parties.create_party(CLERK, a_new("JOAO DA SILVA"))

    assert isinstance(second, EnteredParty)
    assert second.namesakes == (first,)
    assert second.party.version == 1


def test_an_archived_or_unknown_payment_term_is_no_longer_agreed_upon(erp: Erp) -> None:
    term = erp.parties.create_payment_term(CLERK, a_payment_term())
    party = entered(erp, a_new(payment_term_id=term.id))
    erp.parties.archive_payment_term(CLERK, PaymentTermCommand(id=term.id))

    assert changed(erp, party, notes="who has it keeps it").payment_term_id == term.id
    with pytest.raises(InvariantError) as refusal:
        entered(erp, a_new(payment_term_id=term.id))
    assert refusal.value.field == "payment_term_id"
    with pytest.raises(NotFoundError):
        changed(erp, party, payment_term_id=PaymentTermId(new_id()))
    assert changed(erp, party, payment_term_id=None).payment_term_id is None


def test_custom_fields_are_laid_over_one_another(erp: Erp) -> None:
    party = entered(erp, a_new(custom_fields={"region": "Sul", "class": "A"}))

    def lay(fields: dict | None) -> dict:
        command = ChangePartyCommand(id=party.id, version=None, changes={}, custom_fields=fields)
        return dict(erp.parties.change_party(CLERK, command).custom_fields)

    assert lay({}) == {"class": "A", "region": "Sul"}
    assert lay({"class": None, "size": "G"}) == {"region": "Sul", "size": "G"}
    assert lay(None) == {}
    with pytest.raises(TypeError):
        party.custom_fields["class"] = "B"


def test_a_party_is_archived_and_restored(erp: Erp) -> None:
    party = entered(erp, a_new())
    archived = erp.parties.archive_party(CLERK, PartyCommand(id=party.id, version=1))
    with pytest.raises(TransitionError):
        erp.parties.archive_party(CLERK, PartyCommand(id=party.id))
    restored = erp.parties.restore_party(CLERK, PartyCommand(id=party.id))

    assert (archived.state, restored.state) == (PartyState.ARCHIVED, PartyState.ACTIVE)
    assert erp.parties.get_party(CLERK, PartyCommand(id=party.id)) == restored
    with pytest.raises(TransitionError):
        erp.parties.restore_party(CLERK, PartyCommand(id=party.id))
    with pytest.raises(PreconditionFailedError):
        erp.parties.archive_party(CLERK, PartyCommand(id=party.id, version=1))


def test_a_list_is_read(erp: Erp) -> None:
    party = entered(erp, a_new())
    query = PartyQuery(page=PageRequest(sort="name"), text="lim an", roles=(PartyRole.CUSTOMER,))

    assert erp.parties.list_parties(CLERK, query).items == (party,)


def test_the_survivor_keeps_its_own_and_gains_what_it_lacked(erp: Erp) -> None:
    survivor = entered(
        erp, a_new("Ana", PartyRole.SUPPLIER, tags=("gold",), emails=("a@b.example",))
    )
    other = entered(
        erp,
        replace(
            a_party(),
            tax_ids=(CPF,),
            tags=("gold", "chá"),
            custom_fields={"region": "Sul"},
            credit_limit=Money(Decimal(1), "BRL"),
        ),
    )
    merged = erp.parties.merge_parties(
        CLERK, MergePartiesCommand(id=survivor.id, version=1, from_id=other.id)
    )
    absorbed = erp.parties.get_party(CLERK, PartyCommand(id=other.id))

    assert (merged.name, merged.kind, merged.credit_limit) == ("Ana", PartyKind.PERSON, None)
    assert merged.roles == (PartyRole.CUSTOMER, PartyRole.SUPPLIER, PartyRole.PROSPECT)
    assert (merged.customer_code, merged.supplier_code) == (other.customer_code, "S000001")
    assert (merged.tax_ids, merged.tags) == ((CPF,), ("gold", "chá"))
    assert merged.emails == ("a@b.example", *other.emails)
    assert (merged.addresses, merged.contacts) == (other.addresses, other.contacts)
    assert (merged.phones, merged.bank_accounts) == (other.phones, other.bank_accounts)
    assert dict(merged.custom_fields) == {"region": "Sul"}
    assert (absorbed.state, absorbed.merged_into_id) == (PartyState.ARCHIVED, survivor.id)
    assert (absorbed.tax_ids, absorbed.customer_code) == ((), None)
    assert absorbed.code == other.supplier_code


def test_a_merged_party_is_gone_for_good(erp: Erp) -> None:
    one, two, three = (entered(erp, a_new(name)) for name in ("Ana", "Bia", "Eva"))

    def merge(survivor: Party, other: Party) -> Party:
        command = MergePartiesCommand(id=survivor.id, version=None, from_id=other.id)
        return erp.parties.merge_parties(CLERK, command)

    merge(one, two)
    for step in (
        lambda: merge(three, two),
        lambda: merge(two, three),
        lambda: changed(erp, two, name="B"),
        lambda: erp.parties.restore_party(CLERK, PartyCommand(id=two.id)),
    ):
        with pytest.raises(TransitionError) as refusal:
            step()
        assert refusal.value.details["merged_into_id"] == one.id


def test_a_party_is_merged_neither_with_itself_nor_into_an_archived_one(erp: Erp) -> None:
    one, two = entered(erp, a_new("Ana")), entered(erp, a_new("Bia"))
    archived = erp.parties.archive_party(CLERK, PartyCommand(id=two.id))

    with pytest.raises(InvariantError) as refusal:
        erp.parties.merge_parties(
            CLERK, MergePartiesCommand(id=one.id, version=None, from_id=one.id)
        )
    assert refusal.value.field == "from_id"
    with pytest.raises(TransitionError) as archived_refusal:
        erp.parties.merge_parties(
            CLERK, MergePartiesCommand(id=archived.id, version=None, from_id=one.id)
        )
    assert archived_refusal.value.code == "parties.party.archived"
    with pytest.raises(PreconditionFailedError):
        erp.parties.merge_parties(CLERK, MergePartiesCommand(id=one.id, version=7, from_id=two.id))


def test_what_refers_to_the_absorbed_party_follows_in_the_same_transaction(
    erp: Erp, store: MemoryStore
) -> None:
    one, two = entered(erp, a_new("Ana")), entered(erp, a_new("Bia", tax_ids=(CPF,)))
    carried = []

    def carry(ctx, uow, survivor: Party, absorbed: Party) -> None:
        carried.append((survivor.id, absorbed.id, uow.parties.get(ctx, two.id).merged_into_id))

    def cannot(ctx, uow, survivor: Party, absorbed: Party) -> None:
        raise InvariantError("an open count refers to it")

    command = MergePartiesCommand(id=one.id, version=None, from_id=two.id)
    ports = {"unit_of_work": store, "clock": FixedClock(), "observer": Witness()}
    with pytest.raises(InvariantError):
        MergeParties(**ports, carries=(carry, cannot))(CLERK, command)
    assert erp.parties.get_party(CLERK, PartyCommand(id=two.id)) == two
    MergeParties(**ports, carries=(carry,))(CLERK, command)

    assert carried == [(one.id, two.id, one.id)] * 2


def test_a_merger_is_told_once() -> None:
    one, _ = a_new("Ana").absorb(a_new("Bia"), NOON)

    assert [type(each) for each in one.events] == [PartyMerged]
    assert one.events[0].occurred_at == NOON


def test_a_party_without_any_code_is_called_nothing() -> None:
    one, two = a_new("Ana").absorb(a_new("Bia", customer_code="C1"), NOON)

    assert (one.code, two.code, a_new("Ana").code) == ("C1", "", "")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"trade_name": "x" * 201}, "trade_name"),
        ({"roles": ()}, "roles"),
        ({"site": "x" * 201}, "site"),
        ({"site": "javascript:alert(1)"}, "site"),
        ({"site": "no site"}, "site"),
        ({"notes": "x" * 10_001}, "notes"),
        ({"emails": ("a",)}, "emails/0"),
        ({"phones": ("190", "a")}, "phones/1"),
        ({"tax_ids": (CPF, CPF)}, "tax_ids"),
        ({"contacts": (Contact(name="Ana"),) * 51}, "contacts"),
        ({"bank_accounts": (BankAccount(bank="1", account="1"),) * 11}, "bank_accounts"),
        ({"tags": ("a", "a")}, "tags"),
        ({"tags": ("a", "")}, "tags/1"),
        ({"tags": tuple(map(str, range(51)))}, "tags"),
        ({"custom_fields": {"Region": "Sul"}}, "custom_fields"),
        ({"custom_fields": {"region": "x" * 1001}}, "custom_fields/region"),
        ({"custom_fields": {f"f{n}": "" for n in range(101)}}, "custom_fields"),
        ({"language": "Portuguese, please"}, "language"),
        ({"currency": "R$"}, "currency"),
        ({"price_level": 0}, "price_level"),
        ({"price_level": 100}, "price_level"),
        ({"discount_percent": Rate(Decimal("100.0001"))}, "discount_percent"),
        ({"credit_limit": Money(Decimal(-1), "BRL")}, "credit_limit"),
    ],
)
def test_a_party_keeps_within_bounds(changes: dict, field: str) -> None:
    with pytest.raises(InvariantError) as refusal:
        a_new(**changes)

    assert refusal.value.field == field


@pytest.mark.parametrize("site", ["example.com", "http://a.b-c.example:8080/x?y#z", "é.example"])
def test_a_site_is_an_address(site: str) -> None:
    assert a_new(site=site).site == site


def test_every_step_needs_its_own_permission(erp: Erp) -> None:
    nobody, party = context("parties.party.read"), a_new()
    for step in (
        lambda: erp.parties.create_party(nobody, party),
        lambda: erp.parties.archive_party(nobody, PartyCommand(id=party.id)),
        lambda: erp.parties.restore_party(nobody, PartyCommand(id=party.id)),
        lambda: erp.parties.merge_parties(
            nobody, MergePartiesCommand(id=party.id, version=None, from_id=party.id)
        ),
    ):
        with pytest.raises(PermissionDeniedError):
            step()


def test_the_lifecycle_is_total() -> None:
    assert set(PARTY_LIFECYCLE.steps) == set(PartyState)


def test_a_party_can_be_a_member_of_a_set() -> None:
    assert len({a_party(), a_party()}) == 2
