"""Clients of the whole adapter over a store of one's choice."""

from flask import Request
from flask.testing import FlaskClient

from erp_core.erp import assemble
from erp_core.kernel.access import Principal
from erp_core.testing import ACME, RIVAL, FixedClock, Witness
from erp_http.app import create_app
from erp_http.routing import Caller
from erp_memory.store import MemoryStore
from tests.http.described import DescribedClient


def authenticate(request: Request) -> Caller:
    """Take the Authorization header for the name of the company: no tokens are needed here."""
    company = RIVAL if request.headers.get("Authorization") == "rival" else ACME
    grants = frozenset(request.headers.get("X-Grants", "*").split(","))
    return Caller(
        principal=Principal(id="tester", grants=grants), company_id=company, currency="EUR"
    )


def a_client(store: MemoryStore | None = None) -> FlaskClient:
    """Make a client that refuses every answer the OpenAPI document does not describe."""
    erp = assemble(unit_of_work=store or MemoryStore(), clock=FixedClock(), observer=Witness())
    app = create_app(erp, authenticate)
    app.test_client_class = DescribedClient
    return app.test_client()
