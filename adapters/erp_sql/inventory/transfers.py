"""Transfers over one connection; however long, they take the same number of statements."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from erp_core.inventory.entities import (
    OPEN_STATES,
    TRANSIT_CODE,
    StockTransfer,
    StockTransferId,
    TransferSummary,
    TransitDifference,
    WarehouseKind,
)
from erp_core.inventory.ports import StockTransferQuery, StockTransferRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError
from erp_core.kernel.page import Page
from erp_core.kernel.totals import Total
from erp_sql.dialects import is_foreign_key
from erp_sql.inventory.mappers import read_key
from erp_sql.inventory.models import StockItemRow, WarehouseRow
from erp_sql.inventory.transfer_mappers import (
    read_summary,
    read_transfer,
    write_lines,
    write_transfer,
)
from erp_sql.inventory.transfer_models import StockTransferLineRow, StockTransferRow
from erp_sql.keyset import Keyset
from erp_sql.masters import Masters
from erp_sql.sums import compared_sum, exact_sum

_MASTERS: Final = Masters(StockTransferRow, "stock transfer")
_TRANSFER: Final = _MASTERS.table.c
_KEYSET: Final = Keyset(_MASTERS.table, {})
_LINE: Final = cast("Table", StockTransferLineRow.__table__)
_ITEM: Final = cast("Table", StockItemRow.__table__)
_WAREHOUSE: Final = cast("Table", WarehouseRow.__table__)

_LOCK: Final = (
    select(_TRANSFER.id)
    .where(_TRANSFER.company_id == bindparam("company"), _TRANSFER.id == bindparam("transfer"))
    .with_for_update()
)
_LINES: Final = (
    select(_LINE)
    .where(
        _LINE.c.company_id == bindparam("company"), _LINE.c.transfer_id == bindparam("transfer")
    )
    .order_by(_LINE.c.position)
)
_ADD_LINES: Final = insert(_LINE)
# All else that is known of a line is settled when it is sent.
_SAVE_LINES: Final = (
    update(_LINE)
    .where(_LINE.c.company_id == bindparam("_company"), _LINE.c.id == bindparam("_id"))
    .values(arrived=bindparam("arrived"))
)
# Of every line that was ever sent there is a row of transit: the rows alone are gone through.
_UNDER_WAY: Final = (
    select(
        _LINE.c.product_id,
        _LINE.c.lot,
        exact_sum(_LINE.c.quantity - _LINE.c.arrived).label("sum"),
        compared_sum(_LINE.c.quantity - _LINE.c.arrived).label("compared"),
    )
    .join(
        _MASTERS.table,
        and_(_TRANSFER.company_id == _LINE.c.company_id, _TRANSFER.id == _LINE.c.transfer_id),
    )
    .where(
        _LINE.c.company_id == bindparam("company"),
        _TRANSFER.state.in_(sorted(each.value for each in OPEN_STATES)),
    )
    .group_by(_LINE.c.product_id, _LINE.c.lot)
    .subquery("under_way")
)
_DIFFERENCES: Final = (
    select(
        _ITEM.c.product_id,
        _ITEM.c.warehouse_id,
        _ITEM.c.lot,
        _ITEM.c.on_hand,
        _UNDER_WAY.c.sum.label("under_way"),
    )
    .join(
        _WAREHOUSE,
        and_(
            _WAREHOUSE.c.company_id == _ITEM.c.company_id,
            _WAREHOUSE.c.id == _ITEM.c.warehouse_id,
        ),
    )
    .outerjoin(
        _UNDER_WAY,
        and_(_UNDER_WAY.c.product_id == _ITEM.c.product_id, _UNDER_WAY.c.lot == _ITEM.c.lot),
    )
    .where(
        _ITEM.c.company_id == bindparam("company"),
        _WAREHOUSE.c.code == TRANSIT_CODE,
        _WAREHOUSE.c.kind == WarehouseKind.TRANSIT.value,
        _ITEM.c.on_hand != func.coalesce(_UNDER_WAY.c.compared, 0),
    )
    .order_by(_ITEM.c.product_id, _ITEM.c.lot)
)
_FIRST_DIFFERENCES: Final = _DIFFERENCES.limit(bindparam("most"))
_HOW_MANY: Final = select(func.count()).select_from(_DIFFERENCES.order_by(None).subquery())


class SqlStockTransfers(StockTransferRepository):
    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal
        self._seen: dict[StockTransferId, StockTransfer] = {}  # as they were, for the journal

    def add(self, ctx: Context, transfer: StockTransfer) -> StockTransfer:
        try:
            _MASTERS.add(self._connection, write_transfer(ctx.company_id, transfer))
            self._connection.execute(_ADD_LINES, write_lines(ctx.company_id, transfer))
        except IntegrityError as error:
            if is_foreign_key(error):
                raise NotFoundError("no such warehouse, or no such product") from error
            raise AlreadyExistsError(
                "a transfer, or a line, of this id exists", field="id"
            ) from error
        return self._told(None, transfer)

    def get(self, ctx: Context, transfer_id: StockTransferId) -> StockTransfer:
        row = _MASTERS.get(self._connection, ctx, transfer_id)
        lines = self._connection.execute(_LINES, _asked(ctx, transfer_id))
        found = read_transfer(row, lines)
        self._seen[transfer_id] = found
        return found

    def lock(self, ctx: Context, transfer_id: StockTransferId) -> StockTransfer:
        # First the lock, then the reading: on every engine it sees what was committed before.
        self._connection.execute(_LOCK, _asked(ctx, transfer_id))
        return self.get(ctx, transfer_id)

    def save(self, ctx: Context, transfer: StockTransfer) -> StockTransfer:
        before = self._seen.get(transfer.id) or self.get(ctx, transfer.id)
        _MASTERS.save(self._connection, write_transfer(ctx.company_id, transfer))
        known = before.by_id
        changed = [
            {"_company": ctx.company_id, "_id": line.id, "arrived": line.arrived.value}
            for line in transfer.lines
            if line.arrived != known[line.id].arrived
        ]
        if changed:
            self._connection.execute(_SAVE_LINES, changed)
        return self._told(before, transfer)

    def page(self, ctx: Context, query: StockTransferQuery) -> Page[TransferSummary]:
        wanted: list[ColumnElement[bool]] = []
        if query.states:
            wanted.append(_TRANSFER.state.in_([each.value for each in query.states]))
        if query.from_warehouse_id is not None:
            wanted.append(_TRANSFER.from_warehouse_id == query.from_warehouse_id)
        if query.to_warehouse_id is not None:
            wanted.append(_TRANSFER.to_warehouse_id == query.to_warehouse_id)
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_summary)

    def differences(self, ctx: Context, limit: int) -> tuple[TransitDifference, ...]:
        rows = self._connection.execute(
            _FIRST_DIFFERENCES, {"company": ctx.company_id, "most": limit}
        )
        return tuple(
            TransitDifference(
                key=read_key(row),
                on_hand=Total(row.on_hand),
                under_way=Total() if row.under_way is None else Total(row.under_way),
            )
            for row in rows
        )

    def count_differences(self, ctx: Context) -> int:
        asked = {"company": ctx.company_id}
        return self._connection.execute(_HOW_MANY, asked).scalar_one()

    def _told(self, before: StockTransfer | None, transfer: StockTransfer) -> StockTransfer:
        self._journal.note_entity("inventory.stock_transfer", before, transfer)
        stored = transfer.stored(transfer.version + 1)
        self._seen[stored.id] = stored
        return stored


def _asked(ctx: Context, transfer_id: StockTransferId) -> dict[str, Any]:
    return {"company": ctx.company_id, "transfer": transfer_id}
