"""What every keeper of quotes and orders must do, and documents to try one with."""

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

__all__ = [
    "CUSTOMER",
    "CreditLedgerContract",
    "OrderRepositoryContract",
    "QuoteRepositoryContract",
    "SalesContract",
    "Trade",
    "a_quote",
    "an_order",
    "sent",
    "settled",
    "some_lines",
    "some_terms",
    "stored_trade",
]
