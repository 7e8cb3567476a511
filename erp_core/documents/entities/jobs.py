"""A job: work that outlives the request that asked for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType, Self
from uuid import UUID

from erp_core.documents.entities.plain import NOTHING, PlainMap, plain
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, Lifecycle, new_id
from erp_core.kernel.errors import TransitionError, ensure
from erp_core.kernel.text import require_text

JobId = NewType("JobId", UUID)

KIND_LENGTH: Final = 64
KEY_LENGTH: Final = 200
PROBLEM_LENGTH: Final = 1000
ATTEMPTS_MAX: Final = 5  # unless whoever makes the job says otherwise
_ATTEMPTS_LIMIT: Final = 100

URGENT: Final = 0
USUAL: Final = 5
WHENEVER: Final = 9

# One job of a company takes its turn so long after the one before it.
TURN: Final = timedelta(seconds=1)

_KIND: Final = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*){1,3}")


class JobState(StrEnum):
    """Failed: it will be tried again. Dead: only a person can have it tried again."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DEAD = "dead"
    CANCELLED = "cancelled"


JOB_LIFECYCLE: Final = Lifecycle(
    {
        JobState.QUEUED: {JobState.RUNNING, JobState.CANCELLED},
        JobState.RUNNING: {
            JobState.RUNNING,  # taken over from a runner whose lease ran out
            JobState.QUEUED,
            JobState.DONE,
            JobState.FAILED,
            JobState.DEAD,
            JobState.CANCELLED,
        },
        JobState.FAILED: {JobState.RUNNING, JobState.CANCELLED},
        JobState.DONE: set(),
        JobState.DEAD: {JobState.QUEUED},
        JobState.CANCELLED: set(),
    }
)
OPEN: Final = frozenset({JobState.QUEUED, JobState.RUNNING, JobState.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whose wish a job is, and the request that it was: its log lines name that."""

    by: str = ""  # principal id
    request_id: str = ""
    trace_id: str = ""
    locale: str = "en"  # BCP 47
    currency: str = "BRL"  # ISO 4217

    @classmethod
    def of(cls, ctx: Context) -> Self:
        """Return what *ctx* says of it."""
        return cls(
            by=ctx.principal.id,
            request_id=ctx.request_id,
            trace_id=ctx.trace_id,
            locale=ctx.locale,
            currency=ctx.currency,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """So much of so much; nothing of nothing while nobody knows."""

    done: int = 0
    total: int = 0

    def __post_init__(self) -> None:
        ensure(
            0 <= self.done <= self.total <= 10**9,
            "documents.job.progress",
            "done is from nothing to the total",
            field="progress",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why an attempt failed: a stable code, and words for a person."""

    code: str
    text: str

    @classmethod
    def of(cls, code: str, text: str) -> Self:
        """Return a problem in as many words as fit."""
        storable = text.replace("\x00", "").encode(errors="replace").decode()
        return cls(code=code[:96], text=storable[:PROBLEM_LENGTH])


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who runs a job, and until when it is his alone."""

    runner: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Aggregate):
    """A piece of work of one company; it is done at least once, or said to be dead."""

    id: JobId
    kind: str  # "documents.render_pdf"
    payload: PlainMap = field(default_factory=dict)
    priority: int = USUAL  # 0 comes first, 9 last
    unique_key: str | None = None  # of jobs with the same key one is made
    origin: Origin = field(default_factory=Origin)
    attempts_max: int = ATTEMPTS_MAX
    created_at: datetime
    turn_at: datetime  # its place among those of the same priority
    next_attempt_at: datetime  # not before this moment
    state: JobState = JobState.QUEUED
    attempts: int = 0  # begun so far
    lease: Lease | None = None  # while it runs
    cancel_requested: bool = False  # while it runs: whoever runs it will notice
    progress: Progress = field(default_factory=Progress)
    result: PlainMap = field(default_factory=dict)
    problem: Problem | None = None  # of the last attempt
    ended_at: datetime | None = None

    def __post_init__(self) -> None:
        ensure(
            len(self.kind) <= KIND_LENGTH and bool(_KIND.fullmatch(self.kind)),
            "documents.job.kind",
            f"{self.kind!r} is no kind of job: write area.deed, such as documents.render_pdf",
            field="kind",
        )
        object.__setattr__(self, "payload", plain(self.payload, "payload"))
        object.__setattr__(self, "result", plain(self.result, "result"))
        ensure(
            URGENT <= self.priority <= WHENEVER,
            "documents.job.priority",
            "a priority is from 0, which comes first, to 9",
            field="priority",
        )
        ensure(
            1 <= self.attempts_max <= _ATTEMPTS_LIMIT and 0 <= self.attempts <= self.attempts_max,
            "documents.job.attempts",
            "at least one attempt and at most a hundred; no more are made than are allowed",
            field="attempts_max",
        )
        if self.unique_key is not None:
            require_text(
                self.unique_key,
                "documents.job.unique_key",
                shortest=1,
                longest=KEY_LENGTH,
                field="unique_key",
            )
        self._check_state()

    def _check_state(self) -> None:
        running = self.state is JobState.RUNNING
        ensure(
            (self.lease is not None) == running and (running or not self.cancel_requested),
            "documents.job.lease",
            "a job has a lease while it runs, and at no other time",
            field="lease",
        )
        ensure(
            (self.ended_at is None) == (self.state in OPEN),
            "documents.job.ended_at",
            "a job that is over says since when",
            field="ended_at",
        )

    @property
    def open(self) -> bool:
        """Whether there is anything left to do."""
        return self.state in OPEN

    def due(self, now: datetime) -> bool:
        """Say whether a runner may take it at this moment."""
        if self.lease is not None:
            return self.lease.until <= now
        return self.open and self.next_attempt_at <= now

    def claim(self, runner: str, now: datetime, until: datetime) -> Self:
        """Return the job as *runner* runs it; or over, where its last runner is gone for good.

        A job whose runners die, one after the other, may be what kills them: when the attempts
        are used up, it is dead.

        Raises:
            TransitionError: it is over, or another's, or not yet due.
        """
        if self.open and not self.due(now):
            raise TransitionError("the job is another's, or not yet due", code="documents.job.due")
        if self.cancel_requested:
            return self._over(JobState.CANCELLED, now)
        if self.lease is not None and self.attempts >= self.attempts_max:
            lost = Problem(code="documents.job.lost", text="whoever ran it did not come back")
            return replace(self._over(JobState.DEAD, now), problem=lost)
        return replace(
            self,
            state=JOB_LIFECYCLE.step(self.state, JobState.RUNNING),
            attempts=self.attempts + 1,
            lease=Lease(runner=runner, until=until),
        )

    def finish(self, now: datetime, result: PlainMap = NOTHING) -> Self:
        """Return the job done, with what came of it: ``{"link": "/v1/..."}``."""
        done = self._over(JobState.DONE, now)
        whole = Progress(done=self.progress.total, total=self.progress.total)
        return replace(done, result=result, problem=None, progress=whole)

    def fail(self, now: datetime, problem: Problem, pause_seconds: float | None) -> Self:
        """Return the job to be tried again after the pause, or dead where there is none left.

        What somebody wished to be cancelled meanwhile is not tried again.
        """
        if self.cancel_requested:
            return replace(self._over(JobState.CANCELLED, now), problem=problem)
        if pause_seconds is None or self.attempts >= self.attempts_max:
            return replace(self._over(JobState.DEAD, now), problem=problem)
        again = now + timedelta(seconds=pause_seconds)
        return replace(
            self,
            state=JOB_LIFECYCLE.step(self.state, JobState.FAILED),
            lease=None,
            problem=problem,
            next_attempt_at=again,
            turn_at=max(self.turn_at, again),
        )

    def put_back(self, now: datetime, pause_seconds: float = 0) -> Self:
        """Return the job queued as it was before it was claimed: that attempt does not count.

        After a pause it keeps its place, and is only not taken before the pause is over.
        """
        self._require(JobState.RUNNING, JobState.QUEUED)
        if self.cancel_requested:
            return self._over(JobState.CANCELLED, now)
        return replace(
            self,
            state=JobState.QUEUED,
            attempts=max(0, self.attempts - 1),
            lease=None,
            next_attempt_at=max(self.next_attempt_at, now + timedelta(seconds=pause_seconds))
            if pause_seconds
            else self.next_attempt_at,
        )

    def held_by(self, other: Self) -> bool:
        """Say whether the claim that *other* stands for still holds: same runner, same attempt."""
        if self.lease is None or other.lease is None:
            return False
        return (self.lease.runner, self.attempts) == (other.lease.runner, other.attempts)

    def advance(self, progress: Progress) -> Self:
        """Return the job as far as it has come."""
        return replace(self, progress=progress)

    def request_cancel(self, now: datetime) -> Self:
        """Return the job cancelled; or, while it runs, with the wish that it be.

        Raises:
            TransitionError: it is over.
        """
        if self.state is JobState.RUNNING:
            return replace(self, cancel_requested=True)
        return self._over(JobState.CANCELLED, now)

    def retry(self, now: datetime) -> Self:
        """Return a dead job queued again, with all its attempts before it.

        Raises:
            TransitionError: it is not dead.
        """
        self._require(JobState.DEAD, JobState.QUEUED)
        return replace(
            self,
            state=JobState.QUEUED,
            attempts=0,
            next_attempt_at=now,
            turn_at=now,
            ended_at=None,
            progress=Progress(),
        )

    def _require(self, source: JobState, target: JobState) -> None:
        """Two arrows lead to queued, and each step is one of them."""
        if self.state is not source:
            raise TransitionError(
                f"{self.state} cannot become {target} so", source=self.state, target=target
            )

    def _over(self, state: JobState, now: datetime) -> Self:
        return replace(
            self,
            state=JOB_LIFECYCLE.step(self.state, state),
            lease=None,
            cancel_requested=False,
            ended_at=now,
        )


def new_job(  # noqa: PLR0913  # what may be said of a job, each by its name
    ctx: Context,
    now: datetime,
    kind: str,
    payload: PlainMap = NOTHING,
    *,
    priority: int = USUAL,
    unique_key: str | None = None,
    attempts_max: int = ATTEMPTS_MAX,
    not_before: datetime | None = None,
) -> Job:
    """Return a job as whoever speaks in *ctx* wishes it; it is his company's."""
    return Job(
        id=JobId(new_id()),
        kind=kind,
        payload=payload,
        priority=priority,
        unique_key=unique_key,
        origin=Origin.of(ctx),
        attempts_max=attempts_max,
        created_at=now,
        turn_at=not_before or now,
        next_attempt_at=not_before or now,
    )


def in_turn(jobs: Iterable[Job], last: datetime | None) -> tuple[Job, ...]:
    """Return *jobs*, of one company, with their turns after the *last* that is still open."""
    placed = []
    for job in jobs:
        turn = job.turn_at if last is None else max(job.turn_at, last + TURN)
        placed.append(replace(job, turn_at=turn))
        last = turn
    return tuple(placed)
