"""The composition root: which adapter serves which port is decided here, by hand, once."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, QueuePool

from erp_app.database import database
from erp_app.mailing import Mailing
from erp_app.readiness import Draining, readiness
from erp_app.secret import secret_key
from erp_app.serving import Served
from erp_app.settings import SECRET_KEY_BYTES, Settings
from erp_app.trade import Trade, trade, with_mails
from erp_app.working import working
from erp_core.erp import Erp, assemble
from erp_core.kernel.ports import Clock, Observer
from erp_http.app import all_routes, create_app
from erp_http.disconnect import DisconnectWatcher
from erp_http.tokens import BearerAuthentication, Tokens
from erp_pdf import PdfPool
from erp_sql.unit_of_work import SqlStore
from erp_system.clock import SystemClock
from erp_system.files import DirectoryFiles
from erp_system.passwords import Argon2Hasher
from erp_system.tax_ids import StdnumTaxIds
from erp_telemetry import Metrics, TelemetryObserver, configure
from erp_workers import Counting

# One tells of every migration context that it opens, the other of every request that waits.
_TALKATIVE: Final = ("alembic", "waitress.queue")


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The core, with the adapters it stands on."""

    engine: Engine
    store: SqlStore
    erp: Erp
    observer: Observer


@contextmanager
def core(
    settings: Settings, metrics: Metrics | None = None, clock: Clock | None = None
) -> Iterator[House]:
    """Open the database and wire the core to it, for as long as the block runs.

    The *clock* is the machine's, unless it is to be another time.

    Raises:
        DatabaseError: it is out of reach, refuses us, or is of another version.
    """
    counted = metrics or Metrics()
    with database(settings) as engine, pdf_pool(settings, counted) as pool:
        store = SqlStore(engine, lock_wait_seconds=settings.db_lock_wait_s)
        observer = TelemetryObserver(counted)
        erp = assemble(
            unit_of_work=store,
            clock=clock or SystemClock(),
            observer=observer,
            hasher=Argon2Hasher(),
            tax_ids=StdnumTaxIds(),
            renderer=pool,
            files=DirectoryFiles(Path(settings.storage_dir)),
        )
        _watch(counted, engine)
        yield House(engine=engine, store=store, erp=erp, observer=observer)


@contextmanager
def served(settings: Settings, trades: Callable[[Erp], Trade] = trade) -> Iterator[Served]:
    """Open all that serving needs, in order, and close it in the opposite one.

    Raises:
        DatabaseError: the database is out of reach, refuses us, or is of another version.
        SettingsError: there is no key to sign tokens with.
    """
    tokens = Tokens(secret_key(settings))
    draining = Draining()
    metrics = Metrics()
    mailing = Mailing.of(settings, SystemClock(), metrics)
    with (
        core(settings, metrics) as house,
        readiness(settings, draining) as checks,
        DisconnectWatcher() as watcher,
        working(
            settings, house.store, with_mails(trades(house.erp), mailing, house.erp), metrics
        ) as workers,
    ):
        metrics.watch_jobs(Counting(house.store, SystemClock()).found)

        def begin_draining() -> None:
            draining.begin()
            workers.drain()

        app = create_app(
            house.erp,
            BearerAuthentication(tokens, house.erp.identity.authenticate_api_key),
            tokens,
            readiness={**checks, "mail": mailing.check},
            metrics=metrics,
            request_seconds=settings.request_timeout_s,
            papers_at_once=max(1, settings.threads // 2),
        )
        yield Served(
            app=watcher.wrap(app),
            draining=begin_draining,
            give_up=lambda: watcher.cancel_all("the server is stopping"),
        )


def description() -> dict[str, Any]:
    """Return the OpenAPI document; it depends on no database and no setting."""
    # No server needs them until somebody asks for the document, and then only a part.
    from erp_http.openapi import document  # noqa: PLC0415
    from erp_memory.documents import MemoryFiles, PlainPaper  # noqa: PLC0415
    from erp_memory.store import MemoryStore  # noqa: PLC0415

    erp = assemble(
        unit_of_work=MemoryStore(),
        clock=SystemClock(),
        observer=TelemetryObserver(Metrics()),
        hasher=Argon2Hasher(),
        tax_ids=StdnumTaxIds(),
        renderer=PlainPaper(),
        files=MemoryFiles(),
    )
    return document(all_routes(erp, Tokens("0" * SECRET_KEY_BYTES)))


def start_logs(settings: Settings) -> None:
    """Let everything that is logged go to standard output, one line of JSON each."""
    configure(settings.log_level, sys.stdout)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)


def pdf_pool(settings: Settings, metrics: Metrics) -> PdfPool:
    """Return the processes that set documents; they are started when the first is asked for."""
    pool = PdfPool(
        processes=settings.pdf_processes,
        seconds=settings.task_timeout_s,
        measure=metrics.count_pdf,
    )
    metrics.watch("erp_pdf_processes_busy", "Processes that set a document.", lambda: pool.busy)
    return pool


def _watch(metrics: Metrics, engine: Engine) -> None:
    pool = engine.pool
    if isinstance(pool, QueuePool):
        metrics.watch("erp_db_pool_in_use", "Connections that serve somebody.", pool.checkedout)
        metrics.watch("erp_db_pool_idle", "Connections that are kept open.", pool.checkedin)
