"""The schema's history: applied by one program at a time, there and back, and on paper."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

import erp_migrations
from erp_migrations import (
    MigrationLockedError,
    UnknownRevisionError,
    downgrade,
    head,
    locking,
    runs,
    status,
    upgrade,
)
from erp_sql.engine import make_engine
from tests.apps.programs import environment, scripted
from tests.databases import KINDS, url

every_kind = pytest.mark.parametrize("kind", KINDS)

UPGRADE = """
import sys
from erp_migrations import upgrade
from erp_sql.engine import make_engine
engine = make_engine(sys.argv[1])
upgrade(engine)
engine.dispose()
"""

LOOK = """
import sys
from erp_migrations import status
from erp_sql.engine import make_engine
engine = make_engine(sys.argv[1])
print(status(engine).pending, "alembic" in sys.modules)
engine.dispose()
"""


@pytest.fixture
def engine(kind: str, tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(url(kind, tmp_path))
    yield made
    made.dispose()


def test_the_newest_file_is_the_end_of_alembics_chain() -> None:
    folder = str(files("erp_migrations"))
    assert ScriptDirectory(folder).get_current_head() == head()


def test_what_lies_before_the_first_revision_is_known_without_alembic(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/erp.db")
    assert status(engine).pending == runs.pending(None, head())
    engine.dispose()


def test_a_new_file_is_made_as_the_migrations_leave_it(tmp_path: Path) -> None:
    made = []
    for name in ("at_once", "one_by_one"):
        engine = make_engine(f"sqlite:///{tmp_path}/{name}.db")
        if name == "at_once":
            upgrade(engine)
        else:
            runs.upgrade(engine, "head", wait_seconds=10)
        with engine.connect() as connection:
            found = connection.exec_driver_sql(
                "SELECT type, name, tbl_name, sql FROM sqlite_master"
            )
            made.append(sorted((tuple(each) for each in found), key=str))
        assert status(engine).pending == ()
        downgrade(engine, "base")
        assert status(engine).current is None
        engine.dispose()
    assert made[0] == made[1]


def test_who_makes_a_new_file_never_loads_alembic(tmp_path: Path) -> None:
    script = f"{UPGRADE}print('alembic' in sys.modules)"
    address = f"sqlite:///{tmp_path}/erp.db"
    assert scripted(script, address, folder=tmp_path) == "False"


def test_a_file_that_holds_something_goes_the_long_way(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/erp.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (id INTEGER)"))
    upgrade(engine)
    assert {"recipes", "catalog_product"} <= set(inspect(engine).get_table_names())
    upgrade(engine)
    assert status(engine).pending == ()
    engine.dispose()


@every_kind
def test_who_finds_the_database_up_to_date_never_loads_alembic(
    engine: Engine, tmp_path: Path
) -> None:
    upgrade(engine)
    address = engine.url.render_as_string(hide_password=False)
    assert scripted(LOOK, address, folder=tmp_path) == "() False"


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


@every_kind
def test_four_programs_that_start_at_once_make_one_schema(kind: str, tmp_path: Path) -> None:
    address = url(kind, tmp_path)
    programs = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", UPGRADE, address], env=environment()
        )
        for _ in range(4)
    ]

    assert [each.wait(60) for each in programs] == [0, 0, 0, 0]
    engine = make_engine(address)
    with engine.connect() as connection:
        versions = connection.execute(text("SELECT version_num FROM alembic_version")).all()
    engine.dispose()
    assert len(versions) == 1


@every_kind
def test_threads_of_one_program_may_migrate_at_once(engine: Engine) -> None:
    errors: list[BaseException] = []

    def migrate() -> None:
        try:
            upgrade(engine)
        except BaseException as error:
            errors.append(error)
            raise

    threads = [threading.Thread(target=migrate) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert errors == []
    assert status(engine).pending == ()


@every_kind
def test_the_status_tells_what_is_there_and_what_is_to_come(engine: Engine) -> None:
    before = status(engine)
    upgrade(engine, before.pending[0])
    between = status(engine)
    upgrade(engine)
    after = status(engine)

    assert (before.current, before.head) == (None, before.pending[-1])
    assert (between.current, between.pending) == (before.pending[0], before.pending[1:])
    assert (after.current, after.pending) == (after.head, ())


@every_kind
def test_what_was_made_can_be_taken_back_and_made_again(engine: Engine) -> None:
    upgrade(engine)
    made = tables(engine)
    downgrade(engine, "base")

    assert tables(engine) == {"alembic_version"}
    upgrade(engine)
    assert tables(engine) == made


@every_kind
def test_a_rival_that_does_not_end_is_named_and_not_waited_for_without_end(
    kind: str, engine: Engine
) -> None:
    with engine.connect() as rival:
        match kind:
            case "sqlite":
                rival.begin()
            case "postgresql":
                key = {"key": locking._POSTGRESQL_KEY}  # noqa: SLF001 (the key is its own)
                rival.execute(text("SELECT pg_advisory_lock(:key)"), key)
            case _:
                rival.execute(text(f"SELECT get_lock({locking._MYSQL_NAME}, 0)"))  # noqa: SLF001 (same)
        with pytest.raises(MigrationLockedError, match="another program"):
            upgrade(engine, wait_seconds=1)
        if kind == "postgresql":
            rival.execute(text("SELECT pg_advisory_unlock_all()"))
        if kind == "mysql":
            rival.execute(text("SELECT release_all_locks()"))
    upgrade(engine)
    assert status(engine).pending == ()


@every_kind
def test_a_connection_that_migrated_leaves_nothing_to_the_next(kind: str, engine: Engine) -> None:
    upgrade(engine)
    settings = {
        "sqlite": "PRAGMA foreign_keys",
        "postgresql": "SHOW lock_timeout",
        "mysql": "SELECT @@lock_wait_timeout > 3600",
    }
    with engine.connect() as connection:
        left = connection.exec_driver_sql(settings[kind]).scalar_one()
    assert str(left) in ("1", "5s")


@every_kind
def test_a_database_of_a_newer_version_is_not_touched(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'f00d'"))

    with pytest.raises(UnknownRevisionError, match="f00d"):
        upgrade(engine)
    with pytest.raises(UnknownRevisionError, match="f00d"):
        status(engine)


def test_a_name_that_is_no_revision_is_refused(tmp_path: Path) -> None:
    engine = make_engine(url("sqlite", tmp_path))
    with pytest.raises(UnknownRevisionError, match="nonsense"):
        upgrade(engine, "nonsense")
    assert tables(engine) == set()
    engine.dispose()


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("sqlite:///erp.db", "CHAR(32)"),
        ("postgres://db/erp", "TIMESTAMP WITH TIME ZONE"),
        ("mariadb://db/erp", "utf8mb4_bin"),
    ],
)
def test_the_statements_can_be_read_without_a_database(address: str, word: str) -> None:
    script = erp_migrations.sql(address)

    assert "CREATE TABLE audit_record" in script
    assert "INSERT INTO alembic_version" in script
    assert word in script


def test_a_migration_of_sqlite_that_breaks_a_reference_is_undone(tmp_path: Path) -> None:
    engine = make_engine(url("sqlite", tmp_path))
    upgrade(engine)
    driver = engine.raw_connection()
    for statement in (
        "PRAGMA foreign_keys = OFF",
        "CREATE TABLE hen (id INTEGER PRIMARY KEY)",
        "CREATE TABLE egg (hen INTEGER REFERENCES hen (id))",
        "INSERT INTO egg VALUES (7)",
    ):
        driver.cursor().execute(statement)
    driver.close()

    with pytest.raises(erp_migrations.BrokenReferencesError, match="a row of egg"):
        downgrade(engine, "base")
    assert status(engine).pending == ()
    engine.dispose()
