"""Sending quotes, and what comes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from erp_core.catalog.entities import LineId, price_document
from erp_core.documents.entities import MailWish
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import ensure
from erp_core.kernel.page import Page
from erp_core.kernel.quantity import ZERO
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import PartySnapshot
from erp_core.sales.entities import (
    Order,
    OrderId,
    OrderLine,
    Part,
    Quote,
    QuoteId,
    QuoteState,
    QuoteSummary,
    Taken,
    excerpt,
)
from erp_core.sales.ports import QuoteQuery, SalesUnitOfWork
from erp_core.sales.use_cases.customers import require_same_party
from erp_core.sales.use_cases.drafting import require_buyer
from erp_core.sales.use_cases.mailing import post_quote
from erp_core.sales.use_cases.quote_drafts import QuoteCommand

EXPIRED_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SendQuoteCommand:
    id: QuoteId
    version: int | None = None  # that the caller has seen; None: any
    mail: MailWish | None = None  # None: it is handed over in another way


@dataclass(frozen=True, kw_only=True)
class SendQuote(UseCase[SalesUnitOfWork, SendQuoteCommand, Quote]):
    """Settle a draft: it is given its number, and waits for the customer's answer.

    Where a mail is asked for, it is queued in the same transaction; of a quote that was sent
    before, nothing else happens then.

    Raises:
        NotFoundError: no such quote.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is no draft, and no mail is asked for; or it is valid no more; or its
            customer is archived.
        InvariantError: nothing is on it; or nobody knows where to send it.
    """

    permission = "sales.quote.send"

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: SendQuoteCommand) -> Quote:
        quote = uow.quotes.lock(ctx, command.id).expect(command.version)
        if quote.state is QuoteState.DRAFT or command.mail is None:
            quote = self._settled(ctx, uow, quote)
        if command.mail is not None:
            post_quote(ctx, uow, self.clock.now(ctx), quote, command.mail)
        return quote

    def _settled(self, ctx: Context, uow: SalesUnitOfWork, quote: Quote) -> Quote:
        quote.require_sendable()
        party = require_buyer(ctx, uow, quote.party_id)
        number = uow.numbering.take(ctx, "sales.quote", quote.on, customer_code=party.code)
        customer, now = PartySnapshot.of(party), self.clock.now(ctx)
        return uow.quotes.save(ctx, quote.send(number=number, customer=customer, now=now))


@dataclass(frozen=True, kw_only=True)
class AcceptQuote(UseCase[SalesUnitOfWork, QuoteCommand, Quote]):
    """Note that the customer said yes.

    Raises:
        NotFoundError: no such quote.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it was not sent, or was answered before, or is valid no more.
    """

    permission = "sales.quote.accept"

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: QuoteCommand) -> Quote:
        quote = uow.quotes.lock(ctx, command.id).expect(command.version)
        now = self.clock.now(ctx)
        today = uow.companies.get(ctx).day(now)
        return uow.quotes.save(ctx, quote.accept(today=today, now=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseQuoteCommand:
    id: QuoteId
    version: int | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RefuseQuote(UseCase[SalesUnitOfWork, RefuseQuoteCommand, Quote]):
    """Note that the customer said no.

    Raises:
        NotFoundError: no such quote.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it was not sent, or was answered before.
    """

    permission = "sales.quote.refuse"

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: RefuseQuoteCommand) -> Quote:
        quote = uow.quotes.lock(ctx, command.id).expect(command.version)
        return uow.quotes.save(ctx, quote.refuse(command.reason, self.clock.now(ctx)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiredQuotes:
    """The quotes that nobody answered in time; as many as were asked for: there may be more."""

    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireQuotesCommand:
    most: int = EXPIRED_AT_ONCE

    def __post_init__(self) -> None:
        ensure(
            1 <= self.most <= EXPIRED_AT_ONCE,
            "sales.quote.expire_many",
            f"from 1 to {EXPIRED_AT_ONCE} quotes expire at once",
            field="most",
        )


@dataclass(frozen=True, kw_only=True)
class ExpireQuotes(UseCase[SalesUnitOfWork, ExpireQuotesCommand, ExpiredQuotes]):
    """Let quotes expire that were not answered while they were valid, the oldest first."""

    permission = "sales.quote.expire"

    def execute(
        self, ctx: Context, uow: SalesUnitOfWork, command: ExpireQuotesCommand
    ) -> ExpiredQuotes:
        now = self.clock.now(ctx)
        today = uow.companies.get(ctx).day(now)
        expired = []
        for quote_id in sorted(uow.quotes.overdue(ctx, today, command.most)):
            quote = uow.quotes.lock(ctx, quote_id)
            if quote.state is QuoteState.SENT:  # nobody answered while we waited for it
                expired.append(uow.quotes.save(ctx, quote.expire(today=today, now=now)))
        return ExpiredQuotes(quotes=tuple(expired))


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQuoteCommand:
    id: QuoteId
    version: int | None = None
    order_id: OrderId
    parts: tuple[Part, ...] | None = None  # None: all that is left


@dataclass(frozen=True, kw_only=True)
class OrderQuote(UseCase[SalesUnitOfWork, OrderQuoteCommand, Order]):
    """Make an order of an accepted quote, or of a part of it, at the prices that were offered.

    Raises:
        NotFoundError: no such quote, or no such line in it.
        PreconditionFailedError: it is not at the version the caller saw.
        AlreadyExistsError: the order's id is taken.
        TransitionError: it was not accepted, or its customer is archived.
        InvariantError: nothing is left of it, or less of a line than is wanted.
    """

    permission = "sales.quote.order"

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: OrderQuoteCommand) -> Order:
        quote = uow.quotes.lock(ctx, command.id).expect(command.version)
        quote.require_accepted()
        party = require_buyer(ctx, uow, quote.party_id)
        require_same_party(quote.party_id, party)
        parts = quote.left if command.parts is None else command.parts
        ensure(
            bool(parts),
            "sales.quote.nothing_left",
            "all of the quote is ordered or invoiced already",
            field="lines",
        )
        ordered = quote.order(parts)
        today = uow.companies.get(ctx).day(self.clock.now(ctx))
        order = _order_of(quote, ordered, command.order_id, whole=command.parts is None)
        uow.quotes.save(ctx, ordered)
        return uow.orders.add(ctx, replace(order, on=today))


def _order_of(before: Quote, after: Quote, order_id: OrderId, *, whole: bool) -> Order:
    """Make the order of what *after* has ordered more than *before*; its texts too if *whole*."""
    taken = tuple(
        Taken(
            priced=old.priced,
            before=old.ordered + old.billed,
            now=new.ordered - old.ordered,
        )
        for old, new in zip(before.lines, after.lines, strict=True)
    )
    texts = (each for each in taken if not each.priced.line.kind.is_priced)
    left_out = frozenset[LineId]() if whole else {each.priced.line.id for each in texts}
    lines, terms = excerpt(taken, before.terms)
    sold = [line for line in lines if line.id not in left_out]
    fresh = [replace(line, id=LineId(new_id())) for line in sold]
    document = price_document(fresh, terms)
    quoted = before.by_id
    return Order(
        id=order_id,
        party_id=before.party_id,
        quote_id=before.id,
        on=before.on,
        terms=terms,
        lines=tuple(
            OrderLine(
                priced=priced,
                goods=quoted[old.id].goods,
                warehouse_id=quoted[old.id].warehouse_id,
                quote_line_id=old.id if old.quantity > ZERO else None,
            )
            for old, priced in zip(sold, document.lines, strict=True)
        ),
        totals=document.totals,
        reference=before.reference,
        note=before.note,
        payment_term_id=before.payment_term_id,
    )


@dataclass(frozen=True, kw_only=True)
class GetQuote(UseCase[SalesUnitOfWork, QuoteId, Quote]):
    """Read one quote with its lines.

    Raises:
        NotFoundError: no such quote.
    """

    permission = "sales.quote.read"
    read_only = True

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: QuoteId) -> Quote:
        return uow.quotes.get(ctx, command)


@dataclass(frozen=True, kw_only=True)
class ListQuotes(UseCase[SalesUnitOfWork, QuoteQuery, Page[QuoteSummary]]):
    """Read quotes a page at a time, without their lines.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "sales.quote.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: SalesUnitOfWork, command: QuoteQuery
    ) -> Page[QuoteSummary]:
        return uow.quotes.page(ctx, command)
