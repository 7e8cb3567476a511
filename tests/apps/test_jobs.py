"""``erp jobs`` and ``erp worker``: what an operator does with work that is left for later."""

import json
import re
import signal
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from erp_app.commands.jobs import _LIMIT_MAX, _STATES
from erp_core.documents.entities import Job, JobState, MailMessageId, MailState, Problem, new_job
from erp_core.documents.ports import SEND_MAIL, JobQuery, queue_mail
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.page import PAGE_LIMIT_MAX, PageRequest
from erp_core.testing import context
from erp_core.testing.documents import a_content, a_mail
from erp_sql.engine import make_engine
from erp_sql.unit_of_work import SqlStore
from tests.acceptance.houses import SECRET_KEY
from tests.apps.programs import erp, serving, spelled, until
from tests.databases import KINDS, url

KNOWN = {"ERP_ADMIN_PASSWORD": "correct horse battery"}
KIND = "documents.tidy_house"


def left(folder: Path, *, dead: bool = False) -> Job:
    """Leave a job in the one company there is; nobody runs it."""
    engine = make_engine(f"sqlite:///{folder}/erp.db")
    try:
        with engine.connect() as connection:
            company = connection.execute(text("SELECT company_id FROM identity_company")).scalar()
        ctx, now = context(company=CompanyId(UUID(company))), datetime.now(UTC)
        with SqlStore(engine)(ctx) as uow:
            (job,) = uow.jobs.add(ctx, [new_job(ctx, now, KIND)])
            if dead:
                running = uow.jobs.save(ctx, job.claim("host:1", now, now))
                problem = Problem(code="mail.silent", text="no answer")
                job = uow.jobs.save(ctx, running.fail(now, problem, None))
            return job
    finally:
        engine.dispose()


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_that_died_is_tried_again_by_its_job(kind: str, tmp_path: Path) -> None:
    address = url(kind, tmp_path)
    known = KNOWN | {"ERP_DATABASE_URL": spelled(address), "ERP_SECRET_KEY": SECRET_KEY}
    assert erp("init", folder=tmp_path, **known).returncode == 0
    engine = make_engine(address, max_open=1)
    try:
        with engine.connect() as connection:
            company = connection.execute(text("SELECT company_id FROM identity_company")).scalar()
        ctx = context(company=CompanyId(UUID(str(company))))
        mail, job = died(SqlStore(engine), ctx)
        retried = erp("jobs", "retry", str(job.id), folder=tmp_path, **known)
        again = erp("jobs", "retry", str(job.id), folder=tmp_path, **known)
        with SqlStore(engine)(ctx, read_only=True) as uow:
            found = uow.mail_messages.get(ctx, mail)
            (queued,) = uow.jobs.page(ctx, JobQuery(page=PageRequest(), kind=SEND_MAIL)).items
    finally:
        engine.dispose()
    assert (retried.returncode, retried.stderr) == (0, f"erp: {job.id} is queued\n")
    assert (again.returncode, found.state) == (1, MailState.QUEUED)
    assert (queued.id, queued.state) == (job.id, JobState.QUEUED)


def died(store: SqlStore, ctx: Context) -> tuple[MailMessageId, Job]:
    """Leave a mail that was refused, and the job that died of it."""
    now, refused = datetime.now(UTC), Problem(code="documents.mail.refused", text="550")
    with store(ctx) as uow:
        mail = queue_mail(ctx, uow, now, a_mail(), a_content())
        uow.mail_messages.save(ctx, mail.failed(now, refused, None))
        (job,) = uow.jobs.page(ctx, JobQuery(page=PageRequest(), kind=SEND_MAIL)).items
        running = uow.jobs.save(ctx, job.claim("host:1", now, now))
        return mail.id, uow.jobs.save(ctx, running.fail(now, refused, None))


def test_the_help_names_the_states_there_are() -> None:
    assert set(_STATES) == {each.value for each in JobState}
    assert _LIMIT_MAX == PAGE_LIMIT_MAX


