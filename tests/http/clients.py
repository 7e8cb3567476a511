"""Clients of the whole adapter over a store of one's choice."""

from flask import Flask, Request
from flask.testing import FlaskClient

from erp_core.kernel.access import Principal
from erp_core.testing import ACME, RIVAL
from erp_http.routing import Caller
from erp_memory.store import MemoryStore
from tests.http.described import DescribedClient
from tests.http.served import an_app
from tests.wiring import an_erp


def authenticate(request: Request) -> Caller:
    """Take the Authorization header for the name of the company: no tokens are needed here."""
    company = RIVAL if request.headers.get("Authorization") == "rival" else ACME
    grants = frozenset(request.headers.get("X-Grants", "*").split(","))
    return Caller(
        principal=Principal(id="tester", grants=grants), company_id=company, currency="EUR"
    )


def a_client(store: MemoryStore | None = None) -> FlaskClient:
    """Make a client that refuses every answer the OpenAPI document does not describe."""
    return described(an_app(an_erp(store), authenticate))


def described(app: Flask) -> FlaskClient:
    """Make a client of *app* that holds its answers to the description."""
    app.test_client_class = DescribedClient
    return app.test_client()
