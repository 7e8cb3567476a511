"""Shipments over HTTP: the story of goods on their way, and what is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from erp_core.catalog.entities import standard_units
from erp_core.identity.entities import Company
from erp_core.testing import ACME, context
from erp_memory.store import MemoryStore
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database
from tests.http.clients import a_client
from tests.http.test_sales import a_buyer, done, made, some_tea


def ready(store: Any) -> FlaskClient:
    with store(context()) as uow:
        uow.units.add_absent(context(), standard_units())
        company = Company(id=ACME, name="A", currency="EUR", locale="en", time_zone="UTC")
        uow.companies.add(context(), company)
    return a_client(store)


@pytest.fixture(params=["memory", *KINDS])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FlaskClient]:
    if request.param == "memory":
        yield ready(MemoryStore())
        return
    with database(request.param, tmp_path) as engine:
        yield ready(SqlStore(engine))


@pytest.fixture
def client() -> FlaskClient:
    return ready(MemoryStore())


def an_order(client: FlaskClient, tea: str, place: str, quantity: str = "6") -> Any:
    lines = [
        {"product_id": tea, "quantity": quantity, "warehouse_id": place},
        {"description": "Freight", "quantity": "1", "unit_price": "5.00"},
    ]
    order = made(client, "/v1/orders", party_id=a_buyer(client), lines=lines)
    return done(client, f"/v1/orders/{order['id']}/confirm")


def stock(client: FlaskClient, product: str) -> list[tuple[str, str, str]]:
    items = client.get(f"/v1/stock/items?product_id={product}").json["items"]
    return [(each["lot"], each["on_hand"], each["reserved"]) for each in items]


def test_from_order_to_door_and_back(anywhere: FlaskClient) -> None:
    client = anywhere
    tea, place = some_tea(client)
    order = an_order(client, tea, place)
    line = order["lines"][0]["id"]
    wanted = [{"order_line_id": line, "quantity": "4"}]
    draft = made(
        client, "/v1/shipments", order_id=order["id"], warehouse_id=place, lines=wanted, note="7"
    )
    path = f"/v1/shipments/{draft['id']}"
    assert (draft["state"], draft["number"], draft["customer"]) == ("draft", "", None)
    assert draft["lines"][0] == {
        "id": draft["lines"][0]["id"],
        "order_line_id": line,
        "product_id": tea,
        "description": "Tea",
        "unit": "un",
        "quantity": "4",
        "lots": [],
    }
    assert stock(client, tea) == [("", "10", "6")]

    sent = done(client, f"{path}/validate")
    assert (sent["number"], sent["customer"]["name"]) == ("SHP2024-00001", "Ada Ltd")
    assert stock(client, tea) == [("", "6", "2")]
    (move,) = client.get(f"/v1/stock/movements?product_id={tea}").json["items"][1:]
    assert (move["reason"], move["origin"]) == ("sale", f"sales.shipment:{draft['id']}")
    told = client.patch(path, json={"carrier": "Post", "tracking_number": "RR 1"}).json
    assert (told["carrier"], told["tracking_number"], told["version"]) == ("Post", "RR 1", 3)
    rest = made(client, "/v1/shipments", order_id=order["id"], warehouse_id=place)
    done(client, f"/v1/shipments/{rest['id']}/validate")
    there = done(client, f"{path}/deliver", delivered_at="2024-02-29T12:00:00Z")
    assert (there["state"], there["delivered_at"]) == (
        "delivered",
        "2024-02-29T12:00:00.000000Z",
    )

    seen = client.get(f"/v1/orders/{order['id']}").json
    assert (seen["state"], seen["lines"][0]["shipped"]) == ("shipped", "6")
    assert [(each["number"], each["state"]) for each in seen["shipments"]] == [
        ("SHP2024-00001", "delivered"),
        ("SHP2024-00002", "validated"),
    ]
    back = done(client, f"/v1/shipments/{rest['id']}/cancel", reason="broken box")
    assert (back["state"], back["reason"], back["number"]) == (
        "cancelled",
        "broken box",
        "SHP2024-00002",
    )
    assert stock(client, tea) == [("", "6", "2")]
    assert client.get(f"/v1/orders/{order['id']}").json["state"] == "in_shipment"
    assert client.get("/v1/stock/verify").json["consistent"] is True


def test_lots_are_chosen_by_hand_or_by_their_day(anywhere: FlaskClient) -> None:
    client = anywhere
    _, place = some_tea(client)
    kind = {"kind": "goods", "tracking": "lot", "sale_price": "9.00"}
    milk = made(client, "/v1/products", sku="MILK", name="Milk", **kind)["id"]
    order = an_order(client, milk, place, "5")
    for lot, until in (("late", "2024-12-01"), ("soon", "2024-03-01")):
        made(
            client,
            "/v1/stock/receipts",
            product_id=milk,
            warehouse_id=place,
            quantity="4",
            unit_cost="1.00",
            lot=lot,
            expires_on=until,
        )
    body = {"order_id": order["id"], "warehouse_id": place}
    line = order["lines"][0]["id"]
    chosen = {"order_line_id": line, "quantity": "1", "lots": [{"lot": "late", "quantity": "1"}]}
    for lines in ([chosen], None):
        draft = made(client, "/v1/shipments", **body, lines=lines)
        sent = done(client, f"/v1/shipments/{draft['id']}/validate")
    assert sent["lines"][0]["lots"] == [{"lot": "soon", "quantity": "4"}]
    assert stock(client, milk) == [("late", "3", "0"), ("soon", "0", "0")]
    assert client.get("/v1/stock/verify").json["consistent"] is True


def test_too_much_is_refused_by_line(client: FlaskClient) -> None:
    tea, place = some_tea(client, "3")
    order = an_order(client, tea, place)
    line = order["lines"][0]["id"]
    body = {"order_id": order["id"], "warehouse_id": place}
    reply = client.post(
        "/v1/shipments", json={**body, "lines": [{"order_line_id": line, "quantity": "7"}]}
    )
    assert (reply.status_code, reply.json["code"]) == (422, "sales.order.over_shipped")
    assert reply.json["errors"][0]["pointer"] == "/lines/0/quantity"
    draft = made(client, "/v1/shipments", **body)
    reply = client.post(f"/v1/shipments/{draft['id']}/validate")
    assert (reply.status_code, reply.json["code"]) == (409, "insufficient_stock")
    assert (reply.json["wanted"], reply.json["available"]) == ("6", "3")


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ({"quantity": "1"}, "/lines/0/order_line_id"),
        ({"quantity": 1.5}, "/lines/0/quantity"),
        ({"quantity": "0"}, "/lines/0/quantity"),
        ({"order_line_id": "018e6fd0-0000-7000-8000-000000000001"}, "/lines/0/order_line_id"),
        ({"lots": [{"lot": "", "quantity": "1"}]}, "/lines/0/lots/0/lot"),
        ({"lots": [{"lot": "L", "quantity": "-1"}]}, "/lines/0/lots/0/quantity"),
        ({"lots": [{"lot": "L", "quantity": "1"}]}, "/lines/0/lots"),
        ({"colour": "red"}, "/lines/0/colour"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_where_it_is(
    client: FlaskClient, line: dict[str, Any], pointer: str
) -> None:
    tea, place = some_tea(client)
    order = an_order(client, tea, place)
    known = {"order_line_id": order["lines"][0]["id"], "quantity": "2"}
    if pointer.endswith("order_line_id") and "order_line_id" not in line:
        del known["order_line_id"]
    body = {"order_id": order["id"], "warehouse_id": place, "lines": [{**known, **line}]}
    reply = client.post("/v1/shipments", json=body)
    assert reply.status_code in {404, 422}, reply.json
    assert reply.json["errors"][0]["pointer"] == pointer


def test_a_draft_is_patched_read_and_deleted(client: FlaskClient) -> None:
    tea, place = some_tea(client)
    order = an_order(client, tea, place)
    body = {"order_id": order["id"], "warehouse_id": place}
    reply = client.post("/v1/shipments", json=body)
    path, tag = f"/v1/shipments/{reply.json['id']}", reply.headers["ETag"]
    lines = [{"order_line_id": order["lines"][0]["id"], "quantity": "2"}]
    change = {"lines": lines, "date": "2024-03-01", "warehouse_id": place, "note": "ring"}
    patched = client.patch(path, json=change, headers={"If-Match": tag})
    assert (patched.json["lines"][0]["quantity"], patched.json["date"]) == ("2", "2024-03-01")
    assert client.patch(path, json={"note": ""}, headers={"If-Match": tag}).status_code == 412
    assert client.patch(path, json={"lines": None}).json["lines"][0]["quantity"] == "6"
    assert client.get(path).json["note"] == "ring"
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    again = made(client, "/v1/shipments", **body)
    path = f"/v1/shipments/{again['id']}"
    done(client, f"{path}/validate")
    for reply in (
        client.delete(path),
        client.patch(path, json={"note": "late"}),
        client.post(f"{path}/validate"),
    ):
        assert reply.status_code == 409
    rival = client.get(path, headers={"Authorization": "rival"})
    assert rival.status_code == 404


def test_lists_show_heads_and_are_filtered(client: FlaskClient) -> None:
    tea, place = some_tea(client)
    order = an_order(client, tea, place)
    body = {"order_id": order["id"], "warehouse_id": place}
    line = {"order_line_id": order["lines"][0]["id"], "quantity": "2"}
    first = made(client, "/v1/shipments", **body, lines=[line])
    second = made(client, "/v1/shipments", **body, date="2024-03-05")
    done(client, f"/v1/shipments/{first['id']}/validate")
    for question, found in (
        (f"order_id={order['id']}&warehouse_id={place}", [first, second]),
        (f"party_id={order['party_id']}&sort=-date", [second, first]),
        ("state=validated,delivered&q=SHP&sort=number", [first]),
        ("date_from=2024-03-01&date_to=2024-03-31", [second]),
        ("state=cancelled", []),
    ):
        page = client.get(f"/v1/shipments?{question}&include=total").json
        assert [each["id"] for each in page["items"]] == [each["id"] for each in found]
        assert page["total"] == len(found)
        assert all("lines" not in each for each in page["items"])
