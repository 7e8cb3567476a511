"""How quotes and orders come to be written: from what was asked for to lines with amounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol, TypedDict

from erp_core.catalog.entities import (
    PRICE_OVERRIDE,
    Discount,
    DocumentLine,
    DocumentTerms,
    LineId,
    LineQuestion,
    LineRequest,
    PricedDocument,
    PriceListId,
    ProductId,
    ProductKind,
    document_lines,
    price_document,
)
from erp_core.catalog.ports import read_line_materials
from erp_core.identity.entities import Company
from erp_core.inventory.entities import WarehouseId
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import InvariantError, at, ensure
from erp_core.parties.entities import (
    Party,
    PartyId,
    PartyRole,
    PaymentTermId,
    PaymentTermState,
)
from erp_core.sales.ports import SalesUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldLine:
    """What a person says of a line that is to be sold."""

    request: LineRequest
    warehouse_id: WarehouseId | None = None  # where the goods are to be taken from


class DraftChanges(TypedDict, total=False):
    """What of a draft may be changed; what is absent stays. Lines are replaced as a whole."""

    party_id: PartyId
    on: date
    currency: str
    discount: Discount
    price_list_id: PriceListId | None
    payment_term_id: PaymentTermId | None
    reference: str
    note: str
    until: date | None  # of a quote how long it is valid, of an order when it is delivered
    lines: tuple[SoldLine, ...]


class TextChanges(TypedDict, total=False):
    """What of a draft's changes touches no amount."""

    payment_term_id: PaymentTermId | None
    reference: str
    note: str


class DraftLine(Protocol):
    """A line of a draft, as it was written before."""

    @property
    def line(self) -> DocumentLine: ...

    @property
    def warehouse_id(self) -> WarehouseId | None: ...


class Draft(Protocol):
    """A quote or an order that is not settled."""

    @property
    def on(self) -> date: ...

    @property
    def terms(self) -> DocumentTerms: ...

    @property
    def lines(self) -> Sequence[DraftLine]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Lines with their amounts, and which of them are goods taken from where."""

    document: PricedDocument
    terms: DocumentTerms
    goods: frozenset[LineId]
    warehouses: Mapping[LineId, WarehouseId | None]


def require_buyer(ctx: Context, uow: SalesUnitOfWork, party_id: PartyId) -> Party:
    """Return the party, if something may be sold to it.

    Raises:
        NotFoundError: no such party.
        TransitionError: it is archived.
        InvariantError: it is neither a customer nor a prospect.
    """
    with at("party_id"):
        party = uow.parties.get(ctx, party_id)
    return _buyer(party)


def hold_buyer(ctx: Context, uow: SalesUnitOfWork, party_id: PartyId) -> Party:
    """Return the party, as ``require_buyer`` does; no merger comes before what is written now.

    Raises:
        NotFoundError: no such party.
        TransitionError: it is archived.
        InvariantError: it is neither a customer nor a prospect.
        ContentionError: it was not free in time.
    """
    with at("party_id"):
        party = uow.parties.hold(ctx, party_id)
    return _buyer(party)


def _buyer(party: Party) -> Party:
    party.require_active()
    ensure(
        bool({PartyRole.CUSTOMER, PartyRole.PROSPECT} & set(party.roles)),
        "sales.party.no_customer",
        f"{party.name} is neither a customer nor a prospect: make it one first",
        field="party_id",
        name=party.name,
    )
    return party


def require_term(ctx: Context, uow: SalesUnitOfWork, term_id: PaymentTermId | None) -> None:
    """Raise where a payment term is unknown or archived."""
    if term_id is None:
        return
    with at("payment_term_id"):
        term = uow.payment_terms.get(ctx, term_id)
    ensure(
        term.state is PaymentTermState.ACTIVE,
        "parties.party.payment_term_archived",
        "this payment term is archived: choose another",
        field="payment_term_id",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a draft stands on: the company as it is today, and whom it sells to."""

    company: Company
    party: Party

    def terms(self, currency: str, discount: Discount | None) -> DocumentTerms:
        """Return the terms of a document as the company writes them.

        Where no *discount* is said, the document has the customer's own.
        """
        if discount is None:
            discount = Discount(percent=self.party.discount_percent)
        company = self.company
        return DocumentTerms.of_company(
            currency, company.settings, books=company.currency, discount=discount
        )