def test_jobs_are_listed_and_dead_ones_say_why(tmp_path: Path) -> None:
    erp("init", folder=tmp_path, **KNOWN)
    first, dead = left(tmp_path), left(tmp_path, dead=True)
    plain = erp("jobs", "list", folder=tmp_path).stdout.splitlines()
    found = json.loads(erp("jobs", "list", "--state", "dead", "--json", folder=tmp_path).stdout)

    assert [line.split()[0] for line in plain] == [str(dead.id), str(first.id)]
    assert plain[0].endswith("mail.silent: no answer")
    assert [each["id"] for each in found] == [str(dead.id)]
    assert found[0]["problem"] == {"code": "mail.silent", "detail": "no answer"}
    assert erp("jobs", "list", "--house", folder=tmp_path).stdout == ""


def test_a_dead_job_is_tried_again_and_a_waiting_one_given_up(tmp_path: Path) -> None:
    erp("init", folder=tmp_path, **KNOWN)
    dead = left(tmp_path, dead=True)
    retried = erp("jobs", "retry", str(dead.id), folder=tmp_path)
    again = erp("jobs", "retry", str(dead.id), folder=tmp_path)
    cancelled = erp("jobs", "cancel", str(dead.id), folder=tmp_path)
    unknown = erp("jobs", "cancel", str(new_id()), folder=tmp_path)

    assert (retried.returncode, retried.stderr) == (0, f"erp: {dead.id} is queued\n")
    assert (again.returncode, unknown.returncode) == (1, 1)
    assert (cancelled.returncode, cancelled.stderr) == (0, f"erp: {dead.id} is cancelled\n")


def test_a_worker_without_threads_is_a_wrong_setting(tmp_path: Path) -> None:
    refused = erp("worker", folder=tmp_path, ERP_WORKERS="0")

    assert refused.returncode == 3
    assert refused.stderr.startswith("erp: ERP_WORKERS: ")


def test_a_worker_sweeps_the_house_and_ends_in_order(tmp_path: Path) -> None:
    erp("init", folder=tmp_path, **KNOWN)
    # It listens nowhere: the port is only what `serving` waits to be told.
    program = (
        "import sys; sys.argv = ['erp', 'worker'];"
        "sys.stderr.write('listening on http://127.0.0.1:1\\n');"
        "from erp_app.cli import main; main()"
    )
    with serving("-c", program, folder=tmp_path) as worker:

        def swept() -> bool:
            said = erp("jobs", "list", "--house", "--state", "done", folder=tmp_path).stdout
            return set(re.findall(r"tidy_(sessions|house)", said)) == {"sessions", "house"}

        until(swept, 90)  # it says that it listens before it has begun
        worker.process.send_signal(signal.SIGTERM)
        assert worker.process.wait(15) == 0
        assert any("workers.stopped" in line for line in worker.logged)


def test_a_server_without_workers_leaves_jobs_alone(tmp_path: Path) -> None:
    known = KNOWN | {"ERP_PORT": "0", "ERP_WORKERS": "0", "ERP_MAIL_FROM": "a@example.org"}
    known |= {"ERP_SMTP_URL": "smtp://127.0.0.1:9"}
    with serving("-m", "erp_app", "serve", folder=tmp_path, **known) as server:
        job = left(tmp_path)
        until(lambda: any("server.listening" in line for line in server.logged))
        shown = server.ask("GET", "/metrics")[1].decode()
        assert 'erp_jobs{state="queued"} 1.0' in shown
        assert 'erp_jobs{state="dead"} 0.0' in shown
        assert "erp_mail_breaker" not in shown
        (mail,) = (
            each for each in server.ask("GET", "/ready")[1]["checks"] if each["name"] == "mail"
        )
        assert (mail["ok"], mail["detail"]) == (True, "mails are sent by another process")
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(15) == 0
        assert not any("workers.stopped" in line for line in server.logged)
    (found,) = json.loads(erp("jobs", "list", "--json", folder=tmp_path).stdout)
    assert (found["id"], found["state"]) == (str(job.id), "queued")
