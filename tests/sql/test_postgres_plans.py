"""Statements that PostgreSQL keeps ready: seen in what it lists, and by nobody else."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Connection, Engine, bindparam, event, func, insert, literal, select, text
from sqlalchemy.exc import NotSupportedError, OperationalError, ProgrammingError

from erp_core.catalog.entities import standard_units
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import ContentionError
from erp_core.testing import context
from erp_sql import postgres_plans
from erp_sql.catalog.mappers import write_unit
from erp_sql.catalog.models import UnitRow
from erp_sql.prepared import Prepared
from erp_sql.unit_of_work import SqlStore
from tests.databases import database

UNITS = UnitRow.__table__
CTX = context()
TAKEN = "we never heard that it was kept"
CODE = {"company": CTX.company_id, "code": "kg"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with database("postgresql", tmp_path) as engine:
        yield engine


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        rows = [write_unit(CTX.company_id, each) for each in standard_units()]
        connection.execute(insert(UNITS), rows)
        connection.commit()
        yield connection


def by_code() -> Prepared:
    mine = UNITS.c.company_id == bindparam("company")
    return Prepared(select(UNITS.c.name).where(mine, UNITS.c.code == bindparam("code")))


def kept(connection: Connection) -> list[str]:
    listed = connection.execute(text("SELECT statement FROM pg_prepared_statements"))
    return list(listed.scalars())


def test_what_is_said_often_is_kept_ready(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_plans, "OFTEN", 2)
    find = by_code()
    found = [find.row(connection, CODE).name for _ in range(2)]
    assert kept(connection) == []

    found += [find.row(connection, CODE).name for _ in range(2)]
    found.append(find.row(connection, CODE | {"code": "h"}).name)

    assert found == [*["kilogram"] * 4, "hour"]
    (statement,) = kept(connection)
    assert "_select_catalog_unit (UUID, VARCHAR(16)) AS SELECT" in statement
    assert "code = $2" in statement


def test_it_stays_ready_when_the_transaction_is_rolled_back(connection: Connection) -> None:
    find = by_code()
    find.row(connection, CODE)
    connection.rollback()
    assert find.row(connection, CODE).name == "kilogram"
    assert len(kept(connection)) == 1


def test_every_connection_has_its_own(engine: Engine, connection: Connection) -> None:
    find = by_code()
    find.row(connection, CODE)
    with engine.connect() as other:
        assert kept(other) == []
        assert find.row(other, CODE).name == "kilogram"
        assert len(kept(other)) == 1


def test_those_who_listen_are_told_the_statement(connection: Connection) -> None:
    heard = []
    event.listen(connection.engine, "after_cursor_execute", lambda *told: heard.append(told[2]))
    find = by_code()
    for _ in range(3):
        find.row(connection, CODE)
    assert len(set(heard)) == 1
    assert heard[0].startswith("SELECT")


def test_a_statement_that_a_listener_changes_is_said_as_it_is(connection: Connection) -> None:
    find = by_code()
    find.row(connection, CODE)

    @event.listens_for(connection.engine, "before_cursor_execute", retval=True)
    def other(*told: object) -> tuple[object, object]:
        return str(told[2]).replace(".name", ".code AS name"), told[3]

    assert find.row(connection, CODE).name == "kg"


def test_there_is_an_end_to_what_is_kept(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_plans, "MOST", 2)
    assert {by_code().row(connection, CODE).name for _ in range(4)} == {"kilogram"}
    assert len(kept(connection)) == 2


def test_plans_are_made_anew_when_tables_have_grown(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = by_code()
    connection.execute(text("ANALYZE catalog_unit"))  # so small that it is read whole
    for _ in range(8):
        find.row(connection, CODE)
    rows = write_unit(CTX.company_id, standard_units()[0])
    many = [rows | {"id": new_id(), "code": f"c{each}"} for each in range(3000)]
    connection.execute(insert(UNITS), many)
    assert plan(connection).startswith("Seq Scan")

    later = monotonic() + postgres_plans.PLANS_SECONDS
    monkeypatch.setattr(postgres_plans, "monotonic", lambda: later)
    find.row(connection, CODE)

    assert plan(connection).startswith("Index Scan")


def plan(connection: Connection) -> str:
    """Return the first line of how the statement that is kept ready is done."""
    names = connection.execute(text("SELECT name FROM pg_prepared_statements")).scalars()
    (name,) = [each for each in names if each.startswith("erp_")]
    asked = f"EXPLAIN EXECUTE {name} ('{CTX.company_id}', 'kg')"
    return str(connection.execute(text(asked)).scalar())


def test_what_wants_so_many_rows_is_planned_each_time(connection: Connection) -> None:
    first = Prepared(select(UNITS.c.code).order_by(UNITS.c.code).limit(bindparam("most")))
    assert [len(first.rows(connection, {"most": each})) for each in (1, 2)] == [1, 2]
    assert kept(connection) == []


def test_what_has_very_many_parameters_is_said_in_full(connection: Connection) -> None:
    some = Prepared(select(UNITS.c.code).where(UNITS.c.code.in_(bindparam("c", expanding=True))))
    for many in (500, 501):
        codes = ["kg", *map(str, range(many - 1))]
        assert len(some.rows(connection, {"c": codes})) == 1
    assert [each.count("$") for each in kept(connection)] == [500]


def test_the_server_finds_out_what_a_parameter_is_that_has_no_type(connection: Connection) -> None:
    loud = Prepared(select(func.upper(bindparam("word")).label("loud")))
    assert [loud.row(connection, {"word": "chá"}).loud for _ in range(2)] == ["CHÁ", "CHÁ"]
    assert "(unknown) AS SELECT" in kept(connection)[0]


def test_a_percent_sign_stays_one(connection: Connection) -> None:
    rest = Prepared(select((literal(17) % bindparam("by", 5)).label("rest")))
    assert [rest.row(connection, {"by": 5})[0] for _ in range(2)] == [2, 2]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (TAKEN, ProgrammingError),
        ("DEALLOCATE ALL", OperationalError),
        ("ALTER TABLE catalog_unit ALTER name TYPE varchar(300)", NotSupportedError),
    ],
)
def test_what_is_no_longer_good_is_tried_again_elsewhere(
    engine: Engine, connection: Connection, change: str, said: type[Exception]
) -> None:
    connection.close()  # the pool has it, and gives it to whoever asks next
    store = SqlStore(engine)

    def name() -> str:
        with store(CTX) as uow:
            return uow.units.coded(CTX, "kg").name

    assert name() == "kilogram"
    with engine.begin() as same:
        assert len(kept(same)) > 0
        if change == TAKEN:
            same.info["erp_ready"].clear()
        else:
            same.execute(text(change))
    with pytest.raises(ContentionError) as refused:
        name()
    assert isinstance(refused.value.__cause__, said)
    assert name() == "kilogram"
    with engine.begin() as last:
        last.execute(text("ALTER TABLE catalog_unit ALTER name TYPE varchar(60)"))