def write(
    ctx: Context, uow: SalesUnitOfWork, lines: Sequence[SoldLine], question: LineQuestion
) -> Written:
    """Write the lines that are asked for, at the prices and with the taxes of the catalogue.

    Raises:
        NotFoundError: no such product, tax class, unit or price list, or nobody has set a price.
        InvariantError: a line that cannot be; it is named by its place, ``lines/3``.
    """
    requests = [each.request for each in lines]
    products = {each.product_id for each in requests if each.product_id is not None}
    costs = uow.picking.average_costs(ctx, products)
    question = replace(question, may_undercut=ctx.principal.may(PRICE_OVERRIDE))
    materials = read_line_materials(ctx, uow, requests, question, costs)
    document = price_document(document_lines(requests, materials, question), question.terms)
    goods = {
        each for each, product in materials.products.items() if product.kind is ProductKind.GOODS
    }
    return Written(
        document=document,
        terms=question.terms,
        goods=_goods(document, goods),
        warehouses=_warehouses(document, lines, goods),
    )


def _goods(document: PricedDocument, goods: set[ProductId]) -> frozenset[LineId]:
    return frozenset(each.line.id for each in document.lines if each.line.product_id in goods)


def _warehouses(
    document: PricedDocument, lines: Sequence[SoldLine], goods: set[ProductId]
) -> Mapping[LineId, WarehouseId | None]:
    """Return where each line is taken from; only goods are taken from anywhere."""
    found: dict[LineId, WarehouseId | None] = {}
    for index, (priced, each) in enumerate(zip(document.lines, lines, strict=True)):
        if each.warehouse_id is not None and priced.line.product_id not in goods:
            raise InvariantError(
                "only goods lie in a warehouse: leave it out of this line",
                code="sales.line.warehouse",
                field=f"lines/{index}/warehouse_id",
            )
        found[priced.line.id] = each.warehouse_id
    return found


def as_asked(line: DocumentLine, warehouse_id: WarehouseId | None) -> SoldLine:
    """Return a line that was written before as if it were asked for anew, at its own price."""
    priced = line.kind.is_priced
    request = LineRequest(
        id=line.id,
        kind=line.kind,
        product_id=line.product_id,
        description=line.description,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price if priced else None,
        price_includes_tax=line.price_includes_tax if priced else None,
        discount=line.discount,
        tax_class_id=line.tax_class_id,
        components=line.components if priced else None,
        unit_cost=line.unit_cost,
    )
    return SoldLine(request=request, warehouse_id=warehouse_id)


def rewritten(
    ctx: Context, uow: SalesUnitOfWork, ground: Ground, before: Draft, changes: DraftChanges
) -> Written:
    """Return the lines of a draft as *changes* leave them, with their amounts.

    New lines are written; those that stay are reckoned again at their own prices, since a
    discount, a date or another customer may have changed what they come to.

    Raises:
        NotFoundError: a line names what is not there, or nobody has set a price.
        InvariantError: prices would be said in another currency, or a line cannot be.
    """
    currency = changes.get("currency", before.terms.currency)
    ensure(
        "lines" in changes or currency == before.terms.currency,
        "sales.document.currency",
        "prices in another currency are other prices: give the lines along with it",
        field="currency",
    )
    discount = changes.get("discount", before.terms.discount)
    question = LineQuestion(
        on=changes.get("on", before.on),
        terms=ground.terms(currency, discount),
        party_id=ground.party.id,
        price_list_id=changes.get("price_list_id"),
        price_level=ground.party.price_level,
    )
    kept = tuple(as_asked(each.line, each.warehouse_id) for each in before.lines)
    return write(ctx, uow, changes.get("lines", kept), question)


def rest_of(changes: DraftChanges) -> TextChanges:
    """Return those of *changes* that a document takes over as they are."""
    texts: TextChanges = {}
    if "reference" in changes:
        texts["reference"] = changes["reference"]
    if "note" in changes:
        texts["note"] = changes["note"]
    if "payment_term_id" in changes:
        texts["payment_term_id"] = changes["payment_term_id"]
    return texts
