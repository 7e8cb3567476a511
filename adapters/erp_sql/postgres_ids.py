"""Ids on their way to PostgreSQL and back: a document has hundreds of them.

What is written is what the driver's own adapter writes, so that whoever else uses the driver in
this process sees no difference; it is slower by half.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from psycopg2.extensions import AsIs, new_type, register_adapter, register_type

from erp_sql.stored import known_id

_KNOWN_MAX: Final = 4096
_OID: Final = 2950  # uuid in PostgreSQL's pg_type.dat


def register(driver: Any) -> None:
    """Let ids go over the connection *driver* in our way."""
    register_adapter(UUID, _write)
    register_type(_TYPE, driver)


@lru_cache(_KNOWN_MAX)  # the company's and a product's are written many times in a document
def _write(value: UUID) -> AsIs:
    return AsIs(f"'{value}'::uuid")


def _read(text: Any, _cursor: object) -> UUID | None:
    return None if text is None else known_id(text)


_TYPE: Final = new_type((_OID,), "UUID", _read)
