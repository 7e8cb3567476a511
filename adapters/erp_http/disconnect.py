"""Notices that a client has gone, and cancels what is done for it.

A server tells a blocking application nothing: its thread learns of it when it writes the answer,
too late to stop the work. So one thread asks, ten times a second, on behalf of all requests.
"""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from werkzeug.wsgi import ClosingIterator

from erp_core.kernel.cancellation import Cancellation
from erp_http.gate import CANCELLATION

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLL_SECONDS: Final = 0.1

Gone = Callable[[], bool]


def client_gone(environ: WSGIEnvironment) -> Gone | None:
    """Return what tells whether the client has hung up, or None where the server cannot tell."""
    told: Gone | None = environ.get("waitress.client_disconnected")
    if told is not None:
        return told
    line: socket.socket | None = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
    return None if line is None else lambda: _hung_up(line)


def _hung_up(line: socket.socket) -> bool:
    """Ask the kernel whether the other side has closed; nothing is taken from the stream."""
    if line.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(line, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))


class DisconnectWatcher:
    """Gives each request a cancellation, and cancels it when its client is gone.

    Wrap the application with it, and enter it while the server runs.
    """

    def __init__(self, *, poll_seconds: float = POLL_SECONDS) -> None:
        self._poll_seconds = poll_seconds
        self._changed = threading.Condition()
        self._requests: dict[Cancellation, Gone] = {}  # as many as the server has threads
        self._ended = False
        self._idle = False  # the thread waits for a request, and must be told of one
        self._thread = threading.Thread(target=self._watch, name="disconnects", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join()

    def wrap(self, app: WSGIApplication) -> WSGIApplication:
        """Return *app* with every request watched until its answer has been sent."""

        def watched(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            cancellation = environ[CANCELLATION] = Cancellation()
            with self._changed:
                self._requests[cancellation] = client_gone(environ) or _stays
                if self._idle:  # waking it for every request would cost more than many a request
                    self._changed.notify()
            try:
                answer = app(environ, start_response)
            except BaseException:
                self._forget(cancellation)
                raise
            return ClosingIterator(answer, lambda: self._forget(cancellation))

        return watched

    def cancel_all(self, reason: str) -> None:
        """Cancel every request in progress."""
        with self._changed:
            requests = list(self._requests)
        for each in requests:
            each.cancel(reason)

    def _forget(self, cancellation: Cancellation) -> None:
        with self._changed:
            self._requests.pop(cancellation, None)

    def _watch(self) -> None:
        while True:
            with self._changed:
                # Nothing is asked, and nobody woken, while there is no request.
                self._idle = True
                self._changed.wait_for(lambda: self._ended or bool(self._requests))
                self._idle = False
                if self._ended:
                    return
                asked = list(self._requests.items())
            for cancellation, gone in asked:
                if not cancellation.cancelled and gone():
                    cancellation.cancel("the client has hung up")
            with self._changed:
                self._changed.wait_for(lambda: self._ended, self._poll_seconds)


def _stays() -> bool:
    return False
