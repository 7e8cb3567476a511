"""What sales asks of the outside."""

from erp_core.sales.ports.credit import CreditLedger
from erp_core.sales.ports.orders import OrderQuery, OrderRepository
from erp_core.sales.ports.quotes import QuoteQuery, QuoteRepository
from erp_core.sales.ports.shipments import ShipmentQuery, ShipmentRepository
from erp_core.sales.ports.unit_of_work import SalesUnitOfWork

__all__ = [
    "CreditLedger",
    "OrderQuery",
    "OrderRepository",
    "QuoteQuery",
    "QuoteRepository",
    "SalesUnitOfWork",
    "ShipmentQuery",
    "ShipmentRepository",
]
