"""Which database servers this machine has for the tests, and the few things done as their owner.

Looked for in this order: the address a person gave, a server that listens on the usual port with
the usual local access, and a private server, started for this run and stopped after it.
"""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import URL, Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from tests import private_servers

VARIABLES: Final = {"postgresql": "ERP_TEST_POSTGRES_URL", "mysql": "ERP_TEST_MYSQL_URL"}
_DRIVERS: Final = {"postgresql": "postgresql+psycopg2", "mysql": "mysql+pymysql"}
_USUAL: Final = {
    "postgresql": "postgresql://postgres@127.0.0.1:5432/postgres",
    "mysql": f"mysql://root@127.0.0.1:3306/?{private_servers.PLAIN}",
}
_START: Final = {"postgresql": private_servers.postgresql, "mysql": private_servers.mysql}
_CONNECT_SECONDS: Final = 5
_NAME: Final = re.compile(r"erp_test_(?P<day>[0-9a-f]{4})[0-9a-f]{4}_")


class NoServerError(Exception):
    """This machine has no such server, and the reason is the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server on which the tests may make databases."""

    kind: str
    url: URL
    origin: str


def find(kind: str, stack: ExitStack) -> Server:
    """Return a server of *kind*; one that had to be started stops when *stack* is closed.

    Raises:
        NoServerError: There is none, or the address that was given does not answer. A given
            address is never replaced by another: a person who names a server means that one.
    """
    given = os.environ.get(VARIABLES[kind])
    if given:
        return _reach(kind, make_url(given), VARIABLES[kind])
    with suppress(NoServerError):
        usual = make_url(_USUAL[kind])
        return _reach(kind, usual, f"{usual.host}:{usual.port}")
    try:
        url, origin = _START[kind](stack)
    except private_servers.CannotStartError as error:
        variable = VARIABLES[kind]
        raise NoServerError(f"{variable} is not set, {_USUAL[kind]} is silent, {error}") from error
    return _reach(kind, make_url(url), origin)


def _reach(kind: str, url: URL, origin: str) -> Server:
    url = url.set(drivername=_DRIVERS[kind])
    try:
        with administering(url) as connection:
            connection.execute(text("SELECT 1"))
    except OperationalError as error:
        raise NoServerError(f"{origin} does not answer: {error.orig}") from error
    return Server(kind=kind, url=url, origin=origin)


@contextmanager
def administering(url: URL) -> Iterator[Connection]:
    """Open a connection outside of any transaction: databases are not made inside one."""
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
        connect_args={"connect_timeout": _CONNECT_SECONDS},
    )
    with engine.connect() as connection:
        yield connection


def create(url: URL, name: str) -> URL:
    """Make the empty database *name* anew, whatever was there, and return its address.

    On MySQL with the server's own character set: a schema that depends on the database's must
    fail here, and not at a customer's.
    """
    with administering(url) as connection:
        _drop(connection, name)
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return url.set(database=name)


def sweep(url: URL, run: str) -> None:
    """Drop the databases of *run*, and what crashed runs left behind more than a day ago."""
    today = _today()
    with administering(url) as connection:
        for name in databases(connection):
            match = _NAME.match(name)
            # Days are whole, so a difference of two is the first that is surely more than one.
            stale = match is not None and today - int(match["day"], 16) >= 2
            if stale or name.startswith(f"erp_test_{run}_"):
                _drop(connection, name)


def new_run() -> str:
    """Return eight digits that no other run has: four tell the day, for `sweep`; four are random.

    A second run with the same four on the same day would only fail, at its first database.
    """
    return f"{_today():04x}{os.urandom(2).hex()}"


def _today() -> int:
    return int(datetime.now(UTC).timestamp()) // 86_400  # days since 1970, 16 bits until 2149


def databases(connection: Connection) -> list[str]:
    """Return the names of all databases of the server."""
    mysql = connection.dialect.name == "mysql"
    listing = "SHOW DATABASES" if mysql else "SELECT datname FROM pg_database"
    return [str(name) for (name,) in connection.execute(text(listing)).all()]


def _drop(connection: Connection, name: str) -> None:
    # A test that died holding a transaction must not keep the next one from its database.
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        return
    using = text("SELECT id FROM information_schema.processlist WHERE db = :name")
    for (number,) in connection.execute(using, {"name": name}).all():
        with suppress(OperationalError):  # it has ended by itself meanwhile
            connection.exec_driver_sql(f"KILL {number:d}")
    connection.exec_driver_sql("SET lock_wait_timeout = 30")  # seconds; its default is a day
    connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
