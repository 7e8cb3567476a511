"""The HTTP adapter over whatever store, and its table of routes."""

from functools import cache
from typing import Any

from flask import Flask

from erp_core.erp import Erp
from erp_http.app import all_routes, create_app
from erp_http.routing import Authenticate, Route
from tests.wiring import an_erp


def an_app(erp: Erp, authenticate: Authenticate, **options: Any) -> Flask:
    return create_app(erp, authenticate, **options)


@cache
def the_routes() -> tuple[Route, ...]:
    """Return the whole table, over a store that nobody writes to."""
    return all_routes(an_erp())
