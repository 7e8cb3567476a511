"""Documents on paper over HTTP: what is answered, what is not sent twice, what is refused."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from flask.testing import FlaskClient

from erp_core.catalog.entities import standard_units
from erp_core.documents.entities import PrintedDocument
from erp_core.identity.entities import Company
from erp_core.kernel.context import Context
from erp_core.testing import ACME, context
from erp_core.testing.documents import PNG
from erp_memory.documents import PlainPaper
from erp_memory.store import MemoryStore
from tests.http.clients import a_client, authenticate
from tests.http.served import an_app
from tests.wiring import an_erp


class SlowPaper(PlainPaper):
    """Sets nothing before it may."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.may = Event(), Event()

    def render(self, ctx: Context, document: PrintedDocument) -> bytes:
        self.begun.set()
        assert self.may.wait(10)
        return super().render(ctx, document)


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    with store(context()) as uow:
        uow.units.add_absent(context(), standard_units())
        company = Company(id=ACME, name="A", currency="EUR", locale="en", time_zone="UTC")
        uow.companies.add(context(), company)
    return store


@pytest.fixture
def client(store: MemoryStore) -> FlaskClient:
    return a_client(store)


def made(client: FlaskClient, path: str, **body: Any) -> Any:
    reply = client.post(path, json=body)
    assert reply.status_code == 201, reply.json
    return reply.json


def a_buyer(client: FlaskClient) -> str:
    body = {"kind": "company", "name": "Ada Ltd", "roles": ["customer"]}
    return str(made(client, "/v1/parties", **body)["id"])


def an_order(client: FlaskClient, *, confirmed: bool = True) -> dict[str, Any]:
    line = {"description": "tea", "quantity": "2", "unit_price": "10.00"}
    order = made(client, "/v1/orders", party_id=a_buyer(client), lines=[line])
    if not confirmed:
        return dict(order)
    return dict(client.post(f"/v1/orders/{order['id']}/confirm").json)


def test_a_paper_is_a_pdf_under_its_number(client: FlaskClient) -> None:
    order = an_order(client)
    reply = client.get(f"/v1/orders/{order['id']}/pdf")
    assert reply.status_code == 200
    assert reply.content_type == "application/pdf"
    assert reply.data.startswith(b"%PDF-")
    name = f'inline; filename="{order["number"]}.pdf"'
    assert reply.headers["Content-Disposition"] == name
    assert reply.headers["Content-Language"] == "en"
    assert reply.headers["Cache-Control"] == "no-store"


def test_who_has_it_is_not_sent_it_again(client: FlaskClient) -> None:
    path = f"/v1/orders/{an_order(client)['id']}/pdf"
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"{path}?locale=fr&paper=letter", headers={"If-None-Match": tag})
    assert (other.status_code, other.headers["Content-Language"]) == (200, "fr")


def test_a_draft_has_a_name_that_says_so(client: FlaskClient) -> None:
    path = f"/v1/orders/{an_order(client, confirmed=False)['id']}/pdf"
    named = 'inline; filename="order-draft.pdf"'
    assert client.get(path).headers["Content-Disposition"] == named


def test_no_number_gets_out_of_its_file_name(client: FlaskClient) -> None:
    odd = {"mask": 'O"/..\\\r;ç {0000}'}
    reply = client.patch("/v1/number-series/sales.order", json=odd)
    if reply.status_code == 200:
        order = an_order(client)
        said = client.get(f"/v1/orders/{order['id']}/pdf").headers["Content-Disposition"]
        assert said.removeprefix('inline; filename="').removesuffix('"').isprintable()
        assert not set(said.removeprefix('inline; filename="')[:-1]) & set('"/\\\r\n;ç')
    else:
        assert reply.status_code == 422


