"""What a person can do with warehouses."""

from __future__ import annotations

from erp_core.inventory.entities import (
    Warehouse,
    WarehouseChanges,
    WarehouseId,
    WarehouseState,
)
from erp_core.inventory.ports import InventoryUnitOfWork, WarehouseQuery
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page, PageRequest
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, kw_only=True)
class AddWarehouse(UseCase[InventoryUnitOfWork, Warehouse, Warehouse]):
    """Enter a new warehouse. The command is the entity itself: it has nothing to decide.

    Raises:
        AlreadyExistsError: its id or its code is taken.
        NotFoundError: no such parent.
        InvariantError: it cannot be a part of that parent, or is to hold goods under way.
    """

    permission = "inventory.warehouse.add"

    def execute(self, ctx: Context, uow: InventoryUnitOfWork, command: Warehouse) -> Warehouse:
        command.require_storage(
            "kind"
        )  # the one for goods under way is made by the first transfer
        if command.parent_id is not None:
            uow.warehouses.lock_tree(ctx)
            command.require_place(uow.warehouses.lineage(ctx, command.parent_id))
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
    """Correct what is known of a warehouse, or make it a part of another.

    Forbidding it to go negative is allowed while something in it is below zero: what is owed there
    may then shrink, step by step, but no longer grow. To refuse it would mean that sales must stop
    and every debt be settled before the rule can begin to hold.

    Raises:
        NotFoundError: no such warehouse, or no such parent.
        PreconditionFailedError: it is not at the version the caller saw.
        AlreadyExistsError: the new code is taken.
        InvariantError: it cannot be a part of that parent, or what comes of it is no warehouse.
    """

    permission = "inventory.warehouse.change"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: ChangeWarehouseCommand
    ) -> Warehouse:
        parent_id = command.changes.get("parent_id")
        if parent_id is not None:
            uow.warehouses.lock_tree(ctx)
        warehouse = uow.warehouses.get(ctx, command.id).expect(command.version)
        changed = warehouse.change(command.changes)
        if parent_id is not None:
            height = uow.warehouses.height(ctx, command.id)
            changed.require_place(uow.warehouses.lineage(ctx, parent_id), height)
        return uow.warehouses.save(ctx, changed)


@dataclass(frozen=True, kw_only=True)
class ArchiveWarehouse(UseCase[InventoryUnitOfWork, WarehouseCommand, Warehouse]):
    """Close a warehouse, so that nothing moves in it any more.

    Raises:
        NotFoundError: no such warehouse.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is archived already, or has active parts.
        InvariantError: it is the place of goods under way.
    """

    permission = "inventory.warehouse.archive"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: WarehouseCommand
    ) -> Warehouse:
        uow.warehouses.lock_tree(ctx)
        warehouse = uow.warehouses.get(ctx, command.id).expect(command.version)
        archived = warehouse.archive()
        parts = WarehouseQuery(
            page=PageRequest(limit=1), states=(WarehouseState.ACTIVE,), parent_id=command.id
        )
        archived.require_no_parts(uow.warehouses.page(ctx, parts).items)
        return uow.warehouses.save(ctx, archived)


@dataclass(frozen=True, kw_only=True)
class RestoreWarehouse(UseCase[InventoryUnitOfWork, WarehouseCommand, Warehouse]):
    """Open an archived warehouse again.

    Raises:
        NotFoundError: no such warehouse.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is not archived.
        InvariantError: what it is a part of is archived.
    """

    permission = "inventory.warehouse.restore"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: WarehouseCommand
    ) -> Warehouse:
        uow.warehouses.lock_tree(ctx)
        warehouse = uow.warehouses.get(ctx, command.id).expect(command.version)
        restored = warehouse.restore()
        if restored.parent_id is not None:
            restored.require_place(uow.warehouses.lineage(ctx, restored.parent_id))
        return uow.warehouses.save(ctx, restored)


@dataclass(frozen=True, kw_only=True)
class ListWarehouses(UseCase[InventoryUnitOfWork, WarehouseQuery, Page[Warehouse]]):
    """Read warehouses a page at a time."""

    permission = "inventory.warehouse.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: WarehouseQuery
    ) -> Page[Warehouse]:
        return uow.warehouses.page(ctx, command)
