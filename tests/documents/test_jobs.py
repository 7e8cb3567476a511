"""The life of a job, in every state and by every command."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.documents.entities import (
    JOB_LIFECYCLE,
    OPEN,
    PAYLOAD_BYTES_MAX,
    TURN,
    Job,
    JobState,
    Problem,
    Progress,
    in_turn,
    thawed,
)
from erp_core.documents.entities.jobs import new_job
from erp_core.kernel.errors import ErpError, InvariantError, TransitionError
from erp_core.testing import NOON, context
from erp_core.testing.documents import a_full_job, a_job, a_running_job

LATER = NOON + timedelta(minutes=1)
PROBLEM = Problem(code="mail.silent", text="no answer")


def in_state(state: JobState) -> Job:
    running = a_running_job()
    return {
        JobState.QUEUED: a_job(),
        JobState.RUNNING: running,
        JobState.DONE: running.finish(NOON),
        JobState.FAILED: running.fail(NOON, PROBLEM, 0),
        JobState.DEAD: running.fail(NOON, PROBLEM, None),
        JobState.CANCELLED: a_job().request_cancel(NOON),
    }[state]


COMMANDS: dict[str, tuple[Callable[[Job], Job], dict[JobState, JobState]]] = {
    "claim": (
        lambda job: job.claim("other", LATER, LATER),
        {
            JobState.QUEUED: JobState.RUNNING,
            JobState.FAILED: JobState.RUNNING,
            JobState.RUNNING: JobState.RUNNING,  # the lease has run out
        },
    ),
    "finish": (lambda job: job.finish(NOON), {JobState.RUNNING: JobState.DONE}),
    "fail": (lambda job: job.fail(NOON, PROBLEM, 60), {JobState.RUNNING: JobState.FAILED}),
    "die": (lambda job: job.fail(NOON, PROBLEM, None), {JobState.RUNNING: JobState.DEAD}),
    "put back": (lambda job: job.put_back(NOON), {JobState.RUNNING: JobState.QUEUED}),
    "cancel": (
        lambda job: job.request_cancel(NOON),
        {
            JobState.QUEUED: JobState.CANCELLED,
            JobState.FAILED: JobState.CANCELLED,
            JobState.RUNNING: JobState.RUNNING,  # it is asked to stop
        },
    ),
    "retry": (lambda job: job.retry(NOON), {JobState.DEAD: JobState.QUEUED}),
}


@pytest.mark.parametrize("state", JobState)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_leads_where_the_lifecycle_says_or_is_refused(
    state: JobState, command: str
) -> None:
    do, arrows = COMMANDS[command]
    if state in arrows:
        assert do(in_state(state)).state is arrows[state]
        return
    with pytest.raises(TransitionError):
        do(in_state(state))


@given(st.lists(st.sampled_from(sorted(COMMANDS)), max_size=30))
def test_no_story_makes_more_attempts_than_are_allowed(story: list[str]) -> None:
    job = a_job()
    for command in story:
        before = job
        try:
            job = COMMANDS[command][0](job)
        except TransitionError:
            continue
        assert job.state is before.state or job.state in JOB_LIFECYCLE.steps[before.state]
        assert job.attempts <= job.attempts_max
        assert job.open == (job.state in OPEN) == (job.ended_at is None)


def test_a_job_is_its_makers_and_remembers_the_request() -> None:
    ctx = replace(context(), trace_id="t", locale="pt-BR")
    job = new_job(ctx, NOON, "documents.tidy", not_before=LATER)

    assert (job.origin.by, job.origin.request_id, job.origin.trace_id) == ("tester", "test", "t")
    assert (job.origin.locale, job.origin.currency) == ("pt-BR", "EUR")
    assert (job.created_at, job.turn_at, job.next_attempt_at) == (NOON, LATER, LATER)
    assert not job.due(NOON)
    assert job.due(LATER)


def test_nobody_takes_what_another_runs() -> None:
    with pytest.raises(TransitionError) as refused:
        a_running_job().claim("other", NOON, LATER)
    assert refused.value.code == "documents.job.due"


def test_a_failed_attempt_is_tried_again_after_its_pause_and_at_last_never() -> None:
    job = replace(a_job(), attempts_max=2)
    failed = job.claim("a", NOON, LATER).fail(NOON, PROBLEM, 60)
    assert (failed.next_attempt_at, failed.problem) == (LATER, PROBLEM)
    dead = failed.claim("a", LATER, LATER).fail(LATER, PROBLEM, 60)
    assert (dead.state, dead.ended_at, dead.attempts) == (JobState.DEAD, LATER, 2)
    again = dead.retry(LATER)
    assert (again.attempts, again.next_attempt_at, again.ended_at) == (0, LATER, None)


def test_what_somebody_wished_to_be_cancelled_is_not_run_again() -> None:
    wished = a_running_job().request_cancel(NOON)

    assert wished.cancel_requested
    for ended in (
        wished.put_back(NOON),
        wished.fail(NOON, PROBLEM, 60),
        wished.claim("other", LATER, LATER),
    ):
        assert (ended.state, ended.cancel_requested) == (JobState.CANCELLED, False)
    assert wished.finish(NOON).state is JobState.DONE  # it was quicker than the wish


def test_a_job_whose_runners_all_die_is_dead() -> None:
    job = replace(a_job(), attempts_max=1).claim("a", NOON, NOON).claim("b", NOON, LATER)

    assert job.state is JobState.DEAD
    assert job.problem is not None
    assert job.problem.code == "documents.job.lost"


def test_an_attempt_that_was_put_back_does_not_count() -> None:
    job = a_job()

    assert job.claim("a", NOON, LATER).put_back(NOON) == job


def test_a_done_job_has_come_all_the_way() -> None:
    job = a_running_job().advance(Progress(done=1, total=9)).finish(NOON, {"link": "/v1/x"})

    assert job.progress == Progress(done=9, total=9)
    assert job.result == {"link": "/v1/x"}


def test_nobody_changes_what_a_job_was_given() -> None:
    given_lines: list[str] = ["a"]
    job = replace(a_job(), payload={"lines": given_lines})
    given_lines.append("b")

    assert thawed(job.payload) == {"lines": ["a"]}
    with pytest.raises(TypeError):
        job.payload["lines"] = ()  # type: ignore[index]  # which is the point


def deep(levels: int) -> object:
    return {"x": deep(levels - 1)} if levels else 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"kind": "tidy"}, "documents.job.kind"),
        ({"kind": "Documents.tidy"}, "documents.job.kind"),
        ({"kind": "a." + "b" * 63}, "documents.job.kind"),
        ({"priority": 10}, "documents.job.priority"),
        ({"priority": -1}, "documents.job.priority"),
        ({"attempts_max": 0}, "documents.job.attempts"),
        ({"attempts_max": 101}, "documents.job.attempts"),
        ({"attempts": 6}, "documents.job.attempts"),
        ({"unique_key": ""}, "documents.job.unique_key"),
        ({"unique_key": "k" * 201}, "documents.job.unique_key"),
        ({"unique_key": "\x00"}, "text.unstorable"),
        ({"payload": {"x": 1.5}}, "documents.job.plain"),
        ({"payload": {"x": 2**53 + 1}}, "documents.job.plain"),
        ({"payload": {"x": object()}}, "documents.job.plain"),
        ({"payload": [1]}, "documents.job.plain"),
        ({"payload": {"x": "\ud800"}}, "text.unstorable"),
        ({"payload": {"\x00": 1}}, "text.unstorable"),
        ({"payload": deep(9)}, "documents.job.deep"),
        ({"payload": {"x": "é" * PAYLOAD_BYTES_MAX}}, "documents.job.large"),
        ({"payload": {"x": ["y" * 40_000, "z" * 40_000]}}, "documents.job.large"),
        ({"state": JobState.RUNNING}, "documents.job.lease"),
        ({"cancel_requested": True}, "documents.job.lease"),
        ({"state": JobState.DONE}, "documents.job.ended_at"),
        ({"ended_at": NOON}, "documents.job.ended_at"),
    ],
)
def test_what_is_no_job_cannot_exist(wrong: dict[str, object], code: str) -> None:
    with pytest.raises(InvariantError) as refused:
        replace(a_job(), **wrong)
    assert refused.value.code == code


@pytest.mark.parametrize("wrong", [(-1, 0), (2, 1), (0, 10**9 + 1)])
def test_progress_is_from_nothing_to_the_whole(wrong: tuple[int, int]) -> None:
    with pytest.raises(ErpError):
        Progress(done=wrong[0], total=wrong[1])


def test_a_problem_is_told_in_as_many_words_as_fit() -> None:
    told = Problem.of("c" * 200, "\x00no \ud800" + "x" * 2000)

    assert (len(told.code), told.text[:5], len(told.text)) == (96, "no ?x", 1000)


@given(st.integers(1, 30), st.integers(0, 100))
def test_jobs_of_a_company_take_turns_one_after_the_other(count: int, ahead: int) -> None:
    last = NOON + ahead * TURN
    turns = [job.turn_at for job in in_turn([a_job() for _ in range(count)], last)]

    assert turns == [last + (each + 1) * TURN for each in range(count)]


def test_the_first_job_of_a_company_need_not_wait() -> None:
    (job,) = in_turn([a_job()], None)
    (late,) = in_turn([a_job()], NOON - 2 * TURN)

    assert (job.turn_at, late.turn_at) == (NOON, NOON)


def test_a_full_job_is_held_by_its_runner_alone() -> None:
    job = a_full_job()

    assert job.held_by(job)
    assert not job.held_by(replace(job, attempts=1))
    assert not a_job().held_by(job)
