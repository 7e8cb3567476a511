"""The HTTP adapter over whatever store, and its table of routes."""

from functools import cache
from typing import Any

from flask import Flask

from erp_core.erp import Erp
from erp_http.app import all_routes, create_app
from erp_http.routing import Authenticate, Route
from erp_http.tokens import Tokens
from tests.wiring import an_erp

SIGNING_KEY = "a key for tests, of more than 32 bytes"


def an_app(erp: Erp, authenticate: Authenticate, **options: Any) -> Flask:
    return create_app(erp, authenticate, Tokens(SIGNING_KEY), **options)


@cache
def the_routes() -> tuple[Route, ...]:
    """Return the whole table, over a store that nobody writes to."""
    return all_routes(an_erp(), Tokens(SIGNING_KEY))
