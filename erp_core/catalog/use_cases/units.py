"""What a person can do with units."""

from __future__ import annotations

from erp_core.catalog.entities import Unit, UnitChanges, UnitId, standard_units
from erp_core.catalog.ports import CatalogUnitOfWork, UnitQuery
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import PAGE_LIMIT_MAX, Page, PageRequest
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, kw_only=True)
class AddUnit(UseCase[CatalogUnitOfWork, Unit, Unit]):
    """Enter a unit of the company's own.

    Raises:
        AlreadyExistsError: its id or its code is taken.
    """

    permission = "catalog.unit.add"

    def execute(self, ctx: Context, uow: CatalogUnitOfWork, command: Unit) -> Unit:
        return uow.units.add(ctx, command)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureStandardUnitsCommand:
    """Has nothing to say: which units are usual, the catalog knows."""


@dataclass(frozen=True, kw_only=True)
class EnsureStandardUnits(UseCase[CatalogUnitOfWork, EnsureStandardUnitsCommand, Page[Unit]]):
    """Give the company the usual units, as far as their codes are free; show its first units."""

    permission = "catalog.unit.add"

    def execute(
        self, ctx: Context, uow: CatalogUnitOfWork, command: EnsureStandardUnitsCommand
    ) -> Page[Unit]:
        uow.units.add_absent(ctx, standard_units())
        page = PageRequest(limit=PAGE_LIMIT_MAX, sort="code")
        return uow.units.page(ctx, UnitQuery(page=page))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCommand:
    """Names a unit."""

    id: UnitId


@dataclass(frozen=True, kw_only=True)
class GetUnit(UseCase[CatalogUnitOfWork, UnitCommand, Unit]):
    """Read one unit.

    Raises:
        NotFoundError: no such unit.
    """

    permission = "catalog.unit.read"
    read_only = True

    def execute(self, ctx: Context, uow: CatalogUnitOfWork, command: UnitCommand) -> Unit:
        return uow.units.get(ctx, command.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeUnitCommand:
    id: UnitId
    version: int | None
    changes: UnitChanges


@dataclass(frozen=True, kw_only=True)
class ChangeUnit(UseCase[CatalogUnitOfWork, ChangeUnitCommand, Unit]):
    """Correct what is known of a unit; its code stays, since products name it.

    Raises:
        NotFoundError: no such unit.
        PreconditionFailedError: it is not at the version the caller saw.
        InvariantError: what would come of it is no unit.
    """

    permission = "catalog.unit.change"

    def execute(self, ctx: Context, uow: CatalogUnitOfWork, command: ChangeUnitCommand) -> Unit:
        unit = uow.units.get(ctx, command.id).expect(command.version)
        return uow.units.save(ctx, unit.change(command.changes))


@dataclass(frozen=True, kw_only=True)
class ListUnits(UseCase[CatalogUnitOfWork, UnitQuery, Page[Unit]]):
    """Read units a page at a time.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "catalog.unit.read"
    read_only = True

    def execute(self, ctx: Context, uow: CatalogUnitOfWork, command: UnitQuery) -> Page[Unit]:
        return uow.units.page(ctx, command)
