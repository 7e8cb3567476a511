"""What a supervisor asks: does it live, may it be sent requests, how is it doing."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from flask import Flask, Response, request

from erp_core.kernel.access import Principal
from erp_core.kernel.context import NO_COMPANY, Context
from erp_core.kernel.errors import ErpError
from erp_http.gate import RequestMetrics, record_of

CHECK_SECONDS: Final = 1.0

# Says what it found, or raises what is wrong: an ErpError in words meant for a reader.
Check = Callable[[Context], str]

log = logging.getLogger("erp.http")


class Metrics(RequestMetrics, Protocol):
    """Counts, and shows what it has counted."""

    def render(self) -> tuple[bytes, str]:
        """Return the text and its content type."""


def register(app: Flask, readiness: Mapping[str, Check], metrics: Metrics | None) -> None:
    """Serve /health, /ready and, where somebody counts, /metrics."""

    @app.get("/health")
    def health() -> Response:
        return _json(200, {"status": "ok"})

    @app.get("/ready")
    def ready() -> Response:
        record = record_of(request.environ)
        ctx = Context(
            principal=Principal(id="readiness"),
            company_id=NO_COMPANY,
            request_id=record.request_id,
            trace_id=record.trace_id,
            usage=record.usage,
        )
        checks = [_checked(name, check, ctx) for name, check in readiness.items()]
        fine = all(each["ok"] for each in checks)
        status, word = (200, "ready") if fine else (503, "not_ready")
        reply = _json(status, {"status": word, "checks": checks})
        if not fine:
            reply.headers["Retry-After"] = "1"
        return reply

    if metrics is not None:

        @app.get("/metrics")
        def show_metrics() -> Response:
            text, kind = metrics.render()
            return Response(text, content_type=kind)


def _checked(name: str, check: Check, ctx: Context) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        ok, detail = True, check(ctx.with_timeout(CHECK_SECONDS))
    except ErpError as error:
        ok, detail = False, str(error)
    except Exception:  # that a check fails is the very news it is asked for
        log.exception("a check failed", extra={"event": "http.check_failed", "check": name})
        ok, detail = False, "it failed: see the log"
    milliseconds = round((time.perf_counter() - started) * 1000, 3)
    return {"name": name, "ok": ok, "detail": detail, "ms": milliseconds}


def _json(status: int, said: Mapping[str, Any]) -> Response:
    shown = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return Response(shown, status=status, content_type="application/json")
