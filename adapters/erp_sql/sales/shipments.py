"""Shipments over one connection; however long, they take the same number of statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError

from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import (
    SHIPMENT_SORTS,
    Shipment,
    ShipmentId,
    ShipmentLine,
    ShipmentSummary,
)
from erp_core.sales.ports import ShipmentQuery, ShipmentRepository
from erp_sql.dialects import is_foreign_key, violates
from erp_sql.keyset import Keyset, starts_with
from erp_sql.sales.documents import Documents
from erp_sql.sales.shipment_mappers import (
    read_shipment,
    read_shipment_summary,
    write_shipment,
    write_shipment_lines,
    write_shipment_lots,
)
from erp_sql.sales.shipment_models import ShipmentLineRow, ShipmentLotRow, ShipmentRow

_SHIPMENTS: Final = Documents(
    ShipmentRow, ShipmentLineRow, "shipment", parent="shipment_id", progress=()
)
_SHIPMENT: Final = _SHIPMENTS.table.c
_KEYSET: Final = Keyset(
    _SHIPMENTS.table, {"date": _SHIPMENT.day, "number": _SHIPMENT.number_key}, SHIPMENT_SORTS
)
_LOT: Final = cast("Table", ShipmentLotRow.__table__)
_OURS: Final = (
    _LOT.c.company_id == bindparam("_company"),
    _LOT.c.shipment_id == bindparam("_shipment"),
)
_LOTS: Final = select(_LOT).where(*_OURS).order_by(_LOT.c.position)
_ADD_LOTS: Final = insert(_LOT)
_DROP_LOTS: Final = delete(_LOT).where(*_OURS)


class SqlShipments(ShipmentRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal
        self._seen: dict[ShipmentId, Shipment] = {}  # as they were, for the journal and the lines

    def add(self, ctx: Context, shipment: Shipment) -> Shipment:
        with _in_our_words(shipment):
            lines = write_shipment_lines(ctx.company_id, shipment)
            _SHIPMENTS.add(self._connection, write_shipment(ctx.company_id, shipment), lines)
            self._add_lots(ctx, shipment)
        return self._told(ctx, None, shipment)

    def get(self, ctx: Context, shipment_id: ShipmentId) -> Shipment:
        return self._read(ctx, shipment_id, _SHIPMENTS.head(self._connection, ctx, shipment_id))

    def head(self, ctx: Context, shipment_id: ShipmentId) -> ShipmentSummary:
        return read_shipment_summary(_SHIPMENTS.head(self._connection, ctx, shipment_id))

    def lock(self, ctx: Context, shipment_id: ShipmentId) -> Shipment:
        return self._read(ctx, shipment_id, _SHIPMENTS.lock(self._connection, ctx, shipment_id))

    def save(self, ctx: Context, shipment: Shipment) -> Shipment:
        before = self._seen.get(shipment.id) or self.get(ctx, shipment.id)
        with _in_our_words(shipment):
            _SHIPMENTS.save(self._connection, write_shipment(ctx.company_id, shipment))
            self._save_lines(ctx, before, shipment)
        return self._told(ctx, before, shipment)

    def delete(self, ctx: Context, shipment: Shipment) -> None:
        self._connection.execute(_DROP_LOTS, _asked(ctx, shipment.id))
        _SHIPMENTS.delete(self._connection, ctx, shipment.id, shipment.version)
        self._journal.note_entity("sales.shipment", shipment, None)
        self._seen.pop(shipment.id, None)

    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        many = _SHIPMENTS.reassign(self._connection, ctx, absorbed, survivor)
        if many:
            before, after = {"party_id": str(absorbed)}, {"party_id": str(survivor)}
            self._journal.note("sales.shipment", "many", before, after | {"count": str(many)})
        self._seen.clear()

    def page(self, ctx: Context, query: ShipmentQuery) -> Page[ShipmentSummary]:
        wanted: list[ColumnElement[bool]] = []
        if query.states:
            wanted.append(_SHIPMENT.state.in_([each.value for each in query.states]))
        for column, value in (
            (_SHIPMENT.order_id, query.order_id),
            (_SHIPMENT.party_id, query.party_id),
            (_SHIPMENT.warehouse_id, query.warehouse_id),
        ):
            if value is not None:
                wanted.append(column == value)
        if query.date_from is not None:
            wanted.append(_SHIPMENT.day >= query.date_from)
        if query.date_to is not None:
            wanted.append(_SHIPMENT.day <= query.date_to)
        if query.number:
            wanted += starts_with(_SHIPMENT.number_key, query.number)
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_shipment_summary)

    def _read(self, ctx: Context, shipment_id: ShipmentId, row: object) -> Shipment:
        lines = _SHIPMENTS.lines(self._connection, ctx, shipment_id)
        lots = self._connection.execute(_LOTS, _asked(ctx, shipment_id)).all()
        found = read_shipment(row, lines, lots)
        self._seen[shipment_id] = found
        return found

    def _save_lines(self, ctx: Context, before: Shipment, shipment: Shipment) -> None:
        if before.lines == shipment.lines:
            return
        if any(line.lots for line in before.lines):
            self._connection.execute(_DROP_LOTS, _asked(ctx, shipment.id))
        if _plain(before.lines) != _plain(shipment.lines):
            lines = write_shipment_lines(ctx.company_id, shipment)
            _SHIPMENTS.replace_lines(self._connection, ctx, shipment.id, lines)
        self._add_lots(ctx, shipment)

    def _add_lots(self, ctx: Context, shipment: Shipment) -> None:
        lots = write_shipment_lots(ctx.company_id, shipment)
        if lots:
            self._connection.execute(_ADD_LOTS, lots)

    def _told(self, ctx: Context, before: Shipment | None, shipment: Shipment) -> Shipment:
        self._outbox.append(ctx, shipment.events)
        self._journal.note_entity("sales.shipment", before, shipment)
        stored = shipment.stored(shipment.version + 1)
        self._seen[stored.id] = stored
        return stored


def _plain(lines: Sequence[ShipmentLine]) -> list[ShipmentLine]:
    """Return the lines without their lots, which are rows of their own."""
    return [replace(line, lots=()) for line in lines]


def _asked(ctx: Context, shipment_id: ShipmentId) -> dict[str, Any]:
    return {"_company": ctx.company_id, "_shipment": shipment_id}


@contextmanager
def _in_our_words(shipment: Shipment) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if is_foreign_key(error):
            raise NotFoundError("no such order, line of it, customer or warehouse") from error
        if violates(error, "number"):
            raise AlreadyExistsError(
                f"there is a shipment {shipment.number} already: change the mask of the numbers",
                code="sales.shipment.number_taken",
                field="number",
            ) from error
        raise AlreadyExistsError("a shipment, or a line, of this id exists", field="id") from error
