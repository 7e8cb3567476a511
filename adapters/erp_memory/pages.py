"""Pages by key over what lies in memory, in the same orders as the databases give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar
from uuid import UUID

from erp_core.kernel.page import Page, PageRequest, SortKey, sort_key


class Identified(Protocol):
    @property
    def id(self) -> UUID: ...


T = TypeVar("T", bound=Identified)


def page_of(
    things: Iterable[T], request: PageRequest, keys: Mapping[str, SortKey[T]] | None = None
) -> Page[T]:
    """Return the page of *things* that *request* asks for."""
    key = sort_key(keys or {}, request) or SortKey(of=lambda _: "")
    ranked = sorted(
        ((key.of(each), each.id, each) for each in things),
        key=lambda ranked: ranked[:2],
        reverse=request.descending,
    )
    total = len(ranked) if request.count else None
    if request.after is not None:
        place = (key.read(request.after.value), request.after.id)
        if request.descending:
            ranked = [each for each in ranked if each[:2] < place]
        else:
            ranked = [each for each in ranked if each[:2] > place]
    items = tuple(thing for _, _, thing in ranked[: request.limit])
    if len(ranked) <= request.limit:
        return Page(items=items, total=total)
    return Page(items=items, next=key.cursor(items[-1], items[-1].id), total=total)
