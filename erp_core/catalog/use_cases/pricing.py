"""What a document would come to, before there is one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from erp_core.catalog.entities import (
    NO_DISCOUNT,
    PRICE_OVERRIDE,
    Discount,
    DocumentTerms,
    LineQuestion,
    LineRequest,
    PricedDocument,
    PriceListId,
    document_lines,
    price_document,
)
from erp_core.catalog.ports import CatalogUnitOfWork, read_line_materials
from erp_core.identity.entities import Company, Rounding
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import at
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import Party, PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPricingCommand:
    currency: str
    lines: tuple[LineRequest, ...]
    discount: Discount | None = None  # None: the party's, or none
    rounding: Rounding | None = None  # None: as the company rounds
    cash_step: Decimal | None = None  # None: the company's, in its own currency
    party_id: PartyId | None = None
    price_list_id: PriceListId | None = None
    on: date | None = None  # None: today, where the company is


@dataclass(frozen=True, kw_only=True)
class PreviewPricing(UseCase[CatalogUnitOfWork, PreviewPricingCommand, PricedDocument]):
    """Reckon what a document of these lines would come to, and store nothing.

    Raises:
        NotFoundError: no such party, product, tax class, unit or price list, or no price in this
            currency; a line is named by its place.
        InvariantError: the lines make no document.
    """

    permission = "catalog.price.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: CatalogUnitOfWork, command: PreviewPricingCommand
    ) -> PricedDocument:
        company = uow.companies.get(ctx)
        party = _party(ctx, uow, command.party_id)
        terms = _terms(command, company, _discount(command, party))
        question = LineQuestion(
            on=command.on or company.day(self.clock.now(ctx)),
            terms=terms,
            party_id=command.party_id,
            price_list_id=command.price_list_id,
            price_level=None if party is None else party.price_level,
            may_undercut=ctx.principal.may(PRICE_OVERRIDE),
            may_give_back=True,
        )
        materials = read_line_materials(ctx, uow, command.lines, question)
        return price_document(document_lines(command.lines, materials, question), terms)


def _party(ctx: Context, uow: CatalogUnitOfWork, party_id: PartyId | None) -> Party | None:
    if party_id is None:
        return None
    with at("party_id"):
        return uow.parties.get(ctx, party_id)


def _discount(command: PreviewPricingCommand, party: Party | None) -> Discount:
    if command.discount is not None or party is None:
        return command.discount or NO_DISCOUNT
    return Discount(percent=party.discount_percent)


def _terms(command: PreviewPricingCommand, company: Company, discount: Discount) -> DocumentTerms:
    own = DocumentTerms.of_company(
        command.currency, company.settings, books=company.currency, discount=discount
    )
    return replace(
        own,
        rounding=command.rounding or own.rounding,
        cash_step=own.cash_step if command.cash_step is None else command.cash_step,
    )
