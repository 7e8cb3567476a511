"""Stock counts over HTTP."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from erp_core.catalog.entities import standard_units
from erp_core.kernel.entity import new_id
from erp_core.testing import context
from erp_memory.store import MemoryStore
from tests.http.clients import a_client

COUNTS = "/v1/stock-counts"
PRODUCT = "01890a5d-ac96-774b-bcce-b302099a8057"  # of nobody


@pytest.fixture
def client() -> FlaskClient:
    store, ctx = MemoryStore(), context()
    with store(ctx) as uow:
        uow.units.add_absent(ctx, standard_units())
    return a_client(store)


def a_warehouse(client: FlaskClient) -> str:
    code = f"W{new_id().hex[-12:].upper()}"
    added = client.post("/v1/warehouses", json={"code": code, "name": "Halle 3"})
    return added.json["id"]


def a_product(client: FlaskClient, where: str = "", on_hand: str = "10") -> str:
    """Add a product, and receive some of it where a warehouse is named."""
    body = {"sku": f"S{new_id().hex[-12:].upper()}", "name": "Chá", "kind": "goods"}
    product = client.post("/v1/products", json=body).json["id"]
    if where:
        receipt = {"product_id": product, "warehouse_id": where, "quantity": on_hand}
        client.post("/v1/stock/receipts", json=receipt | {"unit_cost": "2.50"})
    return product


def started(client: FlaskClient, where: str) -> str:
    place = client.post(COUNTS, json={"warehouse_id": where}).headers["Location"]
    assert client.post(f"{place}/start").status_code == 200
    return place


def entry(product: str, counted: object = "1", **more: object) -> dict[str, Any]:
    return {"product_id": product, "counted": counted, **more}


def test_a_count_is_added_started_entered_and_closed(client: FlaskClient) -> None:
    where = a_warehouse(client)
    product, other = a_product(client, where), a_product(client, where)
    scope = sorted([product, other])
    body = {"warehouse_id": where, "label": "Inventur", "product_ids": scope}
    added = client.post(COUNTS, json=body)
    place = added.headers["Location"]
    begun = client.post(f"{place}/start", headers={"If-Match": '"1"'})
    found = {"entries": [entry(product, "9.5"), entry(other, "10")]}
    entered = client.post(f"{place}/entries", json=found)
    closed = client.post(f"{place}/close", json={})

    assert (added.status_code, place) == (201, f"{COUNTS}/{added.json['id']}")
    assert added.json == body | {
        "id": added.json["id"],
        "version": 1,
        "state": "draft",
        "started_at": None,
        "started_by": "",
        "ended_at": None,
        "ended_by": "",
        "totals": {"lines": 0, "counted": 0, "differing": 0},
    }
    assert (begun.json["state"], begun.json["totals"]["lines"]) == ("counting", 2)
    assert (begun.json["started_at"], begun.json["started_by"]) == (
        "2024-02-29T12:00:00.000000Z",
        "tester",
    )
    line = entered.json["lines"][0]
    assert line == {
        "product_id": product,
        "sku": line["sku"],
        "lot": "",
        "version": 2,
        "expected": "10",
        "counted": "9.5",
        "on_hand_when_counted": "10",
        "difference": "-0.5",
        "counted_at": "2024-02-29T12:00:00.000000Z",
        "counted_by": "tester",
    }
    assert closed.json["totals"] == {"lines": 2, "counted": 2, "differing": 1}
    assert [each.headers["ETag"] for each in (added, begun, closed)] == ['"1"', '"2"', '"3"']
    assert client.get(place).json == closed.json
    (_, movement) = client.get(f"/v1/stock/movements?product_id={product}").json["items"]
    assert (movement["reason"], movement["quantity"]) == ("count", "-0.5")
    assert movement["origin"] == f"inventory.stock_count:{added.json['id']}"


def test_lines_are_read_page_by_page_and_filtered(client: FlaskClient) -> None:
    where = a_warehouse(client)
    products = sorted(a_product(client, where) for _ in range(3))
    place = started(client, where)
    found = [entry(products[0], "9"), entry(products[1], "10")]
    client.post(f"{place}/entries", json={"entries": found})

    def read(query: str) -> list[str]:
        items = client.get(f"{place}/lines?{query}").json["items"]
        return [each["product_id"] for each in items]

    first = client.get(f"{place}/lines?limit=2&include=total").json
    assert first["total"] == 3
    assert read(f"cursor={first['next']}") == products[2:]
    assert read("counted=false") == products[2:]
    assert read("counted=true&differing=false") == products[1:2]
    assert read("differing=true") == products[:1]
    uncounted = client.get(f"{place}/lines?counted=false").json["items"][0]
    absent = ("counted", "on_hand_when_counted", "difference", "counted_at", "counted_by")
    assert [uncounted[name] for name in absent] == [None] * 5


def test_counts_are_listed(client: FlaskClient) -> None:
    where = a_warehouse(client)
    started(client, where)
    draft = client.post(COUNTS, json={"warehouse_id": a_warehouse(client)}).json
    listed = client.get(f"{COUNTS}?sort=-id&limit=1&include=total").json

    assert [each["id"] for each in listed["items"]] == [draft["id"]]
    assert "totals" not in listed["items"][0]
    assert listed["total"] == 2
    (going_on,) = client.get(f"{COUNTS}?state=counting&warehouse_id={where}").json["items"]
    assert going_on["state"] == "counting"


def test_a_count_is_cancelled(client: FlaskClient) -> None:
    place = started(client, a_warehouse(client))

    assert client.post(f"{place}/cancel").json["state"] == "cancelled"
    again = client.post(f"{place}/cancel")
    assert (again.status_code, again.json["code"]) == (409, "transition")


def test_what_is_uncounted_needs_a_word(client: FlaskClient) -> None:
    where = a_warehouse(client)
    product = a_product(client, where)
    place = started(client, where)
    refused = client.post(f"{place}/close")
    closed = client.post(f"{place}/close", json={"uncounted": "zero"})

    assert (refused.status_code, refused.json["code"]) == (409, "inventory.count.uncounted")
    assert refused.json["missing"] == 1
    assert closed.json["totals"] == {"lines": 1, "counted": 1, "differing": 1}
    (item,) = client.get(f"/v1/stock/items?product_id={product}").json["items"]
    assert item["on_hand"] == "0"


def test_a_second_count_in_one_place_is_refused(client: FlaskClient) -> None:
    where = a_warehouse(client)
    first = started(client, where)
    place = client.post(COUNTS, json={"warehouse_id": where}).headers["Location"]
    refused = client.post(f"{place}/start")

    assert (refused.status_code, refused.json["code"]) == (409, "inventory.count.overlap")
    assert refused.json["count_id"] == first.rsplit("/", 1)[1]


def test_a_closing_that_leaves_too_little_names_the_rows(client: FlaskClient) -> None:
    where = a_warehouse(client)
    product = a_product(client, where)
    place = started(client, where)
    client.post(f"{place}/entries", json={"entries": [entry(product, "1")]})
    issue = {"product_id": product, "warehouse_id": where, "quantity": "5"}
    assert client.post("/v1/stock/issues", json=issue).status_code == 201
    refused = client.post(f"{place}/close")

    assert (refused.status_code, refused.json["code"]) == (409, "insufficient_stock")
    assert refused.json["product_id"] == product
    (row,) = refused.json["rows"]
    assert (row["product_id"], row["on_hand"], row["difference"]) == (product, "5", "-9")
    assert client.get(place).json["state"] == "counting"


def test_entries_with_a_key_are_made_once(client: FlaskClient) -> None:
    where = a_warehouse(client)
    product = a_product(client, where)
    place = started(client, where)
    body, again = {"entries": [entry(product)]}, {"Idempotency-Key": "k-1"}
    first = client.post(f"{place}/entries", json=body, headers=again)
    second = client.post(f"{place}/entries", json=body, headers=again)

    assert second.headers["Idempotency-Replayed"] == "true"
    assert (second.json, second.json["lines"][0]["version"]) == (first.json, 2)


def test_another_companys_count_is_not_found(client: FlaskClient) -> None:
    place = started(client, a_warehouse(client))
    rival = {"Authorization": "rival"}

    assert client.get(place, headers=rival).status_code == 404
    assert client.get(f"{place}/lines", headers=rival).status_code == 404
    for step in ("start", "close", "cancel"):
        assert client.post(f"{place}/{step}", headers=rival).status_code == 404
    assert client.get(COUNTS, headers=rival).json["items"] == []


def test_a_change_of_what_has_moved_on_is_refused(client: FlaskClient) -> None:
    place = started(client, a_warehouse(client))
    refused = client.post(f"{place}/cancel", headers={"If-Match": '"1"'})

    assert (refused.status_code, refused.json["code"]) == (412, "precondition_failed")


def test_a_caller_without_the_grant_is_refused(client: FlaskClient) -> None:
    place = started(client, a_warehouse(client))
    grants = {"X-Grants": "inventory.count.read"}

    assert client.get(place, headers=grants).status_code == 200
    for step, body in (("start", None), ("close", {}), ("cancel", None)):
        assert client.post(f"{place}/{step}", json=body, headers=grants).status_code == 403
    body = {"entries": [entry(str(new_id()))]}
    assert client.post(f"{place}/entries", json=body, headers=grants).status_code == 403


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"warehouse_id": None}, ["/warehouse_id"]),
        ({"warehouse_id": 7}, ["/warehouse_id"]),
        ({"product_ids": ["7"]}, ["/product_ids/0"]),
        ({"product_ids": [PRODUCT] * 501}, ["/product_ids"]),
        ({"label": "x" * 201}, ["/label"]),
        ({"state": "closed"}, ["/state"]),
    ],
)
def test_a_bad_field_is_pointed_at(
    client: FlaskClient, changes: dict[str, Any], pointers: list[str]
) -> None:
    refused = client.post(COUNTS, json={"warehouse_id": a_warehouse(client)} | changes)

    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")
    assert [error["pointer"] for error in refused.json["errors"]] == pointers


def test_what_a_count_is_of_must_exist(client: FlaskClient) -> None:
    body = {"warehouse_id": a_warehouse(client), "product_ids": [str(new_id())]}
    for wrong, pointer in (
        ({"warehouse_id": str(new_id())}, "/warehouse_id"),
        (body, "/product_ids"),
    ):
        refused = client.post(COUNTS, json=wrong)
        assert refused.status_code == 404
        assert [error["pointer"] for error in refused.json["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("entries", "pointer"),
    [
        ([], "/entries"),
        ([entry(PRODUCT)] * 201, "/entries"),
        ([entry(PRODUCT), entry(PRODUCT)], "/entries/1"),
        ([entry(PRODUCT, 1)], "/entries/0/counted"),
        ([entry(PRODUCT, "0.0000001")], "/entries/0/counted"),
        ([entry(PRODUCT, lot="x" * 65)], "/entries/0/lot"),
        ([entry("tea")], "/entries/0/product_id"),
        ([entry(PRODUCT, colour="green")], "/entries/0/colour"),
    ],
)
def test_a_bad_entry_is_pointed_at(client: FlaskClient, entries: list, pointer: str) -> None:
    place = started(client, a_warehouse(client))
    refused = client.post(f"{place}/entries", json={"entries": entries})

    assert refused.status_code == 422
    assert [error["pointer"].startswith(pointer) for error in refused.json["errors"]] == [True]


def test_an_entry_that_breaks_a_rule_is_pointed_at(client: FlaskClient) -> None:
    where = a_warehouse(client)
    product = a_product(client, where)
    place = started(client, where)
    for wrong, status, pointer in (
        (entry(product, "-1"), 422, "/entries/0/counted"),
        (entry(product, lot="L"), 422, "/entries/0/lot"),
        (entry(PRODUCT), 404, "/entries"),
    ):
        refused = client.post(f"{place}/entries", json={"entries": [wrong]})
        assert refused.status_code == status
        assert [error["pointer"] for error in refused.json["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("?state=gone", 400),
        ("?sort=label", 400),
        ("?warehouse_id=7", 400),
        (f"/{PRODUCT}/lines?counted=perhaps", 400),
        (f"/{PRODUCT}/lines?sort=sku", 400),
        (f"/{PRODUCT}/lines?sort=-id", 400),
        (f"/{PRODUCT}/lines", 404),
        ("/7", 404),
    ],
)
def test_a_bad_question_is_a_problem(client: FlaskClient, path: str, status: int) -> None:
    refused = client.get(f"{COUNTS}{path}")

    assert (refused.status_code, refused.mimetype) == (status, "application/problem+json")
