"""Errors as RFC 9457 problem details: all of them, and nothing else."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, request
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from erp_core.kernel import errors
from erp_core.kernel.translations import translate
from erp_http.gate import TYPE_PREFIX, record_of
from erp_http.messages import Message

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

# Too little stock is a state of the warehouse, what is owed one of the customer, and what is left
# one of the payment: none is a fault of the request.
STATUS_OF_CODE: Final[dict[str, HTTPStatus]] = {
    "credit_limit_exceeded": HTTPStatus.CONFLICT,
    "insufficient_stock": HTTPStatus.CONFLICT,
    "invoicing.exceeds_open": HTTPStatus.CONFLICT,
    "treasury.exceeds_unallocated": HTTPStatus.CONFLICT,
}

# What is wrong before a use case is reached; the names differ between versions of Python.
CODE_OF_STATUS: Final[dict[HTTPStatus, str]] = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.NOT_FOUND: "unknown_path",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.NOT_ACCEPTABLE: "not_acceptable",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "content_too_large",
    HTTPStatus.REQUEST_URI_TOO_LONG: "uri_too_long",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
    HTTPStatus.UNPROCESSABLE_ENTITY: "invalid_fields",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "headers_too_large",
    HTTPStatus.INTERNAL_SERVER_ERROR: "internal",
}

_RETRY_AFTER_SECONDS: Final = 1
_OURS: Final = frozenset({"type", "title", "status", "detail", "code", "request_id", "errors"})
# marshmallow's own complaints, for the schemas that are none of our Dto.
_CODE_OF_TEXT: Final = {"Unknown field.": "unknown_field", "Invalid input type.": "object"}

log = logging.getLogger("erp.http")


def status_of(error: errors.ErpError) -> HTTPStatus:
    """Return the status of the error's code, or of the nearest class that has one."""
    if error.code in STATUS_OF_CODE:
        return STATUS_OF_CODE[error.code]
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def register(app: Flask) -> None:
    """Let *app* answer every error by a problem."""

    @app.errorhandler(errors.ErpError)
    def refuse(error: errors.ErpError) -> Response:
        return _refusal(error)

    @app.errorhandler(ValidationError)
    def correct(error: ValidationError) -> Response:
        in_query = request.method in ("GET", "HEAD")
        status = HTTPStatus.BAD_REQUEST if in_query else HTTPStatus.UNPROCESSABLE_ENTITY
        found = [_field_error(pointer, text) for pointer, text in _flat(error.messages)]
        return problem(status, code="invalid_fields", errors=found)

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> Response:
        status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
        reply = problem(status, code=CODE_OF_STATUS.get(status, status.name.lower()))
        for name, value in error.get_headers():
            if name.lower() not in {"content-type", "content-length"}:  # keeps Allow with a 405
                reply.headers[name] = value
        return reply

    @app.errorhandler(Exception)
    def confess(error: Exception) -> Response:
        seen = {"event": "http.unforeseen", "request_id": record_of(request.environ).request_id}
        log.error("unforeseen", exc_info=error, extra=seen)
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, code="internal")


def problem(
    status: HTTPStatus,
    *,
    code: str,
    message: str = "",
    details: Mapping[str, object] | None = None,
    errors: Iterable[Mapping[str, object]] = (),
) -> Response:
    """Return a problem document (RFC 9457) in the language of the request.

    *message* is the English text that knows best; *details* become members of the document.
    """
    record = record_of(request.environ)
    record.code = code
    said: dict[str, object] = {
        "type": TYPE_PREFIX + code,
        "title": _title(status, record.locale),
        "status": status.value,
        "detail": translate(code, record.locale, details, message=message),
        "code": code,
        "request_id": record.request_id,
    }
    more = {name: _plain(value) for name, value in (details or {}).items() if name not in _OURS}
    listed = list(errors)
    if listed:
        more["errors"] = listed
    shown = json.dumps(said | more, ensure_ascii=False, separators=(",", ":"))
    safe = shown.encode(errors="replace")  # a detail may quote what the client sent
    return Response(safe, status=status, content_type="application/problem+json")


def _title(status: HTTPStatus, locale: str) -> str:
    key = str(status.value)
    said = translate(key, locale, section="titles")
    return status.phrase if said == key else said


def _refusal(error: errors.ErpError) -> Response:
    status = status_of(error)
    message = str(error)
    locale = record_of(request.environ).locale
    found = []
    if error.field:
        detail = translate(error.code, locale, error.details, message=message)
        found.append({"pointer": "/" + error.field, "code": error.code, "detail": detail})
    for each in error.faults if isinstance(error, errors.RowsRefusedError) else ():
        detail = translate(each.code, locale, each.details, message=str(each))
        found.append({"pointer": "/" + each.field, "code": each.code, "detail": detail})
    reply = problem(status, code=error.code, message=message, details=error.details, errors=found)
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        reply.headers["Retry-After"] = _wait(error.details.get("retry_after_s"))
    if status is HTTPStatus.UNAUTHORIZED:
        reply.headers["WWW-Authenticate"] = "Bearer"
    return reply


def _wait(seconds: object) -> str:
    if isinstance(seconds, int | float | Decimal):
        return str(max(_RETRY_AFTER_SECONDS, math.ceil(seconds)))
    return str(_RETRY_AFTER_SECONDS)


def _plain(value: object) -> object:
    """Return a detail as JSON can say it; decimals are strings, as everywhere."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _field_error(pointer: str, text: str) -> dict[str, object]:
    if not isinstance(text, Message):
        text = Message(text, code=_CODE_OF_TEXT.get(text, "invalid_field"))
    locale = record_of(request.environ).locale
    detail = translate(text.code, locale, text.details, section="fields", message=str(text))
    return {"pointer": pointer, "code": text.code, "detail": detail}


def _flat(messages: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Walk marshmallow's tree of messages and yield JSON pointers (RFC 6901) with their text."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            step = str(name).replace("~", "~0").replace("/", "~1")
            yield from _flat(inner, pointer if name == "_schema" else f"{pointer}/{step}")
    else:
        texts = [messages] if isinstance(messages, str) else messages
        yield from ((pointer, text if isinstance(text, str) else str(text)) for text in texts)
