"""Quotes and orders over HTTP: the story of a sale, and what is refused on the way."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from erp_core.catalog.entities import standard_units
from erp_core.identity.entities import Company
from erp_core.testing import ACME, context
from erp_memory.store import MemoryStore
from tests.http.clients import a_client


@pytest.fixture
def client() -> FlaskClient:
    store = MemoryStore()
    with store(context()) as uow:
        uow.units.add_absent(context(), standard_units())
        company = Company(id=ACME, name="A", currency="EUR", locale="en", time_zone="UTC")
        uow.companies.add(context(), company)
    return a_client(store)


def made(client: FlaskClient, path: str, **body: Any) -> Any:
    reply = client.post(path, json=body)
    assert reply.status_code == 201, reply.json
    assert reply.headers["Location"].startswith("/v1/")
    return reply.json


def done(client: FlaskClient, path: str, status: int = 200, **body: Any) -> Any:
    reply = client.post(path, json=body)
    assert reply.status_code == status, reply.json
    return reply.json


def a_buyer(client: FlaskClient, **more: Any) -> str:
    body = {"kind": "company", "name": "Ada Ltd", "roles": ["customer"], **more}
    return str(made(client, "/v1/parties", **body)["id"])


def some_tea(client: FlaskClient, on_hand: str = "10") -> tuple[str, str]:
    """Enter a product with some stock; return its id and its warehouse's."""
    tax = made(client, "/v1/tax-classes", name="VAT", components=[{"name": "VAT", "rate": "20"}])
    tea = made(
        client,
        "/v1/products",
        sku="TEA",
        name="Tea",
        kind="goods",
        sale_price="10.00",
        tax_class_id=tax["id"],
    )
    place = made(client, "/v1/warehouses", code="MAIN", name="Main")
    made(
        client,
        "/v1/stock/receipts",
        product_id=tea["id"],
        warehouse_id=place["id"],
        quantity=on_hand,
        unit_cost="4.00",
    )
    return tea["id"], place["id"]


def test_from_quote_to_confirmed_order_and_back(client: FlaskClient) -> None:
    party, (tea, place) = a_buyer(client), some_tea(client)
    lines = [
        {"kind": "heading", "description": "Drinks"},
        {"product_id": tea, "quantity": "4", "warehouse_id": place, "discount_percent": "10"},
        {"description": "Freight", "quantity": "1", "unit_price": "5.00"},
    ]
    quote = made(client, "/v1/quotes", party_id=party, lines=lines, valid_until="2024-03-31")
    assert (quote["state"], quote["number"], quote["customer"]) == ("draft", "", None)
    assert quote["net"] == {"amount": "41.00", "currency": "EUR"}
    assert quote["total"] == {"amount": "48.20", "currency": "EUR"}
    assert quote["taxes"][0]["amount"]["amount"] == "7.20"

    sent = done(client, f"/v1/quotes/{quote['id']}/send", status=202)
    assert (sent["number"], sent["customer"]["name"]) == ("QUO2024-00001", "Ada Ltd")
    done(client, f"/v1/quotes/{quote['id']}/accept")
    wanted = [{"quote_line_id": quote["lines"][1]["id"], "quantity": "3"}]
    order = made(client, f"/v1/quotes/{quote['id']}/order", lines=wanted)
    rest = made(client, f"/v1/quotes/{quote['id']}/order")
    assert (order["quote_id"], order["state"]) == (quote["id"], "draft")
    assert [line["quantity"] for line in rest["lines"]] == ["0", "1", "1"]
    shown = client.get(f"/v1/quotes/{quote['id']}").json
    assert [line["left"] for line in shown["lines"]] == ["0", "0", "0"]

    confirmed = done(client, f"/v1/orders/{order['id']}/confirm")
    line = confirmed["lines"][0]
    assert (confirmed["number"], confirmed["state"], confirmed["invoiced"]) == (
        "ORD2024-00001",
        "confirmed",
        "none",
    )
    assert (line["left_to_ship"], line["left_to_invoice"], line["shipped"]) == ("3", "3", "0")
    assert line["quote_line_id"] == quote["lines"][1]["id"]
    assert (line["issued"], confirmed["stock_leaves_at"]) == ("0", "shipment")
    assert order["stock_leaves_at"] is None
    (item,) = client.get(f"/v1/stock/items?product_id={tea}").json["items"]
    assert (item["on_hand"], item["reserved"]) == ("10", "3")
    cancelled = done(client, f"/v1/orders/{order['id']}/cancel", reason="no more thirst")
    assert (cancelled["state"], cancelled["reason"]) == ("cancelled", "no more thirst")
    (item,) = client.get(f"/v1/stock/items?product_id={tea}").json["items"]
    assert item["reserved"] == "0"


