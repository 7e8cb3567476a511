"""A client that hangs up: noticed, and what is done for it is cancelled."""

import socket
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from werkzeug.test import create_environ, run_wsgi_app

from erp_core.kernel.cancellation import Cancellation
from erp_http.disconnect import DisconnectWatcher, client_gone
from erp_http.gate import CANCELLATION


def test_waitress_tells_by_a_function_of_its_own() -> None:
    def told() -> bool:
        return True

    assert client_gone({"waitress.client_disconnected": told}) is told


@pytest.mark.parametrize("server", ["gunicorn.socket", "werkzeug.socket"])
def test_other_servers_lend_their_socket_and_nothing_is_read_from_it(server: str) -> None:
    ours, theirs = socket.socketpair()
    gone = client_gone({server: ours})
    theirs.sendall(b"the next request")

    assert gone is not None
    assert not gone()
    theirs.close()
    assert gone()
    assert ours.recv(100) == b"the next request"
    ours.close()
    assert gone()


def test_where_nobody_can_tell_nothing_is_pretended() -> None:
    assert client_gone(create_environ()) is None


def asked(app: Callable[..., Iterable[bytes]], gone: Callable[[], bool] | None) -> bytes:
    environ = create_environ()
    if gone is not None:
        environ["waitress.client_disconnected"] = gone
    body, _, _ = run_wsgi_app(app, environ, buffered=True)
    return b"".join(body)


def waits_for_its_cancellation(environ: dict[str, Any], start: Any) -> list[bytes]:
    cancellation: Cancellation = environ[CANCELLATION]
    assert cancellation.wait(10)
    start("200 OK", [])
    return [cancellation.reason.encode()]


def test_a_request_is_cancelled_when_its_client_has_gone() -> None:
    looks = iter([False, False, True])
    with DisconnectWatcher(poll_seconds=0.001) as watcher:
        app = watcher.wrap(waits_for_its_cancellation)
        assert asked(app, lambda: next(looks)) == b"the client has hung up"


def test_a_request_is_cancelled_by_a_server_that_stops() -> None:
    with DisconnectWatcher() as watcher:

        def app(environ: dict[str, Any], start: Any) -> list[bytes]:
            watcher.cancel_all("enough")
            return waits_for_its_cancellation(environ, start)

        assert asked(watcher.wrap(app), None) == b"enough"


def test_an_answered_request_is_not_asked_about_any_more() -> None:
    tokens: list[Cancellation] = []

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        tokens.append(environ[CANCELLATION])
        start("200 OK", [])
        return [b"done"]

    with DisconnectWatcher() as watcher:
        assert asked(watcher.wrap(app), lambda: False) == b"done"
        watcher.cancel_all("too late")
    assert not tokens[0].cancelled


def test_a_request_that_fails_is_forgotten_as_well() -> None:
    tokens: list[Cancellation] = []

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        tokens.append(environ[CANCELLATION])
        raise LookupError

    with DisconnectWatcher() as watcher:
        with pytest.raises(LookupError):
            asked(watcher.wrap(app), None)
        watcher.cancel_all("too late")
    assert not tokens[0].cancelled


def test_a_watcher_ends_while_a_request_is_still_watched() -> None:
    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [])
        return [b"done"]

    with DisconnectWatcher(poll_seconds=60) as watcher:
        body, _, _ = run_wsgi_app(watcher.wrap(app), create_environ())
    assert b"".join(body) == b"done"
