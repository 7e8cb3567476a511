"""The catalog over HTTP."""

from __future__ import annotations

from erp_core.catalog.use_cases import CatalogUseCases
from erp_http.catalog import price_lists, prices, pricing, products, tax_classes, units
from erp_http.routing import Route


def routes(catalog: CatalogUseCases) -> tuple[Route, ...]:
    return (
        *products.routes(catalog),
        *units.routes(catalog),
        *tax_classes.routes(catalog),
        *price_lists.routes(catalog),
        *prices.routes(catalog),
        *pricing.routes(catalog),
    )