def test_a_draft_is_patched_read_and_deleted(client: FlaskClient) -> None:
    party, (tea, place) = a_buyer(client), some_tea(client)
    line = {"product_id": tea, "quantity": "2", "warehouse_id": place}
    reply = client.post("/v1/orders", json={"party_id": party, "lines": [line]})
    order, tag = reply.json, reply.headers["ETag"]
    path = f"/v1/orders/{order['id']}"
    change = {"reference": "PO 7", "discount_percent": "50", "deliver_on": "2024-03-01"}
    patched = client.patch(path, json=change, headers={"If-Match": tag})
    assert patched.json["total"] == {"amount": "12.00", "currency": "EUR"}
    assert client.patch(path, json={"note": "x"}, headers={"If-Match": tag}).status_code == 412
    lines = [*[{**line, "quantity": "1"}] * 2, {"kind": "note", "description": "thanks"}]
    patched = client.patch(path, json={"lines": lines, "discount_percent": None})
    assert patched.json["total"]["amount"] == "24.00"
    assert patched.json["reference"] == "PO 7"
    assert client.get(path).json == {**patched.json, "shipments": []}
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_lists_show_heads_and_are_filtered(client: FlaskClient) -> None:
    party, (tea, place) = a_buyer(client), some_tea(client)
    body = {"party_id": party, "lines": [{"product_id": tea, "quantity": "1"}]}
    first, second = (made(client, "/v1/orders", **body) for _ in range(2))
    quote = made(client, "/v1/quotes", **body)
    done(client, f"/v1/orders/{first['id']}/confirm")
    found = client.get("/v1/orders?state=confirmed&q=ORD&include=total").json
    assert [each["id"] for each in found["items"]] == [first["id"]]
    assert (found["total"], "lines" in found["items"][0]) == (1, False)
    page = client.get("/v1/orders?sort=-number&limit=1").json
    assert page["items"][0]["number"] == "ORD2024-00001"
    rest = client.get(f"/v1/orders?sort=-number&limit=1&cursor={page['next']}").json
    assert [each["id"] for each in rest["items"]] == [second["id"]]
    by_date = client.get(f"/v1/orders?sort=date&party_id={party}&date_from=2024-02-29").json
    assert len(by_date["items"]) == 2
    assert client.get("/v1/orders?date_to=2024-02-28").json["items"] == []
    quotes = client.get("/v1/quotes?state=draft,sent").json["items"]
    assert [each["id"] for each in quotes] == [quote["id"]]
    assert place


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ({"description": "x", "quantity": "1"}, "/lines/0/unit_price"),
        ({"description": "x", "quantity": "-1", "unit_price": "1"}, "/lines/0/quantity"),
        ({"description": "x", "quantity": "0", "unit_price": "1"}, "/lines/0/quantity"),
        ({"description": "x", "quantity": 1.5, "unit_price": "1"}, "/lines/0/quantity"),
    ],
)
def test_a_line_that_cannot_be_is_named(
    client: FlaskClient, line: dict[str, Any], pointer: str
) -> None:
    party = a_buyer(client)
    reply = client.post("/v1/orders", json={"party_id": party, "lines": [line]})
    assert reply.status_code == 422, reply.json
    assert reply.json["errors"][0]["pointer"] == pointer


def test_what_is_out_of_turn_is_a_conflict(client: FlaskClient) -> None:
    party, (tea, _) = a_buyer(client, credit_limit="10.00"), some_tea(client)
    body = {"party_id": party, "lines": [{"product_id": tea, "quantity": "1"}]}
    order = made(client, "/v1/orders", **body)
    seller = {"X-Grants": "sales.order.confirm"}  # who may do everything goes beyond limits
    reply = client.post(f"/v1/orders/{order['id']}/confirm", json={}, headers=seller)
    refused = reply.json
    assert (reply.status_code, refused["code"]) == (409, "credit_limit_exceeded")
    assert (refused["wanted"], refused["limit"]) == ("12.00 EUR", "10.00 EUR")
    refused = done(client, f"/v1/orders/{order['id']}/cancel", status=409)
    assert refused["code"] == "transition"
    quote = made(client, "/v1/quotes", **body)
    refused = done(client, f"/v1/quotes/{quote['id']}/order", status=409)
    assert refused["code"] == "sales.quote.not_accepted"
    other = client.get(f"/v1/orders/{order['id']}", headers={"Authorization": "rival"})
    assert other.status_code == 404


def test_a_confirmation_asked_for_twice_under_one_key_happens_once(client: FlaskClient) -> None:
    party, (tea, _) = a_buyer(client), some_tea(client)
    body = {"party_id": party, "lines": [{"product_id": tea, "quantity": "1"}]}
    order = made(client, "/v1/orders", **body)
    path, key = f"/v1/orders/{order['id']}/confirm", {"Idempotency-Key": "once"}
    first, again = (client.post(path, json={}, headers=key) for _ in range(2))
    assert (first.status_code, again.json) == (200, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
