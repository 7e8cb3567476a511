"""Parties and payment terms over HTTP."""

import pytest
from flask.testing import FlaskClient

from tests.http.clients import a_client

ANA = {"kind": "person", "name": "Ana Lima", "roles": ["customer"]}
ACME = {
    "kind": "company",
    "name": "Acme Ltda.",
    "trade_name": "Acme",
    "roles": ["supplier", "customer"],
    "customer_code": "ACME-1",
    "tax_ids": [
        {"country": "BR", "kind": "cnpj", "number": "12.ABC.345/01DE-35"},
        {"country": "DE", "kind": "vat", "number": "DE 136695976"},
    ],
    "addresses": [
        {
            "kind": "billing",
            "street": "Rua 1",
            "number": "7",
            "complement": "2º andar",
            "district": "Centro",
            "city": "Goiânia",
            "state": "GO",
            "postal_code": "74000-000",
            "country": "BR",
            "ibge": "5208707",
        }
    ],
    "contacts": [
        {
            "name": "Bia",
            "function": "Compras",
            "emails": ["bia@example.com"],
            "phones": ["+55 62 3333-4444"],
            "documents": ["invoice", "quote"],
        }
    ],
    "emails": ["nfe@example.com"],
    "phones": ["(62) 3333-4444"],
    "site": "https://example.com",
    "language": "pt-BR",
    "currency": "BRL",
    "price_level": 2,
    "discount_percent": "7.5",
    "credit_limit": {"amount": "1000.00", "currency": "BRL"},
    "representative_id": "01900000-0000-7000-8000-000000000001",
    "bank_accounts": [
        {"name": "", "iban": "GB33BUKB20201555555555", "bank": "", "agency": "", "account": ""}
    ],
    "tags": ["gold"],
    "notes": "Liga à tarde.",
    "custom_fields": {"region": "Sul"},
}
NET_30 = {"name": "30 dias", "instalments": [{"percent": "100", "days": 30}]}


@pytest.fixture
def client() -> FlaskClient:
    return a_client()


def test_a_party_with_every_field_is_created_and_read(client: FlaskClient) -> None:
    term = client.post("/v1/payment-terms", json=NET_30).json
    body = ACME | {"payment_term_id": term["id"]}
    created = client.post("/v1/parties", json=body)

    assert created.status_code == 201
    assert created.headers["Location"] == f"/v1/parties/{created.json['id']}"
    assert created.headers["ETag"] == '"1"'
    cnpj = {"country": "BR", "kind": "cnpj", "number": "12ABC34501DE35"}
    vat = {"country": "DE", "kind": "vat", "number": "136695976"}
    shown = body | {
        "id": created.json["id"],
        "version": 1,
        "code": "ACME-1",
        "roles": ["customer", "supplier"],
        "supplier_code": "S000001",
        "prospect_code": None,
        "tax_ids": [cnpj, vat],
        "state": "active",
        "merged_into_id": None,
    }
    assert created.json == shown | {"warnings": []}
    assert client.get(created.headers["Location"]).json == shown


def test_a_party_needs_little(client: FlaskClient) -> None:
    chosen = "01900000-0000-7000-8000-000000000002"
    created = client.post("/v1/parties", json=ANA | {"id": chosen}).json

    assert (created["id"], created["code"]) == (chosen, "C000001")
    assert (created["credit_limit"], created["discount_percent"]) == (None, "0")
    assert created["custom_fields"] == {}


def test_an_amount_without_a_currency_is_the_companys(client: FlaskClient) -> None:
    created = client.post("/v1/parties", json=ANA | {"credit_limit": "1000.00"}).json

    assert created["credit_limit"] == {"amount": "1000.00", "currency": "EUR"}


