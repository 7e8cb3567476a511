"""Quotes, orders and shipments over HTTP."""

from erp_core.sales.use_cases import SalesUseCases
from erp_http.routing import Route
from erp_http.sales import orders, posting, quotes, shipments


def routes(sales: SalesUseCases) -> tuple[Route, ...]:
    return (
        *quotes.routes(sales),
        *orders.routes(sales),
        *shipments.routes(sales),
        *posting.routes(sales),
    )
