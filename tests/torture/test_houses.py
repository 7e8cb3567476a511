"""What a house stands while it is at work: duplicates, a killed server, cut lines, no room."""

import signal
import time
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.apps.programs import until
from tests.databases import KINDS, SERVERS, url
from tests.torture.houses import (
    Heard,
    cut_all,
    house,
    is_consistent,
    issue_until,
    keyed,
    on_hand,
    stocked,
    together,
    token_of,
)

pytestmark = [pytest.mark.torture, pytest.mark.timeout(600)]


@pytest.mark.parametrize("count", [5, 200])
@pytest.mark.parametrize("kind", KINDS)
def test_ten_duplicates_of_each_request_have_one_effect(
    tmp_path: Path, kind: str, count: int
) -> None:
    heard: list[Any] = []
    keys = [f"key-{number}" for number in range(count)]
    with house(url(kind, tmp_path), tmp_path) as server:
        token = token_of(server)
        where = stocked(server, token, "1000")
        together(*[partial(keyed, server, token, where, keys, heard)] * 10)

        assert {status for _, status, _ in heard} == {201}
        assert len(heard) == count * 10
        assert len({(key, made) for key, _, made in heard}) == count
        assert float(on_hand(server, token, where)) == 1000 - count
        assert is_consistent(server, token)


@pytest.mark.parametrize("rounds", [1, 5])
@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_server_loses_nothing_it_has_acknowledged(
    tmp_path: Path, kind: str, rounds: int
) -> None:
    address = url(kind, tmp_path)
    for _ in range(rounds):
        heard = Heard()
        with house(address, tmp_path) as server:
            where = stocked(server, token := token_of(server))
            stop = Event()

            def kill(server: Any = server, heard: Heard = heard, stop: Event = stop) -> None:
                until(lambda: len(heard.acknowledged) >= 40)
                server.process.send_signal(signal.SIGKILL)
                server.process.wait(10)
                stop.set()

            together(*[partial(issue_until, stop, server, token, where, heard)] * 8, kill)
        with house(address, tmp_path) as server:
            token = token_of(server)
            for each in heard.acknowledged:
                assert server.ask("GET", f"/v1/stock/movements/{each}", token=token)[0] == 200
            issued = 1_000_000 - float(on_hand(server, token, where))
            assert len(heard.acknowledged) <= issued <= len(heard.acknowledged) + 8
            assert is_consistent(server, token)
        assert heard.odd == []


@pytest.mark.parametrize("rounds", [3, 10])
@pytest.mark.parametrize("kind", SERVERS)
def test_lines_to_the_database_that_are_cut_are_an_outage_of_a_moment(
    tmp_path: Path, kind: str, rounds: int
) -> None:
    address, heard, stop, cut, slowest = url(kind, tmp_path), Heard(), Event(), [], [0.0]
    with house(address, tmp_path) as server:
        where = stocked(server, token := token_of(server))

        def cutting() -> None:
            try:
                for _ in range(rounds):
                    before = len(heard.acknowledged)
                    until(lambda before=before: len(heard.acknowledged) > before + 10)
                    cut.append(cut_all(address))
                    at, before = time.monotonic(), len(heard.acknowledged)
                    until(lambda before=before: len(heard.acknowledged) > before + 10)
                    slowest[0] = max(slowest[0], time.monotonic() - at)
            finally:
                stop.set()

        together(*[partial(issue_until, stop, server, token, where, heard)] * 8, cutting)

        assert heard.odd == []
        assert heard.hung_up == 0
        assert all(cut)
        assert slowest[0] < 5
        issued = 1_000_000 - float(on_hand(server, token, where))
        assert len(heard.acknowledged) <= issued <= len(heard.acknowledged) + heard.statuses[503]
        assert is_consistent(server, token)
        assert b"\nerp_db_pool_in_use 0.0" in server.ask("GET", "/metrics")[1]


@pytest.mark.parametrize("kind", KINDS)
def test_two_connections_serve_sixteen_clients(tmp_path: Path, kind: str) -> None:
    heard, stop = Heard(), Event()
    with house(url(kind, tmp_path), tmp_path, ERP_DB_MAX_OPEN="2", ERP_THREADS="16") as server:
        where = stocked(server, token := token_of(server))

        def enough() -> None:
            try:
                until(lambda: len(heard.acknowledged) >= 100)
            finally:
                stop.set()

        together(*[partial(issue_until, stop, server, token, where, heard)] * 16, enough)

        assert heard.odd == []
        assert set(heard.statuses) <= {201, 503}
        assert float(on_hand(server, token, where)) == 1_000_000 - heard.statuses[201]
        assert b"\nerp_db_pool_in_use 0.0" in server.ask("GET", "/metrics")[1]
