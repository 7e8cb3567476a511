"""What is read of a driver's values is what SQLAlchemy reads of them, on every database."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import JSON, Column, Engine, MetaData, Table, Text, Uuid, insert, select

from erp_core.kernel.entity import new_id
from erp_sql.prepared import Prepared
from erp_sql.stored import known_id, reader
from tests.databases import KINDS, database

THINGS = Table(
    "things",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("other", Uuid),
    Column("told", JSON(none_as_null=True)),
    Column("name", Text),
)
TOLD = [{}, [], None, "", 0, 1.5, True, {"a": [1, {"b": None}]}, ["ção €"], "null"]


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with database(request.param, tmp_path) as engine:
        THINGS.create(engine)
        yield engine
        THINGS.drop(engine)


def test_both_ways_read_the_same(engine: Engine) -> None:
    rows = [
        {"id": new_id(), "other": None if place % 2 else new_id(), "told": each, "name": "x"}
        for place, each in enumerate(TOLD)
    ]
    query = select(THINGS).order_by(THINGS.c.id)
    with engine.begin() as connection:
        connection.execute(insert(THINGS), rows)
        straight = Prepared(query).rows(connection, {})
        assert [tuple(each) for each in straight] == [
            tuple(each) for each in connection.execute(query)
        ]
    assert [each.told for each in straight] == TOLD
    assert {type(each.id) for each in straight} == {UUID}


def test_an_id_is_the_same_however_it_is_spelled() -> None:
    made = new_id()
    assert known_id(str(made)) == known_id(made.hex) == made
    assert str(known_id(made.hex)) == str(made)
    assert known_id("0" * 31 + "7") == UUID(int=7)


def test_other_types_are_read_as_they_were(engine: Engine) -> None:
    assert reader(Text(), engine.dialect, None) is None
