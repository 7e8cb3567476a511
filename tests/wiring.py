"""The whole system over a store in memory: wired in one place for every test that needs it."""

from functools import cache
from typing import Any

from flask import Flask

from erp_core.erp import Erp, assemble
from erp_core.testing import FixedClock, Witness
from erp_http.app import all_routes, create_app
from erp_http.routing import Authenticate, Route
from erp_memory.store import MemoryStore


def an_erp(store: MemoryStore | None = None) -> Erp:
    return assemble(unit_of_work=store or MemoryStore(), clock=FixedClock(), observer=Witness())


def an_app(erp: Erp, authenticate: Authenticate, **options: Any) -> Flask:
    return create_app(erp, authenticate, **options)


@cache
def the_routes() -> tuple[Route, ...]:
    """Return the whole table, over a store that nobody writes to."""
    return all_routes(an_erp())
