"""The database as the programs open it, and what is said when that fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, DBAPIError

import erp_migrations
from erp_app.errors import DatabaseError, MigrationNeededError
from erp_app.settings import Settings
from erp_core.kernel.errors import ContentionError, UnavailableError
from erp_sql.engine import make_engine

_PLACE_CODES: Final = {8, 14}  # SQLite's READONLY and CANTOPEN


@contextmanager
def database(settings: Settings) -> Iterator[Engine]:
    """Open the database for as long as the block runs, and close every connection after.

    Raises:
        DatabaseError: it is out of reach, refuses us, or is of another version.
    """
    with in_one_line(settings):
        if settings.sqlite_file is not None:
            _for_its_owner_alone(settings.sqlite_file)
        engine = make_engine(settings.database_url, **pool(settings))
        try:
            yield engine
        finally:
            engine.dispose()


def pool(settings: Settings) -> dict[str, Any]:
    """Return what ``make_engine`` is told."""
    return {
        "lock_wait_seconds": settings.db_lock_wait_s,
        "max_open": settings.db_max_open,
        "max_idle": settings.db_max_idle,
        "lifetime_seconds": settings.db_conn_max_lifetime_s,
        "slow_seconds": settings.db_slow_ms / 1000,
    }


@contextmanager
def in_one_line(settings: Settings) -> Iterator[None]:
    """Turn what databases say into one line for an operator.

    Raises:
        DatabaseError: whatever was wrong with the database.
    """
    place = settings.shown_database_url
    try:
        yield
    except DBAPIError as error:
        raise DatabaseError(f"{place}: {_reason(error)}{_hint(settings, error)}") from error
    except ArgumentError as error:
        raise DatabaseError(f"{place}: {error}") from error
    except (UnavailableError, ContentionError) as error:
        cause = error.__cause__
        reason = _reason(cause) if isinstance(cause, DBAPIError) else str(error)
        raise DatabaseError(f"{place}: {reason}") from error
    except (
        erp_migrations.MigrationLockedError,
        erp_migrations.UnknownRevisionError,
        erp_migrations.BrokenReferencesError,
    ) as error:
        raise DatabaseError(f"{place}: {error}") from error


def bring_up_to_date(settings: Settings, engine: Engine) -> tuple[str, ...]:
    """Migrate what may be migrated without being asked; return what was applied.

    That is the embedded database, and an empty one of a server. A server's database that others
    may be working with is left to its operator.

    Raises:
        MigrationNeededError: that operator is to be asked.
    """
    before = erp_migrations.status(engine)
    if not before.pending:
        return ()
    if settings.sqlite_file is None and before.current is not None:
        raise MigrationNeededError(
            f"the database is at revision {before.current} and this program needs {before.head}:"
            " make a backup, then run `erp migrate up`"
        )
    erp_migrations.upgrade(engine)
    return before.pending


def _for_its_owner_alone(file: Path) -> None:
    """Make the file, empty, before SQLite makes one that everybody may read."""
    with suppress(OSError):  # it is there; or it cannot be, which SQLite is about to find out
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _reason(error: DBAPIError) -> str:
    cause = error.orig
    words = cause.args[-1] if cause is not None and cause.args else error
    return " ".join(str(words).split())


def _hint(settings: Settings, error: DBAPIError) -> str:
    """Say what is wrong with the place of an SQLite file, which SQLite itself does not."""
    file = settings.sqlite_file
    if file is None or getattr(error.orig, "sqlite_errorcode", 0) & 0xFF not in _PLACE_CODES:
        return ""
    folder = file.absolute().parent
    if not folder.is_dir():
        return f": there is no folder {folder}"
    return f": give this account the folder {folder} and the file in it, to read and to write"


def require_file(settings: Settings) -> None:
    """Raise DatabaseError where an SQLite file would have to be made first: a look makes none."""
    file = settings.sqlite_file
    if file is not None and not file.exists():
        raise DatabaseError(
            f"{settings.shown_database_url}: there is no such file yet; `erp init` makes it"
        )
