"""Schedules over one connection."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import Connection, CursorResult, Table, bindparam, select, update

from erp_core.documents.entities import Schedule, ScheduleName
from erp_core.documents.ports import ScheduleRepository
from erp_core.kernel.context import Context
from erp_core.kernel.errors import ContentionError, NotFoundError, StaleVersionError
from erp_sql.dialects import InsertAbsent
from erp_sql.documents.job_mappers import read_schedule, write_schedule
from erp_sql.documents.job_models import ScheduleRow

_TABLE: Final = cast("Table", ScheduleRow.__table__)
_MAKE: Final = InsertAbsent(_TABLE)
_MINE: Final = (
    _TABLE.c.company_id == bindparam("_company"),
    _TABLE.c.name == bindparam("_name"),
)
_FIND: Final = select(_TABLE).where(*_MINE)
_LOCK: Final = _FIND.with_for_update()
_SAVE: Final = (
    update(_TABLE)
    .where(*_MINE, _TABLE.c.version == bindparam("_version"))
    .values(version=bindparam("version"), last_period=bindparam("last_period"))
)


class SqlSchedules(ScheduleRepository):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, ctx: Context, name: ScheduleName) -> Schedule:
        _MAKE(self._connection, [write_schedule(ctx.company_id, Schedule(name=name))])
        row = self._connection.execute(_LOCK, _named(ctx, name)).one_or_none()
        if row is None:  # it was there, and has gone while we waited for it
            raise ContentionError("the schedule was dropped just now")
        return read_schedule(row)

    def save(self, ctx: Context, schedule: Schedule) -> Schedule:
        values = write_schedule(ctx.company_id, schedule)
        asked = _named(ctx, schedule.name)
        known = {"version": values["version"], "last_period": values["last_period"]}
        changed: CursorResult[Any] = self._connection.execute(
            _SAVE, asked | known | {"_version": schedule.version}
        )
        if changed.rowcount != 1:
            if self._connection.execute(_FIND, asked).first() is None:
                raise NotFoundError(f"no schedule {schedule.name}")
            raise StaleVersionError(f"schedule {schedule.name} has changed meanwhile")
        return schedule.stored(schedule.version + 1)


def _named(ctx: Context, name: ScheduleName) -> dict[str, Any]:
    return {"_company": ctx.company_id, "_name": name}
