"""What documents ask of whoever keeps jobs and schedules."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from erp_core.documents.entities import (
    Job,
    JobId,
    JobState,
    Schedule,
    ScheduleName,
)
from erp_core.identity.ports import CompanyRepository
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page, PageRequest
from erp_core.kernel.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class JobQuery:
    """Which jobs: in one of the states, of one kind; all where nothing is said."""

    page: PageRequest
    states: tuple[JobState, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a runner can take on."""

    runner: str  # its name, unlike any other's
    kinds: tuple[str, ...]
    limit: int
    now: datetime
    until: datetime  # when the lease runs out


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """A job with the company it belongs to: a runner serves the whole house."""

    company_id: CompanyId
    job: Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many jobs of the whole house are in a state, and since when the oldest exists."""

    state: JobState
    count: int
    oldest_at: datetime


class JobRepository(Protocol):
    """Keeps jobs. Proved by ``erp_core.testing.documents.JobRepositoryContract``.

    What a runner asks (``due`` to ``forget``) looks past ``ctx.company_id``. What it reports back
    counts only while the claim stands: the job still runs, under the same runner, in the same
    attempt. A runner that overslept its lease changes nothing.
    """

    @abstractmethod
    def add(self, ctx: Context, jobs: Sequence[Job]) -> tuple[Job, ...]:
        """Store new jobs of the company, each with its turn; they are there if this commits.

        Where a unique key is taken, the job that has it is returned, and no other is made.

        Raises:
            AlreadyExistsError: an id is taken.
        """

    @abstractmethod
    def get(self, ctx: Context, job_id: JobId) -> Job:
        """Return the job.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def lock(self, ctx: Context, job_id: JobId) -> Job:
        """Return the job, which until the end of the unit of work nobody else changes.

        Raises:
            NotFoundError: this company has none.
            ContentionError: it was not free in time.
        """

    @abstractmethod
    def save(self, ctx: Context, job: Job) -> Job:
        """Store a changed job; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``job.version`` is not the stored one.
        """

    @abstractmethod
    def page(self, ctx: Context, query: JobQuery) -> Page[Job]:
        """Return one page of the company's jobs, in order of id, either way.

        Raises:
            MalformedError: another order is asked for, or a cursor of another list.
        """

    @abstractmethod
    def due(self, ctx: Context, now: datetime, kinds: Sequence[str]) -> bool:
        """Say whether there is anything to claim; waits for nobody, and takes nothing."""

    @abstractmethod
    def claim(self, ctx: Context, wanted: Wanted) -> tuple[Owned, ...]:
        """Take due jobs, by priority and turn, past those that others are just taking.

        A job that comes back dead or cancelled has ended by this, and is not to be run.
        """

    @abstractmethod
    def renew(self, ctx: Context, held: Sequence[Owned], until: datetime) -> tuple[Owned, ...]:
        """Prolong the leases; return what still is the runner's, as it stands now.

        What somebody wishes to be cancelled says so there.
        """

    @abstractmethod
    def hold(self, ctx: Context, held: Owned) -> Job:
        """Lock the job whose attempt is to end, or to be told of, and return it as it stands.

        Raises:
            StaleVersionError: the claim stands no more: what was done may be done again.
            ContentionError: it was not free in time.
        """

    @abstractmethod
    def tally(self, ctx: Context) -> tuple[Tally, ...]:
        """Count the jobs that are open or dead, by state."""

    @abstractmethod
    def forget(
        self, ctx: Context, states: Sequence[JobState], before: datetime, limit: int
    ) -> int:
        """Drop at most *limit* jobs that ended so before a moment; say how many."""


class ScheduleRepository(Protocol):
    """Keeps schedules. Proved by ``erp_core.testing.documents.ScheduleRepositoryContract``."""

    @abstractmethod
    def lock(self, ctx: Context, name: ScheduleName) -> Schedule:
        """Return the company's schedule, made first if there is none, ours alone until the end.

        Raises:
            ContentionError: it was not free in time.
        """

    @abstractmethod
    def save(self, ctx: Context, schedule: Schedule) -> Schedule:
        """Store a changed schedule; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``schedule.version`` is not the stored one.
        """


class JobsUnitOfWork(UnitOfWork, Protocol):
    """The transaction as those see it who leave work for later."""

    @property
    @abstractmethod
    def companies(self) -> CompanyRepository: ...  # whose currency and language a job works in

    @property
    @abstractmethod
    def jobs(self) -> JobRepository: ...

    @property
    @abstractmethod
    def schedules(self) -> ScheduleRepository: ...
