"""Writing, changing and deleting invoices that are not validated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from erp_core.catalog.entities import (
    PRICE_OVERRIDE,
    Discount,
    DocumentTerms,
    DocumentTotals,
    LineId,
    PriceListId,
)
from erp_core.identity.entities import Company
from erp_core.invoicing.entities import (
    Balance,
    Invoice,
    InvoiceChanges,
    InvoiceId,
    InvoiceLine,
    InvoiceType,
    Links,
)
from erp_core.invoicing.ports import InvoicingUnitOfWork
from erp_core.invoicing.use_cases.deposits import DepositPart, with_deposit
from erp_core.invoicing.use_cases.drafting import (
    InvoiceLineRequest,
    Source,
    Wish,
    write_lines,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import ensure
from erp_core.kernel.money import Money
from erp_core.kernel.quantity import ZERO
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import Party, PartyId, PaymentTermId
from erp_core.parties.ports import hold_named
from erp_core.sales.entities import OrderId, QuoteId

MAY_BE_ADDED: Final = frozenset(
    {InvoiceType.STANDARD, InvoiceType.DEPOSIT, InvoiceType.REPLACEMENT}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddInvoiceCommand:
    """An invoice of its own lines, or of what was agreed; *lines* None: all that is left."""

    id: InvoiceId
    type: InvoiceType = InvoiceType.STANDARD
    party_id: PartyId | None = None  # None: that of the order, the quote or the replaced invoice
    order_id: OrderId | None = None
    quote_id: QuoteId | None = None
    replaces_id: InvoiceId | None = None
    currency: str | None = None  # None: the agreed one, else the party's, else the company's
    invoiced_on: date | None = None  # None: today
    payment_term_id: PaymentTermId | None = None  # None: the agreed one, else the party's
    price_list_id: PriceListId | None = None
    discount: Discount | None = None  # None: the party's
    reference: str = ""
    note: str = ""
    reason: str = ""
    lines: tuple[InvoiceLineRequest, ...] | None = None
    deposit: DepositPart | None = None
    deposit_ids: tuple[InvoiceId, ...] | None = None  # None: all paid ones of the order or quote


@dataclass(frozen=True, kw_only=True)
class AddInvoice(UseCase[InvoicingUnitOfWork, AddInvoiceCommand, Invoice]):
    """Write an invoice that is not validated yet: it has no number, and nothing follows from it.

    Raises:
        AlreadyExistsError: its id is taken.
        NotFoundError: no such party, order, quote, invoice, product, or tax class.
        TransitionError: the party is archived, the order not confirmed, the quote not accepted.
        InvariantError: nothing says whom to bill or what for, or a line cannot be.
    """

    permission = "invoicing.invoice.add"

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: AddInvoiceCommand
    ) -> Invoice:
        company = uow.companies.get(ctx)
        source, replaced = _source(ctx, uow, command)
        party_id = _party_id(command, source, replaced)
        if command.party_id is None:
            party = hold_named(ctx, uow, party_id)
        else:
            party = uow.parties.hold(ctx, party_id)
        party.require_active()
        today = company.day(self.clock.now(ctx))
        draft = blank_draft(command, company, party, source, today)
        if replaced is not None and command.lines is None:
            draft = draft.with_lines(replaced.terms, _copied(replaced), replaced.totals)
        elif command.deposit is not None:
            draft = with_deposit(draft, source, command.deposit)
        else:
            lines = source.everything() if command.lines is None else command.lines
            wish = Wish(
                draft=draft,
                source=source,
                price_list_id=command.price_list_id,
                may_undercut=ctx.principal.may(PRICE_OVERRIDE),
                price_level=party.price_level,
            )
            draft = write_lines(ctx, uow, wish, lines)
        return uow.invoices.add(ctx, _with_deposits(ctx, uow, command, draft))


def _source(
    ctx: Context, uow: InvoicingUnitOfWork, command: AddInvoiceCommand
) -> tuple[Source, Invoice | None]:
    """Read what is invoiced, and the invoice that is replaced."""
    ensure(
        command.type in MAY_BE_ADDED,
        "invoicing.credit_note.add",
        "a credit note is made of its invoice: POST to its credit-notes",
        field="type",
    )
    ensure(
        command.order_id is None or command.quote_id is None,
        "invoicing.source.both",
        "an invoice is of an order or of a quote: name one of them",
        field="quote_id",
    )
    ensure(
        command.deposit is None or command.type is InvoiceType.DEPOSIT,
        "invoicing.deposit.type",
        "only a deposit is asked for by a percentage or an amount: set its type",
        field="type",
    )
    order = None if command.order_id is None else uow.orders.get(ctx, command.order_id)
    quote = None if command.quote_id is None else uow.quotes.get(ctx, command.quote_id)
    source = Source(order=order, quote=quote)
    source.require_agreed()
    if command.replaces_id is None:
        ensure(
            command.lines is not None or source.terms is not None,
            "invoicing.source.none",
            "say what is invoiced: lines, an order or a quote",
            field="lines",
        )
        return source, None
    replaced = uow.invoices.get(ctx, command.replaces_id).require_replaceable()
    if order is None and replaced.links.order_id is not None:
        order = uow.orders.get(ctx, replaced.links.order_id)
    elif quote is None and order is None and replaced.links.quote_id is not None:
        quote = uow.quotes.get(ctx, replaced.links.quote_id)
    return Source(order=order, quote=quote), replaced


def _party_id(command: AddInvoiceCommand, source: Source, replaced: Invoice | None) -> PartyId:
    paper = source.order or source.quote or replaced
    ensure(
        command.party_id is not None or paper is not None,
        "invoicing.invoice.party",
        "say who is billed",
        field="party_id",
    )
    agreed = command.party_id if paper is None else paper.party_id
    if agreed is None:
        raise AssertionError("unreachable: one of them is said")
    ensure(
        command.party_id in (None, agreed),
        "invoicing.invoice.other_party",
        "what is invoiced was agreed with another party: leave this out",
        field="party_id",
    )
    return agreed


def blank_draft(
    command: AddInvoiceCommand, company: Company, party: Party, source: Source, today: date
) -> Invoice:
    """Return the draft that *command* asks for, without its lines."""
    paper = source.order or source.quote
    currency = command.currency or party.currency or company.currency
    terms = source.terms or DocumentTerms.of_company(
        currency,
        company.settings,
        books=company.currency,
        discount=command.discount or Discount(percent=party.discount_percent),
    )
    ensure(
        command.currency in (None, terms.currency),
        "invoicing.invoice.currency",
        f"it was agreed in {terms.currency}: leave the currency out",
        field="currency",
    )
    agreed_term = party.payment_term_id if paper is None else paper.payment_term_id
    quote_id = command.quote_id if source.quote is None else source.quote.id
    if source.order is not None:
        quote_id = source.order.quote_id
    totals = DocumentTotals.zero(terms.currency)
    return Invoice(
        id=command.id,
        type=command.type,
        party_id=party.id,
        invoiced_on=command.invoiced_on or today,
        terms=terms,
        payment_term_id=command.payment_term_id or agreed_term or party.payment_term_id,
        reference=command.reference or ("" if paper is None else paper.reference),
        note=command.note,
        reason=command.reason,
        links=Links(
            order_id=None if source.order is None else source.order.id,
            quote_id=quote_id,
            replaces_id=command.replaces_id,
        ),
        totals=totals,
        balance=Balance.of(totals.payable),
        credited=Money.zero(terms.currency),
    )


def _copied(invoice: Invoice) -> tuple[InvoiceLine, ...]:
    """Return its lines as those of another: nothing of them has left or was credited."""
    return tuple(
        replace(
            each,
            priced=replace(each.priced, line=replace(each.line, id=LineId(new_id()))),
            issued=ZERO,
            credited=ZERO,
        )
        for each in invoice.lines
    )


def _with_deposits(
    ctx: Context, uow: InvoicingUnitOfWork, command: AddInvoiceCommand, draft: Invoice
) -> Invoice:
    if command.deposit_ids is not None:
        return draft.with_deposits(command.deposit_ids)
    links = draft.links
    if not draft.type.is_final or (links.order_id is None and links.quote_id is None):
        return draft
    found = uow.invoices.deposits(ctx, links)
    same = (each.id for each in found if each.totals.net.currency == draft.currency)
    return draft.with_deposits(tuple(same))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeInvoiceCommand:
    id: InvoiceId
    version: int | None
    changes: InvoiceChanges
    deposit_ids: tuple[InvoiceId, ...] | None = None  # None: they stay
    discount: Discount | None = None  # with it the lines are priced anew
    price_list_id: PriceListId | None = None
    lines: tuple[InvoiceLineRequest, ...] | None = None  # None: they stay


@dataclass(frozen=True, kw_only=True)
class ChangeInvoice(UseCase[InvoicingUnitOfWork, ChangeInvoiceCommand, Invoice]):
    """Change a draft; its lines are replaced as a whole.

    Raises:
        NotFoundError: no such invoice, product, tax class, or line of the order.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is no draft.
        InvariantError: a line that cannot be, or the lines of a credit note.
    """

    permission = "invoicing.invoice.change"

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: ChangeInvoiceCommand
    ) -> Invoice:
        draft = uow.invoices.get(ctx, command.id).expect(command.version)
        draft = draft.change(command.changes)
        if command.deposit_ids is not None:
            draft = draft.with_deposits(command.deposit_ids)
        ensure(
            command.discount is None or command.lines is not None,
            "invoicing.invoice.discount",
            "with another discount all lines are priced anew: send them along",
            field="lines",
        )
        if command.lines is not None:
            ensure(
                not draft.type.is_credit,
                "invoicing.credit_note.lines",
                "the lines of a credit note are those of its invoice: delete it, and credit anew",
                field="lines",
            )
            draft = _rewritten(ctx, uow, draft, command)
        return uow.invoices.save(ctx, draft)


def _rewritten(
    ctx: Context, uow: InvoicingUnitOfWork, draft: Invoice, command: ChangeInvoiceCommand
) -> Invoice:
    links = draft.links
    order = None if links.order_id is None else uow.orders.get(ctx, links.order_id)
    quote = uow.quotes.get(ctx, links.quote_id) if links.quote_id and order is None else None
    discount = draft.terms.discount if command.discount is None else command.discount
    draft = replace(draft, terms=replace(draft.terms, discount=discount))
    wish = Wish(
        draft=draft,
        source=Source(order=order, quote=quote),
        price_list_id=command.price_list_id,
        may_undercut=ctx.principal.may(PRICE_OVERRIDE),
        price_level=uow.parties.get(ctx, draft.party_id).price_level,
    )
    return write_lines(ctx, uow, wish, command.lines or ())


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceCommand:
    """Names an invoice, and the version of it that the caller has seen (None: any)."""

    id: InvoiceId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class DeleteInvoice(UseCase[InvoicingUnitOfWork, InvoiceCommand, None]):
    """Delete a draft; nothing had followed from it.

    Raises:
        NotFoundError: no such invoice.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is no draft.
    """

    permission = "invoicing.invoice.delete"

    def execute(self, ctx: Context, uow: InvoicingUnitOfWork, command: InvoiceCommand) -> None:
        draft = uow.invoices.get(ctx, command.id).expect(command.version).require_draft()
        uow.invoices.delete(ctx, draft)
