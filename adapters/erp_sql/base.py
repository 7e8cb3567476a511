"""What all rows share."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from sqlalchemy import Date, MetaData, String
from sqlalchemy.dialects import postgresql

from erp_sql.rows import DeclarativeBase
from erp_sql.types import ExactDecimal, UtcDateTime

# Binary collation: two SKUs that differ in case or accent differ here as they do elsewhere.
ON_MYSQL: Final[dict[str, Any]] = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
}


def text(length: int) -> String:
    """Return a text column's type, which every database sorts by code point."""
    return String(length).with_variant(postgresql.VARCHAR(length, collation="C"), "postgresql")


class Base(DeclarativeBase):
    """Every table's primary key begins with the company: what is another's cannot be reached."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        Decimal: ExactDecimal,
        datetime: UtcDateTime,
        date: Date,
    }
    __table_args__: Any = ON_MYSQL
