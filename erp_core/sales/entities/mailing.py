"""What mails about quotes, orders and shipments say of them."""

from __future__ import annotations

from typing import Final

from erp_core.documents.entities import (
    MailCause,
    MailKind,
    MailMatter,
    MailPaper,
    Wording,
    require_settled,
)
from erp_core.parties.entities import DocumentKind
from erp_core.sales.entities.order import Order
from erp_core.sales.entities.order_states import OPEN_ORDERS
from erp_core.sales.entities.paper_parts import facts_of
from erp_core.sales.entities.quote import Quote, QuoteState
from erp_core.sales.entities.shipment import Shipment, ShipmentState

_SENT_QUOTES: Final = frozenset({QuoteState.SENT, QuoteState.ACCEPTED, QuoteState.INVOICED})
_SENT_SHIPMENTS: Final = frozenset({ShipmentState.VALIDATED, ShipmentState.DELIVERED})


def mailed_quote(quote: Quote, wording: Wording) -> MailMatter:
    """Return the matter of a mail that brings a quote.

    Raises:
        TransitionError: it is a draft, or is valid no more.
    """
    require_settled(quote.state, settled=quote.state in _SENT_QUOTES)
    valid = quote.valid_until
    values = {
        "date": wording.formats.day(quote.on),
        "number": quote.number,
        "reference": quote.reference,
        "total": wording.formats.money(quote.totals.payable),
        "valid_until": "" if valid is None else wording.formats.day(valid),
    }
    return MailMatter(
        kind=MailKind.QUOTE,
        receives=(DocumentKind.QUOTE,),
        paper=MailPaper(
            document=MailCause(kind="sales.quote", id=quote.id), locale=wording.locale
        ),
        title=wording("title_quote"),
        facts=facts_of(
            wording,
            ("number", values["number"]),
            ("date", values["date"]),
            ("reference", values["reference"]),
            ("valid_until", values["valid_until"]),
            ("total", values["total"]),
        ),
        values=values,
    )


def mailed_order(order: Order, wording: Wording) -> MailMatter:
    """Return the matter of a mail that confirms an order.

    Raises:
        TransitionError: it is a draft, or was cancelled.
    """
    require_settled(order.state, settled=order.state in OPEN_ORDERS)
    deliver_on = order.deliver_on
    values = {
        "date": wording.formats.day(order.on),
        "deliver_on": "" if deliver_on is None else wording.formats.day(deliver_on),
        "number": order.number,
        "reference": order.reference,
        "total": wording.formats.money(order.totals.payable),
    }
    return MailMatter(
        kind=MailKind.ORDER,
        receives=(DocumentKind.ORDER,),
        paper=MailPaper(
            document=MailCause(kind="sales.order", id=order.id), locale=wording.locale
        ),
        title=wording("title_order"),
        facts=facts_of(
            wording,
            ("number", values["number"]),
            ("date", values["date"]),
            ("reference", values["reference"]),
            ("deliver_on", values["deliver_on"]),
            ("total", values["total"]),
        ),
        values=values,
    )


def mailed_shipment(shipment: Shipment, order_number: str, wording: Wording) -> MailMatter:
    """Return the matter of a mail that tells of a shipment.

    Raises:
        TransitionError: it is a draft, or was cancelled.
    """
    require_settled(shipment.state, settled=shipment.state in _SENT_SHIPMENTS)
    values = {
        "carrier": shipment.carrier,
        "date": wording.formats.day(shipment.on),
        "number": shipment.number,
        "order_number": order_number,
        "tracking_number": shipment.tracking_number,
    }
    return MailMatter(
        kind=MailKind.SHIPMENT,
        receives=(DocumentKind.SHIPMENT,),
        paper=MailPaper(
            document=MailCause(kind="sales.shipment", id=shipment.id), locale=wording.locale
        ),
        title=wording("title_shipment"),
        facts=facts_of(
            wording,
            ("number", values["number"]),
            ("date", values["date"]),
            ("from_order", values["order_number"]),
            ("carrier", values["carrier"]),
            ("tracking", values["tracking_number"]),
        ),
        values=values,
    )
