"""What every keeper of quotes, orders and shipments must do, and documents to try one with."""

from erp_core.testing.sales.builders import (
    CUSTOMER,
    Trade,
    a_quote,
    an_order,
    some_lines,
    some_terms,
    stored_trade,
)
from erp_core.testing.sales.orders import (
    CreditLedgerContract,
    OrderRepositoryContract,
    SalesContract,
    settled,
)
from erp_core.testing.sales.quotes import QuoteRepositoryContract, sent
from erp_core.testing.sales.shipments import (
    ShipmentRepositoryContract,
    a_shipment,
    sent_out,
)

__all__ = [
    "CUSTOMER",
    "CreditLedgerContract",
    "OrderRepositoryContract",
    "QuoteRepositoryContract",
    "SalesContract",
    "ShipmentRepositoryContract",
    "Trade",
    "a_quote",
    "a_shipment",
    "an_order",
    "sent",
    "sent_out",
    "settled",
    "some_lines",
    "some_terms",
    "stored_trade",
]
