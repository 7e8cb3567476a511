"""What is asked of the table of jobs: built once."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, delete, func, insert, literal, select, update

from erp_core.documents.entities import OPEN, JobState
from erp_sql.dialects import InsertAbsent
from erp_sql.documents.job_models import JobRow
from erp_sql.keyset import Keyset

TABLE: Final = cast("Table", JobRow.__table__)
KEYSET: Final = Keyset(TABLE, {})

# What a job never changes once it is made.
_FIXED: Final = frozenset(
    {
        "company_id",
        "id",
        "kind",
        "payload",
        "priority",
        "unique_key",
        "made_by",
        "request_id",
        "trace_id",
        "locale",
        "currency",
        "attempts_max",
        "created_at",
    }
)
_MINE: Final = (TABLE.c.company_id == bindparam("_company"), TABLE.c.id == bindparam("_id"))
_COURSE: Final[dict[str, Any]] = {
    each.name: bindparam(each.name) for each in TABLE.c if each.name not in _FIXED
}

INSERT: Final = insert(TABLE)
INSERT_KEYED: Final = InsertAbsent(TABLE)
BY_KEY: Final = select(TABLE).where(
    TABLE.c.company_id == bindparam("company"),
    TABLE.c.unique_key.in_(bindparam("keys", expanding=True)),
)
LAST_TURN: Final = (
    select(TABLE.c.turn_at)
    .where(
        TABLE.c.company_id == bindparam("company"),
        TABLE.c.lane == bindparam("lane"),
        TABLE.c.due_at <= bindparam("moment"),
    )
    .order_by(TABLE.c.turn_at.desc())
    .limit(1)
)

GET: Final = select(TABLE).where(*_MINE)
LOCK: Final = GET.with_for_update()
SAVE: Final = update(TABLE).where(*_MINE, TABLE.c.version == bindparam("_version")).values(_COURSE)
WRITE: Final = update(TABLE).where(*_MINE).values(_COURSE)  # of a row that is locked

_READY: Final = (
    TABLE.c.lane >= 0,
    TABLE.c.due_at <= bindparam("moment"),
    TABLE.c.kind.in_(bindparam("kinds", expanding=True)),
)
DUE: Final = select(literal(1)).select_from(TABLE).where(*_READY).limit(1)
# On MySQL by this index and no other: what is read to be sorted is locked, and so kept from those
# who would skip what is locked.
CLAIM: Final = (
    select(TABLE)
    .with_hint(TABLE, "FORCE INDEX (ix_documents_job_lane_turn_at_due_at)", "mysql")
    .where(*_READY)
    .order_by(TABLE.c.lane, TABLE.c.turn_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)

_HELD: Final = (
    TABLE.c.claimed_by == bindparam("runner"),
    TABLE.c.id.in_(bindparam("ids", expanding=True)),
)
RENEW: Final = (
    update(TABLE).where(*_HELD).values(lease_until=bindparam("until"), due_at=bindparam("until"))
)
RENEWED: Final = select(TABLE).where(*_HELD)

TALLY: Final = (
    select(TABLE.c.state, func.count().label("jobs"), func.min(TABLE.c.created_at).label("oldest"))
    .where(TABLE.c.state.in_(sorted({*OPEN, JobState.DEAD})))
    .group_by(TABLE.c.state)
    .order_by(TABLE.c.state)
)
OLD: Final = (
    select(TABLE.c.company_id, TABLE.c.id)
    .where(
        TABLE.c.state.in_(bindparam("states", expanding=True)),
        TABLE.c.ended_at < bindparam("moment"),
    )
    .limit(bindparam("most"))
)
DROP: Final = delete(TABLE).where(*_MINE)
