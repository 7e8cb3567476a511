"""What a person can do with warehouses."""

from __future__ import annotations

from dataclasses import dataclass

from erp_core.inventory.entities import Warehouse, WarehouseChanges, WarehouseId
from erp_core.inventory.ports import InventoryUnitOfWork, WarehouseQuery
from erp_core.kernel.context import Context
from erp_core.kernel.page import Page
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, kw_only=True)
class AddWarehouse(UseCase[InventoryUnitOfWork, Warehouse, Warehouse]):
    """Enter a new warehouse. The command is the entity itself: it has nothing to decide.

    Raises:
        AlreadyExistsError: its id or its code is taken.
        NotFoundError: no such parent.
    """

    permission = "inventory.warehouse.add"

    def execute(self, ctx: Context, uow: InventoryUnitOfWork, command: Warehouse) -> Warehouse:
        return uow.warehouses.add(ctx, command)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseCommand:
    """Names a warehouse, and the version of it that the caller has seen (None: any)."""

    id: WarehouseId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class GetWarehouse(UseCase[InventoryUnitOfWork, WarehouseCommand, Warehouse]):
    """Read one warehouse.

    Raises:
        NotFoundError: no such warehouse.
    """

    permission = "inventory.warehouse.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: WarehouseCommand
    ) -> Warehouse:
        return uow.warehouses.get(ctx, command.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWarehouseCommand:
    id: WarehouseId
    version: int | None
    changes: WarehouseChanges


@dataclass(frozen=True, kw_only=True)
class ChangeWarehouse(UseCase[InventoryUnitOfWork, ChangeWarehouseCommand, Warehouse]):
    """Correct what is known of a warehouse.

    Raises:
        NotFoundError: no such warehouse, or no such parent.
        PreconditionFailedError: it is not at the version the caller saw.
        AlreadyExistsError: the new code is taken.
    """

    permission = "inventory.warehouse.change"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: ChangeWarehouseCommand
    ) -> Warehouse:
        warehouse = uow.warehouses.get(ctx, command.id).expect(command.version)
        return uow.warehouses.save(ctx, warehouse.change(command.changes))


@dataclass(frozen=True, kw_only=True)
class ArchiveWarehouse(UseCase[InventoryUnitOfWork, WarehouseCommand, Warehouse]):
    """Close a warehouse, so that nothing moves in it any more.

    Raises:
        NotFoundError: no such warehouse.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is archived already.
    """

    permission = "inventory.warehouse.archive"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: WarehouseCommand
    ) -> Warehouse:
        warehouse = uow.warehouses.get(ctx, command.id).expect(command.version)
        return uow.warehouses.save(ctx, warehouse.archive())


@dataclass(frozen=True, kw_only=True)
class RestoreWarehouse(UseCase[InventoryUnitOfWork, WarehouseCommand, Warehouse]):
    """Open an archived warehouse again.

    Raises:
        NotFoundError: no such warehouse.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is not archived.
    """

    permission = "inventory.warehouse.restore"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: WarehouseCommand
    ) -> Warehouse:
        warehouse = uow.warehouses.get(ctx, command.id).expect(command.version)
        return uow.warehouses.save(ctx, warehouse.restore())


@dataclass(frozen=True, kw_only=True)
class ListWarehouses(UseCase[InventoryUnitOfWork, WarehouseQuery, Page[Warehouse]]):
    """Read warehouses a page at a time."""

    permission = "inventory.warehouse.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: WarehouseQuery
    ) -> Page[Warehouse]:
        return uow.warehouses.page(ctx, command)
