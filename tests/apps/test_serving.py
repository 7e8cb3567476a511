"""Serving, and above all stopping: nothing that was accepted is lost."""

import http.client
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from erp_app.errors import ProgramError, SettingsError
from erp_app.serving import address_of, bind, listen
from tests.apps.programs import Server, ask, serving, until


@contextmanager
def toy(folder: Path, processes: int = 1, grace: float = 15) -> Iterator[Server]:
    command = ("-m", "tests.apps.toy", str(processes), str(grace))
    with serving(*command, folder=folder) as server:
        yield server


def answers(server: Server, path: str) -> tuple[Thread, list[Any]]:
    found: list[Any] = []
    thread = Thread(target=lambda: found.append(server.ask("GET", path)))
    thread.start()
    return thread, found


def listening(server: Server) -> int:
    """Return how many processes have said that they listen."""
    return sum(line.endswith(":listening\n") for line in server.logged)


def refused(server: Server) -> bool:
    try:
        socket.create_connection(("127.0.0.1", server.port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_request_in_progress_is_answered_and_no_new_one_is_taken(tmp_path: Path) -> None:
    with toy(tmp_path) as server:
        thread, found = answers(server, "/wait/word")
        until((tmp_path / "word.asked").exists)
        server.process.send_signal(signal.SIGTERM)
        until(lambda: refused(server))
        assert (tmp_path / f"draining.{server.process.pid}").exists()
        (tmp_path / "word").touch()
        thread.join()

        assert found == [(200, b"done")]
        assert server.process.wait(10) == 0


def test_who_has_connected_before_the_signal_may_still_ask(tmp_path: Path) -> None:
    with toy(tmp_path) as server:
        thread, found = answers(server, "/wait/word")
        until((tmp_path / "word.asked").exists)
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        line.connect()
        server.process.send_signal(signal.SIGINT)
        until(lambda: refused(server))
        line.request("GET", "/")
        answer = line.getresponse()

        assert (answer.status, answer.headers["Connection"]) == (200, "close")
        (tmp_path / "word").touch()
        thread.join()
        line.close()
        assert server.process.wait(10) == 0
    assert found == [(200, b"done")]


def test_an_idle_connection_does_not_keep_the_server(tmp_path: Path) -> None:
    with toy(tmp_path) as server:
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        assert ask(line, "GET", "/")[0] == 200
        server.process.send_signal(signal.SIGTERM)

        assert server.process.wait(5) == 0
        line.close()


def test_what_outlives_the_grace_is_cancelled_and_told_so(tmp_path: Path) -> None:
    with toy(tmp_path, grace=0) as server:
        thread, found = answers(server, "/wait/word")
        until((tmp_path / "word.asked").exists)
        server.process.send_signal(signal.SIGTERM)
        thread.join()

        assert found == [(200, b"the server stops")]
        assert server.process.wait(10) == 0


def test_a_second_signal_ends_at_once(tmp_path: Path) -> None:
    with toy(tmp_path) as server:
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        line.request("GET", "/wait/word")
        until((tmp_path / "word.asked").exists)
        server.process.send_signal(signal.SIGTERM)
        until(lambda: refused(server))
        server.process.send_signal(signal.SIGTERM)

        assert server.process.wait(5) == 0
        with pytest.raises(OSError, match=r"closed|reset"):
            line.getresponse()
        line.close()


def test_a_client_that_hangs_up_cancels_its_request(tmp_path: Path) -> None:
    with toy(tmp_path) as server:
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        line.request("GET", "/wait/word")
        until((tmp_path / "word.asked").exists)
        line.close()
        said = tmp_path / "word.said"
        until(lambda: said.exists() and said.read_text(encoding="utf-8"), 5)

        assert said.read_text(encoding="utf-8") == "the client has hung up"
        assert server.ask("GET", "/")[0] == 200


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
        (
            b"POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
    ],
)
def test_what_is_no_request_is_refused_in_the_shape_of_all_errors(
    tmp_path: Path, said: bytes, status: int
) -> None:
    with toy(tmp_path) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
            line.sendall(said)
            answer = http.client.HTTPResponse(line)
            answer.begin()
            problem = answer.read()

        assert answer.status == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["X-Request-Id"].encode() in problem


def test_requests_sent_at_once_are_answered_one_after_the_other(tmp_path: Path) -> None:
    sizes = [size for _ in range(20) for size in (1, 70_000, 0, 3)]
    with toy(tmp_path) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
            for size in sizes:
                line.sendall(b"GET /long/%d HTTP/1.1\r\nHost: toy\r\n\r\n" % size)
            with line.makefile("rb") as answers:
                found = [_answer(answers) for _ in sizes]

        assert found == sizes


def test_a_long_answer_waits_for_a_client_that_is_slow_to_read_it(tmp_path: Path) -> None:
    with (
        toy(tmp_path) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=10) as line,
        line.makefile("rb") as answers,
    ):
        line.sendall(b"GET /long/20000000 HTTP/1.1\r\nHost: toy\r\n\r\n")
        assert answers.peek(1)  # the answer has begun, and is more than any buffer holds
        assert server.ask("GET", "/long/5") == (200, b"xxxxx")
        line.sendall(b"GET /long/2 HTTP/1.1\r\nHost: toy\r\n\r\n")
        assert (_answer(answers), _answer(answers)) == (20_000_000, 2)


