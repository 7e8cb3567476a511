"""The least program that does the same SQL: raw WSGI, raw driver, the same server software.

It plays back what the ERP was recorded saying to the database, with the ids that are asked for.
Nothing is checked, mapped, validated, logged, counted or authorised. Asked for, its statements
are *kept* ready by PostgreSQL as the ERP's are; the driver, left alone, says each in full.
"""

import json
import os
import pickle
import signal
import socket
import sqlite3
import sys
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extras
import pymysql
from sqlalchemy import URL, make_url
from waitress.server import create_server

from tests.benchmarks.playback import Playback, Step, Turn, Words, key, numbered
from tests.benchmarks.recording import Recording


class Floor:
    """Two connections a thread, one that commits by itself; and the recordings by name."""

    def __init__(self, url: URL, recordings: dict[str, Recording], *, kept: bool = False) -> None:
        self.kind = url.get_backend_name()
        self.kept = kept and self.kind == "postgresql"
        self.url = url
        self.playbacks = {name: Playback(each, self.kind) for name, each in recordings.items()}
        self.local = threading.local()
        self.writing = threading.Lock()  # the ERP has it as well, where there is one writer

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        name = environ["PATH_INFO"].rsplit("/", 1)[1]
        ids = json.loads(environ["wsgi.input"].read() or b"[]")
        rows = self.play(self.playbacks[name], ids)
        body = json.dumps(rows, default=str).encode()
        length = ("Content-Length", str(len(body)))
        start_response("200 OK", [("Content-Type", "application/json"), length])
        return [body]

    def play(self, played: Playback, ids: list[str]) -> list[Any]:
        words = played.words(ids)
        rows: list[Any] = []
        for turn in played.turns:
            one_by_one = self.kind == "sqlite" and turn.ends == "commit"
            with self.writing if one_by_one else nullcontext():
                rows = self.tried(turn, words)
        return rows

    def tried(self, turn: Turn, words: Words) -> list[Any]:
        connection = self.connection(alone=not turn.ends)
        for _ in range(10):
            try:
                return self.steps(connection, turn, words)
            except (psycopg2.OperationalError, pymysql.OperationalError):
                connection.rollback()  # chosen to end a deadlock
        raise AssertionError("in vain")

    def steps(self, connection: Any, turn: Turn, words: Words) -> list[Any]:
        locked: dict[str, Any] = {}
        rows: list[Any] = []
        cursor = connection.cursor()
        if self.kind == "sqlite" and turn.ends:
            cursor.execute("BEGIN IMMEDIATE" if turn.ends == "commit" else "BEGIN")
        for step in turn.steps:
            self.say(cursor, step, step.said(words, locked))
            if step.reads:
                rows = list(cursor.fetchall())
            if step.locks:
                locked = {key(row[1], row[2]): row for row in rows}
            if step.counts:
                counted = cursor.lastrowid if self.kind == "mysql" else cursor.fetchone()[0]
                words[step.counts] = numbered(step.counts, counted)
        if turn.ends == "commit":
            connection.commit()
        elif turn.ends:
            connection.rollback()
        cursor.close()
        return rows

    def say(self, cursor: Any, step: Step, parameters: Any) -> None:
        if self.kept and step.ready is not None and not step.many:
            known = vars(self.local).setdefault("known", {}).setdefault(cursor.connection, {})
            step.ready.execute(cursor, known, step.statement, parameters)
        elif not step.many:
            cursor.execute(step.statement, parameters)
        elif self.kind == "postgresql":
            psycopg2.extras.execute_batch(cursor, step.statement, parameters)
        else:
            cursor.executemany(step.statement, parameters)

    def close(self) -> None:
        """Give back the connections of this thread."""
        for name in ("alone", "together"):
            if hasattr(self.local, name):
                getattr(self.local, name).close()

    def connection(self, *, alone: bool) -> Any:
        name = "alone" if alone else "together"
        if not hasattr(self.local, name):
            setattr(self.local, name, self.connect(alone=alone))
        return getattr(self.local, name)

    def connect(self, *, alone: bool) -> Any:
        url = self.url
        if self.kind == "sqlite":
            made = sqlite3.connect(str(url.database), isolation_level=None)
            for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL"):
                made.execute(f"PRAGMA {pragma}")
            return made
        if self.kind == "postgresql":
            made = psycopg2.connect(
                host=url.host,
                port=url.port,
                user=url.username,
                password=url.password,
                dbname=url.database,
            )
            made.set_session(isolation_level="READ COMMITTED", autocommit=alone)
            return made
        made = pymysql.connect(
            host=url.host or "",
            port=url.port or 3306,
            user=url.username,
            password=url.password or "",
            database=url.database,
            charset="utf8mb4",
            ssl_disabled=True,
            autocommit=alone,
        )
        with made.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
        return made


def main(url: str, file: str, threads: str, processes: str, kept: str) -> None:
    psycopg2.extras.register_uuid()
    recordings = pickle.loads(Path(file).read_bytes())
    listener = socket.create_server(("127.0.0.1", 0))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    floor = Floor(make_url(url), recordings, kept=kept == "kept")
    children = [_serving(floor, listener, threads) for _ in range(int(processes))]
    sys.stderr.write(f"listening on http://127.0.0.1:{listener.getsockname()[1]}\n")
    sys.stderr.flush()
    try:
        os.waitpid(children[0], 0)
    finally:
        for each in children:
            os.kill(each, signal.SIGTERM)


def _serving(floor: Floor, listener: socket.socket, threads: str) -> int:
    """Serve in a child, as the ERP does; return its number."""
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    server = create_server(
        floor,
        sockets=[listener],
        threads=int(threads),
        asyncore_use_poll=True,
        backlog=1024,
        channel_request_lookahead=1,
    )
    server.run()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
