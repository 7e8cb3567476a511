"""CT-04: told to stop while it is at work, the program loses nothing, and does nothing twice."""

import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException
from itertools import count
from pathlib import Path
from threading import Event
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy import text

from erp_core.documents.entities import URGENT, USUAL, new_job
from erp_core.kernel.context import CompanyId
from erp_core.testing import context
from erp_sql.engine import make_engine
from erp_sql.unit_of_work import SqlStore
from tests.acceptance.houses import PASSWORD, SECRET_KEY
from tests.acceptance.toiler import DEEDS, TOIL
from tests.apps.programs import Server, serving, spelled, until
from tests.databases import KINDS, url

CLIENTS: Final = 3
SHORT_MS: Final = 40
LONG_MS: Final = 30_000  # far beyond any grace: it is begun first, and goes back
GRACE_SECONDS: Final = 2
BACKLOG_SECONDS: Final = 900  # for what fifty rounds have left
LIMIT_SECONDS: Final = GRACE_SECONDS + 8  # on a machine that does other things too
SETTINGS: Final = {
    "ERP_PORT": "0",
    "ERP_ADMIN_PASSWORD": PASSWORD,
    "ERP_SECRET_KEY": SECRET_KEY,
    "ERP_WORKERS": "2",
    "ERP_SHUTDOWN_GRACE_S": str(GRACE_SECONDS),
    "ERP_TASK_TIMEOUT_S": "60",
    "ERP_TASK_LEASE_S": "2",
}

rounds = pytest.mark.parametrize(
    "rounds",
    [
        pytest.param(1, id="once"),
        pytest.param(50, id="often", marks=[pytest.mark.torture, pytest.mark.timeout(3600)]),
    ],
)
kinds = pytest.mark.parametrize("kind", KINDS)


@dataclass
class Heard:
    """What the clients were told, and whom nobody answered."""

    archived: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    odd: list[object] = field(default_factory=list)


@dataclass
class Workshop:
    """A database on which a program toils that is stopped and started again."""

    address: str
    folder: Path
    numbers: Iterator[int] = field(default_factory=count)

    @contextmanager
    def open(self) -> Iterator[Server]:
        settings = SETTINGS | {"ERP_DATABASE_URL": spelled(self.address)}
        command = ("-m", "tests.acceptance.toiler")
        with serving(*command, folder=self.folder, **settings) as server:
            yield server

    def leave(self, token: str, server: Server, *milliseconds: int) -> set[str]:
        """Commit a job for each; what is returned is accepted."""
        said = server.ask("GET", "/v1/me", token=token)[1]
        ctx = context(company=CompanyId(UUID(said["company"]["id"])))
        engine = make_engine(self.address, max_open=1)
        try:
            with SqlStore(engine)(ctx) as uow:
                now = datetime.now(UTC)
                jobs = [
                    new_job(
                        ctx,
                        now,
                        TOIL,
                        {"ms": each},
                        priority=URGENT if each == LONG_MS else USUAL,
                    )
                    for each in milliseconds
                ]
                return {str(job.id) for job in uow.jobs.add(ctx, jobs)}
        finally:
            engine.dispose()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        engine = make_engine(self.address, max_open=1)
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(query))]
        finally:
            engine.dispose()

    def states(self) -> dict[str, str]:
        """Return the state of every job."""
        found = self.rows("SELECT id, state FROM documents_job")
        return {str(UUID(str(job))): str(state) for job, state in found}

    def causes(self) -> set[str]:
        """Return the products whose being archived is told of, or has become a job."""
        told = [row[0] for row in self.rows("SELECT payload FROM documents_job")]
        told += [row[0] for row in self.rows("SELECT payload FROM outbox")]
        read = [each if isinstance(each, dict) else json.loads(str(each)) for each in told]
        return {str(each.get("cause") or each.get("product_id")) for each in read}

    def deeds(self) -> Counter[str]:
        """Return how often each job was done."""
        file = self.folder / DEEDS
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return Counter(json.loads(line)[0] for line in lines)

    def sell_out(self, server: Server, token: str, stop: Event, heard: Heard) -> None:
        """Enter products and archive them, which is told of, until there is nobody to ask."""
        while not stop.is_set():
            sku = f"TEA-{next(self.numbers)}"
            try:
                body = {"sku": sku, "name": sku, "kind": "goods"}
                status, made = server.ask("POST", "/v1/products", body, token=token)
                if status == 201:
                    path = f"/v1/products/{made['id']}/archive"
                    status, made = server.ask("POST", path, token=token)
                    if status == 200:
                        heard.archived.append(made["id"])
                        continue
                heard.odd.append((status, made))
            except ConnectionRefusedError:
                return  # it was not accepted
            except (OSError, HTTPException) as error:
                heard.cut.append(repr(error))
                return


