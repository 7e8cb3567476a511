"""The least program that does the same SQL: raw WSGI, raw driver, the same server software.

It plays back what the ERP was recorded saying to the database, with the ids that are asked for.
Nothing is checked, mapped, validated, logged, counted or authorised.
"""

import json
import pickle
import socket
import sqlite3
import sys
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg2
import psycopg2.extras
import pymysql
from sqlalchemy import URL, make_url
from waitress.server import create_server

from tests.benchmarks.recording import Recording

PLACES = 10**6  # of a decimal that SQLite keeps as millionths


class Floor:
    """One connection a thread, and the recordings by name."""

    def __init__(self, url: URL, recordings: dict[str, Recording]) -> None:
        self.kind = url.get_backend_name()
        self.url = url
        self.recordings = recordings
        self.local = threading.local()
        self.writing = threading.Lock()  # the ERP has it as well, where there is one writer

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        name = environ["PATH_INFO"].rsplit("/", 1)[1]
        asked = json.loads(environ["wsgi.input"].read() or b"[]") or environ["QUERY_STRING"]
        ids = [asked] if isinstance(asked, str) and asked else list(asked)
        rows = self.play(self.recordings[name], ids)
        body = json.dumps(rows, default=str).encode()
        length = ("Content-Length", str(len(body)))
        start_response("200 OK", [("Content-Type", "application/json"), length])
        return [body]

    def play(self, recorded: Recording, ids: list[str]) -> list[Any]:
        connection = self.connection()
        if self.kind == "sqlite" and not recorded.reads:
            with self.writing:
                return self.steps(connection, recorded, ids)
        for _ in range(10):
            try:
                return self.steps(connection, recorded, ids)
            except (psycopg2.OperationalError, pymysql.OperationalError):
                connection.rollback()  # chosen to end a deadlock
        raise AssertionError("in vain")

    def steps(self, connection: Any, recorded: Recording, ids: list[str]) -> list[Any]:
        instead = dict(zip(recorded.samples, ids, strict=True))
        instead |= {each: uuid4().hex for each in recorded.fresh}
        locked: dict[str, Any] = {}
        rows: list[Any] = []
        cursor = connection.cursor()
        if self.kind == "sqlite":
            cursor.execute("BEGIN" if recorded.reads else "BEGIN IMMEDIATE")
        for statement, given, many in recorded.steps:
            some = [self.filled(each, instead) for each in (given if many else [given])]
            if statement.startswith("UPDATE inventory_stock_item"):
                some = [self.counted(each, locked) for each in some]
            if not many:
                cursor.execute(statement, some[0])
            elif self.kind == "postgresql":
                psycopg2.extras.execute_batch(cursor, statement, some)
            else:
                cursor.executemany(statement, some)
            if statement.startswith("SELECT"):
                rows = list(cursor.fetchall())
                if "inventory_stock_item.on_hand" in statement:
                    locked = {_hex(row[1]) + _hex(row[2]): row for row in rows}
        if recorded.reads:
            connection.rollback()
        else:
            connection.commit()
        cursor.close()
        return rows

    def filled(self, given: Any, instead: dict[str, str]) -> Any:
        if isinstance(given, dict):
            return {name: _swapped(value, instead) for name, value in given.items()}
        return tuple(_swapped(value, instead) for value in given)

    def counted(self, given: Any, locked: dict[str, Any]) -> Any:
        """Write one less than there is, at the version that is there."""
        if isinstance(given, dict):
            row = locked[_hex(given["_product"]) + _hex(given["_warehouse"])]
            return given | {"version": row[4] + 1, "_version": row[4], "on_hand": row[5] - 1}
        row = locked[_hex(given[5]) + _hex(given[6])]
        one = PLACES if self.kind == "sqlite" else Decimal(1)
        return (row[4] + 1, row[5] - one, *given[2:-1], row[4])

    def connection(self) -> Any:
        if not hasattr(self.local, "connection"):
            self.local.connection = self.connect()
        return self.local.connection

    def connect(self) -> Any:
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
            made.set_session(isolation_level="READ COMMITTED")
            return made
        made = pymysql.connect(
            host=url.host or "",
            port=url.port or 3306,
            user=url.username,
            password=url.password or "",
            database=url.database,
            charset="utf8mb4",
            ssl_disabled=True,
        )
        with made.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
        return made


def _hex(value: Any) -> str:
    return str(value).replace("-", "")


def _swapped(value: Any, instead: dict[str, str]) -> Any:
    if isinstance(value, UUID):
        return UUID(hex=instead.get(value.hex, value.hex))
    if isinstance(value, str) and len(value) in (32, 36):
        found = instead.get(value.replace("-", ""))
        return value if found is None else found
    return value


def main(url: str, file: str, threads: str) -> None:
    psycopg2.extras.register_uuid()
    recordings = pickle.loads(Path(file).read_bytes())
    listener = socket.create_server(("127.0.0.1", 0))
    floor = Floor(make_url(url), recordings)
    server = create_server(
        floor,
        sockets=[listener],
        threads=int(threads),
        asyncore_use_poll=True,
        backlog=1024,
        channel_request_lookahead=1,
    )
    sys.stderr.write(f"listening on http://127.0.0.1:{listener.getsockname()[1]}\n")
    sys.stderr.flush()
    server.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