def _answer(answers: BufferedReader) -> int:
    """Return how long the next answer's body is."""
    head = iter(answers.readline, b"\r\n")
    (length,) = [line for line in head if line.lower().startswith(b"content-length:")]
    return len(answers.read(int(length.split(b":")[1])))


def test_several_processes_share_the_work_and_end_together(tmp_path: Path) -> None:
    with toy(tmp_path, processes=2) as server:
        until(lambda: sum(line.endswith(":listening\n") for line in server.logged) == 2)
        thread, found = answers(server, "/wait/word")
        until((tmp_path / "word.asked").exists)
        server.process.send_signal(signal.SIGTERM)
        until(lambda: refused(server))
        (tmp_path / "word").touch()
        thread.join()

        assert found == [(200, b"done")]
        assert server.process.wait(15) == 0
        assert len(list(tmp_path.glob("draining.*"))) == 2


def test_a_process_that_dies_is_replaced(tmp_path: Path) -> None:
    with toy(tmp_path, processes=2) as server:
        until(lambda: listening(server) == 2)  # or one would die before it says that it lives
        with pytest.raises((OSError, http.client.HTTPException)):
            server.ask("GET", "/die")
        until(lambda: listening(server) == 3)
        assert server.ask("GET", "/")[0] == 200
        server.process.send_signal(signal.SIGTERM)

        assert server.process.wait(15) == 0
        assert any("a serving process has died" in line for line in server.logged)
        assert len(list(tmp_path.glob("draining.*"))) == 2


def test_processes_that_do_nothing_but_die_are_given_up(tmp_path: Path) -> None:
    with toy(tmp_path, processes=2) as server:

        def killed_too_often() -> bool:
            with suppress(OSError, http.client.HTTPException):
                server.ask("GET", "/die", timeout=5)
            return server.process.poll() is not None

        until(killed_too_often)
        assert server.process.returncode == 1
        until(lambda: "died 5 times" in server.words())


def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    with toy(tmp_path, processes=2) as server:
        until(lambda: server.ask("GET", "/")[0] == 200)
        server.process.kill()
        server.process.wait(5)

        until(lambda: refused(server))
        until(lambda: len(list(tmp_path.glob("draining.*"))) == 2)


def test_a_port_in_use_is_one_clear_line() -> None:
    first = bind("127.0.0.1", 0)
    listen(first)
    port = int(address_of(first).rsplit(":", 1)[1])
    with pytest.raises(ProgramError, match=f"ERP_PORT: {port} on 127.0.0.1 is in use"):
        bind("127.0.0.1", port)
    first.close()


def test_of_two_that_bind_before_they_listen_the_second_is_told() -> None:
    first = bind("127.0.0.1", 0)
    second = bind("127.0.0.1", int(address_of(first).rsplit(":", 1)[1]))
    listen(first)
    with pytest.raises(ProgramError, match="is in use"):
        listen(second)
    first.close()
    second.close()


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1"])  # RFC 5737: nobody's
def test_an_address_that_is_not_ours_is_refused(host: str) -> None:
    with pytest.raises(SettingsError, match="ERP_HOST: "):
        bind(host, 0)
