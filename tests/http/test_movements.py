"""Movements over HTTP: the way of one lot, or of one serial number, through the house."""

import pytest
from flask.testing import FlaskClient

from erp_core.catalog.entities import standard_units
from erp_core.kernel.entity import new_id
from erp_core.testing import context
from erp_memory.store import MemoryStore
from tests.http.clients import a_client


@pytest.fixture
def client() -> FlaskClient:
    store, ctx = MemoryStore(), context()
    with store(ctx) as uow:
        uow.units.add_absent(ctx, standard_units())
    return a_client(store)


def test_the_way_of_a_serial_is_read_by_product_and_number(client: FlaskClient) -> None:
    here, there = (
        client.post("/v1/warehouses", json={"code": code, "name": code}).json["id"]
        for code in ("HERE", "THERE")
    )
    body = {"sku": "SAW", "name": "Saw", "kind": "goods", "tracking": "serial"}
    product = client.post("/v1/products", json=body).json["id"]
    saw = {"product_id": product, "lot": "S/N 1 é", "quantity": "1"}
    other = saw | {"lot": "S/N 2", "warehouse_id": here, "unit_cost": "9"}
    for receipt in (saw | {"warehouse_id": here, "unit_cost": "9"}, other):
        assert client.post("/v1/stock/receipts", json=receipt).status_code == 201
    moved = saw | {"from_warehouse_id": here, "to_warehouse_id": there}
    assert client.post("/v1/stock/transfers", json=moved).status_code == 201

    asked = {"product_id": product, "lot": "S/N 1 é", "limit": "2"}
    first = client.get("/v1/stock/movements", query_string=asked).json
    rest = client.get("/v1/stock/movements", query_string=asked | {"cursor": first["next"]}).json

    way = [(each["warehouse_id"], each["reason"]) for each in first["items"] + rest["items"]]
    assert way == [(here, "receipt"), (here, "transfer_out"), (there, "transfer_in")]
    assert {each["lot"] for each in first["items"]} == {"S/N 1 é"}


@pytest.mark.parametrize(
    ("asked", "status", "pointer", "code"),
    [
        ({"lot": "S-1"}, 422, "/product_id", "inventory.movements.lot"),
        ({"lot": "x" * 65, "product_id": str(new_id())}, 400, "/lot", "length"),
    ],
)
def test_a_lot_is_one_of_a_product(
    client: FlaskClient, asked: dict[str, str], status: int, pointer: str, code: str
) -> None:
    refused = client.get("/v1/stock/movements", query_string=asked)

    assert refused.status_code == status
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [
        (pointer, code)
    ]


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        (
            "transfers",
            {"from_warehouse_id": "here", "to_warehouse_id": "gone"},
            "/to_warehouse_id",
        ),
        (
            "transfers",
            {"from_warehouse_id": "gone", "to_warehouse_id": "here"},
            "/from_warehouse_id",
        ),
        ("issues", {"warehouse_id": "gone"}, "/warehouse_id"),
        ("goods-issues", ["here", "gone"], "/lines/1/warehouse_id"),
        ("goods-receipts", ["gone"], "/lines/0/warehouse_id"),
    ],
)
def test_a_warehouse_that_is_not_there_is_named_where_it_stands(
    client: FlaskClient, path: str, body: dict[str, str] | list[str], pointer: str
) -> None:
    made = {"code": "HERE", "name": "Here"}
    places = {
        "here": client.post("/v1/warehouses", json=made).json["id"],
        "gone": str(new_id()),
    }
    pot = {"sku": "POT", "name": "Pot", "kind": "goods"}
    line = {"product_id": client.post("/v1/products", json=pot).json["id"], "quantity": "1"}
    cost = {"unit_cost": "2"} if path == "goods-receipts" else {}
    if isinstance(body, list):
        sent: dict[str, object] = {
            "lines": [line | cost | {"warehouse_id": places[each]} for each in body]
        }
    else:
        sent = line | {name: places[each] for name, each in body.items()}

    refused = client.post(f"/v1/stock/{path}", json=sent)

    assert refused.status_code == 404
    assert [each["pointer"] for each in refused.json["errors"]] == [pointer]