def signed_in(server: Server) -> str:
    credentials = {"login": "admin", "password": PASSWORD}
    status, said = server.ask("POST", "/v1/auth/token", credentials)
    assert status == 200, said
    return str(said["access_token"])


@contextmanager
def busy(workshop: Workshop, heard: Heard, accepted: set[str]) -> Iterator[Server]:
    """Start the program, and have it at work: requests come in, jobs run and wait."""
    stop, before = Event(), len(workshop.deeds())
    with workshop.open() as server, ThreadPoolExecutor(CLIENTS) as clients:
        try:
            token = signed_in(server)
            accepted |= workshop.leave(token, server, *[SHORT_MS] * 60, LONG_MS)
            asking = [
                clients.submit(workshop.sell_out, server, token, stop, heard)
                for _ in range(CLIENTS)
            ]
            until(lambda: len(workshop.deeds()) >= before + 5 and len(heard.archived) >= 3)
            yield server
        finally:
            stop.set()
            if server.process.poll() is None:
                server.process.kill()
        for each in asking:
            each.result(30)


def shorten(workshop: Workshop) -> None:
    """Let what would take for ever take no time, so that all can be seen to be done."""
    engine = make_engine(workshop.address, max_open=1)
    try:
        with engine.begin() as connection:
            found = connection.execute(text("SELECT id, payload FROM documents_job")).all()
            for job, told in found:
                payload = told if isinstance(told, dict) else json.loads(told)
                if payload["ms"] == LONG_MS:
                    asked = {"payload": json.dumps({"ms": 1}), "job": job}
                    connection.execute(
                        text("UPDATE documents_job SET payload = :payload WHERE id = :job"), asked
                    )
    finally:
        engine.dispose()


def work_off(workshop: Workshop) -> None:
    """Start the program once more, and wait until nothing is left."""
    with workshop.open() as server:
        until(lambda: set(workshop.states().values()) <= {"done"}, BACKLOG_SECONDS)
        until(lambda: not workshop.rows("SELECT id FROM outbox"), BACKLOG_SECONDS)
        until(lambda: set(workshop.states().values()) <= {"done"}, BACKLOG_SECONDS)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(LIMIT_SECONDS) == 0, server.words()


@rounds
@kinds
def test_sigterm_loses_nothing_and_does_nothing_twice(
    tmp_path: Path, kind: str, rounds: int
) -> None:
    workshop, heard = Workshop(url(kind, tmp_path), tmp_path), Heard()
    accepted: set[str] = set()
    for _ in range(rounds):
        with busy(workshop, heard, accepted) as server:
            server.process.send_signal(signal.SIGTERM)
            signalled = time.monotonic()
            assert server.process.wait(LIMIT_SECONDS) == 0, server.words()
            assert time.monotonic() - signalled <= LIMIT_SECONDS
        states, deeds = workshop.states(), workshop.deeds()
        assert set(states.values()) <= {"done", "queued"}
        assert "queued" in states.values()
        assert dict(deeds) == {job: 1 for job, state in states.items() if state == "done"}
        assert accepted <= set(states)
        assert set(heard.archived) <= workshop.causes()
        shorten(workshop)
    assert (heard.cut, heard.odd) == ([], [])
    causes = workshop.causes()
    work_off(workshop)

    deeds = workshop.deeds()
    assert set(deeds.values()) == {1}
    assert set(deeds) == set(workshop.states())
    assert len(deeds) == len(accepted) + len(causes - {"None"})


@rounds
@kinds
def test_sigkill_loses_nothing(tmp_path: Path, kind: str, rounds: int) -> None:
    workshop, heard = Workshop(url(kind, tmp_path), tmp_path), Heard()
    accepted: set[str] = set()
    for _ in range(rounds):
        with busy(workshop, heard, accepted) as server:
            server.process.kill()
            server.process.wait(LIMIT_SECONDS)
        assert accepted <= set(workshop.states())
        assert set(heard.archived) <= workshop.causes()
        shorten(workshop)
    work_off(workshop)

    assert set(workshop.deeds()) == set(workshop.states())


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_second_signal_ends_at_once_and_still_loses_nothing(tmp_path: Path, kind: str) -> None:
    workshop, heard = Workshop(url(kind, tmp_path), tmp_path), Heard()
    accepted: set[str] = set()
    with busy(workshop, heard, accepted) as server:
        server.process.send_signal(signal.SIGTERM)
        until(lambda: any("server.draining" in line for line in server.logged))
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(1 + LIMIT_SECONDS / 2) == 0
    shorten(workshop)
    work_off(workshop)

    assert set(workshop.deeds()) == set(workshop.states())
    assert accepted <= set(workshop.states())
