"""From an archive to an installation."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect

import erp_migrations
from erp_app.backup.archive import ArchiveReader, Tell, opened
from erp_app.backup.dumps import dumps_of
from erp_app.backup.manifest import Manifest
from erp_app.backup.saving import engine_of
from erp_app.database import database
from erp_app.errors import MigrationNeededError, ProgramError
from erp_app.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came of it."""

    manifest: Manifest
    migrations: tuple[str, ...] = ()  # applied to what came out of the archive


def look(source: Path, tell: Tell) -> Manifest:
    """Read all of an archive, and compare it with what it promises; touch nothing.

    Raises:
        ProgramError: it cannot be read, is none of ours, or is damaged.
    """
    with opened(source) as archive:
        archive.check(tell)
        return archive.manifest


def restore(settings: Settings, source: Path, tell: Tell, *, replace: bool) -> Restored:
    """Make the installation what the archive says.

    Everything that can be known beforehand is asked before anything is touched. Files come first,
    since one too many harms nobody, and a database that speaks of a missing one does.

    Raises:
        ProgramError: the archive is damaged, of a later program or of another kind of database;
            the database has tables already, and they are not to be replaced; or it failed.
    """
    with opened(source) as archive:
        _require_known(archive.manifest)
        if settings.sqlite_file is not None:  # to ask it would be to make it
            _require_same_engine(archive.manifest, "sqlite")
        archive.check(tell)
        return _restore(settings, archive, tell, replace=replace)


def _restore(settings: Settings, archive: ArchiveReader, tell: Tell, *, replace: bool) -> Restored:
    with database(settings) as engine:
        with engine.connect() as connection:
            _require_same_engine(archive.manifest, engine_of(connection)[0])
        tables = inspect(engine).get_table_names()
        if tables and not replace:
            raise ProgramError(
                f"{settings.shown_database_url} is not empty: restore into an empty database, or"
                " say --replace to delete all that is in it"
            )
        _bring_files(archive, Path(settings.storage_dir), tell)
        tell("the database")
        engine.dispose()  # no connection of ours stands in the way of its tables
        dumps_of(engine).bring_back(archive.database(), tables)
        before = erp_migrations.status(engine)
        if before.pending:
            tell(f"migrating to {before.head}")
            erp_migrations.upgrade(engine)
        return Restored(manifest=archive.manifest, migrations=before.pending)


def _require_same_engine(manifest: Manifest, ours: str) -> None:
    if manifest.engine != ours:
        raise ProgramError(
            f"the archive is of {manifest.engine}, and the database here is {ours}: restore it"
            f" into {manifest.engine}"
        )


def _require_known(manifest: Manifest) -> None:
    if not erp_migrations.knows(manifest.revision):
        raise MigrationNeededError(
            f"the archive's schema {manifest.revision} is newer than this program"
            f" ({erp_migrations.head()}): install erp {manifest.program} or a later one"
        )


def _bring_files(archive: ArchiveReader, folder: Path, tell: Tell) -> None:
    for count, (place, content) in enumerate(archive.files(), start=1):
        _bring(folder / place, content)
        tell(f"files: {count:,} of {archive.manifest.files:,}")


def _bring(place: Path, content: bytes) -> None:
    with suppress(FileNotFoundError):
        if place.read_bytes() == content:
            return
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = place.with_name(f".new-{secrets.token_hex(8)}")
    try:
        descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(place)
    finally:
        aside.unlink(missing_ok=True)
