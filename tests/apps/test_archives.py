"""What is refused of an archive, before anything is touched, and what a failed backup leaves."""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from erp_app.backup.dumps import MysqlDumps, PostgresqlDumps
from erp_app.errors import DatabaseError, ProgramError
from tests.apps.programs import environment
from tests.apps.seeded import Place, place

PASSWORD = 'ti"ger \\ ß'


@pytest.fixture
def source(tmp_path: Path) -> Place:
    """A company of one file, with a file that it keeps."""
    made = place("sqlite", tmp_path, "source")
    made.told("init")
    with made.house() as (house, ctx):
        digest = house.erp.documents.verify_files.files.put(ctx, b"a paper")
        kept = made.folder / "files" / str(ctx.company_id) / digest[:2] / digest
    assert kept.read_bytes() == b"a paper"
    return made


@pytest.fixture
def archive(source: Place, tmp_path: Path) -> Path:
    return Path(source.told("backup", str(tmp_path))["archive"])


@pytest.fixture
def elsewhere(tmp_path: Path) -> Place:
    return place("sqlite", tmp_path, "elsewhere")


def untouched(where: Place) -> bool:
    return not list(where.folder.iterdir())


def rewritten(archive: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Return an archive of the same members, but for what *change* does to them."""
    with zipfile.ZipFile(archive) as zipped:
        members = {each: zipped.read(each) for each in zipped.namelist()}
    change(members)
    target = archive.with_name("rewritten.zip")
    with zipfile.ZipFile(target, "w") as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return target


def saying(**changes: Any) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        whole = json.loads(members["manifest.json"]) | changes
        members["manifest.json"] = json.dumps(whole).encode()

    return change


def a_file(members: dict[str, bytes]) -> str:
    return next(each for each in members if each.startswith("files/"))


def damage_database(members: dict[str, bytes]) -> None:
    members["database"] = members["database"][:-1] + b"?"


def damage_file(members: dict[str, bytes]) -> None:
    members[a_file(members)] = b"another paper"


def lose_file(members: dict[str, bytes]) -> None:
    del members[a_file(members)]


def lose_manifest(members: dict[str, bytes]) -> None:
    del members["manifest.json"]


def climb(members: dict[str, bytes]) -> None:
    members["files/../../outside"] = b"?"


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (damage_database, 1, "damaged (the database)"),
        (damage_file, 1, "damaged (the file"),
        (lose_file, 1, "damaged (0 files of 1"),
        (lose_manifest, 1, "no archive of erp"),
        (climb, 1, "which no backup writes"),
        (saying(revision="9999"), 5, "newer than this program"),
        (saying(engine="postgresql"), 1, "restore it into postgresql"),
        (saying(erp_backup=2), 1, "format 2"),
        (saying(companies=None, colour="red"), 1, "manifest is damaged"),
    ],
)
def test_what_is_not_whole_or_not_ours_is_refused_before_anything_is_touched(
    archive: Path,
    elsewhere: Place,
    change: Callable[[dict[str, bytes]], None],
    code: int,
    said: str,
) -> None:
    refused = elsewhere.erp("restore", str(rewritten(archive, change)))
    assert (refused.returncode, said in refused.stderr) == (code, True), refused.stderr
    assert untouched(elsewhere)


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_an_archive_that_was_cut_off_is_refused(
    archive: Path, elsewhere: Place, share: float
) -> None:
    content = archive.read_bytes()
    cut = archive.with_name("cut.zip")
    cut.write_bytes(content[: int(len(content) * share)])
    refused = elsewhere.erp("restore", str(cut))
    assert (refused.returncode, "is damaged" in refused.stderr) == (1, True)
    assert untouched(elsewhere)


def test_an_archive_is_read_to_its_end_without_touching_anything(
    archive: Path, elsewhere: Place
) -> None:
    found = elsewhere.told("restore", str(archive), "--check")
    assert (found["engine"], found["companies"], found["files"]) == ("sqlite", 1, 1)
    assert untouched(elsewhere)


def test_nothing_is_overwritten(source: Place, archive: Path) -> None:
    before = archive.read_bytes()
    refused = source.erp("backup", str(archive))
    assert (refused.returncode, "exists already" in refused.stderr) == (1, True)
    assert archive.read_bytes() == before


def test_a_damaged_file_is_named_and_left_out(
    source: Place, elsewhere: Place, tmp_path: Path
) -> None:
    (kept,) = [each for each in (source.folder / "files").rglob("*") if each.is_file()]
    kept.write_bytes(b"another paper")
    saved = source.erp("backup", str(tmp_path / "partial.zip"), "--json")
    assert saved.returncode == 1
    assert json.loads(saved.stdout)["damaged_files"] == [
        kept.relative_to(source.folder / "files").as_posix()
    ]
    assert elsewhere.told("restore", str(tmp_path / "partial.zip"))["files"] == 0


def test_an_older_schema_is_migrated(tmp_path: Path, elsewhere: Place) -> None:
    old = place("sqlite", tmp_path, "old")
    assert old.erp("migrate", "up", "0020").returncode == 0
    saved = old.told("backup", str(tmp_path / "old.zip"))
    restored = elsewhere.told("restore", str(tmp_path / "old.zip"))
    assert (saved["revision"], restored["migrations"][0]) == ("0020", "0021")
    assert elsewhere.told("migrate", "status")["pending"] == []


def test_an_empty_database_is_nothing_to_save(tmp_path: Path) -> None:
    empty = place("sqlite", tmp_path, "empty")
    sqlite3.connect(empty.folder / "empty.db").close()
    refused = empty.erp("backup", str(tmp_path / "empty.zip"))
    assert (refused.returncode, "nothing to back up" in refused.stderr) == (5, True)
    assert not (tmp_path / "empty.zip").exists()


def test_a_database_that_is_damaged_is_not_saved(source: Place, tmp_path: Path) -> None:
    with closing(sqlite3.connect(source.folder / "source.db")) as database, database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute(
            "UPDATE sqlite_schema SET rootpage = 2 WHERE type = 'index'"
            " AND name LIKE 'ix_parties%' AND rootpage > 2"
        )
    refused = source.erp("backup", str(tmp_path / "damaged.zip"))
    assert refused.returncode == 4, refused.stderr
    assert not list(tmp_path.glob("*damaged.zip*"))


def test_a_disk_that_is_full_leaves_no_archive(source: Place, tmp_path: Path) -> None:
    target = tmp_path / "backups"
    target.mkdir()
    # A file may grow to so much, less than the database, and then the writing fails. Compiled
    # modules are files too, and Python would keep half of one.
    most = 16 * 1024
    ran = subprocess.run(
        [sys.executable, "-m", "erp_app", "backup", str(target / "full.zip")],
        cwd=source.folder,
        env=environment(**source.given, PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )
    assert ran.returncode in (1, 4), ran.stderr
    assert ran.stderr.startswith("erp: ")
    assert "Traceback" not in ran.stderr
    assert list(target.iterdir()) == []
    assert not list(source.folder.glob(".erp-backup-*"))


def test_a_program_that_is_not_installed_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ProgramError, match=r"pg_dump is not installed here.*postgresql-client"):
        PostgresqlDumps({"host": "db", "dbname": "erp"}).take()
    with pytest.raises(ProgramError, match=r"mariadb-dump or mysqldump.*mariadb-client"):
        list(MysqlDumps({"database": "erp"}, mariadb_first=True).take())


def stand_in(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_no_command_line_bears_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, "pg_dump", 'echo "$@"; echo "$PGPASSWORD"; echo "$ERP_SECRET_KEY"')
    stand_in(tmp_path, "mysqldump", 'echo "$@"; cat "${1#--defaults-extra-file=}"')
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("ERP_SECRET_KEY", "k" * 32)
    asked = {"host": "db", "user": "erp", "password": PASSWORD}

    said = b"".join(PostgresqlDumps({**asked, "dbname": "erp"}).take()).decode()
    line, password, key = said.splitlines()
    assert ("--dbname=" in line, PASSWORD in line, password, key) == (True, False, PASSWORD, "")

    said = b"".join(MysqlDumps({**asked, "database": "erp"}, mariadb_first=False).take()).decode()
    line, *options = said.splitlines()
    assert ("--single-transaction" in line, PASSWORD in line) == (True, False)
    assert options == ["[client]", 'host="db"', 'user="erp"', 'password="ti"ger \\\\ ß"']


def test_what_a_program_complains_of_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, "pg_dump", "echo half; echo 'pg_dump: error: server version' >&2; exit 1")
    stand_in(tmp_path, "psql", "echo 'psql: ERROR:  out of room' >&2; exit 3")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    dumps = PostgresqlDumps({"host": "db", "dbname": "erp"})
    with pytest.raises(DatabaseError, match=r"pg_dump failed with 1: .*server version"):
        list(dumps.take())
    with pytest.raises(DatabaseError, match=r"psql failed with 3: .*out of room"):
        dumps.bring_back([b"SELECT 1;\n"] * 100_000, [])
