"""``erp jobs``: what is left to do, and what could not be done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import click

from erp_app.commands import as_json, company_option, print_json, say, with_settings
from erp_app.errors import ProgramError
from erp_app.settings import Settings

if TYPE_CHECKING:
    from erp_core.documents.entities import Job
    from erp_core.documents.use_cases import DocumentsUseCases, JobCommand
    from erp_core.kernel.context import Context

_STATES: Final = ("queued", "running", "done", "failed", "dead", "cancelled")
_LIMIT_MAX: Final = 200


@click.group()
def jobs() -> None:
    """List the tasks left for later, cancel them, or have dead ones tried again."""


@jobs.command("list", epilog="Example:  erp jobs list --state dead --json")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(_STATES),
    help="May be given several times; all where it is left out.",
)
@click.option("--kind", default="", help="Only this kind, such as documents.tidy_house.")
@click.option("--limit", default=50, type=click.IntRange(1, _LIMIT_MAX), show_default=True)
@company_option
@click.option("--house", is_flag=True, help="The house's own tasks, which are no company's.")
@as_json
@with_settings
def show(  # noqa: PLR0913  # one for each option
    settings: Settings,
    *,
    states: tuple[str, ...],
    kind: str,
    limit: int,
    company: UUID | None,
    house: bool,
    as_json: bool,
) -> None:
    """List tasks, the newest first."""
    from erp_core.documents.entities import JobState
    from erp_core.documents.ports import JobQuery
    from erp_core.kernel.page import PageRequest

    query = JobQuery(
        page=PageRequest(limit=limit, descending=True),
        states=tuple(map(JobState, states)),
        kind=kind,
    )
    with _opened(settings, company, house=house) as (documents, ctx):
        found = documents.list_jobs(ctx, query).items
    if as_json:
        print_json([_shown(each) for each in found])
        return
    for each in found:
        problem = f"  {each.problem.code}: {each.problem.text}" if each.problem else ""
        tried = f"{each.attempts}/{each.attempts_max}"
        click.echo(f"{each.id}  {each.state.value:<9}  {tried:>6}  {each.kind}{problem}")


@jobs.command(epilog="Example:  erp jobs retry 0190b5c4-0000-7000-8000-000000000000")
@click.argument("job", type=click.UUID)
@company_option
@click.option("--house", is_flag=True, help="It is one of the house's own.")
@with_settings
def retry(settings: Settings, job: UUID, *, company: UUID | None, house: bool) -> None:
    """Queue the dead task JOB again."""
    with _opened(settings, company, house=house) as (documents, ctx):
        found = documents.retry_job(ctx, _command(job))
    say(f"{found.id} is {found.state.value}")


@jobs.command(epilog="Example:  erp jobs cancel 0190b5c4-0000-7000-8000-000000000000")
@click.argument("job", type=click.UUID)
@company_option
@click.option("--house", is_flag=True, help="It is one of the house's own.")
@with_settings
def cancel(settings: Settings, job: UUID, *, company: UUID | None, house: bool) -> None:
    """Give the task JOB up; if it runs, as soon as its runner notices."""
    with _opened(settings, company, house=house) as (documents, ctx):
        found = documents.cancel_job(ctx, _command(job))
    say(f"{found.id} is {found.state.value}{' and stops' if found.cancel_requested else ''}")


@contextmanager
def _opened(
    settings: Settings, company: UUID | None, *, house: bool
) -> Iterator[tuple[DocumentsUseCases, Context]]:
    from erp_app.composition import core
    from erp_app.database import require_file
    from erp_app.errands import companies, errand

    require_file(settings)
    with core(settings) as opened:
        if house:
            yield opened.erp.documents, errand()
            return
        found = companies(opened.erp, company)
        if len(found) > 1:
            raise ProgramError("there are several companies: name one with --company")
        yield opened.erp.documents, errand(found[0])


def _command(job: UUID) -> JobCommand:
    from erp_core.documents.entities import JobId
    from erp_core.documents.use_cases import JobCommand

    return JobCommand(id=JobId(job))


def _shown(job: Job) -> dict[str, Any]:
    return {
        "id": str(job.id),
        "kind": job.kind,
        "state": job.state.value,
        "attempts": job.attempts,
        "attempts_max": job.attempts_max,
        "created_at": job.created_at.isoformat(),
        "next_attempt_at": job.next_attempt_at.isoformat(),
        "problem": None
        if job.problem is None
        else {"code": job.problem.code, "detail": job.problem.text},
    }
