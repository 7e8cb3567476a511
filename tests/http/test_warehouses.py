"""Warehouses over HTTP, and what every route does alike."""

import pytest
from flask.testing import FlaskClient

from tests.http.clients import a_client

SHOP = {"code": "SHOP", "name": "Loja do centro"}


@pytest.fixture
def client() -> FlaskClient:
    return a_client()


def test_a_warehouse_is_added_read_changed_archived_and_restored(client: FlaskClient) -> None:
    added = client.post("/v1/warehouses", json=SHOP)
    where = added.headers["Location"]
    changed = client.patch(where, json={"address": "Rua 1", "may_go_negative": True})
    archived = client.post(f"{where}/archive")
    restored = client.post(f"{where}/restore")

    assert added.status_code == 201
    assert added.json == SHOP | {
        "id": added.json["id"],
        "version": 1,
        "address": "",
        "parent_id": None,
        "may_go_negative": False,
        "kind": "storage",
        "state": "active",
    }
    assert changed.json["address"] == "Rua 1"
    assert (archived.json["state"], restored.json["state"]) == ("archived", "active")
    assert client.get(where).json == restored.json
    assert [each.headers["ETag"] for each in (added, changed, restored)] == ['"1"', '"2"', '"4"']


def test_a_list_is_read_page_by_page(client: FlaskClient) -> None:
    for code in ("C", "A", "B"):
        client.post("/v1/warehouses", json={"code": code, "name": code})
    first = client.get("/v1/warehouses?sort=-code&limit=2&include=total").json
    last = client.get(f"/v1/warehouses?sort=-code&limit=2&cursor={first['next']}").json

    assert [each["code"] for each in first["items"] + last["items"]] == ["C", "B", "A"]
    assert (first["total"], last["next"]) == (3, None)


def test_places_lie_in_one_another(client: FlaskClient) -> None:
    site = client.post("/v1/warehouses", json={"code": "SITE", "name": "Site"})
    inside = {"parent_id": site.json["id"]}
    hall = client.post("/v1/warehouses", json=SHOP | inside)
    listed = client.get(f"/v1/warehouses?parent_id={site.json['id']}").json["items"]
    circle = client.patch(site.headers["Location"], json={"parent_id": hall.json["id"]})
    closing = client.post(f"{site.headers['Location']}/archive")
    client.post(f"{hall.headers['Location']}/archive")

    assert listed == [hall.json]
    assert (circle.status_code, circle.json["code"]) == (422, "inventory.warehouse.cycle")
    assert circle.json["errors"][0]["pointer"] == "/parent_id"
    assert (closing.status_code, closing.json["code"]) == (409, "inventory.warehouse.has_parts")
    assert client.post(f"{site.headers['Location']}/archive").status_code == 200
    stranded = client.post("/v1/warehouses", json={"code": "B", "name": "B"} | inside)
    assert stranded.json["code"] == "inventory.warehouse.parent_archived"
    unknown = {"code": "C", "parent_id": "00000000-0000-7000-8000-000000000000"}
    nowhere = client.post("/v1/warehouses", json=SHOP | unknown)
    assert (nowhere.status_code, nowhere.json["errors"][0]["pointer"]) == (404, "/parent_id")


def test_a_change_of_what_has_moved_on_is_refused(client: FlaskClient) -> None:
    where = client.post("/v1/warehouses", json=SHOP).headers["Location"]
    client.patch(where, json={"name": "B"}, headers={"If-Match": '"1"'})
    refused = client.patch(where, json={"name": "C"}, headers={"If-Match": '"1"'})

    assert (refused.status_code, refused.json["code"]) == (412, "precondition_failed")
    assert client.get(where).json["name"] == "B"


def test_a_request_with_a_key_is_done_once(client: FlaskClient) -> None:
    again = {"Idempotency-Key": "k-1"}
    first = client.post("/v1/warehouses", json=SHOP, headers=again)
    second = client.post("/v1/warehouses", json=SHOP, headers=again)
    other = client.post("/v1/warehouses", json=SHOP | {"name": "B"}, headers=again)

    assert (second.status_code, second.json) == (201, first.json)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.headers["Location"] == first.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert (other.status_code, other.json["code"]) == (422, "idempotency.reused")


