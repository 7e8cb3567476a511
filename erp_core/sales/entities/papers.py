"""What stands on quotes, orders and delivery notes when they are printed."""

from __future__ import annotations

from erp_core.documents.entities import (
    Column,
    DocumentType,
    PrintedDocument,
    PrintedRow,
    PrintedTable,
    Stationery,
)
from erp_core.kernel.dataclass import dataclass
from erp_core.parties.entities import PartySnapshot
from erp_core.sales.entities.order import Order
from erp_core.sales.entities.order_states import OrderState
from erp_core.sales.entities.paper_parts import (
    counted,
    discount_of,
    facts_of,
    line_table,
    tax_tables,
    totals_of,
)
from erp_core.sales.entities.quote import Quote, QuoteState
from erp_core.sales.entities.shipment import Shipment, ShipmentState


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """Words that only the stores know, and that a paper shows."""

    customer: PartySnapshot
    payment_term: str = ""
    source: str = ""  # the number of the document it was made of


def printed_quote(quote: Quote, stationery: Stationery, papers: Papers) -> PrintedDocument:
    """Return what stands on a quote; a draft is marked as one."""
    wording, formats = stationery.wording, stationery.wording.formats
    valid = quote.valid_until
    facts = facts_of(
        wording,
        ("date", formats.day(quote.on)),
        ("valid_until", "" if valid is None else formats.day(valid)),
        ("reference", quote.reference),
        ("payment_terms", papers.payment_term),
        ("discount", discount_of(quote.terms, wording)),
    )
    draft = quote.state is QuoteState.DRAFT
    return PrintedDocument(
        document_type=DocumentType("sales.quote"),
        language=wording.locale,
        style=stationery.style,
        dated=quote.on,
        title=wording("title_quote"),
        number=quote.number,
        watermark=wording("draft") if draft else "",
        sender=stationery.sender,
        receivers=(
            stationery.receiver("customer", papers.customer, papers.customer.billing_address),
        ),
        facts=facts,
        lines=line_table(quote.document.lines, wording),
        tables=tax_tables(quote.document.taxes, wording),
        totals=totals_of(quote.totals, wording),
        notes=facts_of(wording, ("note", quote.note)),
        signatures=(wording("sign_accept"),),
        footer=stationery.letterhead.footer,
        page=stationery.page,
    )


def printed_order(order: Order, stationery: Stationery, papers: Papers) -> PrintedDocument:
    """Return what stands on the confirmation of an order; a draft is marked as one."""
    wording, formats = stationery.wording, stationery.wording.formats
    customer, deliver_on = papers.customer, order.deliver_on
    facts = facts_of(
        wording,
        ("date", formats.day(order.on)),
        ("deliver_on", "" if deliver_on is None else formats.day(deliver_on)),
        ("reference", order.reference),
        ("from_quote", papers.source),
        ("payment_terms", papers.payment_term),
        ("discount", discount_of(order.terms, wording)),
    )
    marks = {OrderState.DRAFT: wording("draft"), OrderState.CANCELLED: wording("cancelled")}
    return PrintedDocument(
        document_type=DocumentType("sales.order"),
        language=wording.locale,
        style=stationery.style,
        dated=order.on,
        title=wording("title_order"),
        number=order.number,
        watermark=marks.get(order.state, ""),
        sender=stationery.sender,
        receivers=(
            stationery.receiver("bill_to", customer, customer.billing_address),
            stationery.receiver("ship_to", customer, customer.shipping_address, taxed=False),
        ),
        facts=facts,
        lines=line_table(order.document.lines, wording),
        tables=tax_tables(order.document.taxes, wording),
        totals=totals_of(order.totals, wording),
        notes=facts_of(wording, ("note", order.note)),
        footer=stationery.letterhead.footer,
        page=stationery.page,
    )


def printed_shipment(
    shipment: Shipment, stationery: Stationery, papers: Papers
) -> PrintedDocument:
    """Return what stands on a delivery note: goods and lots, and no prices."""
    wording, formats = stationery.wording, stationery.wording.formats
    customer = papers.customer
    marks = {ShipmentState.DRAFT: wording("draft"), ShipmentState.CANCELLED: wording("cancelled")}
    return PrintedDocument(
        document_type=DocumentType("sales.shipment"),
        language=wording.locale,
        style=stationery.style,
        dated=shipment.on,
        title=wording("title_shipment"),
        number=shipment.number,
        watermark=marks.get(shipment.state, ""),
        sender=stationery.sender,
        receivers=(stationery.receiver("ship_to", customer, customer.shipping_address),),
        facts=facts_of(
            wording,
            ("date", formats.day(shipment.on)),
            ("from_order", papers.source),
            ("carrier", shipment.carrier),
            ("tracking", shipment.tracking_number),
        ),
        lines=_goods(shipment, stationery),
        notes=facts_of(wording, ("note", shipment.note)),
        signatures=(wording("sign_receipt"),),
        footer=stationery.letterhead.footer,
        page=stationery.page,
    )


def _goods(shipment: Shipment, stationery: Stationery) -> PrintedTable:
    """Return what goes out, and of which lots."""
    wording = stationery.wording
    rows = []
    for line in shipment.lines:
        lots = (
            f"{wording('lot', lot=each.lot)}: {wording.formats.quantity(each.quantity)}"
            for each in line.lots
        )
        text = "\n".join((line.description, *lots))
        rows.append(PrintedRow(cells=(text, counted(line.quantity, line.unit, wording))))
    columns = (
        Column(heading=wording("description"), share=76),
        Column(heading=wording("quantity"), share=24, number=True),
    )
    return PrintedTable(columns=columns, rows=tuple(rows))
