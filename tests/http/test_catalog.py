"""Products, units, tax classes and price lists over HTTP."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from erp_core.kernel.entity import new_id
from tests.http.clients import a_client

TEA = {"sku": "TEA-1", "name": "Chá verde", "kind": "goods"}
FULL: dict[str, Any] = {
    "sku": "TEA-2",
    "name": "Chá preto",
    "kind": "goods",
    "description": "Folhas inteiras",
    "translations": {"en": {"name": "Black tea", "description": "Whole leaves"}},
    "unit": "kg",
    "barcode": "4006381333931",
    "sale_price": {"amount": "19.9", "currency": "EUR"},
    "price_includes_tax": True,
    "tax_class_id": None,
    "minimum_price": {"amount": "15", "currency": "EUR"},
    "cost_price": {"amount": "9.123456", "currency": "USD"},
    "stock_managed": True,
    "tracking": "lot",
    "reorder_point": "2.5",
    "desired_level": "10",
    "lead_time_days": 7,
    "weight_kg": "1.05",
    "length_cm": "30",
    "width_cm": "20",
    "height_cm": "0.5",
    "customs_code": "09024000",
    "origin_country": "LK",
    "for_sale": False,
    "for_purchase": False,
    "tags": ["black", "organic"],
    "custom_fields": {"shelf": "7", "garden": "Uva"},
}
ENTRY: dict[str, Any] = {"product_id": str(new_id()), "price": "1"}


@pytest.fixture
def client() -> FlaskClient:
    return a_client()


def added(client: FlaskClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    reply = client.post(path, json=body)
    assert reply.status_code == 201, reply.json
    assert reply.headers["Location"] == f"{path}/{reply.json['id']}"
    assert client.get(reply.headers["Location"]).json == reply.json
    return dict(reply.json)


def test_a_product_needs_three_words(client: FlaskClient) -> None:
    tea = added(client, "/v1/products", TEA | {"sale_price": "19.90"})
    assert tea == {
        "id": tea["id"],
        "version": 1,
        **TEA,
        "description": "",
        "translations": {},
        "unit": "un",
        "barcode": "",
        "sale_price": {"amount": "19.9", "currency": "EUR"},
        "price_includes_tax": False,
        "tax_class_id": None,
        "minimum_price": None,
        "cost_price": None,
        "stock_managed": True,
        "tracking": "none",
        "reorder_point": None,
        "desired_level": None,
        "lead_time_days": None,
        "weight_kg": None,
        "length_cm": None,
        "width_cm": None,
        "height_cm": None,
        "customs_code": "",
        "origin_country": "",
        "for_sale": True,
        "for_purchase": True,
        "tags": [],
        "custom_fields": {},
        "state": "active",
        "archived_at": None,
    }


def test_a_product_shows_all_that_was_said_of_it(client: FlaskClient) -> None:
    vat = added(client, "/v1/tax-classes", {"name": "VAT"})
    said = FULL | {"tax_class_id": vat["id"], "id": str(new_id())}
    told = {"version": 1, "state": "active", "archived_at": None}
    assert added(client, "/v1/products", said) == said | told


def test_what_is_shown_may_be_sent_back(client: FlaskClient) -> None:
    tea = added(client, "/v1/products", FULL)
    own = {"id", "version", "state", "archived_at"}
    same = {name: value for name, value in tea.items() if name not in own}
    assert client.patch(f"/v1/products/{tea['id']}", json=same).json == tea | {"version": 2}


def test_a_service_keeps_no_stock(client: FlaskClient) -> None:
    hour = {"sku": "WORK", "name": "Work", "kind": "service", "unit": "h"}
    assert added(client, "/v1/products", hour)["stock_managed"] is False
    refused = client.post("/v1/products", json=hour | {"sku": "W", "stock_managed": True})
    assert (refused.status_code, refused.json["code"]) == (422, "catalog.product.service_stock")


def test_a_patch_changes_what_it_names_and_null_clears(client: FlaskClient) -> None:
    tea = added(client, "/v1/products", FULL)
    where = f"/v1/products/{tea['id']}"
    texts = ("description", "barcode", "customs_code", "origin_country")
    values = ("sale_price", "minimum_price", "reorder_point", "desired_level", "weight_kg")
    cleared = dict.fromkeys([*texts, *values, "tags"])
    patch = {
        **cleared,
        "name": "Assam",
        "cost_price": "8",
        "custom_fields": {"shelf": None, "garden": "Halmari"},
        "translations": {"en": None, "fr": {"name": "Thé noir"}},
    }
    changed = client.patch(where, json=patch, headers={"If-Match": '"1"'})
    assert changed.json == tea | cleared | dict.fromkeys(texts, "") | {
        "version": 2,
        "name": "Assam",
        "tags": [],
        "cost_price": {"amount": "8", "currency": "EUR"},
        "custom_fields": {"garden": "Halmari"},
        "translations": {"fr": {"name": "Thé noir", "description": ""}},
    }
    emptied = client.patch(where, json={"custom_fields": None, "translations": None}).json
    assert (emptied["custom_fields"], emptied["translations"]) == ({}, {})
    late = client.patch(where, json={"name": "C"}, headers={"If-Match": '"1"'})
    assert late.status_code == 412


def test_a_product_is_archived_and_restored(client: FlaskClient) -> None:
    where = f"/v1/products/{added(client, '/v1/products', TEA)['id']}"
    archived = client.post(f"{where}/archive").json
    assert (archived["state"], archived["archived_at"]) == (
        "archived",
        "2024-02-29T12:00:00.000000Z",
    )
    assert client.post(f"{where}/archive").status_code == 409
    assert client.post(f"{where}/restore").json["state"] == "active"


def test_products_are_searched_filtered_and_sorted(client: FlaskClient) -> None:
    added(client, "/v1/products", TEA)
    tea = added(client, "/v1/products", FULL)
    work = added(client, "/v1/products", {"sku": "A", "name": "Hora", "kind": "service"})
    client.post(f"/v1/products/{work['id']}/archive")
    for query, skus in (
        ("q=cha", ["TEA-1", "TEA-2"]),
        ("q=CHÁ+pre", ["TEA-2"]),
        ("q=4006", ["TEA-2"]),
        ("state=archived", ["A"]),
        ("state=active,archived&sort=-sku", ["TEA-2", "TEA-1", "A"]),
        ("kind=service", ["A"]),
        ("sort=name", ["TEA-2", "TEA-1", "A"]),
    ):
        found = client.get(f"/v1/products?{query}").json["items"]
        assert [each["sku"] for each in found] == skus, query
    assert client.get("/v1/products?sort=name&limit=1").json["items"] == [tea]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"sku": "tea"}, "/sku"),
        ({"name": " "}, "/name"),
        ({"kind": "thing"}, "/kind"),
        ({"unit": ""}, "/unit"),
        ({"barcode": "123"}, "/barcode"),
        ({"barcode": "4006381333932"}, "/barcode"),
        ({"sale_price": 19.9}, "/sale_price"),
        ({"sale_price": "-1"}, "/sale_price"),
        ({"cost_price": "0.0000001"}, "/cost_price"),
        ({"reorder_point": "0.0000001"}, "/reorder_point"),
        ({"sale_price": "1", "minimum_price": "2"}, "/minimum_price"),
        ({"tracking": "some"}, "/tracking"),
        ({"tracking": "lot", "stock_managed": False}, "/tracking"),
        ({"weight_kg": "-1"}, "/weight_kg"),
        ({"reorder_point": "-1"}, "/reorder_point"),
        ({"lead_time_days": -1}, "/lead_time_days"),
        ({"customs_code": "0902.10"}, "/customs_code"),
        ({"origin_country": "br"}, "/origin_country"),
        ({"tags": [""]}, "/tags/0"),
        ({"custom_fields": {"Shelf": "1"}}, "/custom_fields"),
        ({"translations": {"english": {"name": "Tea"}}}, "/translations"),
        ({"colour": "green"}, "/colour"),
    ],
)
def test_a_bad_field_is_pointed_at(
    client: FlaskClient, change: dict[str, Any], pointer: str
) -> None:
    refused = client.post("/v1/products", json=TEA | change)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]


def test_what_is_taken_is_a_conflict_and_what_is_unknown_is_not_found(
    client: FlaskClient,
) -> None:
    added(client, "/v1/products", FULL)
    for body, status, field in (
        (FULL, 409, "/sku"),
        (TEA | {"barcode": FULL["barcode"]}, 409, "/barcode"),
        (TEA | {"unit": "sack"}, 404, "/unit"),
    ):
        refused = client.post("/v1/products", json=body)
        assert refused.status_code == status
        assert refused.json["errors"][0]["pointer"] == field
    assert (
        client.post("/v1/products", json=TEA | {"tax_class_id": str(new_id())}).status_code == 404
    )


def test_another_companys_things_are_not_found(client: FlaskClient) -> None:
    rival = {"Authorization": "rival"}
    tea = added(client, "/v1/products", TEA)
    vat = added(client, "/v1/tax-classes", {"name": "VAT"})
    level = added(client, "/v1/price-lists", {"name": "A"})
    for path in (
        f"/v1/products/{tea['id']}",
        f"/v1/products/{tea['id']}/price",
        f"/v1/tax-classes/{vat['id']}",
        f"/v1/price-lists/{level['id']}",
    ):
        assert client.get(path, headers=rival).status_code == 404
    for path in ("products", "tax-classes", "price-lists", "units"):
        assert client.get(f"/v1/{path}", headers=rival).json["items"] == []


def test_units_are_added_changed_and_listed(client: FlaskClient) -> None:
    bag = {"code": "bag", "name": "Bag", "dimension": "mass", "factor": "60", "decimals": 1}
    unit = added(client, "/v1/units", bag)
    assert unit == bag | {"id": unit["id"], "version": 1}
    patch = {"name": "Sack", "factor": "59.5", "decimals": 2, "dimension": "volume"}
    changed = client.patch(f"/v1/units/{unit['id']}", json=patch).json
    assert changed == unit | patch | {"version": 2}
    assert client.patch(f"/v1/units/{unit['id']}", json={}).json == changed | {"version": 3}
    assert client.patch(f"/v1/units/{unit['id']}", json={"code": "b"}).status_code == 422
    assert client.post("/v1/units", json=bag).status_code == 409
    assert client.get("/v1/units?dimension=mass").json["items"] == []
    assert len(client.get("/v1/units?dimension=volume&sort=code").json["items"]) == 1


def test_a_tax_class_is_added_changed_archived_and_listed(client: FlaskClient) -> None:
    icms = {"name": "ICMS", "rate": "18", "included": True, "compound": True, "withheld": False}
    said = {"name": "Mercadorias", "components": [icms, {"name": "IPI", "rate": "5.5"}]}
    tax_class = added(client, "/v1/tax-classes", said)
    plain = {"included": False, "compound": False, "withheld": False}
    assert tax_class["components"] == [icms, {"name": "IPI", "rate": "5.5"} | plain]
    where = f"/v1/tax-classes/{tax_class['id']}"
    assert client.patch(where, json={"name": "B"}).json["components"] == tax_class["components"]
    assert client.patch(where, json={"components": []}).json["components"] == []
    assert client.post(f"{where}/archive").json["archived_at"] is not None
    assert client.post(f"{where}/archive").status_code == 409
    assert client.get("/v1/tax-classes?archived=false&sort=name").json["items"] == []
    refused = client.post("/v1/products", json=TEA | {"tax_class_id": tax_class["id"]})
    assert refused.json["code"] == "catalog.product.tax_class_archived"
    bad = client.post("/v1/tax-classes", json={"name": "A", "components": [{"rate": 5}]})
    assert {error["pointer"] for error in bad.json["errors"]} == {
        "/components/0/name",
        "/components/0/rate",
    }


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        (
            "tax-classes",
            {"components": [{"name": "A", "rate": "1"}, {"name": "B", "rate": "-1"}]},
            "/components/1/rate",
        ),
        ("tax-classes", {"components": [{"name": "", "rate": "1"}]}, "/components/0/name"),
        ("price-lists", {"currency": "eur"}, "/currency"),
        ("price-lists", {"entries": [ENTRY | {"price": "-1"}]}, "/entries/0/price"),
        (
            "price-lists",
            {"entries": [ENTRY, ENTRY | {"minimum_quantity": "-1"}]},
            "/entries/1/minimum_quantity",
        ),
        ("units", {"code": "b", "dimension": "mass", "factor": "0"}, "/factor"),
    ],
)
def test_what_is_wrong_inside_is_pointed_at(
    client: FlaskClient, path: str, body: dict[str, Any], pointer: str
) -> None:
    refused = client.post(f"/v1/{path}", json={"name": "A"} | body)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]
