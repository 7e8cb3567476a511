"""Whether a process may be sent requests: told in time, whatever has happened to the database."""

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

import erp_migrations
from erp_app.errands import errand
from erp_app.readiness import Draining, readiness
from erp_app.settings import Settings
from erp_core.kernel.errors import UnavailableError
from erp_http.probes import Check
from erp_sql.engine import make_engine
from tests.apps.programs import spelled
from tests.databases import KINDS, url


@contextmanager
def checks(address: str, draining: Draining | None = None) -> Iterator[Mapping[str, Check]]:
    settings = Settings(database_url=spelled(address))
    with readiness(settings, draining or Draining()) as opened:
        yield opened


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_at_head_is_ready_and_one_behind_is_not(kind: str, tmp_path: Path) -> None:
    address = url(kind, tmp_path)
    engine = make_engine(address)
    with checks(address) as ready:
        assert ready["database"](errand()) == "it answers"
        with pytest.raises(UnavailableError, match="the schema is at nothing"):
            ready["migrations"](errand())
        erp_migrations.upgrade(engine)
        assert ready["migrations"](errand()) == f"at {erp_migrations.head()}"
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        with pytest.raises(UnavailableError, match="the schema is at 0001"):
            ready["migrations"](errand())
    engine.dispose()


def test_a_server_that_drains_is_not_ready() -> None:
    draining = Draining()
    with checks("sqlite:///erp.db", draining) as ready:
        assert ready["draining"](errand()) == "serving"
        draining.begin()
        with pytest.raises(UnavailableError, match="stopping"):
            ready["draining"](errand())


def test_a_database_that_refuses_is_said_to_be_out_of_reach() -> None:
    with (
        checks("postgresql://nobody@127.0.0.1:1/erp") as ready,
        pytest.raises(UnavailableError, match="out of reach"),
    ):
        ready["database"](errand())


def test_a_database_that_says_nothing_at_all_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        with checks(f"postgresql://nobody@127.0.0.1:{port}/erp") as ready:
            started = time.monotonic()
            for _ in range(3):  # more than there are threads to ask with
                with pytest.raises(UnavailableError, match="no answer within"):
                    ready["database"](errand().with_timeout(0.2))
            assert time.monotonic() - started < 3
