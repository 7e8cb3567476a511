"""The body of a request: JSON, of bounded size, depth and numbers."""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn

from flask import Request
from marshmallow import ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from erp_core.kernel.errors import MalformedError
from erp_http.messages import Message

JSON: Final = "application/json"
CSV: Final = "text/csv"
IMAGE: Final = "image/*"
_IMAGES: Final = ("image/png", "image/jpeg")
DEPTH_MAX: Final = 32
_DIGITS_MAX: Final = 40

_BRACKETS: Final = {"[": 1, "{": 1, "]": -1, "}": -1}


def given(request: Request) -> dict[str, Any]:
    """Return the object a request carries; none is an empty one.

    Raises:
        MalformedError: it is no JSON, too deep, or says a name twice.
        UnsupportedMediaType: it does not say that it is JSON.
        ValidationError: it is JSON, and no object.
    """
    raw = request.get_data(cache=True)
    if not raw:
        return {}
    if not request.is_json:
        raise UnsupportedMediaType("send JSON, and say so: Content-Type: application/json")
    try:
        text = raw.decode("utf-8-sig")
        _require_shallow(text)
        found = json.loads(
            text,
            parse_int=_whole,
            parse_constant=_no_number,
            object_pairs_hook=_once,
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise MalformedError("the body is no JSON", code="body.json") from error
    if not isinstance(found, dict):
        raise ValidationError([Message("Not an object.", code="object")])
    return found


def table(request: Request) -> dict[str, Any]:
    """Return the table a request carries, as it came.

    Raises:
        UnsupportedMediaType: it does not say that it is CSV.
    """
    if request.mimetype != CSV:
        raise UnsupportedMediaType("send a table, and say so: Content-Type: text/csv")
    return {"table": request.get_data(cache=True)}


def image(request: Request) -> dict[str, Any]:
    """Return the picture a request carries, as it came.

    Raises:
        UnsupportedMediaType: it does not say that it is a PNG or a JPEG.
    """
    if request.mimetype not in _IMAGES:
        raise UnsupportedMediaType(f"send a picture, and say so: {' or '.join(_IMAGES)}")
    return {"image": request.get_data(cache=True)}


def _require_shallow(text: str) -> None:
    """Refuse what is nested too deep, before a parser descends into it."""
    depth, in_string, escaped = 0, False, False
    if text.count("[") + text.count("{") <= DEPTH_MAX:
        return
    for each in text:
        if in_string:
            if escaped:
                escaped = False
            elif each == "\\":
                escaped = True
            elif each == '"':
                in_string = False
        elif each == '"':
            in_string = True
        elif each in _BRACKETS:
            depth += _BRACKETS[each]
            if depth > DEPTH_MAX:
                raise MalformedError(
                    f"the body is nested deeper than {DEPTH_MAX} levels",
                    code="body.depth",
                    most=DEPTH_MAX,
                )


def _whole(digits: str) -> int:
    if len(digits) > _DIGITS_MAX:
        raise MalformedError(
            f"a number of {len(digits)} digits: at most {_DIGITS_MAX} are read",
            code="body.digits",
            most=_DIGITS_MAX,
        )
    return int(digits)


def _no_number(name: str) -> NoReturn:
    raise MalformedError(f"{name} is no JSON", code="body.json")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedError(
            "an object of the body says the same name twice", code="body.name_twice"
        )
    return found
