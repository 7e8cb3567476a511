"""Quotes, orders, shipments, their lines and the parts that are taken of them."""

from erp_core.sales.entities.credit import (
    CREDIT_OVERRIDE,
    CreditLimitExceededError,
    require_credit,
)
from erp_core.sales.entities.events import (
    OrderCancelled,
    OrderConfirmed,
    QuoteAccepted,
    ShipmentCancelled,
    ShipmentValidated,
)
from erp_core.sales.entities.excerpt import Taken, excerpt
from erp_core.sales.entities.ids import OrderId, QuoteId, ShipmentId
from erp_core.sales.entities.lines import (
    NOTE_LENGTH_MAX,
    REASON_LENGTH_MAX,
    REFERENCE_LENGTH_MAX,
    Invoiced,
    Part,
)
from erp_core.sales.entities.mailing import mailed_order, mailed_quote, mailed_shipment
from erp_core.sales.entities.order import ORDER_SORTS, Order, OrderChanges, OrderSummary
from erp_core.sales.entities.order_line import OrderLine
from erp_core.sales.entities.order_states import OPEN_ORDERS, ORDER_LIFECYCLE, OrderState
from erp_core.sales.entities.paper_parts import (
    counted,
    discount_of,
    facts_of,
    line_table,
    tax_tables,
    totals_of,
)
from erp_core.sales.entities.papers import Papers, printed_order, printed_quote, printed_shipment
from erp_core.sales.entities.quote import (
    AGREED_QUOTES,
    QUOTE_LIFECYCLE,
    QUOTE_SORTS,
    Quote,
    QuoteChanges,
    QuoteState,
    QuoteSummary,
)
from erp_core.sales.entities.quote_line import QuoteLine
from erp_core.sales.entities.shipment import (
    SHIPMENT_LIFECYCLE,
    SHIPMENT_SORTS,
    Shipment,
    ShipmentChanges,
    ShipmentState,
    ShipmentSummary,
)
from erp_core.sales.entities.shipment_line import SHIPPED_LOTS_MAX, LotPart, ShipmentLine, ToShip

__all__ = [
    "AGREED_QUOTES",
    "CREDIT_OVERRIDE",
    "NOTE_LENGTH_MAX",
    "OPEN_ORDERS",
    "ORDER_LIFECYCLE",
    "ORDER_SORTS",
    "QUOTE_LIFECYCLE",
    "QUOTE_SORTS",
    "REASON_LENGTH_MAX",
    "REFERENCE_LENGTH_MAX",
    "SHIPMENT_LIFECYCLE",
    "SHIPMENT_SORTS",
    "SHIPPED_LOTS_MAX",
    "CreditLimitExceededError",
    "Invoiced",
    "LotPart",
    "Order",
    "OrderCancelled",
    "OrderChanges",
    "OrderConfirmed",
    "OrderId",
    "OrderLine",
    "OrderState",
    "OrderSummary",
    "Papers",
    "Part",
    "Quote",
    "QuoteAccepted",
    "QuoteChanges",
    "QuoteId",
    "QuoteLine",
    "QuoteState",
    "QuoteSummary",
    "Shipment",
    "ShipmentCancelled",
    "ShipmentChanges",
    "ShipmentId",
    "ShipmentLine",
    "ShipmentState",
    "ShipmentSummary",
    "ShipmentValidated",
    "Taken",
    "ToShip",
    "counted",
    "discount_of",
    "excerpt",
    "facts_of",
    "line_table",
    "mailed_order",
    "mailed_quote",
    "mailed_shipment",
    "printed_order",
    "printed_quote",
    "printed_shipment",
    "require_credit",
    "tax_tables",
    "totals_of",
]
