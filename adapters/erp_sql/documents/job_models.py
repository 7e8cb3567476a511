"""Jobs and schedules as the database knows them. Only ``erp_sql`` may import this."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint

from erp_sql.base import ON_MYSQL, Base, text
from erp_sql.rows import Mapped, mapped_column


class JobRow(Base):
    __tablename__ = "documents_job"
    __table_args__ = (
        UniqueConstraint("company_id", "unique_key"),
        Index(None, "lane", "turn_at", "due_at"),  # what a runner looks through
        Index(None, "company_id", "lane", "turn_at", "due_at"),  # a company's last turn
        Index(None, "company_id", "state", "id"),
        Index(None, "claimed_by"),
        Index(None, "state", "created_at"),
        Index(None, "state", "ended_at"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(text(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    priority: Mapped[int]
    unique_key: Mapped[str | None] = mapped_column(text(200))
    made_by: Mapped[str] = mapped_column(text(64))
    request_id: Mapped[str] = mapped_column(text(64))
    trace_id: Mapped[str] = mapped_column(text(32))
    locale: Mapped[str] = mapped_column(text(35))
    currency: Mapped[str] = mapped_column(text(3))
    attempts_max: Mapped[int]
    created_at: Mapped[datetime]
    turn_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(text(16))
    attempts: Mapped[int]
    claimed_by: Mapped[str | None] = mapped_column(text(100))
    lease_until: Mapped[datetime | None]
    cancel_requested: Mapped[bool]
    progress_done: Mapped[int]
    progress_total: Mapped[int]
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    problem_code: Mapped[str | None] = mapped_column(text(96))
    problem_text: Mapped[str | None] = mapped_column(text(1000))
    ended_at: Mapped[datetime | None]
    # Made of the others, so that what may be claimed is found by one range of one index: the
    # priority of what is open, and from when on a runner may take it.
    lane: Mapped[int | None]
    due_at: Mapped[datetime | None]


class ScheduleRow(Base):
    __tablename__ = "documents_schedule"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(text(64), primary_key=True)
    version: Mapped[int]
    last_period: Mapped[str] = mapped_column(text(40))
