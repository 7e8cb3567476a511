"""An HTTP server that, told to stop, first answers what it has accepted.

Waitress's own ``serve`` drops the requests in progress. Its parts do better: the loop runs in a
thread of its own, and everything that touches its connections is done inside it.
"""

from __future__ import annotations

import errno
import logging
import select
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from waitress import wasyncore
from waitress.server import create_server

from erp_app.connections import Connection
from erp_app.door import shut
from erp_app.errors import ProgramError, SettingsError
from erp_app.signals import StopSignals

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger("erp.server")

_BACKLOG: Final = 1024
_CONNECTIONS_MAX: Final = 800  # with all else below 1024 descriptors, the usual limit
_BODY_BYTES_MAX: Final = 32 * 1024 * 1024  # the application's own limits are narrower
_HEADER_BYTES_MAX: Final = 64 * 1024
_QUIET_SECONDS: Final = 0.25  # so long after its last answer a connection may still ask again
_POLL_SECONDS: Final = 0.02
_ARRIVING_SECONDS: Final = 0.1  # for those who had begun to connect when the door was shut
_LOOP_SECONDS: Final = 5.0  # for the loop to do what it is asked
_CANCELLED_SECONDS: Final = 1.0  # for cancelled requests to say so


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An application, and what it is told when the server stops."""

    app: WSGIApplication
    draining: Callable[[], None]  # no more traffic, please: /ready says 503 from now on
    give_up: Callable[[], None]  # the grace is over: cancel what still runs


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address, not yet listening.

    Raises:
        SettingsError: the host is no address of this machine.
        ProgramError: the port is in use, or not ours to use.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise SettingsError(f"ERP_HOST: {host!r} is not found: {error.strerror}") from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise _cannot_listen(host, port, error) from error
    return listener


def _readable(line: socket.socket) -> bool:
    poll = select.poll()
    poll.register(line, select.POLLIN)
    return bool(poll.poll(0))


def _cannot_listen(host: str, port: int, error: OSError) -> ProgramError:
    if error.errno == errno.EADDRNOTAVAIL:
        return SettingsError(f"ERP_HOST: {host} is no address of this machine")
    if error.errno == errno.EADDRINUSE:
        return ProgramError(
            f"ERP_PORT: {port} on {host} is in use: stop the program that has it, or set another"
        )
    return ProgramError(f"ERP_PORT: cannot listen on {port} of {host}: {error.strerror}")


def address_of(listener: socket.socket) -> str:
    """Return where the socket can be reached, as a URL."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _waitress(
    app: WSGIApplication, sockets: dict[int, Any], listener: socket.socket, threads: int
) -> Any:  # whose stubs are wrong about most of its attributes
    options: dict[str, Any] = {
        "sockets": [listener],
        "threads": threads,
        "backlog": _BACKLOG,
        "connection_limit": _CONNECTIONS_MAX,
        "max_request_body_size": _BODY_BYTES_MAX,
        "max_request_header_size": _HEADER_BYTES_MAX,
        "asyncore_use_poll": True,  # select() knows 1024 descriptors and no more
        # Else nobody notices that a client has gone; and one that asks again while the answer it
        # has got is still being logged makes the loop no work.
        "channel_request_lookahead": 2,
        "log_socket_errors": False,  # a client that hangs up is no error of ours
        "ident": "erp",
    }
    server: Any = create_server(app, map=sockets, **options)
    server.channel_class = Connection
    return server


def listen(listener: socket.socket) -> None:
    """Let clients connect; who does so before anybody serves has to wait.

    Raises:
        ProgramError: another program has begun to listen there meanwhile.
    """
    try:
        listener.listen(_BACKLOG)
    except OSError as error:
        host, port = listener.getsockname()[:2]
        raise _cannot_listen(host, port, error) from error


