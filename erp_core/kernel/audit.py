"""The audit trail: what each command changed, written in the command's own transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum, StrEnum
from functools import cache
from typing import Any, Final, Protocol
from uuid import UUID

from erp_core.kernel.dataclass import dataclass

# A field that must not be read in the trail: ``field(metadata=SECRET)``.
SECRET: Final[Mapping[str, bool]] = {"secret": True}
_MASK: Final = "***"
_UNTOLD: Final = frozenset({"version", "events", "movements"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing, with its fields that changed as they were and as they are, all as text."""

    kind: str  # "catalog.product"
    id: str
    before: Mapping[str, str]  # empty: it is new
    after: Mapping[str, str]  # empty: it is gone


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """Who did what, when and at whose request, and what it changed."""

    id: UUID
    at: datetime  # aware, UTC
    by: str  # principal id
    request_id: str
    action: str  # the permission that was used: "inventory.stock.issue"
    changes: tuple[Change, ...]


class Identified(Protocol):
    """Anything with a name of its own."""

    @property
    def id(self) -> UUID | str: ...


class Journal:
    """Collects what the repositories of one unit of work change."""

    def __init__(self) -> None:
        self._changes: list[Change] = []

    def note(
        self, kind: str, thing: str, before: Mapping[str, str], after: Mapping[str, str]
    ) -> None:
        """Note a change in the words given."""
        self._changes.append(Change(kind=kind, id=thing, before=before, after=after))

    def note_entity(self, kind: str, before: Identified | None, after: Identified | None) -> None:
        """Note what differs between two states of an entity; None: not yet, or no longer."""
        one = after if after is not None else before
        if one is None:
            return
        if before is not None and after is not None and type(before) is type(after):
            old, new = _difference(before, after)
        else:
            old, new = _told(before), _told(after)
        self.note(kind, str(one.id), old, new)

    def take(self) -> tuple[Change, ...]:
        """Return what was noted, and forget it."""
        changes, self._changes = tuple(self._changes), []
        return changes


def _difference(before: object, after: object) -> tuple[dict[str, str], dict[str, str]]:
    """Return what differs of two states of one thing; what is equal is not even written down."""
    kind: type = type(after)
    old, new = {}, {}
    for name, secret in _names(kind):
        one, other = getattr(before, name), getattr(after, name)
        if one is not other and one != other:
            was, now = _shown(one, secret=secret), _shown(other, secret=secret)
            if was != now:
                old[name], new[name] = was, now
    return old, new


def _told(entity: object | None) -> dict[str, str]:
    kind: type = type(entity)
    told = {}
    for name, secret in _names(kind):
        value = getattr(entity, name)
        told[name] = _MASK if secret else _RENDERERS[type(value)](value)
    return told


@cache
def _names(kind: type) -> tuple[tuple[str, bool], ...]:
    """Return the fields that are told of a dataclass, and whether each is a secret."""
    if not is_dataclass(kind):
        return ()
    return tuple(
        (each.name, bool(each.metadata.get("secret")))
        for each in fields(kind)
        if each.name not in _UNTOLD
    )


def _shown(value: object, *, secret: bool) -> str:
    return _MASK if secret else _text(value)


def _text(value: object) -> str:
    """Render a domain value so that a person can read it and a program can compare it."""
    return _RENDERERS[type(value)](value)


class _Renderers(dict[type, Callable[[Any], str]]):
    """What renders values, by their kind: found once, since a document has hundreds of them."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        found = self[kind] = _renderer(kind)
        return found


_RENDERERS: Final = _Renderers()


def _renderer(kind: type) -> Callable[[Any], str]:  # one line a kind of value
    """Return what renders values of *kind*."""
    if kind is str:
        return str
    if issubclass(kind, tuple | list):
        return lambda value: "; ".join([_RENDERERS[type(each)](each) for each in value])
    if issubclass(kind, frozenset | set):
        return lambda value: "; ".join(sorted(_text(each) for each in value))
    # Told field by field, where things of this kind have no words of their own.
    if is_dataclass(kind) and kind.__str__ is object.__str__:
        return _fields
    return _plain_renderer(kind)


def _fields(value: object) -> str:
    return ", ".join([f"{name}={text}" for name, text in _told(value).items() if text])


def _plain_renderer(kind: type) -> Callable[[Any], str]:
    if kind is type(None):
        return lambda _: ""
    if issubclass(kind, datetime):
        return datetime.isoformat
    if issubclass(kind, Mapping):
        return lambda value: "; ".join(
            [f"{key}={_text(each)}" for key, each in sorted(value.items())]
        )
    if issubclass(kind, StrEnum):
        return str.__str__
    return (lambda value: str(value.value)) if issubclass(kind, Enum) else str
