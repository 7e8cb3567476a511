"""The straight way through a body that is in order, as nearly all are.

marshmallow asks every field of a DTO, sent or not, through a closure and an error store of each
object: 7 % of the work of an order. Here the fields that were sent are asked, the same ones,
and the rest have their defaults. Whatever is not in order is left to marshmallow, which reads the
body anew and says all that is wrong with it: so nothing here has to know what to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing

from erp_http.fields import List, Nested

Take = Callable[[Any], Any]


class NotInOrderError(Exception):
    """Something is missing or unknown, or of another kind than this way is for."""


class Straight:
    """Reads objects of one schema; made once, at its first body."""

    def __init__(self, schema: Schema) -> None:
        self._takes: dict[str, tuple[str, Take]] = {}
        self._required: list[str] = []
        self._defaults: dict[str, Any] = {}
        self._made: list[tuple[str, Callable[[], Any]]] = []  # defaults that are made each time
        for name, each in schema.load_fields.items():
            self._know(name, each)

    def _know(self, name: str, one: fields.Field[Any]) -> None:
        wire = one.data_key if one.data_key is not None else name
        self._takes[wire] = (name, _take(one))
        if one.required:
            self._required.append(wire)
        elif callable(one.load_default):
            self._made.append((name, one.load_default))
        elif one.load_default is not missing:
            self._defaults[name] = one.load_default

    def load(self, data: object) -> dict[str, Any]:
        """Return what the fields make of *data*.

        Raises:
            NotInOrderError: it is no object, or has other members than it should.
            ValidationError: a field refuses what it was sent.
        """
        if type(data) is not dict:
            raise NotInOrderError
        found = self._defaults.copy()
        for name, make in self._made:
            found[name] = make()
        takes = self._takes
        for wire, value in data.items():
            known = takes.get(wire)
            if known is None:
                raise NotInOrderError
            found[known[0]] = known[1](value)
        for wire in self._required:
            if wire not in data:
                raise NotInOrderError
        return found


def straight(schema: Schema) -> Callable[[Mapping[str, Any]], Any]:
    """Return what loads a body for *schema*: with the same result and the same errors."""
    if not _plain(schema):
        return schema.load
    way = Straight(schema)

    def load(data: Mapping[str, Any]) -> Any:
        try:
            return way.load(data)
        except (NotInOrderError, ValidationError):
            return schema.load(data)

    return load


def _plain(schema: Schema) -> bool:
    """Say whether a schema does nothing but ask its fields."""
    asked = schema.unknown == RAISE and not schema.many and not schema.partial
    return asked and not any(schema._hooks.values())  # noqa: SLF001  # it tells of them nowhere else


def _take(one: fields.Field[Any]) -> Take:
    """Return what a field makes of what it was sent."""
    if one.validators or one.pre_load or one.post_load:
        return one.deserialize
    if type(one) is Nested and not one.many and one.unknown is None and _plain(one.schema):
        return _or_none(_Later(one.schema)) if one.allow_none else _Later(one.schema)
    if type(one) is List:
        read = _each(_take(one.inner), one.most)
        return _or_none(read) if one.allow_none else read
    return _leaf(one)


def _leaf(one: fields.Field[Any]) -> Take:
    deserialize, allows = one._deserialize, one.allow_none  # noqa: SLF001  # its None is ours

    def read(value: Any) -> Any:
        if value is not None:
            return deserialize(value, None, None)
        if allows:
            return None
        raise NotInOrderError

    return read


def _or_none(read: Take) -> Take:
    return lambda value: None if value is None else read(value)


def _each(take: Take, most: int) -> Take:
    def read(values: Any) -> list[Any]:
        if type(values) is not list or len(values) > most:
            raise NotInOrderError
        return [take(each) for each in values]

    return read


class _Later:
    """An object within another, known when it is first sent: a schema may hold itself."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._way: Straight | None = None

    def __call__(self, value: Any) -> dict[str, Any]:
        if self._way is None:
            self._way = Straight(self._schema)
        return self._way.load(value)
