"""How documents are numbered, over HTTP."""

import pytest
from flask.testing import FlaskClient

from erp_core.documents.entities import SERIES
from tests.http.clients import a_client

ORDER = "/v1/number-series/sales.order"


@pytest.fixture
def client() -> FlaskClient:
    return a_client()


def test_a_series_is_read_changed_and_given_back(client: FlaskClient) -> None:
    given = client.get(ORDER)
    changed = client.patch(
        ORDER,
        json={"mask": "SO{yy}{mm}-{000@month+41}", "chronological": True},
        headers={"If-Match": given.headers["ETag"]},
    )
    stale = client.patch(ORDER, json={"mask": None}, headers={"If-Match": '"0"'})
    again = client.patch(ORDER, json={"mask": None})

    assert given.json == {
        "document_type": "sales.order",
        "version": 0,
        "mask": "ORD{yyyy}-{00000@year}",
        "reset": "year",
        "chronological": False,
    }
    assert changed.json == {
        "document_type": "sales.order",
        "version": 1,
        "mask": "SO{yy}{mm}-{000@month+41}",
        "reset": "month",
        "chronological": True,
    }
    assert (stale.status_code, stale.json["code"]) == (412, "precondition_failed")
    assert again.json == given.json | {"version": 2, "chronological": True}
    assert client.get(ORDER, headers={"Authorization": "rival"}).json == given.json


def test_all_series_are_listed_and_had_as_a_file(client: FlaskClient) -> None:
    client.patch(ORDER, json={"mask": "{00}"})
    first = client.get("/v1/number-series?limit=5&include=total").json
    second = client.get(f"/v1/number-series?limit=200&cursor={first['next']}").json
    types = [each["document_type"] for each in first["items"] + second["items"]]
    table = client.get("/v1/number-series", headers={"Accept": "text/csv"}).text

    assert types == sorted(SERIES)
    assert (first["total"], second["next"]) == (len(SERIES), None)
    assert "sales.order" in table
    assert client.get("/v1/number-series?sort=mask").status_code == 400


def test_an_unknown_type_of_document_is_not_found(client: FlaskClient) -> None:
    for reply in (
        client.get("/v1/number-series/sales.poem"),
        client.patch("/v1/number-series/sales.poem", json={"mask": "{0}"}),
    ):
        assert (reply.status_code, reply.json["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"mask": "{00@month}"}, "/mask", "documents.mask.year"),
        ({"mask": ""}, "/mask", "documents.mask.length"),
        ({"mask": "A" * 41}, "/mask", "length"),
        ({"mask": 7}, "/mask", "string"),
        ({"chronological": "yes"}, "/chronological", "flag"),
        ({"number": "7"}, "/number", "unknown_field"),
    ],
)
def test_a_bad_field_is_pointed_at(
    client: FlaskClient, body: dict, pointer: str, code: str
) -> None:
    refused = client.patch(ORDER, json=body)

    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [
        (pointer, code)
    ]


def test_a_mistake_is_told_in_the_readers_language(client: FlaskClient) -> None:
    refused = client.patch(
        "/v1/number-series/invoicing.invoice",
        json={"chronological": False},
        headers={"Accept-Language": "pt-BR"},
    )

    assert refused.json["code"] == "documents.number_series.chronological"
    assert refused.json["detail"].startswith("Faturas são numeradas")
