"""How every run begins and ends: which databases it has, and that it leaves none behind."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import settings

from erp_sql import postgres_plans
from tests import servers
from tests.databases import RUN, SERVERS

pytest.register_assert_rewrite("erp_core.testing")

IN_CI = bool(os.environ.get("CI"))

# Time limits belong to pytest-timeout: a deadline per example fails on a busy machine.
settings.register_profile("house", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if IN_CI else "house")

# PostgreSQL keeps ready whatever is said once, so that every statement is tested in both ways.
postgres_plans.OFTEN = 0

_FOUND = pytest.StashKey[dict[str, servers.Server]]()
_STARTED = pytest.StashKey[ExitStack]()


@pytest.hookimpl(tryfirst=True)  # before xdist makes its workers, and before the header
def pytest_sessionstart(session: pytest.Session) -> None:
    config = session.config
    told = getattr(config, "workerinput", None)
    if told is not None:
        RUN.begin(**told["databases"])
    elif not config.option.collectonly:
        _look_around(config)


def _look_around(config: pytest.Config) -> None:
    """Find or start the servers, once for all workers.

    An address that somebody gave must be right, and CI must have every engine.
    """
    started = config.stash[_STARTED] = ExitStack()
    found = config.stash[_FOUND] = {}
    missing = {}
    for kind in SERVERS:
        try:
            found[kind] = servers.find(kind, started)
        except servers.NoServerError as error:
            missing[kind] = str(error)
            if IN_CI or os.environ.get(servers.VARIABLES[kind]):
                pytest.exit(f"no {kind} to test on: {error}", returncode=1)
    addresses = {
        kind: server.url.render_as_string(hide_password=False) for kind, server in found.items()
    }
    RUN.begin(servers.new_run(), addresses, missing)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    addresses = {
        kind: address.render_as_string(hide_password=False)
        for kind, address in RUN.servers.items()
    }
    told = {"name": RUN.name, "found": addresses, "missing": RUN.missing}
    node.workerinput["databases"] = told


@pytest.hookimpl(wrapper=True)
def pytest_unconfigure(config: pytest.Config) -> Iterator[None]:
    """Drop what the run made, and stop what it started; the workers have gone by now."""
    yield
    RUN.end()
    with config.stash.get(_STARTED, ExitStack()):
        for server in config.stash.get(_FOUND, {}).values():
            servers.sweep(server.url, RUN.name)


def pytest_report_header(config: pytest.Config) -> str:
    found = config.stash.get(_FOUND, {})
    return "databases: " + ", ".join(
        ["sqlite", *(f"{kind} ({server.origin})" for kind, server in found.items())]
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)  # after all else, next to the closing line
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    yield
    for kind, reason in RUN.missing.items():
        line = f"NOT TESTED ON {kind.upper()}: {reason}"
        terminalreporter.write_line(line, red=True, bold=True)
