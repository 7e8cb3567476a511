"""A new SQLite database, made at once as the migrations would leave it.

``sqlite.sql`` is what all of them have made of an empty file, the number of the last included. A
test makes it anew and compares, so that there is one history and no second truth.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from sqlalchemy import Connection, Engine

from erp_migrations.locking import alone

STATEMENT_ENDS: Final = ";\n"


def made(engine: Engine, wait_seconds: int) -> bool:
    """Make the schema where nothing is yet, and say whether that was so.

    Raises:
        MigrationLockedError: another program migrates, and did not end in *wait_seconds*.
    """
    if engine.dialect.name != "sqlite":
        return False
    with alone(engine, wait_seconds) as connection:
        if _is_there_anything(connection):
            return False
        script = files("erp_migrations").joinpath("sqlite.sql").read_text(encoding="utf-8")
        for statement in script.split(STATEMENT_ENDS)[:-1]:
            connection.exec_driver_sql(statement)
    return True


def _is_there_anything(connection: Connection) -> bool:
    return connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1").first() is not None
