"""Parties in a dictionary."""

from __future__ import annotations

from collections.abc import Sequence

from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.kernel.text import words
from erp_core.parties.entities import PARTY_SORTS, Party, PartyId, finds
from erp_core.parties.ports import PartyQuery, PartyRepository
from erp_memory.pages import page_of
from erp_memory.tables import Tables

_CODES = ("customer_code", "supplier_code", "prospect_code")


class MemoryParties(PartyRepository):
    """The store admits one writer at a time, so that a party which is read is locked."""

    def __init__(self, tables: Tables, outbox: Outbox, journal: Journal) -> None:
        self._parties = tables.parties
        self._terms = tables.payment_terms
        self._outbox = outbox
        self._journal = journal

    def add(self, ctx: Context, party: Party) -> Party:
        if (ctx.company_id, party.id) in self._parties:
            raise AlreadyExistsError("a party of this id exists", field="id")
        return self._write(ctx, None, party)

    def get(self, ctx: Context, party_id: PartyId) -> Party:
        party = self._parties.get((ctx.company_id, party_id))
        if party is None:
            raise NotFoundError(f"no party {party_id}", kind="party", id=party_id)
        return party

    def hold(self, ctx: Context, party_id: PartyId) -> Party:
        return self.get(ctx, party_id)

    def lock(self, ctx: Context, party_ids: Sequence[PartyId]) -> tuple[Party, ...]:
        return tuple(self.get(ctx, each) for each in party_ids)

    def save(self, ctx: Context, party: Party) -> Party:
        before = self.get(ctx, party.id)
        if before.version != party.version:
            raise StaleVersionError(f"party {party.id} has changed meanwhile")
        return self._write(ctx, before, party)

    def namesakes(self, ctx: Context, party: Party, limit: int) -> tuple[Party, ...]:
        found = [
            each
            for each in self._of(ctx)
            if each.name_key == party.name_key != ""
            and each.id != party.id
            and each.merged_into_id is None
        ]
        return tuple(sorted(found, key=lambda each: each.id)[:limit])

    def page(self, ctx: Context, query: PartyQuery) -> Page[Party]:
        wanted = words(query.text)
        found = (
            each
            for each in self._of(ctx)
            if (not query.roles or set(query.roles) & set(each.roles))
            and (not query.states or each.state in query.states)
            and finds(wanted, each.words)
        )
        return page_of(found, query.page, PARTY_SORTS)

    def _of(self, ctx: Context) -> list[Party]:
        return [each for (owner, _), each in self._parties.items() if owner == ctx.company_id]

    def _write(self, ctx: Context, before: Party | None, party: Party) -> Party:
        self._require_free(ctx, party)
        if (
            party.payment_term_id is not None
            and (ctx.company_id, party.payment_term_id) not in self._terms
        ):
            raise NotFoundError(
                f"no payment term {party.payment_term_id}", field="payment_term_id"
            )
        self._outbox.append(ctx, party.events)
        self._journal.note_entity("parties.party", before, party)
        stored = party.stored(party.version + 1)
        self._parties[ctx.company_id, party.id] = stored
        return stored

    def _require_free(self, ctx: Context, party: Party) -> None:
        for other in self._of(ctx):
            if other.id == party.id:
                continue
            for name in _CODES:
                code = getattr(party, name)
                if code is not None and code == getattr(other, name):
                    raise AlreadyExistsError(
                        f"the code {code} is taken: choose another",
                        code="parties.party.code_taken",
                        field=name,
                    )
            for tax_id in sorted(set(party.tax_ids) & set(other.tax_ids)):
                raise AlreadyExistsError(
                    f"{tax_id} belongs to party {other.id}: use that one, or merge the two",
                    code="parties.party.tax_id_taken",
                    field="tax_ids",
                    party_id=other.id,
                )
