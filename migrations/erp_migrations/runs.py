"""What only alembic can do: to migrate, and to tell what lies between two revisions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from io import StringIO

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import Engine

from erp_migrations.errors import UnknownRevisionError
from erp_migrations.locking import IN_THIS_PROCESS, alone
from erp_sql.engine import make_engine


def upgrade(engine: Engine, revision: str, wait_seconds: int) -> None:
    """Migrate upward; ``erp_migrations.upgrade`` says what may be wrong."""
    with _migrating(engine, wait_seconds) as config:
        command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str, wait_seconds: int) -> None:
    """Migrate downward; ``erp_migrations.downgrade`` says what may be wrong."""
    with _migrating(engine, wait_seconds) as config:
        command.downgrade(config, revision)


def pending(at: str | None, newest: str) -> tuple[str, ...]:
    """Return the revisions after *at*, oldest first.

    Raises:
        UnknownRevisionError: *at* is of another version.
    """
    scripts = ScriptDirectory.from_config(_config())
    with _in_our_words():
        between = scripts.iterate_revisions(newest, at or "base")
        return tuple(each.revision for each in between)[::-1]


def sql(url: str, revision: str) -> str:
    """Write an upgrade out; ``erp_migrations.sql`` says what may be wrong."""
    script = StringIO()
    config = _config()
    config.output_buffer = script
    engine = make_engine(url)  # which connects to nothing
    config.attributes["url"] = engine.url
    engine.dispose()
    with IN_THIS_PROCESS, _in_our_words():
        command.upgrade(config, revision, sql=True)
    return script.getvalue()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("erp_migrations")).replace("%", "%%"))
    return config


@contextmanager
def _migrating(engine: Engine, wait_seconds: int) -> Iterator[Config]:
    with alone(engine, wait_seconds) as connection, _in_our_words():
        config = _config()
        config.attributes["connection"] = connection
        yield config


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except (CommandError, RevisionError) as error:
        raise UnknownRevisionError(
            f"{error}: a newer version has migrated the database, or the name is wrong"
        ) from error
