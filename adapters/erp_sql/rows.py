"""Rows described as SQLAlchemy's declarative classes are, and no more made of them than a table.

The ORM would also make a mapper for every class and an instrumented attribute for every column, so
that sessions can load and watch objects; statements here go straight over a connection, and the
making was an eighth of a program's start. A class has its ``__table__``, and a column in each
attribute; it may stand in a statement where a table may. Type checkers read SQLAlchemy's own.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from inspect import get_annotations
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Final,
    Generic,
    NamedTuple,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Uuid,
)

__all__ = ["DeclarativeBase", "Mapped", "mapped_column"]

T = TypeVar("T")

_USUAL: Final[dict[Any, Any]] = {  # what a base does not say otherwise
    UUID: Uuid,
    bool: Boolean,
    bytes: LargeBinary,
    date: Date,
    datetime: DateTime,
    Decimal: Numeric,
    int: Integer,
    str: String,
}


class _Mapped(Generic[T]):
    """Marks what is a column, and tells the type of its values."""


class _Said(NamedTuple):
    """What is said of a column; a class that others inherit says it for each of them."""

    words: tuple[Any, ...] = ()
    options: dict[str, Any] = {}  # noqa: RUF012  # never changed


def _mapped_column(*words: Any, **options: Any) -> _Said:
    return _Said(words, options)


class _Rows:
    """The base of a base, which says where its tables are kept and of what types they are."""

    metadata: ClassVar[MetaData]
    type_annotation_map: ClassVar[dict[Any, Any]] = {}
    __tablename__: ClassVar[str]
    __table_args__: ClassVar[Any] = {}
    __table__: ClassVar[Table]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "__tablename__" not in vars(cls):
            if not hasattr(cls, "metadata"):
                cls.metadata = MetaData()
            return
        said = cls.__table_args__
        parts, options = (said[:-1], said[-1]) if isinstance(said, tuple) else ((), said)
        hints = get_type_hints(cls)
        # What the class says itself stands before what it inherits.
        names = dict.fromkeys(name for each in cls.__mro__ for name in get_annotations(each))
        columns = [
            cls._column(name, get_args(hints[name])[0])
            for name in names
            if get_origin(hints[name]) is _Mapped
        ]
        cls.__table__ = Table(cls.__tablename__, cls.metadata, *columns, *parts, **options)
        for each in columns:
            setattr(cls, each.key, each)

    @classmethod
    def __clause_element__(cls) -> Table:
        """Stand in a statement: SQLAlchemy asks whatever is no clause of its own."""
        return cls.__table__

    @classmethod
    def _column(cls, name: str, hint: Any) -> Column[Any]:
        said = getattr(cls, name, _Said())
        kinds = set(get_args(hint)) if get_origin(hint) is UnionType else {hint}
        nullable = NoneType in kinds
        options = {"nullable": nullable and not said.options.get("primary_key")} | said.options
        if said.words:
            return Column(name, *said.words, **options)
        (kind,) = kinds - {NoneType}
        return Column(name, cls.type_annotation_map.get(kind) or _USUAL[kind], **options)


if TYPE_CHECKING:
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
else:
    DeclarativeBase, Mapped, mapped_column = _Rows, _Mapped, _mapped_column
