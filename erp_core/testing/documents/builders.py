"""Jobs: plain ones, and one with every field filled."""

from __future__ import annotations

from datetime import timedelta

from erp_core.documents.entities import (
    Job,
    JobId,
    JobState,
    Lease,
    Origin,
    Problem,
    Progress,
    new_job,
)
from erp_core.kernel.entity import new_id
from erp_core.testing import NOON, context

KIND = "documents.render_pdf"
RUNNER = "host:1:a"
LEASE_ENDS = NOON + timedelta(seconds=30)


def a_job(kind: str = KIND) -> Job:
    """Make a job as it is left for later."""
    return new_job(context(), NOON, kind)


def a_running_job(runner: str = RUNNER) -> Job:
    """Make a job that somebody runs."""
    return a_job().claim(runner, NOON, LEASE_ENDS)


def a_full_job() -> Job:
    """Make a job of which no field is left at its default; it runs for the second time."""
    return Job(
        id=JobId(new_id()),
        kind="documents.send_mail",
        payload={
            "to": "ana@chá.example 🍵",
            "copies": 2,
            "signed": True,
            "reply": None,
            "lines": [{"id": "1"}, []],
            "empty": {},
        },
        priority=2,
        unique_key="invoice/2024/7, chá",
        origin=Origin(
            by="ana",
            request_id="r-1",
            trace_id="0af7651916cd43dd8448eb211c80319c",
            locale="pt-BR",
            currency="EUR",
        ),
        attempts_max=8,
        created_at=NOON,
        turn_at=NOON + timedelta(microseconds=1),
        next_attempt_at=NOON + timedelta(microseconds=2),
        state=JobState.RUNNING,
        attempts=2,
        lease=Lease(runner=RUNNER, until=LEASE_ENDS + timedelta(microseconds=3)),
        cancel_requested=True,
        progress=Progress(done=3, total=9),
        result={"link": "/v1/files/7"},
        problem=Problem(code="mail.refused", text="550 não existe"),
    )
