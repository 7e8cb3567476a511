"""What a person can do with products."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from erp_core.catalog.entities import (
    CustomField,
    Product,
    ProductChanges,
    ProductId,
    Translation,
    standard_units,
)
from erp_core.catalog.ports import CatalogUnitOfWork, ProductQuery, UnitQuery
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import NotFoundError, ensure
from erp_core.kernel.page import Page, PageRequest
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, kw_only=True)
class AddProduct(UseCase[CatalogUnitOfWork, Product, Product]):
    """Enter a new product; a company without a single unit is given the usual ones first.

    Raises:
        AlreadyExistsError: its id, its SKU or its barcode is taken.
        NotFoundError: no such unit or tax class.
        InvariantError: the tax class is archived.
    """

    permission = "catalog.product.add"

    def execute(self, ctx: Context, uow: CatalogUnitOfWork, command: Product) -> Product:
        _require_unit(ctx, uow, command)
        _require_tax_class(ctx, uow, command)
        return uow.products.add(ctx, command)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCommand:
    """Names a product, and the version of it that the caller has seen (None: any)."""

    id: ProductId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class GetProduct(UseCase[CatalogUnitOfWork, ProductCommand, Product]):
    """Read one product.

    Raises:
        NotFoundError: no such product.
    """

    permission = "catalog.product.read"
    read_only = True

    def execute(self, ctx: Context, uow: CatalogUnitOfWork, command: ProductCommand) -> Product:
        return uow.products.get(ctx, command.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProductCommand:
    id: ProductId
    version: int | None
    changes: ProductChanges
    # By language and by name; what is absent stays, None drops it.
    translations: Mapping[str, Translation | None] = field(default_factory=dict)
    custom_fields: Mapping[str, CustomField | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ChangeProduct(UseCase[CatalogUnitOfWork, ChangeProductCommand, Product]):
    """Correct what is known of a product.

    Raises:
        NotFoundError: no such product, unit or tax class.
        PreconditionFailedError: it is not at the version the caller saw.
        AlreadyExistsError: the new SKU or barcode is taken.
        InvariantError: what would come of it breaks a rule, or the tax class is archived.
    """

    permission = "catalog.product.change"

    def execute(
        self, ctx: Context, uow: CatalogUnitOfWork, command: ChangeProductCommand
    ) -> Product:
        before = uow.products.get(ctx, command.id).expect(command.version)
        product = before.change(command.changes)
        product = product.translate(command.translations).customise(command.custom_fields)
        if product.unit != before.unit:
            _require_unit(ctx, uow, product)
        if product.tax_class_id != before.tax_class_id:
            _require_tax_class(ctx, uow, product)
        return uow.products.save(ctx, product)


@dataclass(frozen=True, kw_only=True)
class ArchiveProduct(UseCase[CatalogUnitOfWork, ProductCommand, Product]):
    """Retire a product, so that nobody moves or sells it any more.

    Raises:
        NotFoundError: no such product.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is archived already.
    """

    permission = "catalog.product.archive"

    def execute(self, ctx: Context, uow: CatalogUnitOfWork, command: ProductCommand) -> Product:
        product = uow.products.get(ctx, command.id).expect(command.version)
        return uow.products.save(ctx, product.archive(self.clock.now(ctx)))


@dataclass(frozen=True, kw_only=True)
class RestoreProduct(UseCase[CatalogUnitOfWork, ProductCommand, Product]):
    """Bring an archived product back.

    Raises:
        NotFoundError: no such product.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is not archived.
    """

    permission = "catalog.product.restore"

    def execute(self, ctx: Context, uow: CatalogUnitOfWork, command: ProductCommand) -> Product:
        product = uow.products.get(ctx, command.id).expect(command.version)
        return uow.products.save(ctx, product.restore())


@dataclass(frozen=True, kw_only=True)
class ListProducts(UseCase[CatalogUnitOfWork, ProductQuery, Page[Product]]):
    """Find products, a page at a time.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "catalog.product.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: CatalogUnitOfWork, command: ProductQuery
    ) -> Page[Product]:
        return uow.products.page(ctx, command)


def _require_unit(ctx: Context, uow: CatalogUnitOfWork, product: Product) -> None:
    if uow.units.coded(ctx, product.unit) is None and not _begun(ctx, uow, product.unit):
        raise NotFoundError(
            f"no unit {product.unit}: add it first, or choose another",
            code="catalog.unit.unknown",
            field="unit",
        )


def _begun(ctx: Context, uow: CatalogUnitOfWork, code: str) -> bool:
    """Give a company without a single unit the usual ones; say whether it has *code* now."""
    if not uow.units.page(ctx, UnitQuery(page=PageRequest(limit=1))).items:
        uow.units.add_absent(ctx, standard_units())
    return uow.units.coded(ctx, code) is not None


def _require_tax_class(ctx: Context, uow: CatalogUnitOfWork, product: Product) -> None:
    if product.tax_class_id is not None:
        ensure(
            uow.tax_classes.get(ctx, product.tax_class_id).archived_at is None,
            "catalog.product.tax_class_archived",
            "the tax class is archived: choose another",
            field="tax_class_id",
        )
