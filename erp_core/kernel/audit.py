"""The audit trail: what each command changed, written in the command's own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final, Protocol
from uuid import UUID

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
        old, new = _told(before), _told(after)
        if before is not None and after is not None:
            names = [name for name in new if old.get(name) != new[name]]
            old = {name: old[name] for name in names if name in old}
            new = {name: new[name] for name in names}
        self.note(kind, str(one.id), old, new)

    def take(self) -> tuple[Change, ...]:
        """Return what was noted, and forget it."""
        changes, self._changes = tuple(self._changes), []
        return changes


def _told(entity: object | None) -> dict[str, str]:
    if entity is None or not is_dataclass(entity) or isinstance(entity, type):
        return {}
    return {
        each.name: _shown(each, getattr(entity, each.name))
        for each in fields(entity)
        if each.name not in _UNTOLD
    }


def _shown(each: Field[Any], value: object) -> str:
    return _MASK if each.metadata.get("secret") else _text(value)


def _text(value: object) -> str:  # one line a kind of value
    """Render a domain value so that a person can read it and a program can compare it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "; ".join(f"{key}={_text(each)}" for key, each in sorted(value.items()))
    if isinstance(value, frozenset | set):
        return "; ".join(sorted(_text(each) for each in value))
    if isinstance(value, tuple | list):
        return "; ".join(_text(each) for each in value)
    return _told_text(value)


def _told_text(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if is_dataclass(value) and type(value).__str__ is object.__str__:
        return ", ".join(f"{name}={text}" for name, text in _told(value).items() if text)
    return str(value)