@pytest.mark.parametrize("kind", ["quotes", "orders", "shipments", "invoices"])
def test_what_is_not_there_has_no_paper(client: FlaskClient, kind: str) -> None:
    reply = client.get(f"/v1/{kind}/{ACME}/pdf")
    assert (reply.status_code, reply.json["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("query", "status"), [("locale=de", 422), ("paper=a3", 422), ("colour=red", 422)]
)
def test_what_papers_are_not_had_in_is_refused(
    client: FlaskClient, query: str, status: int
) -> None:
    order = an_order(client)
    reply = client.get(f"/v1/orders/{order['id']}/pdf?{query}")
    assert reply.status_code in (400, status)
    assert reply.json["errors"]


def test_every_kind_of_document_has_a_paper(client: FlaskClient) -> None:
    party = a_buyer(client)
    line = {"description": "tea", "quantity": "2", "unit_price": "10.00"}
    quote = made(client, "/v1/quotes", party_id=party, lines=[line])
    invoice = made(client, "/v1/invoices", party_id=party, lines=[line])
    for path in (
        f"/v1/quotes/{quote['id']}/pdf",
        f"/v1/invoices/{invoice['id']}/pdf",
        f"/v1/parties/{party}/statement.pdf?date_from=2024-01-01&date_to=2024-12-31&currency=EUR",
    ):
        assert client.get(path).data.startswith(b"%PDF-"), path


def test_a_statement_of_days_that_are_turned_round_is_refused(client: FlaskClient) -> None:
    path = f"/v1/parties/{a_buyer(client)}/statement.pdf"
    reply = client.get(f"{path}?date_from=2024-02-02&date_to=2024-02-01")
    assert (reply.status_code, reply.json["code"]) == (422, "treasury.statement.period")


def test_a_letterhead_is_changed_in_parts_and_cleared_by_null(client: FlaskClient) -> None:
    given = {
        "paper": "letter",
        "accent": "#AA3300",
        "phone": "+1 555",
        "email": "a@example.com",
        "website": "example.com",
        "footer": "Thank you",
        "payee": "Ada Ltd",
        "city": "Recife",
        "pix_key": "a@example.com",
        "iban": "DE89 3704 0044 0532 0130 00",
        "bic": "COBADEFFXXX",
        "template": "<p>{{ document.title }}</p>",
    }
    assert client.get("/v1/letterhead").json["version"] == 0
    first = client.patch("/v1/letterhead", json=given)
    assert first.status_code == 200, first.json
    wanted = given | {"accent": "#aa3300", "iban": "DE89370400440532013000"}
    assert {name: first.json[name] for name in given} == wanted
    cleared = {name: None for name in given if name not in ("paper", "accent")}
    second = client.patch("/v1/letterhead", json=cleared, headers={"If-Match": '"1"'})
    assert all(second.json[name] == "" for name in cleared)
    stale = client.patch("/v1/letterhead", json={}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412


def test_a_logo_comes_and_goes(client: FlaskClient) -> None:
    put = client.put("/v1/letterhead/logo", data=PNG, content_type="image/png")
    assert (put.status_code, put.json["has_logo"]) == (200, True)
    order = an_order(client)
    assert b"\\x89PNG" in client.get(f"/v1/orders/{order['id']}/pdf").data
    assert client.delete("/v1/letterhead/logo").status_code == 204
    assert client.get("/v1/letterhead").json["has_logo"] is False


def test_what_is_no_picture_is_refused(client: FlaskClient) -> None:
    page = client.put("/v1/letterhead/logo", data=b"<svg/>", content_type="image/svg+xml")
    assert page.status_code == 415
    lie = client.put("/v1/letterhead/logo", data=b"<svg/>", content_type="image/png")
    assert (lie.status_code, lie.json["code"]) == (422, "documents.logo.kind")


def test_papers_that_take_long_leave_threads_for_all_else(store: MemoryStore) -> None:
    slow = SlowPaper()
    app = an_app(an_erp(store, renderer=slow), authenticate, papers_at_once=1)
    path = f"/v1/orders/{an_order(app.test_client())['id']}/pdf"
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(app.test_client().get, path)
        assert slow.begun.wait(10)
        second = app.test_client().get(path)
        tried = app.test_client().patch("/v1/letterhead", json={"template": "<p>x</p>"})
        plain = app.test_client().patch("/v1/letterhead", json={"footer": "x"})
        slow.may.set()
        made = first.result(10)

    assert (made.status_code, second.status_code) == (200, 503)
    assert second.json["code"] == "documents.pdf.busy"
    assert (tried.status_code, tried.json["code"]) == (503, "documents.pdf.busy")
    assert plain.status_code == 200
    assert int(second.headers["Retry-After"]) >= 1
    assert app.test_client().get(path).status_code == 200  # the place is free again
