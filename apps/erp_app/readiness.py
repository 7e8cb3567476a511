"""Whether this process may be sent requests, found out without ever hanging."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

import erp_migrations
from erp_app.settings import Settings
from erp_core.kernel.context import Context
from erp_core.kernel.errors import UnavailableError
from erp_http.probes import Check
from erp_sql.engine import READ_ONLY, make_engine

_SECONDS: Final = 1.0  # for an answer of the database
_CONNECTIONS: Final = 2


class Draining:
    """Whether the server has been told to stop."""

    def __init__(self) -> None:
        self._begun = threading.Event()

    def begin(self) -> None:
        """Take no more traffic."""
        self._begun.set()

    def check(self, ctx: Context) -> str:
        """Raise UnavailableError once it has begun."""
        if self._begun.is_set():
            raise UnavailableError("the server is stopping")
        return "serving"


class _Database:
    """Asks over connections of its own, in threads of its own.

    The pool may be exhausted by requests, and that is no reason to be taken out of service. A
    server that no longer answers holds a thread here, and not the one that was asked.
    """

    def __init__(self, engine: Engine, threads: ThreadPoolExecutor, head: str) -> None:
        self._engine = engine
        self._threads = threads
        self._head = head

    def answers(self, ctx: Context) -> str:
        """Raise UnavailableError unless the database answers in time."""
        return self._in_time(ctx, self._ask)

    def is_at_head(self, ctx: Context) -> str:
        """Raise UnavailableError unless the schema is the one this program knows."""
        found = self._in_time(ctx, lambda: erp_migrations.current(self._engine) or "nothing")
        if found != self._head:
            raise UnavailableError(f"the schema is at {found}, this program needs {self._head}")
        return f"at {found}"

    def _ask(self) -> str:
        with self._engine.connect().execution_options(**{READ_ONLY: True}) as connection:
            connection.execute(text("SELECT 1"))
        return "it answers"

    def _in_time(self, ctx: Context, ask: Callable[[], str]) -> str:
        answer = self._threads.submit(ask)
        try:
            return answer.result(ctx.remaining_seconds(_SECONDS))
        except TimeoutError as error:
            answer.cancel()  # else those who ask would queue up behind the one that hangs
            raise UnavailableError(f"no answer within {_SECONDS:.0f} s") from error
        except SQLAlchemyError as error:
            raise UnavailableError("the database is out of reach") from error


@contextmanager
def readiness(settings: Settings, draining: Draining) -> Iterator[Mapping[str, Check]]:
    """Open what the checks need, and return them by name."""
    engine = make_engine(
        settings.database_url,
        lock_wait_seconds=1,
        max_open=_CONNECTIONS,
        max_idle=1,
        lifetime_seconds=settings.db_conn_max_lifetime_s,
    )
    threads = ThreadPoolExecutor(_CONNECTIONS, thread_name_prefix="readiness")
    try:
        database = _Database(engine, threads, erp_migrations.head())
        yield {
            "draining": draining.check,
            "database": database.answers,
            "migrations": database.is_at_head,
        }
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        engine.dispose()
