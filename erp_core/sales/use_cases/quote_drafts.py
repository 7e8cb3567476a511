"""Writing quotes, while nothing is settled yet."""

from __future__ import annotations

from datetime import date

from erp_core.catalog.entities import Discount, LineQuestion, PriceListId
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import PartyId, PaymentTermId
from erp_core.sales.entities import Quote, QuoteChanges, QuoteId, QuoteLine
from erp_core.sales.ports import SalesUnitOfWork
from erp_core.sales.use_cases.drafting import (
    DraftChanges,
    Ground,
    SoldLine,
    Written,
    hold_buyer,
    require_buyer,
    require_term,
    rest_of,
    rewritten,
    write,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddQuoteCommand:
    id: QuoteId
    party_id: PartyId
    lines: tuple[SoldLine, ...] = ()
    on: date | None = None  # None: today, in the company's time zone
    currency: str = ""  # empty: the customer's, or the company's
    discount: Discount | None = None  # None: the customer's
    price_list_id: PriceListId | None = None
    payment_term_id: PaymentTermId | None = None  # None: the customer's
    reference: str = ""
    note: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class AddQuote(UseCase[SalesUnitOfWork, AddQuoteCommand, Quote]):
    """Write a new quote, as a draft; what is left out of a line the catalogue says.

    Raises:
        AlreadyExistsError: its id, or that of a line, is taken.
        NotFoundError: no such customer, product, warehouse or the like, or a product has no price.
        TransitionError: the customer is archived.
        InvariantError: what would come of it is no quote; a line is named by its place.
    """

    permission = "sales.quote.add"

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: AddQuoteCommand) -> Quote:
        party = hold_buyer(ctx, uow, command.party_id)
        require_term(ctx, uow, command.payment_term_id)
        ground = Ground(company=uow.companies.get(ctx), party=party)
        on = command.on or ground.company.day(self.clock.now(ctx))
        currency = command.currency or party.currency or ground.company.currency
        terms = ground.terms(currency, command.discount)
        question = LineQuestion(
            on=on,
            terms=terms,
            party_id=party.id,
            price_list_id=command.price_list_id,
            price_level=party.price_level,
        )
        written = write(ctx, uow, command.lines, question)
        quote = Quote(
            id=command.id,
            party_id=party.id,
            on=on,
            valid_until=command.valid_until,
            terms=terms,
            lines=_lines(written),
            totals=written.document.totals,
            reference=command.reference,
            note=command.note,
            payment_term_id=command.payment_term_id or party.payment_term_id,
        )
        return uow.quotes.add(ctx, quote)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeQuoteCommand:
    id: QuoteId
    version: int | None
    changes: DraftChanges


@dataclass(frozen=True, kw_only=True)
class ChangeQuote(UseCase[SalesUnitOfWork, ChangeQuoteCommand, Quote]):
    """Write a draft anew in part; lines are replaced as a whole.

    Raises:
        NotFoundError: no such quote, customer, product, warehouse or the like.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is no draft any more, or the customer is archived.
        InvariantError: what would come of it is no quote; a line is named by its place.
    """

    permission = "sales.quote.change"

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: ChangeQuoteCommand) -> Quote:
        before = uow.quotes.get(ctx, command.id).expect(command.version).require_draft()
        return uow.quotes.save(ctx, before.change(_changed(ctx, uow, before, command.changes)))


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteCommand:
    """Names a quote, and the version of it that the caller has seen (None: any)."""

    id: QuoteId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class DeleteQuote(UseCase[SalesUnitOfWork, QuoteCommand, Quote]):
    """Remove a draft for good.

    Raises:
        NotFoundError: no such quote.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it was sent.
    """

    permission = "sales.quote.delete"

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: QuoteCommand) -> Quote:
        quote = uow.quotes.lock(ctx, command.id).expect(command.version).require_draft()
        uow.quotes.delete(ctx, quote)
        return quote


def _changed(
    ctx: Context, uow: SalesUnitOfWork, before: Quote, changes: DraftChanges
) -> QuoteChanges:
    if "payment_term_id" in changes:
        require_term(ctx, uow, changes["payment_term_id"])
    party_id = changes.get("party_id", before.party_id)
    find = require_buyer if party_id == before.party_id else hold_buyer
    party = find(ctx, uow, party_id)
    ground = Ground(company=uow.companies.get(ctx), party=party)
    written = rewritten(ctx, uow, ground, before, changes)
    after: QuoteChanges = {
        **rest_of(changes),
        "party_id": party.id,
        "on": changes.get("on", before.on),
        "valid_until": changes.get("until", before.valid_until),
        "terms": written.terms,
        "lines": _lines(written),
        "totals": written.document.totals,
    }
    return after


def _lines(written: Written) -> tuple[QuoteLine, ...]:
    return tuple(
        QuoteLine(
            priced=priced,
            goods=priced.line.id in written.goods,
            warehouse_id=written.warehouses[priced.line.id],
        )
        for priced in written.document.lines
    )
