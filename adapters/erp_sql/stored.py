"""What a driver returns, made again what was stored: for the types that most columns have.

SQLAlchemy's own ways through ids and JSON are two or three calls deep, and a page of a hundred
parties has a thousand of them. Both ways come to the same, as ``tests/sql/test_stored.py`` holds.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, Dialect, Uuid
from sqlalchemy.types import TypeEngine

from erp_core.kernel.entity import uuid_of

_KNOWN_MAX: Final = 4096


@lru_cache(_KNOWN_MAX)  # the company's is in every row, a product's in many
def known_id(text: str) -> UUID:
    """Return the id that a database has spelled, with hyphens or without."""
    return uuid_of(int(text.replace("-", ""), 16))


def reader(kind: TypeEngine[Any], dialect: Dialect, code: object) -> Callable[[Any], Any] | None:
    """Return what makes of the driver's value, whose type it calls *code*, what was stored.

    None: it is that already.
    """
    if dialect.name != "postgresql":  # whose driver knows both types
        if isinstance(kind, Uuid):
            return _id
        if isinstance(kind, JSON):
            return _json(dialect)
    return kind.dialect_impl(dialect).result_processor(dialect, code)


def _id(text: str | None) -> UUID | None:
    return None if text is None else known_id(text)


def _json(dialect: Dialect) -> Callable[[Any], Any]:
    read = getattr(dialect, "_json_deserializer", None) or json.loads
    # SQLite makes a number of what is written as one, and None is None.
    return lambda told: read(told) if isinstance(told, str) else told
