"""What may be wrong with an installation, looked at piece by piece."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, text

import erp_migrations
from erp_app.checkups import Check, bad, good, letters, mail_server
from erp_app.database import database, require_file
from erp_app.errors import ProgramError, SettingsError
from erp_app.secret import secret_file
from erp_app.settings import Settings
from erp_sql.engine import READ_ONLY

_FREE_BYTES_MIN: Final = 512 * 1024 * 1024
_CLOCK_SECONDS_MAX: Final = 5.0
_RELEASED: Final = datetime(2026, 11, 1, tzinfo=UTC)  # no clock that is right is behind this
_OLDEST: Final = {
    "sqlite": (3, 35),
    "postgresql": (12,),
    "mysql": (8, 0),
    "mariadb": (10, 5),
}


def examine(environment: Mapping[str, str]) -> tuple[Check, ...]:
    """Look at everything that can be looked at, whatever is wrong with the rest."""
    try:
        settings = Settings.read(environment)
    except SettingsError as error:
        return (bad("settings", str(error), "correct it; docs/configuration.md lists them all"),)
    return (
        good("settings", "all are known and well formed"),
        _key(settings),
        *_database(settings),
        *_folders(settings),
        letters(settings),
        mail_server(settings),
    )


def _key(settings: Settings) -> Check:
    if settings.secret_key:
        return good("key", "given")
    if settings.sqlite_file is None:
        return bad(
            "key",
            "not given, and a database server needs one",
            "set ERP_SECRET_KEY or ERP_SECRET_KEY_FILE: at least 32 bytes, the same everywhere",
        )
    kept = secret_file(settings.sqlite_file)
    if not kept.exists():
        return good("key", f"not made yet; the first start makes {kept}")
    others = kept.stat().st_mode & 0o077
    if others:
        return bad("key", f"{kept} is open to others", f"run: chmod 600 {kept}")
    return good("key", f"kept in {kept}")


def _database(settings: Settings) -> Iterator[Check]:
    try:
        require_file(settings)
        with database(settings) as engine:
            with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
                yield _version(connection)
                yield _clock(connection)
            yield _migrations(engine)
    except ProgramError as error:
        yield bad(
            "database",
            str(error),
            "see that it runs, that ERP_DATABASE_URL names it, and that the account may use it",
        )


def _version(connection: Connection) -> Check:
    dialect = connection.dialect
    is_mariadb = bool(getattr(dialect, "is_mariadb", False))
    name = "mariadb" if is_mariadb else dialect.name
    version = dialect.server_version_info or ()
    # MariaDB calls itself 5.5.5-10.x to old clients, which the dialect undoes.
    shown = f"{name} {'.'.join(str(part) for part in version)}"
    if tuple(version[:2]) < _OLDEST[name]:
        oldest = ".".join(str(part) for part in _OLDEST[name])
        return bad("database", shown, f"at least {name} {oldest} is needed: upgrade it")
    return good("database", f"{shown} answers")


def _clock(connection: Connection) -> Check:
    ours = datetime.now(UTC)
    if ours < _RELEASED:
        return bad("clock", f"it says {ours:%Y-%m-%d %H:%M} UTC", "set the clock; run NTP")
    if connection.dialect.name == "sqlite":
        return good("clock", f"{ours:%Y-%m-%d %H:%M:%S} UTC")
    theirs = connection.execute(text("SELECT current_timestamp")).scalar_one()
    if theirs.tzinfo is None:  # MySQL; the session's zone is UTC
        theirs = theirs.replace(tzinfo=UTC)
    apart = abs((theirs - ours).total_seconds())
    if apart > _CLOCK_SECONDS_MAX:
        return bad("clock", f"{apart:.0f} s from the database's", "run NTP on both machines")
    return good("clock", f"{ours:%Y-%m-%d %H:%M:%S} UTC, as the database's")


def _migrations(engine: Engine) -> Check:
    found = erp_migrations.status(engine)
    if found.pending:
        return bad("schema", f"{len(found.pending)} migrations pending", "run: erp migrate up")
    return good("schema", f"at {found.head}, the newest")


def _folders(settings: Settings) -> Iterator[Check]:
    folders = {"storage": _existing(Path(settings.storage_dir).absolute())}
    if settings.sqlite_file is not None:
        folders["data"] = settings.sqlite_file.absolute().parent
    for name, folder in folders.items():
        yield _folder(name, folder)


def _existing(folder: Path) -> Path:
    """Return what is there under its name, or the nearest folder above it to make it in."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def _folder(name: str, folder: Path) -> Check:
    try:
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        return bad(name, f"{folder}: {error.strerror}", "make it, and give it to this account")
    shown = f"{folder} is writable, {free // 1024**2} MiB free"
    if free < _FREE_BYTES_MIN:
        return bad(name, shown, f"make room: {_FREE_BYTES_MIN // 1024**2} MiB at least")
    return good(name, shown)
