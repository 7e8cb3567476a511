"""Price lists over HTTP, and which price applies to whom."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from erp_core.kernel.entity import new_id
from tests.http.clients import a_client
from tests.http.test_catalog import TEA, added


@pytest.fixture
def client() -> FlaskClient:
    return a_client()


def test_a_price_list_is_added_changed_and_listed(client: FlaskClient) -> None:
    tea = added(client, "/v1/products", TEA)
    said = {
        "name": "Atacado",
        "currency": "EUR",
        "includes_tax": True,
        "valid_from": "2024-01-01",
        "valid_to": "2024-12-31",
        "party_id": None,
        "level": 2,
        "entries": [
            {
                "product_id": tea["id"],
                "minimum_quantity": step,
                "price": {"amount": price, "currency": "EUR"},
            }
            for step, price in (("0", "9.9"), ("10", "8.123456"))
        ],
    }
    level = added(client, "/v1/price-lists", said)
    assert level == said | {"id": level["id"], "version": 1}
    where = f"/v1/price-lists/{level['id']}"
    patch = {"name": "B", "includes_tax": False, "valid_from": None, "valid_to": None}
    patch |= {"level": 3}
    changed = client.patch(where, json=patch).json
    assert changed == level | patch | {"version": 2}
    entry = {"product_id": tea["id"], "price": "7"}
    assert client.patch(where, json={"entries": [entry]}).json["entries"] == [
        entry | {"minimum_quantity": "0", "price": {"amount": "7", "currency": "EUR"}}
    ]
    (head,) = client.get("/v1/price-lists?sort=name").json["items"]
    assert head == {name: value for name, value in changed.items() if name != "entries"} | {
        "version": 3
    }
    assert client.get("/v1/price-lists?level=3").json["items"] == [head]
    assert client.get("/v1/price-lists?level=2").json["items"] == []
    assert client.get(f"/v1/price-lists?party_id={new_id()}").json["items"] == []
    unknown = {"entries": [entry | {"product_id": str(new_id())}]}
    assert client.patch(where, json=unknown).status_code == 404


def test_a_party_of_level_2_gets_the_prices_of_level_2_by_quantity(client: FlaskClient) -> None:
    tea = added(client, "/v1/products", TEA | {"sale_price": "10", "minimum_price": "5"})
    ana = {"kind": "person", "name": "Ana", "roles": ["customer"], "price_level": 2}
    customer = client.post("/v1/parties", json=ana).json["id"]
    for level, prices in ((2, ("9", "8")), (3, ("7", "6"))):
        steps = [
            {"product_id": tea["id"], "minimum_quantity": step, "price": price}
            for step, price in zip(("2", "10"), prices, strict=True)
        ]
        said = {"name": f"Level {level}", "level": level, "entries": steps}
        added(client, "/v1/price-lists", said)
    where = f"/v1/products/{tea['id']}/price?party_id={customer}"
    found = [client.get(f"{where}&quantity={each}").json for each in ("1.99", "2", "10")]
    assert [each["price"]["amount"] for each in found] == ["10", "9", "8"]
    assert [each["source"] for each in found] == ["product", "price_list", "price_list"]
    agreed = {"name": "Ana", "party_id": customer}
    added(
        client, "/v1/price-lists", agreed | {"entries": [{"product_id": tea["id"], "price": "6"}]}
    )
    assert client.get(f"{where}&quantity=10").json["source"] == "agreed"
    both = client.post("/v1/price-lists", json=agreed | {"level": 2})
    assert (both.status_code, both.json["code"]) == (422, "catalog.price_list.party_or_level")


def test_a_price_is_found_by_customer_level_and_quantity(client: FlaskClient) -> None:
    tea = added(client, "/v1/products", TEA | {"sale_price": "10", "minimum_price": "5"})
    ana = {"kind": "person", "name": "Ana", "roles": ["customer"]}
    customer = client.post("/v1/parties", json=ana).json["id"]
    stranger = {"name": "Ana", "party_id": str(new_id())}
    refused = client.post("/v1/price-lists", json=stranger)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (404, "/party_id")
    steps = [
        {"product_id": tea["id"], "minimum_quantity": step, "price": price}
        for step, price in (("2", "9"), ("10", "8"))
    ]
    level = added(client, "/v1/price-lists", {"name": "Atacado", "entries": steps})
    agreed = {"name": "Ana", "party_id": customer, "valid_from": "2024-03-01"}
    agreed["entries"] = [{"product_id": tea["id"], "price": "4.5"}]
    agreement = added(client, "/v1/price-lists", agreed)
    where = f"/v1/products/{tea['id']}/price"

    own = client.get(where).json
    assert own == {
        "product_id": tea["id"],
        "price": {"amount": "10", "currency": "EUR"},
        "includes_tax": False,
        "source": "product",
        "price_list_id": None,
        "minimum_quantity": "0",
    }
    for quantity, price in (("1.99", "10"), ("2", "9"), ("10", "8")):
        found = client.get(f"{where}?quantity={quantity}&price_list_id={level['id']}").json
        assert Decimal(found["price"]["amount"]) == Decimal(price)
    early = client.get(f"{where}?party_id={customer}").json
    assert early == own
    late = f"{where}?party_id={customer}&price_list_id={level['id']}&date=2024-03-01&quantity=5"
    found = client.get(late).json
    assert (found["source"], found["price_list_id"]) == ("agreed", agreement["id"])

    seller = {"X-Grants": "catalog.price.read"}
    refused = client.get(late, headers=seller)
    assert (refused.status_code, refused.json["code"]) == (422, "catalog.price.below_minimum")
    for query, status in (
        ("quantity=0", 422),
        ("quantity=a", 400),
        ("date=2024-02-30", 400),
        ("currency=usd", 422),
        ("currency=USD", 404),
        (f"price_list_id={new_id()}", 404),
    ):
        assert client.get(f"{where}?{query}").status_code == status
