"""What we ask of waitress's connections beyond what it does by itself."""

from __future__ import annotations

import json
from http import HTTPStatus

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


class Connection(HTTPChannel):
    """A client's connection that knows whether it may be closed."""

    task_class = Answer
    error_task_class = Refusal
    parser_class = Request
    draining = False

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
