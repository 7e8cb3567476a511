"""The outermost layer: each request's id, its trace, its safe headers, and its one log line."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from werkzeug.wsgi import ClosingIterator

from erp_core.kernel.context import Usage
from erp_core.kernel.entity import new_id
from erp_core.kernel.translations import ENGLISH, negotiated, translate

if TYPE_CHECKING:  # this module exists for type checkers alone
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

UNMATCHED: Final = "unmatched"  # the label of every path we do not serve
TYPE_PREFIX: Final = "/docs/errors#"  # of a problem's type; a fragment of the page that tells all

# In the environ, put there by whoever serves: the token that is cancelled when the client goes.
CANCELLATION: Final = "erp.cancellation"

_KEY: Final = "erp.record"
REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
# W3C Trace Context (2021), section 3.2.2: version 00 ends here, a later one may go on.
_TRACEPARENT: Final = re.compile(
    r"(?!ff)(?P<version>[0-9a-f]{2})-(?!0{32})(?P<trace>[0-9a-f]{32})"
    r"-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?P<more>-.*)?",
    re.ASCII,
)
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_QUIET: Final = frozenset({"/health", "/ready", "/metrics"})  # asked every few seconds
_SERVER_ERROR: Final = 500

log = logging.getLogger("erp.http")


class RequestMetrics(Protocol):
    """Counts what is answered."""

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Take note of one request; *route* is the pattern, never the path itself."""

    def count_usage(self, usage: Usage) -> None:
        """Take note of what the database has done for it."""


@dataclass(slots=True)
class Record:
    """What is known of the request in progress; it grows as more becomes known."""

    request_id: str
    trace_id: str
    locale: str
    method: str
    route: str = UNMATCHED
    company: str = ""
    user: str = ""
    status: int = 0
    code: str = ""  # of the problem, where the answer is one
    usage: Usage = field(default_factory=Usage)
    started: float = field(default_factory=time.perf_counter)

    def as_log(self, seconds: float) -> dict[str, Any]:
        """Return the fields of the log line; never a body, a query or a header's secret."""
        return {
            "event": "http.request",
            "request_id": self.request_id,
            "trace_id": self.trace_id,
            "company": self.company,
            "user": self.user,
            "method": self.method,
            "route": self.route,
            "status": self.status,
            "code": self.code,
            "duration_ms": round(seconds * 1000, 3),
            "db_ms": round(self.usage.seconds * 1000, 3),
            "db_queries": self.usage.statements,
        }


def record_of(environ: WSGIEnvironment) -> Record:
    """Return the record of the request that *environ* describes."""
    found: Record = environ[_KEY]
    return found


def trace_id(traceparent: str) -> str:
    """Return the trace a W3C header belongs to; empty if it is absent or not valid."""
    found = _TRACEPARENT.fullmatch(traceparent.strip())
    if found is None or (found["version"] == "00" and found["more"]):
        return ""
    return found["trace"]


class Gate:
    """Wraps the application, so that no answer leaves without what every answer carries."""

    def __init__(self, inner: WSGIApplication, metrics: RequestMetrics | None) -> None:
        self._inner = inner
        self._metrics = metrics

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        record = environ[_KEY] = _begun(environ)

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            record.status = int(status[:3])
            return start_response(status, _completed(headers, record), exc_info)

        try:
            body = self._inner(environ, start)
        except Exception:  # the last door: whatever it was, the client gets an answer
            log.exception("unforeseen", extra={"event": "http.unforeseen"})
            body = _apology(record, start)
        return ClosingIterator(body, lambda: self._ended(record))

    def _ended(self, record: Record) -> None:
        seconds = time.perf_counter() - record.started
        level = logging.DEBUG if record.route in _QUIET else logging.INFO
        if record.status >= _SERVER_ERROR:
            level = logging.WARNING
        said = "%s %s %d"
        fields = record.as_log(seconds)
        log.log(level, said, record.method, record.route, record.status, extra=fields)
        if self._metrics is not None:
            self._metrics.count_request(record.method, record.route, record.status, seconds)
            self._metrics.count_usage(record.usage)


def _begun(environ: WSGIEnvironment) -> Record:
    given = environ.get("HTTP_X_REQUEST_ID", "")
    method = environ.get("REQUEST_METHOD", "")
    return Record(
        request_id=given if REQUEST_ID.fullmatch(given) else str(new_id()),
        trace_id=trace_id(environ.get("HTTP_TRACEPARENT", "")),
        locale=negotiated(environ.get("HTTP_ACCEPT_LANGUAGE", "")),
        method=method if method in _METHODS else "OTHER",
    )


def _completed(headers: list[tuple[str, str]], record: Record) -> list[tuple[str, str]]:
    said = {name.lower() for name, _ in headers}
    missing = [(name, value) for name, value in _HEADERS.items() if name.lower() not in said]
    return [*headers, *missing, ("X-Request-Id", record.request_id)]


def _apology(record: Record, start: StartResponse) -> list[bytes]:
    record.code = "internal"
    said = {
        "type": TYPE_PREFIX + record.code,
        "title": translate("500", ENGLISH, section="titles"),
        "status": _SERVER_ERROR,
        "detail": translate(record.code, ENGLISH),
        "code": record.code,
        "request_id": record.request_id,
    }
    body = json.dumps(said).encode()
    headers = [
        ("Content-Type", "application/problem+json"),
        ("Content-Length", str(len(body))),
    ]
    start("500 INTERNAL SERVER ERROR", headers)
    return [body]
