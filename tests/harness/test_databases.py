"""The harness itself: a test may rely on an empty database, whatever the one before it did."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tests import servers
from tests.databases import KINDS, MAX_OPEN, RUN, SERVERS, database, migrated, url

every_kind = pytest.mark.parametrize("kind", KINDS)
every_server = pytest.mark.parametrize("kind", SERVERS)


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def count(connection: Connection, table: str) -> int:
    return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


@every_kind
def test_an_empty_database_has_no_table_and_is_empty_again_when_asked_again(
    kind: str, tmp_path: Path
) -> None:
    for _ in range(2):
        engine = create_engine(url(kind, tmp_path))
        assert tables(engine) == set()
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE leftover (id INTEGER PRIMARY KEY)"))
        engine.dispose()


@every_kind
def test_a_migrated_database_has_its_tables_and_keeps_no_row_for_the_next(
    kind: str, tmp_path: Path
) -> None:
    with database(kind, tmp_path) as engine:
        assert tables(engine) > {"alembic_version"}
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE notes (id INTEGER PRIMARY KEY)"))
            connection.execute(text("INSERT INTO notes VALUES (1)"))
    for again in migrated(kind, tmp_path):
        if "notes" in tables(again):  # the servers keep the schema, SQLite a fresh copy
            with again.begin() as connection:
                assert count(connection, "notes") == 0
                connection.execute(text("DROP TABLE notes"))
        with again.connect() as connection:
            assert count(connection, "alembic_version") == 1


@every_server
def test_rows_that_refer_to_each_other_are_deleted_whatever_their_order(
    kind: str, tmp_path: Path
) -> None:
    steps = (
        "CREATE TABLE hen (id INTEGER PRIMARY KEY, egg INTEGER)",
        "CREATE TABLE egg (id INTEGER PRIMARY KEY, hen INTEGER)",
        "ALTER TABLE hen ADD CONSTRAINT hen_egg FOREIGN KEY (egg) REFERENCES egg (id)",
        "ALTER TABLE egg ADD CONSTRAINT egg_hen FOREIGN KEY (hen) REFERENCES hen (id)",
        "INSERT INTO hen VALUES (1, NULL)",
        "INSERT INTO egg VALUES (1, 1)",
        "UPDATE hen SET egg = 1",
    )
    with database(kind, tmp_path) as engine, engine.begin() as connection:
        for step in steps:
            connection.execute(text(step))
    with database(kind, tmp_path) as engine, engine.begin() as connection:
        assert count(connection, "hen") == count(connection, "egg") == 0
        for step in ("ALTER TABLE {} DROP CONSTRAINT hen_egg", "DROP TABLE egg", "DROP TABLE hen"):
            connection.execute(text(step.format("hen")))


@every_server
def test_a_lock_left_behind_does_not_stop_the_next_test(kind: str, tmp_path: Path) -> None:
    with database(kind, tmp_path) as engine:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE held (id INTEGER PRIMARY KEY)"))
            connection.execute(text("INSERT INTO held VALUES (1)"))
        left = engine.connect()
        left.execute(text("SELECT id FROM held FOR UPDATE"))
        with database(kind, tmp_path) as fresh:
            assert "held" not in tables(fresh)
        left.invalidate()
        left.close()


@every_server
def test_an_engine_is_bounded_so_that_several_runs_share_a_server(
    kind: str, tmp_path: Path
) -> None:
    with database(kind, tmp_path, lock_wait_seconds=0) as engine, ExitStack() as held:
        for _ in range(MAX_OPEN):
            held.enter_context(engine.connect())
        with pytest.raises(PoolTimeoutError, match="QueuePool limit"):
            engine.connect()


@every_server
def test_the_sweep_takes_this_run_and_old_leftovers_but_no_other_run(kind: str) -> None:
    server = RUN.server(kind)
    other, mine, old = servers.new_run(), servers.new_run(), f"0001{servers.new_run()[4:]}"
    for run in (other, mine, old):
        servers.create(server, f"erp_test_{run}_sweep")
    servers.sweep(server, mine)
    with servers.administering(server) as connection:
        names = set(servers.databases(connection))
    assert f"erp_test_{other}_sweep" in names
    assert names.isdisjoint({f"erp_test_{mine}_sweep", f"erp_test_{old}_sweep"})
    servers.sweep(server, other)
