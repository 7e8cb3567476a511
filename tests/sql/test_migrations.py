"""The models and the migrations say the same, on each database and to the last constraint."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect

from erp_migrations import downgrade, upgrade
from erp_sql.engine import make_engine
from erp_sql.models import Base
from tests import databases

OURS = "alembic_version"


def schema(engine: Engine) -> dict[str, Any]:
    """Return all that the database itself tells of every table."""
    seen = inspect(engine)
    return {
        table: {
            "columns": {
                each["name"]: (repr(each["type"]), each["nullable"])
                for each in seen.get_columns(table)
            },
            "primary key": seen.get_pk_constraint(table)["constrained_columns"],
            "foreign keys": sorted(
                (each["constrained_columns"], each["referred_table"], each["referred_columns"])
                for each in seen.get_foreign_keys(table)
            ),
            "unique": sorted(
                (each["name"] or "", each["column_names"])
                for each in seen.get_unique_constraints(table)
            ),
            "indexes": sorted(
                (each["name"] or "", each["column_names"], bool(each["unique"]))
                for each in seen.get_indexes(table)
            ),
            "checks": sorted(
                (each["name"] or "", each["sqltext"]) for each in seen.get_check_constraints(table)
            ),
        }
        for table in seen.get_table_names()
        if table != OURS
    }


@pytest.mark.parametrize("kind", databases.KINDS)
def test_migrations_make_what_the_models_say(kind: str, tmp_path: Path) -> None:
    engine = make_engine(databases.url(kind, tmp_path), max_open=2)
    try:
        Base.metadata.create_all(engine)
        said = schema(engine)
        Base.metadata.drop_all(engine)
        upgrade(engine)
        assert schema(engine) == said
        assert set(said) == set(Base.metadata.tables)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []
        downgrade(engine, "base")
        assert schema(engine) == {}
    finally:
        engine.dispose()
