"""How each kind of database is copied out whole while others write, and copied in again."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import quote

from psycopg2.extensions import make_dsn
from sqlalchemy import Engine

from erp_app.backup import programs
from erp_app.backup.archive import pieces
from erp_app.errors import DatabaseError

_POSTGRESQL: Final = "PostgreSQL's client programs (Debian: postgresql-client)"
_MYSQL: Final = "MariaDB's or MySQL's client programs (Debian: mariadb-client)"


class Dumps(Protocol):
    """Takes a database's dump, and brings one back."""

    def take(self) -> Iterator[bytes]:
        """Yield the database as it was at one moment, whoever writes meanwhile.

        Raises:
            ProgramError: a program that is needed is not installed, or failed.
        """

    def bring_back(self, dump: Iterable[bytes], tables: Sequence[str]) -> None:
        """Make the database what *dump* says, in place of the *tables* that it has now.

        Raises:
            ProgramError: a program that is needed is not installed, or failed.
        """


def dumps_of(engine: Engine) -> Dumps:
    """Return what dumps this database; it has been connected to."""
    if engine.dialect.name == "sqlite":
        return SqliteDumps(Path(engine.url.database or "").absolute())
    _, asked = engine.dialect.create_connect_args(engine.url)
    if engine.dialect.name == "postgresql":
        return PostgresqlDumps(asked)
    is_mariadb = bool(getattr(engine.dialect, "is_mariadb", False))
    return MysqlDumps(asked, mariadb_first=is_mariadb)


class SqliteDumps:
    """SQLite's own online backup: one snapshot, which waits for no writer and stops none.

    Beside the database there must be room for a second one.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def take(self) -> Iterator[bytes]:
        with tempfile.TemporaryDirectory(prefix=".erp-backup-", dir=self._file.parent) as folder:
            copy = Path(folder) / "database"
            with _said(), _opened(self._file, "ro") as ours, _opened(copy, "rwc") as theirs:
                ours.backup(theirs)
                # One file, whatever the copy would be opened with.
                theirs.execute("PRAGMA journal_mode = DELETE")
                _require_sound(theirs)
            with copy.open("rb") as file:
                yield from pieces(file)

    def bring_back(self, dump: Iterable[bytes], tables: Sequence[str]) -> None:
        with tempfile.TemporaryDirectory(prefix=".erp-restore-", dir=self._file.parent) as aside:
            copy = Path(aside) / "database"
            with copy.open("wb") as file:
                for piece in dump:
                    file.write(piece)
            # Over the file, in one transaction, and not in its place: a program that has it open
            # would go on writing to one that nobody sees any more.
            with _said(), _opened(copy, "rw") as theirs, _opened(self._file, "rwc") as ours:
                _require_sound(theirs)
                theirs.backup(ours)
                ours.execute("PRAGMA journal_mode = WAL")


class PostgresqlDumps:
    """pg_dump's plain SQL, which psql reads in one transaction: all of it, or nothing."""

    def __init__(self, asked: Mapping[str, Any]) -> None:
        known = {key: value for key, value in asked.items() if key != "password"}
        self._place = make_dsn(**known)
        self._environment = {"PGCONNECT_TIMEOUT": "10"}
        if asked.get("password"):
            self._environment["PGPASSWORD"] = str(asked["password"])

    def take(self) -> Iterator[bytes]:
        dump = programs.find(("pg_dump",), _POSTGRESQL)
        said = ("--format=plain", "--no-owner", "--no-privileges", "--no-password")
        return programs.read((dump, *said, f"--dbname={self._place}"), self._environment)

    def bring_back(self, dump: Iterable[bytes], tables: Sequence[str]) -> None:
        psql = programs.find(("psql",), _POSTGRESQL)
        names = ", ".join('"' + each.replace('"', '""') + '"' for each in tables)
        first = [f"DROP TABLE {names} CASCADE;\n".encode()] if tables else []
        said = ("--no-psqlrc", "--quiet", "--single-transaction", "--no-password")
        stop = "--set=ON_ERROR_STOP=1"
        command = (psql, *said, stop, "--file=-", f"--dbname={self._place}")
        programs.feed(command, self._environment, chain(first, dump))


class MysqlDumps:
    """mariadb-dump's or mysqldump's SQL, taken in one transaction.

    MySQL commits at every CREATE TABLE: a restore that fails in the middle leaves a part.
    """

    def __init__(self, asked: Mapping[str, Any], *, mariadb_first: bool) -> None:
        self._asked = asked
        self._database = str(asked["database"])
        dumps, clients = ("mysqldump", "mariadb-dump"), ("mysql", "mariadb")
        self._dumps = dumps[::-1] if mariadb_first else dumps
        self._clients = clients[::-1] if mariadb_first else clients

    def take(self) -> Iterator[bytes]:
        dump = programs.find(self._dumps, _MYSQL)
        said = (
            "--single-transaction",
            "--quick",
            "--hex-blob",
            "--skip-lock-tables",
            "--no-tablespaces",
            "--skip-add-drop-table",
            "--skip-comments",
            "--default-character-set=utf8mb4",
            "--loose-set-gtid-purged=OFF",  # of MySQL alone: it would ask for more rights
        )
        with self._options() as options:
            command = (dump, f"--defaults-extra-file={options}", *said, self._database)
            yield from programs.read(command, {})

    def bring_back(self, dump: Iterable[bytes], tables: Sequence[str]) -> None:
        client = programs.find(self._clients, _MYSQL)
        names = ", ".join("`" + each.replace("`", "``") + "`" for each in tables)
        drop = f"SET FOREIGN_KEY_CHECKS = 0;\nDROP TABLE {names};\n".encode()
        with self._options() as options:
            said = ("--batch", "--binary-mode", "--default-character-set=utf8mb4")
            command = (client, f"--defaults-extra-file={options}", *said, self._database)
            programs.feed(command, {}, chain([drop] if tables else [], dump))

    @contextmanager
    def _options(self) -> Iterator[Path]:
        """Name a file that its owner alone may read: a command line is read by everybody."""
        said = {
            "host": self._asked.get("host"),
            "port": self._asked.get("port"),
            "user": self._asked.get("user"),
            "password": self._asked.get("password"),
            "socket": self._asked.get("unix_socket"),
            **{f"ssl-{key}": value for key, value in self._asked.get("ssl", {}).items()},
        }
        lines = ["[client]", *(f"{key}={_quoted(value)}" for key, value in said.items() if value)]
        with tempfile.TemporaryDirectory(prefix="erp-options-") as folder:  # mode 0700
            place = Path(folder) / "client.cnf"
            descriptor = os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
            yield place


def _quoted(value: object) -> str:
    # https://dev.mysql.com/doc/refman/8.0/en/option-files.html
    escaped = str(value).replace("\\", "\\\\").replace("\n", "\\n")
    return f'"{escaped}"'


@contextmanager
def _opened(file: Path, mode: str) -> Iterator[sqlite3.Connection]:
    place = f"file:{quote(str(file.absolute()))}?mode={mode}"
    with closing(sqlite3.connect(place, uri=True, isolation_level=None, timeout=30)) as found:
        yield found


def _require_sound(connection: sqlite3.Connection) -> None:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise DatabaseError(f"the database is damaged: {found}: take an older backup")


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise DatabaseError(
            f"SQLite: {error}: see that there is room, and nobody works"
        ) from error
