"""Quotes and orders of which no field that a store keeps is left at its default."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from erp_core.catalog.entities import (
    Discount,
    DocumentLine,
    DocumentTerms,
    LineId,
    LineKind,
    PricedDocument,
    ProductId,
    TaxClassId,
    TaxComponent,
    price_document,
    standard_units,
)
from erp_core.identity.entities import Rounding
from erp_core.inventory.entities import WarehouseId
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Rate, UnitPrice
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import PartyId, PartySnapshot, PaymentTermId
from erp_core.sales.entities import Order, OrderId, OrderLine, Quote, QuoteId, QuoteLine
from erp_core.sales.ports import SalesUnitOfWork
from erp_core.testing.catalog import a_product, a_tax_class
from erp_core.testing.inventory import a_warehouse
from erp_core.testing.parties import a_party, a_payment_term

OFFERED = date(2024, 2, 28)
UNTIL = date(2024, 3, 31)
TEN = Quantity.of("10")
CUSTOMER = PartySnapshot.of(a_party())


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """What documents of sales refer to, stored."""

    party_id: PartyId
    product_id: ProductId
    tax_class_id: TaxClassId
    warehouse_id: WarehouseId
    payment_term_id: PaymentTermId


def stored_trade(ctx: Context, uow: SalesUnitOfWork) -> Trade:
    """Store what documents of sales refer to."""
    uow.units.add_absent(ctx, standard_units())
    product = replace(a_product(), tax_class_id=None)
    return Trade(
        party_id=uow.parties.add(ctx, a_party()).id,
        product_id=uow.products.add(ctx, product).id,
        tax_class_id=uow.tax_classes.add(ctx, a_tax_class()).id,
        warehouse_id=uow.warehouses.add(ctx, a_warehouse()).id,
        payment_term_id=uow.payment_terms.add(ctx, a_payment_term()).id,
    )


def some_terms() -> DocumentTerms:
    """Make terms that are no company's defaults."""
    return DocumentTerms(
        currency="BRL",
        discount=Discount(percent=Rate(Decimal("2.5"))),
        rounding=Rounding.PER_DOCUMENT,
        cash_step=Decimal("0.05"),
    )


def some_lines(trade: Trade, many: int = 1) -> PricedDocument:
    """Make a heading, *many* lines of goods, and something that is only described."""
    heading = DocumentLine(
        id=LineId(new_id()), kind=LineKind.HEADING, description="Chás da Índia ☕"
    )
    extra = DocumentLine(
        id=LineId(new_id()),
        description="Frete até São João",
        quantity=Quantity.of("1.5"),
        unit_price=Decimal("12.345678"),
        discount=Discount(amount=Decimal("1.23")),
    )
    goods = (_goods(trade) for _ in range(many))
    return price_document((heading, *goods, extra), some_terms())


def _goods(trade: Trade) -> DocumentLine:
    taxes = (
        TaxComponent(name="ICMS", rate=Rate(Decimal(18)), included=True),
        TaxComponent(name="ISS", rate=Rate(Decimal(5)), withheld=True),
    )
    return DocumentLine(
        id=LineId(new_id()),
        product_id=trade.product_id,
        description="Chá preto, 茶 🍵",
        quantity=TEN,
        unit="unit",
        unit_price=Decimal("19.999999"),
        price_includes_tax=True,
        discount=Discount(percent=Rate(Decimal("7.1255"))),
        tax_class_id=trade.tax_class_id,
        components=taxes,
        unit_cost=UnitPrice(Decimal("3.141592"), "EUR"),
    )


def a_quote(trade: Trade, many: int = 1) -> Quote:
    """Make a draft of a quote; only what comes later is at its default."""
    document = some_lines(trade, many)
    return Quote(
        id=QuoteId(new_id()),
        party_id=trade.party_id,
        on=OFFERED,
        valid_until=UNTIL,
        terms=some_terms(),
        lines=tuple(
            QuoteLine(
                priced=each,
                goods=each.line.product_id is not None,
                warehouse_id=trade.warehouse_id if each.line.product_id else None,
            )
            for each in document.lines
        ),
        totals=document.totals,
        reference="Pedido nº 7/é",
        note="Entregar só à tarde.\nObrigado! 🙏",
        payment_term_id=trade.payment_term_id,
    )


def an_order(trade: Trade, quote: Quote | None = None, many: int = 1) -> Order:
    """Make a draft of an order, of *quote* if one is given."""
    document = some_lines(trade, many)
    goods = next((each.id for each in quote.lines if each.goods), None) if quote else None
    return Order(
        id=OrderId(new_id()),
        party_id=trade.party_id,
        quote_id=None if quote is None else quote.id,
        on=OFFERED,
        terms=some_terms(),
        lines=tuple(
            OrderLine(
                priced=each,
                goods=each.line.product_id is not None,
                warehouse_id=trade.warehouse_id if each.line.product_id else None,
                quote_line_id=goods if each.line.product_id else None,
            )
            for each in document.lines
        ),
        totals=document.totals,
        reference="Pedido nº 7/é",
        note="Entregar só à tarde.\nObrigado! 🙏",
        deliver_on=UNTIL,
        payment_term_id=trade.payment_term_id,
    )
