"""Rows are the tables that SQLAlchemy's own declarative classes would be."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    JSON,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Numeric,
    String,
    Table,
    UniqueConstraint,
    create_engine,
    delete,
    insert,
    orm,
    select,
    update,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from erp_sql import rows
from erp_sql.base import ON_MYSQL, Base
from tests.apps.programs import scripted

DIALECTS = [postgresql.dialect(), mysql.dialect(), sqlite.dialect()]


def tables(kit: Any) -> list[Table]:
    """Return what one of the two makes of the same words."""

    class Kept(kit.DeclarativeBase):  # type: ignore[misc,name-defined]  # one of two
        type_annotation_map = Base.type_annotation_map
        __table_args__: Any = ON_MYSQL

    class Shared:
        note: kit.Mapped[str] = kit.mapped_column(String(9), server_default="x")
        weight: kit.Mapped[Decimal | None]

    class FirstRow(Shared, Kept):
        __tablename__ = "tests_first"
        __table_args__ = (UniqueConstraint("code"), Index(None, "company_id", "code"), ON_MYSQL)

        company_id: kit.Mapped[UUID] = kit.mapped_column(primary_key=True)
        id: kit.Mapped[int] = kit.mapped_column(primary_key=True, autoincrement=False)
        code: kit.Mapped[str | None] = kit.mapped_column(String(20))

    class SecondRow(Shared, Kept):
        __tablename__ = "tests_second"
        __table_args__ = (
            ForeignKeyConstraint(
                ["company_id", "first"], ["tests_first.company_id", "tests_first.id"]
            ),
            ON_MYSQL,
        )

        company_id: kit.Mapped[UUID] = kit.mapped_column(primary_key=True)
        first: kit.Mapped[int] = kit.mapped_column(primary_key=True)
        amount: kit.Mapped[Decimal]
        rate: kit.Mapped[Decimal | None] = kit.mapped_column(Numeric(9, 4))
        at: kit.Mapped[datetime | None]
        day: kit.Mapped[date]
        right: kit.Mapped[bool]
        maybe: kit.Mapped[bool | None]
        data: kit.Mapped[bytes]
        file: kit.Mapped[bytes | None] = kit.mapped_column(LargeBinary(10))
        anything: kit.Mapped[Any] = kit.mapped_column(JSON)
        something: kit.Mapped[Any] = kit.mapped_column(JSON(), nullable=False)
        listed: kit.Mapped[list[dict[str, Any]]] = kit.mapped_column(JSON)

    return [FirstRow.__table__, SecondRow.__table__]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_table_is_the_one_that_the_orm_would_make(dialect: Any) -> None:
    for ours, theirs in zip(tables(rows), tables(orm), strict=True):
        made = [str(CreateTable(each).compile(dialect=dialect)) for each in (ours, theirs)]
        assert made[0] == made[1]
        indexes = [
            sorted(str(CreateIndex(index).compile(dialect=dialect)) for index in each.indexes)
            for each in (ours, theirs)
        ]
        assert indexes[0] == indexes[1]
        assert [(c.key, repr(c.type), c.nullable, c.autoincrement) for c in ours.columns] == [
            (c.key, repr(c.type), c.nullable, c.autoincrement) for c in theirs.columns
        ]


class Alone(rows.DeclarativeBase):
    pass


class TeaRow(Alone):
    __tablename__ = "tests_tea"

    id: rows.Mapped[int] = rows.mapped_column(primary_key=True)
    name: rows.Mapped[str]


def test_a_class_may_stand_where_a_table_may() -> None:
    engine = create_engine("sqlite://")
    Alone.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(TeaRow), [{"id": 1, "name": "green"}, {"id": 2, "name": "red"}])
        connection.execute(update(TeaRow).where(TeaRow.id == 1).values(name="white"))
        connection.execute(delete(TeaRow).where(TeaRow.name == "red"))
        found = connection.execute(select(TeaRow.id, TeaRow.name).select_from(TeaRow)).all()
        every = connection.execute(select(TeaRow.__table__)).one()
    engine.dispose()
    assert found == [(1, "white")]
    assert every.name == "white"


def test_the_orm_is_never_loaded(tmp_path: Path) -> None:
    script = (
        "import sys, erp_sql.unit_of_work, erp_sql.models; print('sqlalchemy.orm' in sys.modules)"
    )
    assert scripted(script, folder=tmp_path) == "False"
