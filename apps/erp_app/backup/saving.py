"""From an installation to an archive."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, text

import erp_migrations
from erp_app import __version__
from erp_app.backup.archive import DATABASE, ArchiveWriter, Tell, is_kept, written
from erp_app.backup.dumps import dumps_of
from erp_app.backup.manifest import Manifest
from erp_app.database import database, require_file
from erp_app.errors import MigrationNeededError, ProgramError
from erp_app.settings import Settings
from erp_sql.engine import READ_ONLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is true of the database that is copied."""

    engine: str
    server: str
    revision: str
    companies: int


def save(settings: Settings, target: Path, tell: Tell) -> tuple[Path, Manifest]:
    """Write an archive of the database and of every kept file; return where, and what is in it.

    The database comes first: whatever file it speaks of was there before it.

    Raises:
        ProgramError: it could not be written whole; nothing stands under its name.
    """
    require_file(settings)
    now = datetime.now(UTC)
    place = target / f"erp-{now:%Y%m%dT%H%M%SZ}.zip" if target.is_dir() else target
    if place.exists():
        raise ProgramError(f"{place} exists already: name another file")
    with database(settings) as engine, written(place) as archive:
        facts = facts_of(engine)
        dump = dumps_of(engine).take()
        packed = archive.add(DATABASE, _counted(dump, tell, "database"), packed=False)
        size = archive.bytes
        if facts_of(engine).revision != facts.revision:
            raise ProgramError("the schema was migrated meanwhile: take the backup again")
        files, files_bytes, damaged = _add_files(archive, Path(settings.storage_dir), tell)
        manifest = Manifest(
            program=__version__,
            engine=facts.engine,
            server=facts.server,
            revision=facts.revision,
            made_at=now.isoformat(timespec="seconds"),
            companies=facts.companies,
            database_bytes=size,
            database_sha256=packed,
            files=files,
            files_bytes=files_bytes,
            damaged_files=damaged,
        )
        archive.finish(manifest)
    return place, manifest


def facts_of(engine: Engine) -> Facts:
    """Return what is true of a database.

    Raises:
        MigrationNeededError: nothing has been made in it yet.
    """
    revision = erp_migrations.current(engine)
    if revision is None:
        raise MigrationNeededError("the database is empty: there is nothing to back up")
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        companies = connection.execute(text("SELECT count(*) FROM identity_company")).scalar_one()
        name, version = engine_of(connection)
    return Facts(engine=name, server=version, revision=revision, companies=companies)


def engine_of(connection: Connection) -> tuple[str, str]:
    """Return what kind of database it is, and its version."""
    dialect = connection.dialect
    name = "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name
    return name, ".".join(str(each) for each in dialect.server_version_info or ())


def _counted(dump: Iterator[bytes], tell: Tell, what: str) -> Iterator[bytes]:
    done = 0
    for piece in dump:
        yield piece
        done += len(piece)
        tell(f"{what}: {done:,} bytes")


def _add_files(
    archive: ArchiveWriter, folder: Path, tell: Tell
) -> tuple[int, int, tuple[str, ...]]:
    count, size, damaged = 0, 0, []
    for place in _kept(folder):
        if archive.add_file(place, folder / place):
            count, size = count + 1, size + archive.bytes
        else:
            damaged.append(place)
        tell(f"files: {count:,}")
    return count, size, tuple(damaged)


def _kept(folder: Path) -> Iterator[str]:
    """Yield the places of the kept files; what is being written has another name until it is."""
    for above, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            place = (Path(above) / name).relative_to(folder).as_posix()
            if is_kept(place):
                yield place