def test_a_patch_changes_what_it_names_and_null_clears(client: FlaskClient) -> None:
    created = client.post("/v1/parties", json=ACME)
    where = created.headers["Location"]
    patch = {
        "name": "Acme S.A.",
        "credit_limit": "5.00",
        "custom_fields": {"class": "A"},
        "emails": ["a@example.com", "b@example.com"],
    }
    changed = client.patch(where, json=patch, headers={"If-Match": '"1"'})
    expected = {each: value for each, value in created.json.items() if each != "warnings"}
    credit = {"amount": "5.00", "currency": "EUR"}
    fields = {"class": "A", "region": "Sul"}
    assert changed.json == expected | patch | {
        "version": 2,
        "credit_limit": credit,
        "custom_fields": fields,
    }

    kept = {"kind", "name", "roles"}
    cleared = client.patch(where, json={each: None for each in ACME if each not in kept})
    assert cleared.status_code == 200
    assert cleared.json["customer_code"] == "C000001"
    empty = {"tax_ids", "addresses", "contacts", "emails", "phones", "bank_accounts", "tags"}
    assert all(cleared.json[each] == [] for each in empty)
    assert all(cleared.json[each] == "" for each in ("trade_name", "site", "notes"))
    unset = ("language", "currency", "price_level", "credit_limit", "representative_id")
    assert all(cleared.json[each] is None for each in unset)
    assert (cleared.json["discount_percent"], cleared.json["custom_fields"]) == ("0", {})

    every = client.patch(where, json=ACME | {"custom_fields": {"region": None, "b": "1"}})
    assert every.json["custom_fields"] == {"b": "1"}
    assert every.json["addresses"] == ACME["addresses"]
    stale = client.patch(where, json=patch, headers={"If-Match": '"1"'})
    assert stale.status_code == 412


def test_a_taken_tax_id_is_a_conflict_that_names_its_party(client: FlaskClient) -> None:
    taken = client.post("/v1/parties", json=ACME).json["id"]
    refused = client.post("/v1/parties", json=ANA | {"tax_ids": ACME["tax_ids"]})

    assert (refused.status_code, refused.json["code"]) == (409, "parties.party.tax_id_taken")
    assert refused.json["party_id"] == taken
    assert refused.json["errors"][0]["pointer"] == "/tax_ids"


def test_a_likely_duplicate_is_warned_of(client: FlaskClient) -> None:
    first = client.post("/v1/parties", json=ANA).json["id"]
    second = client.post("/v1/parties", json=ANA | {"name": "ana LIMA"})
    (warning,) = second.json["warnings"]

    assert second.status_code == 201
    assert (warning["code"], warning["party_id"]) == ("parties.party.likely_duplicate", first)
    assert "C000001" in warning["detail"]


def test_a_party_is_archived_and_restored(client: FlaskClient) -> None:
    where = client.post("/v1/parties", json=ANA).headers["Location"]

    assert client.post(f"{where}/archive").json["state"] == "archived"
    assert client.post(f"{where}/archive").status_code == 409
    assert client.post(f"{where}/restore").json["state"] == "active"


def test_two_parties_are_merged(client: FlaskClient) -> None:
    survivor = client.post("/v1/parties", json=ANA).json["id"]
    other = client.post("/v1/parties", json=ACME).json["id"]
    merged = client.post(f"/v1/parties/{survivor}/merge", json={"from_id": other})
    absorbed = client.get(f"/v1/parties/{other}").json

    assert (merged.status_code, merged.json["id"]) == (200, survivor)
    assert (merged.json["name"], merged.json["emails"]) == ("Ana Lima", ACME["emails"])
    assert len(merged.json["tax_ids"]) == 2
    assert (absorbed["state"], absorbed["merged_into_id"]) == ("archived", survivor)
    again = client.post(f"/v1/parties/{survivor}/merge", json={"from_id": other})
    assert (again.status_code, again.json["code"]) == (409, "parties.party.merged")
    itself = client.post(f"/v1/parties/{survivor}/merge", json={"from_id": survivor})
    assert (itself.status_code, itself.json["errors"][0]["pointer"]) == (422, "/from_id")


def test_a_list_is_searched_filtered_and_sorted(client: FlaskClient) -> None:
    for name, role in (("Zé", "supplier"), ("Ângela Reis", "customer"), ("Bia", "prospect")):
        client.post("/v1/parties", json=ANA | {"name": name, "roles": [role]})

    def names(query: str) -> list[str]:
        return [each["name"] for each in client.get(f"/v1/parties?{query}").json["items"]]

    assert names("sort=name") == ["Ângela Reis", "Bia", "Zé"]
    assert names("sort=-code") == ["Zé", "Bia", "Ângela Reis"]
    assert names("q=REI+angela") == ["Ângela Reis"]
    assert names("q=S000001") == ["Zé"]
    assert names("role=supplier,prospect") == ["Zé", "Bia"]
    assert names("state=archived") == []
    first = client.get("/v1/parties?sort=name&limit=2&include=total").json
    assert first["total"] == 3
    assert names(f"sort=name&cursor={first['next']}") == ["Zé"]