def test_another_companys_warehouse_is_not_found(client: FlaskClient) -> None:
    where = client.post("/v1/warehouses", json=SHOP).headers["Location"]

    assert client.get(where, headers={"Authorization": "rival"}).status_code == 404
    assert client.get("/v1/warehouses", headers={"Authorization": "rival"}).json["items"] == []


def test_a_caller_without_the_grant_is_refused(client: FlaskClient) -> None:
    grants = {"X-Grants": "inventory.warehouse.read"}
    refused = client.post("/v1/warehouses", json=SHOP, headers=grants)

    assert (refused.status_code, refused.json["code"]) == (403, "permission_denied")
    assert client.get("/v1/warehouses", headers=grants).json["items"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (SHOP | {"code": 1}, "/code"),
        (SHOP | {"code": "shop"}, "/code"),
        (SHOP | {"name": ""}, "/name"),
        (SHOP | {"name": "\0"}, "/name"),
        (SHOP | {"name": "\ud800"}, "/name"),
        (SHOP | {"may_go_negative": "yes"}, "/may_go_negative"),
        (SHOP | {"parent_id": "8"}, "/parent_id"),
        (SHOP | {"colour": "green"}, "/colour"),
        ({"code": "SHOP"}, "/name"),
    ],
)
def test_a_bad_field_is_pointed_at(client: FlaskClient, body: dict, pointer: str) -> None:
    refused = client.post("/v1/warehouses", json=body)

    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]
    assert client.get("/v1/warehouses").json["items"] == []


JSON = {"content_type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("get", "/nowhere", {}, 404),
        ("get", "/v1/warehouses/7", {}, 404),
        ("put", "/v1/warehouses", {}, 405),
        ("post", "/v1/warehouses", {"data": "{"} | JSON, 400),
        ("post", "/v1/warehouses", {"data": b"\xff"} | JSON, 400),
        ("post", "/v1/warehouses", {"data": "[" * 10**5} | JSON, 400),
        ("post", "/v1/warehouses", {"data": '{"a":' * 33 + "1" + "}" * 33} | JSON, 400),
        ("post", "/v1/warehouses", {"data": '{"name": 1, "name": 2}'} | JSON, 400),
        ("post", "/v1/warehouses", {"data": f'{{"name": {"9" * 5000}}}'} | JSON, 400),
        ("post", "/v1/warehouses", {"data": '{"name": NaN}'} | JSON, 400),
        ("post", "/v1/warehouses", {"data": "[]"} | JSON, 422),
        ("post", "/v1/warehouses", {"data": "code=1", "content_type": "text/plain"}, 415),
        ("post", "/v1/warehouses", {"data": {"code": "SHOP"}}, 415),
        ("post", "/v1/warehouses", {"data": "x" * 2**21} | JSON, 413),
        ("post", "/v1/warehouses", {"json": SHOP, "headers": {"Idempotency-Key": "é"}}, 400),
        ("get", "/v1/warehouses?limit=1.5", {}, 400),
        ("get", "/v1/warehouses?limit=1&limit=2", {}, 400),
        ("get", "/v1/warehouses?colour=green", {}, 400),
        ("get", "/v1/warehouses?sort=colour", {}, 400),
        ("get", "/v1/warehouses?cursor=e30", {}, 400),
        ("get", "/v1/warehouses?state=active,gone", {}, 400),
        ("get", "/v1/warehouses?include=everything", {}, 400),
        ("get", "/v1/warehouses?limit=0", {}, 400),
    ],
)
def test_every_refusal_is_a_problem(client: FlaskClient, method, path, options, status) -> None:
    refused = client.open(path, method=method, **options)

    assert (refused.status_code, refused.mimetype) == (status, "application/problem+json")
    assert refused.json["status"] == status
    assert refused.json["request_id"] == refused.headers["X-Request-Id"]
    assert status != 405 or "POST" in refused.headers["Allow"]
