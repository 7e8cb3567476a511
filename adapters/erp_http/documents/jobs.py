"""Jobs over HTTP: how long work is getting on, and how to give it up."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from erp_core.documents.entities import Job, JobId, JobState
from erp_core.documents.ports import JobQuery
from erp_core.documents.use_cases import DocumentsUseCases, JobCommand
from erp_core.kernel.context import Context
from erp_http import show
from erp_http.dto import ListDto, NothingDto, PageDto, ResponseDto
from erp_http.fields import Choice, Choices, Flag, Id, Moment, Nested, Text, Whole
from erp_http.messages import Dto
from erp_http.routing import Route


class ListJobsDto(ListDto):
    state = Choices(JobState, load_default=())
    kind = Text(load_default="", length=64)

    def make(self, ctx: Context, given: dict[str, Any]) -> JobQuery:
        return JobQuery(page=self.page(given), states=given["state"], kind=given["kind"])


class ProgressDto(Dto):
    done = Whole(required=True)
    total = Whole(required=True, metadata={"description": "0 while nobody knows"})


class JobProblemDto(Dto):
    code = Text(required=True)
    detail = Text(required=True, length=1000)


class JobDto(ResponseDto[Job]):
    id = Id(required=True)
    version = Whole(required=True)
    kind = Text(required=True)
    state = Choice(JobState, required=True)
    progress = Nested(ProgressDto, required=True)
    result_link = Text(
        required=True, allow_none=True, metadata={"description": "where the result is, once done"}
    )
    problem = Nested(
        JobProblemDto,
        required=True,
        allow_none=True,
        metadata={"description": "of the last attempt"},
    )
    attempts = Whole(required=True)
    attempts_max = Whole(required=True)
    cancel_requested = Flag(required=True)
    created_at = Moment(required=True)
    created_by = Text(required=True)
    next_attempt_at = Moment(
        required=True, allow_none=True, metadata={"description": "null unless it waits"}
    )
    ended_at = Moment(required=True, allow_none=True)

    def show(self, thing: Job) -> dict[str, Any]:
        waits = thing.state in (JobState.QUEUED, JobState.FAILED)
        link, problem = thing.result.get("link"), thing.problem
        return {
            "id": str(thing.id),
            "version": thing.version,
            "kind": thing.kind,
            "state": thing.state.value,
            "progress": {"done": thing.progress.done, "total": thing.progress.total},
            "result_link": link if isinstance(link, str) else None,
            "problem": None if problem is None else {"code": problem.code, "detail": problem.text},
            "attempts": thing.attempts,
            "attempts_max": thing.attempts_max,
            "cancel_requested": thing.cancel_requested,
            "created_at": show.moment(thing.created_at),
            "created_by": thing.origin.by,
            "next_attempt_at": show.moment(thing.next_attempt_at if waits else None),
            "ended_at": show.moment(thing.ended_at),
        }


def routes(documents: DocumentsUseCases) -> tuple[Route, ...]:
    one = NothingDto(lambda key, version: JobCommand(id=JobId(key), version=version))
    return (
        Route(
            on="GET /v1/jobs",
            call=documents.list_jobs,
            accepts=ListJobsDto(),
            returns=PageDto(JobDto()),
        ),
        Route(on="GET /v1/jobs/<uuid:id>", call=documents.get_job, accepts=one, returns=JobDto()),
        Route(
            on="DELETE /v1/jobs/<uuid:id>",
            call=documents.cancel_job,
            accepts=one,
            status=HTTPStatus.NO_CONTENT,
        ),
        Route(
            on="POST /v1/jobs/<uuid:id>/retry",
            call=documents.retry_job,
            accepts=one,
            returns=JobDto(),
        ),
    )