def test_another_companys_party_is_not_found(client: FlaskClient) -> None:
    where = client.post("/v1/parties", json=ANA).headers["Location"]
    rival = {"Authorization": "rival"}

    assert client.get(where, headers=rival).status_code == 404
    assert client.get("/v1/parties?q=ana", headers=rival).json["items"] == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "animal"}, "/kind"),
        ({"name": ""}, "/name"),
        ({"roles": []}, "/roles"),
        ({"roles": ["customer", "friend"]}, "/roles/1"),
        ({"customer_code": "c 1"}, "/customer_code"),
        ({"tax_ids": [{"country": "BR", "kind": "cpf"}]}, "/tax_ids/0/number"),
        (
            {"tax_ids": [{"country": "BR", "kind": "cpf", "number": "111.111.111-11"}]},
            "/tax_ids/0/number",
        ),
        (
            {"addresses": [{"kind": "billing", "street": "A", "country": "BR"}]},
            "/addresses/0/city",
        ),
        ({"contacts": [{"name": "Bia", "email": "b@example.com"}]}, "/contacts/0/email"),
        ({"emails": "a@example.com"}, "/emails"),
        ({"emails": ["a@example.com", "a"]}, "/emails/1"),
        ({"phones": ["x"]}, "/phones/0"),
        ({"discount_percent": 7.5}, "/discount_percent"),
        ({"discount_percent": "101"}, "/discount_percent"),
        ({"discount_percent": "-1"}, "/discount_percent"),
        ({"credit_limit": "1.005"}, "/credit_limit"),
        ({"contacts": [{"name": "B"}, {"name": ""}]}, "/contacts/1/name"),
        ({"credit_limit": {"amount": "1"}}, "/credit_limit"),
        ({"price_level": "2.5"}, "/price_level"),
        ({"payment_term_id": "8"}, "/payment_term_id"),
        ({"bank_accounts": [{"iban": "GB00"}]}, "/bank_accounts/0/iban"),
        ({"bank_accounts": [{"name": "A"}]}, "/bank_accounts/0"),
        ({"custom_fields": {"A b": "1"}}, "/custom_fields"),
        ({"custom_fields": {"a": 1}}, "/custom_fields/a"),
        ({"prospect_code": "P1"}, "/prospect_code"),
        ({"state": "archived"}, "/state"),
    ],
)
def test_a_bad_field_is_pointed_at(client: FlaskClient, change: dict, pointer: str) -> None:
    refused = client.post("/v1/parties", json=ANA | change)

    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]


def test_a_payment_term_is_created_read_changed_archived_and_listed(client: FlaskClient) -> None:
    body = {
        "name": "Três vezes",
        "instalments": [
            {"percent": "33.3333", "days": 30},
            {"percent": "33.3333", "days": 30, "end_of_month": True, "extra_days": 5},
            {"percent": "33.3334", "day_of_month": 10},
        ],
        "deposit_percent": "10",
    }
    created = client.post("/v1/payment-terms", json=body)
    where = created.headers["Location"]
    bare = {"days": 0, "end_of_month": False, "day_of_month": None, "extra_days": 0}

    assert created.status_code == 201
    assert created.json == body | {
        "id": created.json["id"],
        "version": 1,
        "instalments": [bare | each for each in body["instalments"]],
        "state": "active",
    }
    assert client.get(where).json == created.json
    changed = client.patch(where, json={"deposit_percent": None, **NET_30})
    assert changed.json["instalments"] == [bare | NET_30["instalments"][0]]
    assert (changed.json["deposit_percent"], changed.json["name"]) == (None, "30 dias")
    again = client.patch(where, json={"deposit_percent": "5"})
    assert again.json["deposit_percent"] == "5"
    assert client.post(f"{where}/archive").json["state"] == "archived"
    listed = client.get("/v1/payment-terms?sort=name&state=archived").json["items"]
    assert [each["id"] for each in listed] == [created.json["id"]]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"instalments": [{"percent": "50"}]}, "/instalments"),
        ({"instalments": [{"percent": 100}]}, "/instalments/0/percent"),
        ({"instalments": [{"percent": "100", "day_of_month": 32}]}, "/instalments/0/day_of_month"),
        ({"instalments": [{"percent": "1.23456"}]}, "/instalments/0/percent"),
        ({"deposit_percent": "0"}, "/deposit_percent"),
        ({"name": ""}, "/name"),
    ],
)
def test_a_bad_term_is_pointed_at(client: FlaskClient, change: dict, pointer: str) -> None:
    refused = client.post("/v1/payment-terms", json=NET_30 | change)

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]


def test_a_taken_name_is_a_conflict(client: FlaskClient) -> None:
    client.post("/v1/payment-terms", json=NET_30)

    assert client.post("/v1/payment-terms", json=NET_30).status_code == 409
