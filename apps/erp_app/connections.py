"""What we ask of waitress's connections beyond what it does by itself.

An answer leaves the thread that made it, in one piece, and the loop hears of it only where the
loop has something to do. Left to itself waitress sends the head and the body one after the other
through a buffer, and wakes the loop after every answer.
"""

from __future__ import annotations

import json
import time
from http import HTTPStatus
from typing import Any, Final

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask, WSGITask

from erp_core.kernel.entity import new_id
from erp_http.errors import CODE_OF_STATUS
from erp_http.gate import TYPE_PREFIX


class Answer(WSGITask):
    """Says goodbye with the last answer, once the server drains."""

    def build_response_header(self) -> bytes:
        channel = self.channel
        # One that has asked for more already is answered that first.
        if isinstance(channel, Connection) and channel.draining and len(channel.requests) == 1:
            self.set_close_on_finish()
        return super().build_response_header()

    def write(self, data: bytes) -> None:
        """Send the head together with the beginning of the body, where its length is known."""
        length = self.content_length
        known = length is not None and 0 < len(data) <= length
        if self.wrote_header or not known or not self.has_body:
            super().write(data)
            return
        head = self.build_response_header()
        self.wrote_header = True
        self.content_bytes_written += len(data)
        self.channel.write_soon(head + data)


class Refusal(ErrorTask):
    """Answers what is no HTTP request, or too large a one, in the shape of all our errors."""

    def execute(self) -> None:
        error = self.request.error  # type: ignore[attr-defined]  # the stubs call a request an error
        status = HTTPStatus(error.code)
        code = CODE_OF_STATUS.get(status, status.name.lower())
        request_id = str(new_id())
        problem = {
            "type": TYPE_PREFIX + code,
            "title": status.phrase,
            "status": status.value,
            "detail": error.body,
            "code": code,
            "request_id": request_id,
        }
        body = json.dumps(problem).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers = [
            ("Content-Type", "application/problem+json"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Request-Id", request_id),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Request(HTTPRequestParser):
    """Reads a request, and believes in one length of it only."""

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        # RFC 9112, section 6.1: two lengths are how one request is smuggled inside another.
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length beside Transfer-Encoding: say one of them")


class _Server:
    """What a connection sees of its server: one that is woken for its sake only if need be."""

    def __init__(self, server: Any, connection: Connection) -> None:
        self._server = server
        self._connection = connection
        self.adj: Final = server.adj
        self.active_channels: Final = server.active_channels
        self.add_task: Final = server.add_task

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)

    def pull_trigger(self) -> None:
        if self._connection.deaf or self._connection.writable():
            self._server.pull_trigger()


class Connection(HTTPChannel):
    """A client's connection that knows whether it may be closed, and whether the loop waits."""

    task_class = Answer
    error_task_class = Refusal
    parser_class = Request
    draining = False
    deaf = False  # the loop does not wait for input, and has to be told when it should again

    def __init__(self, server: Any, *rest: Any, **options: Any) -> None:
        super().__init__(server, *rest, **options)
        self.server: Any = _Server(server, self)

    def readable(self) -> bool:
        """Say whether the loop is to wait for input."""
        # Said before it is known: who changes the state after it was looked at reads this later,
        # and so wakes the loop; who changed it before is seen.
        self.deaf = True
        self.deaf = not super().readable()
        return not self.deaf

    def write_soon(self, data: Any) -> int:
        """Send what can be sent at once, without a buffer; the rest goes waitress's way."""
        if not isinstance(data, bytes):  # a file
            return super().write_soon(data)
        sent = 0
        with self.outbuf_lock:
            if self.connected and not self.total_outbufs_len:
                try:
                    sent = self.send(data, do_close=False)
                except OSError:
                    sent = 0  # waitress is told the same below, and knows what to do
                if sent:
                    self.last_activity = time.time()
        if sent < len(data):
            super().write_soon(data[sent:])
        return len(data)

    @property
    def busy(self) -> bool:
        """Say whether a request is being read or answered, or an answer being sent."""
        return bool(
            self.requests
            or self.request is not None
            or self.total_outbufs_len
            or self.close_when_flushed
            or self.will_close
        )
