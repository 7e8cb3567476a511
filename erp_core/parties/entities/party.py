"""Whom the company trades with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Final, NewType, Self, TypedDict, TypeVar
from uuid import UUID

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, Event, Lifecycle
from erp_core.kernel.errors import TransitionError, ensure
from erp_core.kernel.money import Money, Rate, require_currency
from erp_core.kernel.page import SortKey
from erp_core.parties.entities.address import Address, BankAccount
from erp_core.parties.entities.contact import Contact, require_emails, require_phones
from erp_core.parties.entities.naming import name_key, search_words
from erp_core.parties.entities.party_rules import (
    require_custom_fields,
    require_distinct,
    require_few,
    require_language,
    require_spelling,
    require_tags,
    require_texts,
)
from erp_core.parties.entities.payment_term import PaymentTermId
from erp_core.parties.entities.tax_id import TaxId

T = TypeVar("T")

PartyId = NewType("PartyId", UUID)

PRICE_LEVEL_MAX: Final = 99


class PartyKind(StrEnum):
    COMPANY = "company"
    PERSON = "person"


class PartyRole(StrEnum):
    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    PROSPECT = "prospect"


class PartyState(StrEnum):
    ACTIVE = "active"
    ARCHIVED = "archived"


class CodeSeries(StrEnum):
    """The series that codes are given from; the value is what a code begins with."""

    CUSTOMER = "C"
    SUPPLIER = "S"
    PROSPECT = "P"

    def code(self, number: int) -> str:
        """Return the code of the *number*-th party of this series: C000123."""
        return f"{self.value}{number:06d}"


PARTY_LIFECYCLE: Final = Lifecycle[PartyState](
    {
        PartyState.ACTIVE: {PartyState.ARCHIVED},
        PartyState.ARCHIVED: {PartyState.ACTIVE},
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyMerged(Event):
    """Two parties were one: what referred to the absorbed one belongs to the survivor."""

    name: ClassVar[str] = "parties.party_merged"

    survivor_id: PartyId
    absorbed_id: PartyId


class PartyChanges(TypedDict, total=False):
    """What of a party may be changed; what is absent stays, and a list is replaced whole."""

    kind: PartyKind
    name: str
    trade_name: str
    roles: tuple[PartyRole, ...]
    customer_code: str | None
    supplier_code: str | None
    tax_ids: tuple[TaxId, ...]
    addresses: tuple[Address, ...]
    contacts: tuple[Contact, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    site: str
    language: str | None
    currency: str | None
    payment_term_id: PaymentTermId | None
    price_level: int | None
    discount_percent: Rate
    credit_limit: Money | None
    representative_id: UUID | None
    bank_accounts: tuple[BankAccount, ...]
    tags: tuple[str, ...]
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party(Aggregate):
    """A company or a person, whatever it is to us."""

    id: PartyId
    kind: PartyKind
    name: str
    trade_name: str = ""
    roles: tuple[PartyRole, ...]  # at least one; in the order of PartyRole
    customer_code: str | None = None  # each code is unique in the company
    supplier_code: str | None = None
    prospect_code: str | None = None  # of one who is neither yet; kept when he becomes one
    tax_ids: tuple[TaxId, ...] = ()  # no other party of the company has one of them
    addresses: tuple[Address, ...] = ()
    contacts: tuple[Contact, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    site: str = ""
    language: str | None = None  # BCP 47; None: the company's
    currency: str | None = None  # ISO 4217; None: the company's
    payment_term_id: PaymentTermId | None = None
    price_level: int | None = None  # which of the catalogue's price levels applies
    discount_percent: Rate = field(default_factory=Rate)
    credit_limit: Money | None = None  # None: no limit
    representative_id: UUID | None = None  # the user who looks after the party
    bank_accounts: tuple[BankAccount, ...] = ()
    tags: tuple[str, ...] = ()
    notes: str = ""
    custom_fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    state: PartyState = PartyState.ACTIVE
    merged_into_id: PartyId | None = None  # the survivor, once this one was absorbed

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", tuple(each for each in PartyRole if each in self.roles))
        fields = MappingProxyType(dict(sorted(self.custom_fields.items())))
        object.__setattr__(self, "custom_fields", fields)
        ensure(
            bool(self.roles),
            "parties.party.roles",
            "a party is a customer, a supplier or a prospect, or several of these",
            field="roles",
        )
        require_texts(name=self.name, trade_name=self.trade_name, site=self.site, notes=self.notes)
        require_spelling(self.customer_code, "parties.party.customer_code", "customer_code")
        require_spelling(self.supplier_code, "parties.party.supplier_code", "supplier_code")
        require_emails(self.emails)
        require_phones(self.phones)
        self._require_lists()
        require_custom_fields(self.custom_fields)
        self._require_terms()

    def _require_lists(self) -> None:
        require_few(self.tax_ids, "parties.party.tax_ids.number", 10, "tax_ids")
        require_few(self.addresses, "parties.party.addresses.number", 20, "addresses")
        require_few(self.contacts, "parties.party.contacts.number", 50, "contacts")
        require_few(self.bank_accounts, "parties.party.bank_accounts.number", 10, "bank_accounts")
        require_few(self.tags, "parties.party.tags.number", 50, "tags")
        require_distinct(self.tax_ids, "parties.party.tax_ids.repeated", "tax_ids")
        require_distinct(self.tags, "parties.party.tags.repeated", "tags")
        require_tags(self.tags)

    def _require_terms(self) -> None:
        require_language(self.language)
        if self.currency is not None:
            require_currency(self.currency)
        ensure(
            self.price_level is None or 1 <= self.price_level <= PRICE_LEVEL_MAX,
            "parties.party.price_level",
            f"a price level is from 1 to {PRICE_LEVEL_MAX}",
            field="price_level",
        )
        ensure(
            self.discount_percent.percent <= 100,  # noqa: PLR2004  # percent
            "parties.party.discount_percent",
            "a discount is at most 100 percent",
            field="discount_percent",
        )
        ensure(
            self.credit_limit is None or self.credit_limit.amount >= 0,
            "parties.party.credit_limit",
            "a credit limit is never negative; give none where there is no limit",
            field="credit_limit",
        )

    @property
    def code(self) -> str:
        """What people call the party by; empty only where a merger took every code it had."""
        return self.customer_code or self.supplier_code or self.prospect_code or ""

    @property
    def name_key(self) -> str:
        """The name as lists are sorted and likely duplicates are found by it."""
        return name_key(self.name)

    @property
    def words(self) -> frozenset[str]:
        """The words by which the party is found."""
        codes = (self.customer_code, self.supplier_code, self.prospect_code)
        tax_ids = (each.words for each in self.tax_ids)
        texts = (self.name, self.trade_name, *(each or "" for each in codes), *tax_ids)
        return search_words((*texts, *self.emails))

    @property
    def lacking_codes(self) -> tuple[CodeSeries, ...]:
        """The series from which the party must still be given a code, in their order."""
        lacking = []
        if PartyRole.CUSTOMER in self.roles and self.customer_code is None:
            lacking.append(CodeSeries.CUSTOMER)
        if PartyRole.SUPPLIER in self.roles and self.supplier_code is None:
            lacking.append(CodeSeries.SUPPLIER)
        return tuple(lacking) if lacking or self.code else (CodeSeries.PROSPECT,)

    def with_code(self, series: CodeSeries, code: str) -> Self:
        """Return the party with the *code* it was given from *series*."""
        if series is CodeSeries.CUSTOMER:
            return replace(self, customer_code=code)
        if series is CodeSeries.SUPPLIER:
            return replace(self, supplier_code=code)
        return replace(self, prospect_code=code)

    def change(self, changes: PartyChanges) -> Self:
        """Return the party with *changes* made.

        Raises:
            InvariantError: what would come of it is no party.
            TransitionError: it was merged into another.
        """
        self.require_unmerged()
        return replace(self, **changes)

    def with_custom_fields(self, said: Mapping[str, str | None] | None) -> Self:
        """Return the party with these laid over its own: None takes one away, or all of them.

        Raises:
            InvariantError: there are too many, or one is named or filled in a strange way.
        """
        laid = {} if said is None else {**self.custom_fields, **said}
        kept = {name: value for name, value in laid.items() if value is not None}
        return replace(self, custom_fields=kept)

    def archive(self) -> Self:
        """Trade with the party no more; its history stays.

        Raises:
            TransitionError: it is archived already.
        """
        return replace(self, state=PARTY_LIFECYCLE.step(self.state, PartyState.ARCHIVED))

    def restore(self) -> Self:
        """Trade with it again.

        Raises:
            TransitionError: it is not archived, or was merged into another.
        """
        self.require_unmerged()
        return replace(self, state=PARTY_LIFECYCLE.step(self.state, PartyState.ACTIVE))

    def as_customer(self) -> Self:
        """Return the party as one who has bought: a prospect no more, and a customer.

        Raises:
            TransitionError: it is archived, or was merged into another.
        """
        self.require_active()
        if PartyRole.CUSTOMER in self.roles and PartyRole.PROSPECT not in self.roles:
            return self
        kept = (each for each in self.roles if each is not PartyRole.PROSPECT)
        return replace(self, roles=(*kept, PartyRole.CUSTOMER))

    def require_active(self) -> None:
        """Raise TransitionError if nobody trades with the party any more."""
        self.require_unmerged()
        if self.state is not PartyState.ACTIVE:
            raise TransitionError(
                f"{self.name} is archived: restore it, or choose another",
                code="parties.party.not_active",
                name=self.name,
                state=self.state.value,
            )

    def absorb(self, other: Party, now: datetime) -> tuple[Self, Party]:
        """Return this party with what it lacked and *other* has, and *other* archived for good.

        This one keeps every field it has. It gains roles, tax ids, addresses, contacts, e-mails,
        telephones, bank accounts, tags, custom fields, and the codes it lacks; what must be unique
        leaves the other one for it.

        Raises:
            InvariantError: they are one and the same, or too much would come together.
            TransitionError: this one is archived, or either was merged before.
        """
        ensure(
            self.id != other.id,
            "parties.party.merge_itself",
            "a party cannot be merged with itself: name another",
            field="from_id",
        )
        self.require_unmerged()
        other.require_unmerged()
        if self.state is not PartyState.ACTIVE:
            raise TransitionError(
                f"{self.name} is archived: restore it before merging another into it",
                code="parties.party.archived",
                state=self.state.value,
            )
        merged = PartyMerged(occurred_at=now, survivor_id=self.id, absorbed_id=other.id)
        survivor = replace(
            self,
            roles=(*self.roles, *other.roles),
            customer_code=self.customer_code or other.customer_code,
            supplier_code=self.supplier_code or other.supplier_code,
            prospect_code=self.prospect_code or other.prospect_code,
            tax_ids=_union(self.tax_ids, other.tax_ids),
            addresses=_union(self.addresses, other.addresses),
            contacts=_union(self.contacts, other.contacts),
            emails=_union(self.emails, other.emails),
            phones=_union(self.phones, other.phones),
            bank_accounts=_union(self.bank_accounts, other.bank_accounts),
            tags=_union(self.tags, other.tags),
            custom_fields={**other.custom_fields, **self.custom_fields},
            events=(*self.events, merged),
        )
        absorbed = replace(
            other,
            customer_code=other.customer_code if self.customer_code else None,
            supplier_code=other.supplier_code if self.supplier_code else None,
            prospect_code=other.prospect_code if self.prospect_code else None,
            tax_ids=(),
            state=PartyState.ARCHIVED,
            merged_into_id=self.id,
        )
        return survivor, absorbed

    def require_unmerged(self) -> None:
        """Raise TransitionError if the party was merged into another."""
        if self.merged_into_id is not None:
            raise TransitionError(
                f"it was merged into {self.merged_into_id}: go on with that one",
                code="parties.party.merged",
                merged_into_id=self.merged_into_id,
            )


PARTY_SORTS: Final[Mapping[str, SortKey[Party]]] = {
    "name": SortKey(of=lambda party: party.name_key),
    "code": SortKey(of=lambda party: party.code),
}


def _union(ours: tuple[T, ...], theirs: tuple[T, ...]) -> tuple[T, ...]:
    return (*ours, *(each for each in theirs if each not in ours))