class DrainingServer:
    """Serves one application on one socket until it is told to stop."""

    def __init__(self, served: Served, listener: socket.socket, *, threads: int) -> None:
        self._served = served
        self._map: dict[int, Any] = {}
        listen(listener)
        self._url = address_of(listener)
        self._server = _waitress(served.app, self._map, listener, threads)
        self._loop = threading.Thread(target=self._run, name="http-loop", daemon=True)
        self._ended: Callable[[], None] = lambda: None
        self._alone = True  # no other process accepts on the same socket

    def serve(
        self, stop: StopSignals, *, grace_seconds: float, parent: tuple[int, ...] = ()
    ) -> None:
        """Answer until a signal comes, or *parent* can be read; then end in order.

        Raises:
            ProgramError: the loop ended by itself, which it should not.
        """
        self._ended = stop.wake
        self._alone = not parent
        self._loop.start()
        log.info("listening", extra={"event": "server.listening", "url": self._url})
        if not stop.received:
            stop.wait(also=parent)
        if not self._loop.is_alive():
            raise ProgramError("the server's loop has ended unexpectedly: see the log")
        log.info("draining", extra={"event": "server.draining"})
        cut = self._drain(grace_seconds)
        log.info("stopped", extra={"event": "server.stopped", "requests_cut": cut})

    def _drain(self, grace_seconds: float) -> int:
        """Stop in order; return how many requests had to be left unanswered."""
        give_up = time.monotonic() + grace_seconds
        self._served.draining()
        if self._alone:  # others would be shut out as well
            shut(self._server.socket)
            self._loop.join(_ARRIVING_SECONDS)
        self._in_loop(self._stop_accepting)
        if not self._quiet_by(give_up):
            self._served.give_up()
            give_up = time.monotonic() + _CANCELLED_SECONDS
            self._quiet_by(give_up)
        cut = self._in_loop(self._count_unanswered)
        # Those whose client has gone hold no connection any more, but still a thread.
        left = max(_CANCELLED_SECONDS, give_up - time.monotonic())
        self._server.task_dispatcher.shutdown(timeout=left)
        self._in_loop(self._close_all)
        self._loop.join(_LOOP_SECONDS)
        return cut

    def _run(self) -> None:
        try:
            self._server.run()
        finally:
            self._ended()

    def _quiet_by(self, give_up: float) -> bool:
        while not self._in_loop(self._close_if_quiet):
            if time.monotonic() >= give_up:
                return False
            self._loop.join(_POLL_SECONDS)
        return True

    def _in_loop(self, do: Callable[[], int]) -> int:
        """Run *do* in the loop's thread, which owns the connections."""
        answer: SimpleQueue[int] = SimpleQueue()
        self._server.trigger.pull_trigger(lambda: answer.put(do()))
        try:
            return answer.get(timeout=_LOOP_SECONDS)
        except Empty:
            raise ProgramError("the server's loop does not answer: see the log") from None

    def _stop_accepting(self) -> int:
        """Take in those who have connected already, then close the door.

        Closing alone would reset connections that the kernel has accepted in our name.
        """
        for _ in range(_BACKLOG):
            if not _readable(self._server.socket):
                break
            self._server.handle_accept()
        # At once: where the door could not be shut, whoever connects between the last look and
        # this is reset. The server's own `close` would close the trigger too.
        wasyncore.dispatcher.close(self._server)
        for channel in self._channels():
            channel.draining = True
        return 0

    def _close_if_quiet(self) -> bool:
        now = time.time()  # waitress's clock
        channels = self._channels()
        if any(each.busy or now - each.last_activity < _QUIET_SECONDS for each in channels):
            return False
        if any(each.socket is not None and _readable(each.socket) for each in channels):
            return False
        for each in channels:
            each.handle_close()
        return True

    def _count_unanswered(self) -> int:
        return sum(each.busy for each in self._channels())

    def _close_all(self) -> int:
        for each in list(self._map.values()):
            each.close()
        return 0

    def _channels(self) -> list[Connection]:
        return list(self._server.active_channels.values())
