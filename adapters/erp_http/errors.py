"""Errors as RFC 9457 problem details: all of them, and nothing else."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, g, request
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from erp_core.kernel import errors

STATUS: Final[dict[type[errors.ErpError], HTTPStatus]] = {
    errors.ErpError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.InvariantError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.MalformedError: HTTPStatus.BAD_REQUEST,
    errors.TransitionError: HTTPStatus.CONFLICT,
    errors.NotFoundError: HTTPStatus.NOT_FOUND,
    errors.AlreadyExistsError: HTTPStatus.CONFLICT,
    errors.PreconditionFailedError: HTTPStatus.PRECONDITION_FAILED,
    errors.StaleVersionError: HTTPStatus.CONFLICT,
    errors.ContentionError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.UnauthenticatedError: HTTPStatus.UNAUTHORIZED,
    errors.TooManyAttemptsError: HTTPStatus.TOO_MANY_REQUESTS,
    errors.PermissionDeniedError: HTTPStatus.FORBIDDEN,
    errors.OperationCancelledError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.DeadlineExceededError: HTTPStatus.GATEWAY_TIMEOUT,
}

# http.md: too little stock is a state of the warehouse, not a fault of the request.
STATUS_OF_CODE: Final[dict[str, HTTPStatus]] = {"insufficient_stock": HTTPStatus.CONFLICT}

_RETRY_AFTER_SECONDS: Final = 1

log = logging.getLogger("erp.http")


def status_of(error: errors.ErpError) -> HTTPStatus:
    """Return the status of the error's code, or of the nearest class that has one."""
    if error.code in STATUS_OF_CODE:
        return STATUS_OF_CODE[error.code]
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def register(app: Flask) -> None:
    @app.errorhandler(errors.ErpError)
    def refuse(error: errors.ErpError) -> Response:
        return _refusal(error)

    @app.errorhandler(ValidationError)
    def correct(error: ValidationError) -> Response:
        found = [
            {"pointer": pointer, "code": "invalid_field", "detail": detail}
            for pointer, detail in _flat(error.messages)
        ]
        in_query = request.method == "GET"
        status = HTTPStatus.BAD_REQUEST if in_query else HTTPStatus.UNPROCESSABLE_ENTITY
        return problem(status, code="invalid_fields", detail="see errors", errors=found)

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> Response:
        status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
        reply = problem(status, code=status.name.lower(), detail=error.description or "")
        for name, value in error.get_headers():
            if name.lower() not in {"content-type", "content-length"}:  # keeps Allow with a 405
                reply.headers[name] = value
        return reply

    @app.errorhandler(Exception)
    def confess(error: Exception) -> Response:
        log.error("unforeseen", exc_info=error, extra={"event": "http.unforeseen"})
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, code="internal", detail="our mistake")


def problem(status: HTTPStatus, *, code: str, detail: str, **members: object) -> Response:
    """Return a problem document (RFC 9457)."""
    said = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": code,
        "request_id": g.get("request_id", ""),
        **members,
    }
    shown = json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=str)
    return Response(shown, status=status, content_type="application/problem+json")


def _refusal(error: errors.ErpError) -> Response:
    status = status_of(error)
    members: dict[str, object] = {
        name: value if isinstance(value, int) else str(value)
        for name, value in error.details.items()
    }
    if error.field:
        pointer = "/" + error.field
        members["errors"] = [{"pointer": pointer, "code": error.code, "detail": str(error)}]
    reply = problem(status, **{**members, "code": error.code, "detail": str(error)})  # type: ignore[arg-type]  # code and detail are strings
    wait = error.details.get("retry_after_s", _RETRY_AFTER_SECONDS)
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        reply.headers["Retry-After"] = str(wait)
    if status is HTTPStatus.UNAUTHORIZED:
        reply.headers["WWW-Authenticate"] = "Bearer"
    return reply


def _flat(messages: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Walk marshmallow's tree of messages and yield JSON pointers (RFC 6901) with their text."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            step = str(name).replace("~", "~0").replace("/", "~1")
            yield from _flat(inner, pointer if name == "_schema" else f"{pointer}/{step}")
    else:
        yield from ((pointer, str(text)) for text in messages)
