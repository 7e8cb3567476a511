"""Jobs, the schedules that make them, and how often an event failed to be delivered."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "documents_job",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", text(64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("unique_key", text(200)),
        sa.Column("made_by", text(64), nullable=False),
        sa.Column("request_id", text(64), nullable=False),
        sa.Column("trace_id", text(32), nullable=False),
        sa.Column("locale", text(35), nullable=False),
        sa.Column("currency", text(3), nullable=False),
        sa.Column("attempts_max", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("turn_at", UtcDateTime(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=False),
        sa.Column("state", text(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", text(100)),
        sa.Column("lease_until", UtcDateTime()),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("progress_done", sa.Integer(), nullable=False),
        sa.Column("progress_total", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("problem_code", text(96)),
        sa.Column("problem_text", text(1000)),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("lane", sa.Integer()),
        sa.Column("due_at", UtcDateTime()),
        sa.UniqueConstraint("company_id", "unique_key"),
        sa.Index(None, "lane", "turn_at", "due_at"),
        sa.Index(None, "company_id", "lane", "turn_at", "due_at"),
        sa.Index(None, "company_id", "state", "id"),
        sa.Index(None, "claimed_by"),
        sa.Index(None, "state", "created_at"),
        sa.Index(None, "state", "ended_at"),
        **ON_MYSQL,
    )
    op.create_table(
        "documents_schedule",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("name", text(64), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last_period", text(40), nullable=False),
        **ON_MYSQL,
    )
    for name, kind, default in _OF_A_MESSAGE:
        needed: dict[str, Any] = (
            {} if default is None else {"nullable": False, "server_default": default}
        )
        op.add_column("outbox", sa.Column(name, kind, **needed))


def downgrade() -> None:
    for name, _, _ in reversed(_OF_A_MESSAGE):
        op.drop_column("outbox", name)
    op.drop_table("documents_schedule")
    op.drop_table("documents_job")


# What waits there already came of nobody's request.
_OF_A_MESSAGE: tuple[tuple[str, Any, str | None], ...] = (
    ("by", text(64), ""),
    ("request_id", text(64), ""),
    ("trace_id", text(32), ""),
    ("attempts", sa.Integer(), "0"),
    ("next_attempt_at", UtcDateTime(), None),
    ("given_up_at", UtcDateTime(), None),
    ("problem", text(500), ""),
)
