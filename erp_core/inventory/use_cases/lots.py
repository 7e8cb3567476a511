"""What a person can do with lots. They are entered by what moves them first."""

from __future__ import annotations

from erp_core.inventory.entities import Lot, LotChanges, LotId
from erp_core.inventory.ports import InventoryUnitOfWork, LotQuery
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, kw_only=True)
class GetLot(UseCase[InventoryUnitOfWork, LotId, Lot]):
    """Read one lot.

    Raises:
        NotFoundError: no such lot.
    """

    permission = "inventory.lot.read"
    read_only = True

    def execute(self, ctx: Context, uow: InventoryUnitOfWork, command: LotId) -> Lot:
        return uow.lots.get(ctx, command)


@dataclass(frozen=True, kw_only=True)
class ListLots(UseCase[InventoryUnitOfWork, LotQuery, Page[Lot]]):
    """Read lots a page at a time: of a product, or those that expire soon."""

    permission = "inventory.lot.read"
    read_only = True

    def execute(self, ctx: Context, uow: InventoryUnitOfWork, command: LotQuery) -> Page[Lot]:
        return uow.lots.page(ctx, command)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLotCommand:
    id: LotId
    version: int | None
    changes: LotChanges


@dataclass(frozen=True, kw_only=True)
class ChangeLot(UseCase[InventoryUnitOfWork, ChangeLotCommand, Lot]):
    """Correct the dates of a lot, or what is noted of it.

    Raises:
        NotFoundError: no such lot.
        PreconditionFailedError: it is not at the version the caller saw.
        InvariantError: it would expire before it was made.
    """

    permission = "inventory.lot.change"

    def execute(self, ctx: Context, uow: InventoryUnitOfWork, command: ChangeLotCommand) -> Lot:
        lot = uow.lots.get(ctx, command.id).expect(command.version)
        return uow.lots.save(ctx, lot.change(command.changes))
