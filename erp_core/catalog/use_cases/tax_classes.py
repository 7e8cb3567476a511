"""What a person can do with tax classes."""

from __future__ import annotations

from erp_core.catalog.entities import TaxClass, TaxClassChanges, TaxClassId
from erp_core.catalog.ports import CatalogUnitOfWork, TaxClassQuery
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, kw_only=True)
class AddTaxClass(UseCase[CatalogUnitOfWork, TaxClass, TaxClass]):
    """Enter a new tax class.

    Raises:
        AlreadyExistsError: its id is taken.
    """

    permission = "catalog.tax_class.add"

    def execute(self, ctx: Context, uow: CatalogUnitOfWork, command: TaxClass) -> TaxClass:
        return uow.tax_classes.add(ctx, command)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxClassCommand:
    """Names a tax class, and the version of it that the caller has seen (None: any)."""

    id: TaxClassId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class GetTaxClass(UseCase[CatalogUnitOfWork, TaxClassCommand, TaxClass]):
    """Read one tax class.

    Raises:
        NotFoundError: no such tax class.
    """

    permission = "catalog.tax_class.read"
    read_only = True

    def execute(self, ctx: Context, uow: CatalogUnitOfWork, command: TaxClassCommand) -> TaxClass:
        return uow.tax_classes.get(ctx, command.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTaxClassCommand:
    id: TaxClassId
    version: int | None
    changes: TaxClassChanges


@dataclass(frozen=True, kw_only=True)
class ChangeTaxClass(UseCase[CatalogUnitOfWork, ChangeTaxClassCommand, TaxClass]):
    """Change the taxes of a class; what was sold before keeps the taxes it was sold with.

    Raises:
        NotFoundError: no such tax class.
        PreconditionFailedError: it is not at the version the caller saw.
        InvariantError: what would come of it is no tax class.
    """

    permission = "catalog.tax_class.change"

    def execute(
        self, ctx: Context, uow: CatalogUnitOfWork, command: ChangeTaxClassCommand
    ) -> TaxClass:
        tax_class = uow.tax_classes.get(ctx, command.id).expect(command.version)
        return uow.tax_classes.save(ctx, tax_class.change(command.changes))


@dataclass(frozen=True, kw_only=True)
class ArchiveTaxClass(UseCase[CatalogUnitOfWork, TaxClassCommand, TaxClass]):
    """Retire a tax class: products that have it keep it, and no other is given it.

    Raises:
        NotFoundError: no such tax class.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is archived already.
    """

    permission = "catalog.tax_class.archive"

    def execute(self, ctx: Context, uow: CatalogUnitOfWork, command: TaxClassCommand) -> TaxClass:
        tax_class = uow.tax_classes.get(ctx, command.id).expect(command.version)
        return uow.tax_classes.save(ctx, tax_class.archive(self.clock.now(ctx)))


@dataclass(frozen=True, kw_only=True)
class ListTaxClasses(UseCase[CatalogUnitOfWork, TaxClassQuery, Page[TaxClass]]):
    """Read tax classes a page at a time.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "catalog.tax_class.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: CatalogUnitOfWork, command: TaxClassQuery
    ) -> Page[TaxClass]:
        return uow.tax_classes.page(ctx, command)
