"""A dead mail tried again, by the mail or by its job: it goes once, whichever way was used."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from erp_core.documents.entities import Job, JobState, MailMessageId, MailState, Problem
from erp_core.documents.ports import SEND_MAIL, JobQuery, MailRefusedError
from erp_core.documents.use_cases import JobCommand, MailMessageCommand, NoteMailAttemptCommand
from erp_core.erp import ErpUnitOfWork
from erp_core.kernel.errors import NotFoundError, PreconditionFailedError, TransitionError
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing import at_once, expect
from erp_memory.store import MemoryStore
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database
from tests.http.clients import authenticate, described
from tests.http.served import an_app
from tests.mail.test_mailing import READER, House

ANOTHER_JOB = "documents.mail.another_job"
REFUSED = MailRefusedError("550 no such tea")


class Counter:
    """A house whose mail server refuses, until it is told otherwise, and a client of it."""

    def __init__(self, store: UnitOfWorkFactory[ErpUnitOfWork]) -> None:
        self.house = House(store=store)
        self.client: FlaskClient = described(an_app(self.house.erp, authenticate))

    def died(self) -> MailMessageId:
        mail = self.house.queued()
        self.house.sender.fault = REFUSED
        self.house.worked()
        self.house.sender.fault = None
        assert self.house.found(mail).state is MailState.DEAD
        return mail

    def jobs(self) -> list[Job]:
        with self.house.store(READER, read_only=True) as uow:
            query = JobQuery(page=PageRequest(), kind=SEND_MAIL)
            return list(uow.jobs.page(READER, query).items)

    def job(self) -> Job:
        (found,) = self.jobs()
        return found

    def retry_job(self, job: Job) -> Job:
        return self.house.erp.documents.retry_job(READER, JobCommand(id=job.id))

    def retry_mail(self, mail: MailMessageId) -> None:
        self.house.erp.documents.retry_mail_message(READER, MailMessageCommand(id=mail))

    def ends(self, mail: MailMessageId) -> None:
        """See that it goes once, under the name it always had, and leaves nothing to do."""
        self.house.worked()
        self.house.worked(hours=3)
        assert self.house.found(mail).state is MailState.SENT
        assert self.house.sender.sent == [self.house.found(mail).message_id]

    def cancelled(self, job: Job) -> int:
        return self.client.delete(f"/v1/jobs/{job.id}").status_code

    def posted(self, path: str) -> tuple[int, Any]:
        reply = self.client.post(path, json={})
        return reply.status_code, reply.json


@pytest.fixture(params=["memory", *KINDS])
def counter(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counter]:
    if request.param == "memory":
        yield Counter(MemoryStore())
    else:
        with database(request.param, tmp_path) as engine:
            yield Counter(SqlStore(engine))


def test_who_has_the_job_tried_again_has_the_mail_tried_again(counter: Counter) -> None:
    mail, job = counter.died(), counter.job()
    status, said = counter.posted(f"/v1/jobs/{job.id}/retry")
    assert (status, said["id"], said["state"]) == (200, str(job.id), "queued")
    shown = counter.client.get(f"/v1/mail-messages/{mail}").json
    assert (shown["state"], len(shown["attempts"])) == ("queued", 1)
    assert counter.posted(f"/v1/mail-messages/{mail}/retry")[0] == 409
    assert counter.posted(f"/v1/jobs/{job.id}/retry")[0] == 409
    counter.ends(mail)
    assert counter.job().state is JobState.DONE


def test_who_has_the_mail_tried_again_has_its_job_tried_again_and_leaves_none_dead(
    counter: Counter,
) -> None:
    mail, job = counter.died(), counter.job()
    status, said = counter.posted(f"/v1/mail-messages/{mail}/retry")
    assert (status, said["state"]) == (200, "queued")
    assert (counter.job().id, counter.job().state) == (job.id, JobState.QUEUED)
    assert counter.posted(f"/v1/jobs/{job.id}/retry")[0] == 409
    counter.ends(mail)
    assert counter.job().state is JobState.DONE


def test_it_may_die_and_be_tried_again_as_often_as_somebody_wishes(counter: Counter) -> None:
    mail, job = counter.died(), counter.job()
    counter.house.sender.fault = REFUSED
    for retry in (partial(counter.retry_job, job), partial(counter.retry_mail, mail)) * 2:
        retry()
        counter.house.worked()
        assert counter.house.found(mail).state is MailState.DEAD
        assert counter.job().state is JobState.DEAD
    assert len(counter.house.found(mail).attempts) == 5
    counter.house.sender.fault = None
    counter.retry_job(job)
    counter.ends(mail)


def test_a_mail_that_is_dead_before_its_job_is_goes_by_another_and_the_first_is_refused(
    counter: Counter,
) -> None:
    mail, job = counter.house.queued(), counter.job()
    note = NoteMailAttemptCommand(id=mail, problem=Problem(code="tea", text="550"))
    counter.house.erp.documents.note_mail_attempt(READER, note)
    counter.retry_mail(mail)
    first, second = sorted(counter.jobs(), key=lambda each: each.id != job.id)
    assert (first.id, second.payload["round"]) == (job.id, 2)
    now = counter.house.clock.now(READER)
    with counter.house.store(READER) as uow:  # its runner has noted the mail, and now ends the job
        running = first.claim("host:2", now, now + timedelta(minutes=1))
        stored = uow.jobs.save(READER, running)
        dead = uow.jobs.save(READER, stored.fail(now, Problem(code="tea", text="550"), None))
    status, said = counter.posted(f"/v1/jobs/{dead.id}/retry")
    assert (status, said["code"], said["mail_message"]) == (409, ANOTHER_JOB, str(mail))
    counter.ends(mail)
    with expect(TransitionError, ANOTHER_JOB):
        counter.retry_job(dead)


def test_a_mail_whose_job_is_gone_goes_by_another(counter: Counter) -> None:
    mail, job = counter.died(), counter.job()
    with counter.house.store(READER) as uow:
        long_after = counter.house.clock.now(READER) + timedelta(days=91)
        assert uow.jobs.forget(READER, (JobState.DEAD,), long_after, 10) == 1
    counter.retry_mail(mail)
    assert counter.job().id != job.id
    counter.ends(mail)


def test_a_job_that_died_without_its_mail_sends_it(counter: Counter) -> None:
    mail, job = counter.house.queued(), counter.job()
    lost(counter, job)
    counter.retry_job(job)
    counter.ends(mail)


def test_a_dead_job_whose_mail_was_sent_is_not_queued_again(counter: Counter) -> None:
    mail, job = counter.house.queued(), counter.job()
    counter.house.erp.documents.note_mail_attempt(READER, NoteMailAttemptCommand(id=mail))
    lost(counter, job)
    with expect(TransitionError):
        counter.retry_job(job)
    assert (counter.job().state, counter.house.sender.sent) == (JobState.DEAD, [])


def test_what_it_said_is_kept_no_more_so_neither_way_leads_anywhere(counter: Counter) -> None:
    mail, job = counter.died(), counter.job()
    with counter.house.store(READER) as uow:
        long_after = counter.house.clock.now(READER) + timedelta(days=366)
        assert uow.mail_messages.forget(READER, (MailState.DEAD,), long_after, 10) == 1
    for retry in (partial(counter.retry_job, job), partial(counter.retry_mail, mail)):
        with expect(NotFoundError, "documents.mail.forgotten"):
            retry()
    assert (counter.house.found(mail).state, counter.job().state) == (
        MailState.DEAD,
        JobState.DEAD,
    )


def test_whoever_saw_an_older_version_of_the_job_leaves_the_mail_alone(counter: Counter) -> None:
    mail, job = counter.died(), counter.job()
    with expect(PreconditionFailedError):
        command = JobCommand(id=job.id, version=job.version - 1)
        counter.house.erp.documents.retry_job(READER, command)
    assert counter.house.found(mail).state is MailState.DEAD


def test_of_all_who_try_it_again_at_once_in_either_way_one_does(counter: Counter) -> None:
    mail, job = counter.died(), counter.job()
    ways = [partial(counter.retry_job, job), partial(counter.retry_mail, mail)] * 4
    assert sum(at_once(*[partial(done, way) for way in ways])) == 1
    assert counter.job().state is JobState.QUEUED
    counter.ends(mail)


def test_who_cancels_the_job_gives_its_mail_up_and_may_queue_it_again(counter: Counter) -> None:
    mail, job = counter.house.queued(), counter.job()
    assert counter.cancelled(job) == HTTPStatus.NO_CONTENT
    assert counter.job().state is JobState.CANCELLED
    shown = counter.client.get(f"/v1/mail-messages/{mail}").json
    assert (shown["state"], shown["next_attempt_at"]) == ("dead", None)
    assert shown["attempts"][-1]["code"] == "documents.mail.cancelled"
    counter.house.worked()
    assert counter.house.sender.sent == []
    assert counter.cancelled(job) == HTTPStatus.CONFLICT
    assert counter.posted(f"/v1/mail-messages/{mail}/retry")[0] == 200
    counter.ends(mail)


def test_a_mail_that_went_while_its_job_was_cancelled_was_sent(counter: Counter) -> None:
    mail, job = counter.house.queued(), counter.job()
    now = counter.house.clock.now(READER)
    with counter.house.store(READER) as uow:
        uow.jobs.save(READER, job.claim("host:2", now, now + timedelta(minutes=1)))
    counter.house.erp.documents.cancel_job(READER, JobCommand(id=job.id))
    assert counter.house.found(mail).state is MailState.DEAD
    counter.house.erp.documents.note_mail_attempt(READER, NoteMailAttemptCommand(id=mail))
    assert counter.house.found(mail).state is MailState.SENT
    late = NoteMailAttemptCommand(id=mail, problem=Problem(code="tea", text="550"))
    counter.house.erp.documents.note_mail_attempt(READER, late)
    assert counter.house.found(mail).state is MailState.SENT


def test_a_job_that_is_over_is_not_cancelled_and_its_mail_stays_as_it_is(counter: Counter) -> None:
    mail, job = counter.died(), counter.job()
    assert counter.cancelled(job) == HTTPStatus.CONFLICT
    assert len(counter.house.found(mail).attempts) == 1
    counter.retry_mail(mail)
    counter.ends(mail)


def test_the_job_of_an_earlier_round_is_cancelled_alone(counter: Counter) -> None:
    mail, job = counter.house.queued(), counter.job()
    note = NoteMailAttemptCommand(id=mail, problem=Problem(code="tea", text="550"))
    counter.house.erp.documents.note_mail_attempt(READER, note)
    counter.retry_mail(mail)
    assert counter.cancelled(job) == HTTPStatus.NO_CONTENT
    assert counter.house.found(mail).state is MailState.QUEUED
    counter.ends(mail)


def lost(counter: Counter, job: Job) -> None:
    """Let the job's runner die, at its last attempt."""
    now = counter.house.clock.now(READER)
    with counter.house.store(READER) as uow:
        running = uow.jobs.save(READER, job.claim("host:2", now, now))
        uow.jobs.save(READER, running.fail(now, Problem(code="lost", text="gone"), None))


def done(way: Callable[[], object]) -> bool:
    """Say whether it was; else its rule has refused it."""
    try:
        way()
    except TransitionError:
        return False
    return True
