"""Entering a party and correcting what is known of it: codes, tax ids and terms in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Final

from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import (
    CodeSeries,
    Party,
    PartyChanges,
    PartyId,
    PaymentTermId,
    PaymentTermState,
    TaxId,
    TaxIdKind,
)
from erp_core.parties.ports import PartiesUnitOfWork, TaxIdChecker

NAMESAKES_MAX: Final = 10
_CHECKED_BY_THE_CORE: Final = {TaxIdKind.CPF, TaxIdKind.CNPJ}


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredParty:
    """A new party, and who bears its name already: likely the same one, entered before."""

    party: Party
    namesakes: tuple[Party, ...]


@dataclass(frozen=True, kw_only=True)
class CreateParty(UseCase[PartiesUnitOfWork, Party, EnteredParty]):
    """Enter a new party. The command is the entity; the codes it lacks are given to it.

    Raises:
        AlreadyExistsError: its id, a code or a tax id is taken.
        InvariantError: a check digit of a tax id is wrong, or the payment term is archived.
        NotFoundError: no such payment term.
    """

    permission = "parties.party.create"

    tax_ids: TaxIdChecker

    def prepare(self, ctx: Context, uow: PartiesUnitOfWork, command: Party) -> Party:
        return replace(command, tax_ids=_checked(ctx, self.tax_ids, command.tax_ids))

    def execute(self, ctx: Context, uow: PartiesUnitOfWork, command: Party) -> EnteredParty:
        _require_term(ctx, uow, command.payment_term_id)
        party = uow.parties.add(ctx, _with_codes(ctx, uow, None, command))
        return EnteredParty(
            party=party, namesakes=uow.parties.namesakes(ctx, party, NAMESAKES_MAX)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePartyCommand:
    id: PartyId
    version: int | None
    changes: PartyChanges
    # Laid over those there are: None takes one away, or all of them.
    custom_fields: Mapping[str, str | None] | None = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ChangeParty(UseCase[PartiesUnitOfWork, ChangePartyCommand, Party]):
    """Correct what is known of a party; a role that is new brings its code along.

    Raises:
        NotFoundError: no such party, or no such payment term.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it was merged into another.
        AlreadyExistsError: a new code or tax id is taken.
        InvariantError: a check digit of a tax id is wrong, or the payment term is archived.
    """

    permission = "parties.party.change"

    tax_ids: TaxIdChecker

    def prepare(
        self, ctx: Context, uow: PartiesUnitOfWork, command: ChangePartyCommand
    ) -> ChangePartyCommand:
        changes = command.changes.copy()
        if "tax_ids" in changes:
            changes["tax_ids"] = _checked(ctx, self.tax_ids, changes["tax_ids"])
        return replace(command, changes=changes)

    def execute(self, ctx: Context, uow: PartiesUnitOfWork, command: ChangePartyCommand) -> Party:
        before = uow.parties.get(ctx, command.id).expect(command.version)
        party = before.change(command.changes).with_custom_fields(command.custom_fields)
        if party.payment_term_id != before.payment_term_id:
            _require_term(ctx, uow, party.payment_term_id)
        return uow.parties.save(ctx, _with_codes(ctx, uow, before, party))


def _checked(ctx: Context, checker: TaxIdChecker, tax_ids: tuple[TaxId, ...]) -> tuple[TaxId, ...]:
    return tuple(
        each
        if each.kind in _CHECKED_BY_THE_CORE
        else replace(each, number=checker.check(ctx, each.country, each.kind, each.number))
        for each in tax_ids
    )


def _require_term(ctx: Context, uow: PartiesUnitOfWork, term_id: PaymentTermId | None) -> None:
    if term_id is None:
        return
    ensure(
        uow.payment_terms.get(ctx, term_id).state is PaymentTermState.ACTIVE,
        "parties.party.payment_term_archived",
        "this payment term is archived: choose another",
        field="payment_term_id",
    )


def _with_codes(ctx: Context, uow: PartiesUnitOfWork, before: Party | None, party: Party) -> Party:
    """Give *party* the codes it lacks; the series are held in one order, against deadlocks."""
    lacking = party.lacking_codes
    for series, ours, theirs in (
        (CodeSeries.CUSTOMER, party.customer_code, before and before.customer_code),
        (CodeSeries.SUPPLIER, party.supplier_code, before and before.supplier_code),
        (CodeSeries.PROSPECT, None, None),
    ):
        if series in lacking:
            party = party.with_code(series, uow.party_codes.next(ctx, series))
        elif ours is not None and ours != theirs:
            uow.party_codes.hold(ctx, series)
    return party
