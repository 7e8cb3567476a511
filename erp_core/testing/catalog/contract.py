"""What the contracts of the catalog share."""

from __future__ import annotations

from dataclasses import replace

from erp_core.catalog.entities import (
    Product,
    ProductId,
    TaxClass,
    standard_units,
)
from erp_core.catalog.ports import (
    CatalogUnitOfWork,
    ProductQuery,
)
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing import context


class CatalogContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[CatalogUnitOfWork]

    def begin(self) -> None:
        """Give the company its units, without which it has no product."""
        with self.unit_of_work(context()) as uow:
            uow.units.add_absent(context(), standard_units())

    def product(self, product: Product) -> Product:
        with self.unit_of_work(context()) as uow:
            return uow.products.add(context(), product)

    def tax_class(self, tax_class: TaxClass) -> TaxClass:
        with self.unit_of_work(context()) as uow:
            return uow.tax_classes.add(context(), tax_class)

    def found(self, product_id: ProductId) -> Product:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.products.get(context(), product_id)

    def listed(self, request: PageRequest, **filters: object) -> list[str]:
        """Return the SKUs of every page, from first to last."""
        skus: list[str] = []
        while True:
            query = replace(ProductQuery(page=request), **filters)  # type: ignore[arg-type]  # by name
            with self.unit_of_work(context(), read_only=True) as uow:
                page = uow.products.page(context(), query)
            skus += [each.sku for each in page.items]
            if page.next is None:
                return skus
            request = replace(request, after=page.next)
