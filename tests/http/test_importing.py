"""Tables as bodies: products by the file."""

from flask.testing import FlaskClient

from erp_http.importing import FILE_BYTES_MAX
from tests.http.clients import a_client

PATH = "/v1/products/import"
TABLE = {"Content-Type": "text/csv; charset=utf-8"}


def test_a_table_becomes_products_with_their_stock() -> None:
    client: FlaskClient = a_client()
    client.post("/v1/warehouses", json={"code": "W1", "name": "Loja"})
    rows = "".join(f"P{n},Product {n},W1,{n + 1},2.50\n" for n in range(20_000 // 100))
    body = "sku,name,warehouse_code,quantity,unit_cost\n" + rows
    done = client.post(PATH, data=body, headers=TABLE)
    listed = client.get("/v1/stock/items?limit=1&include=total").json

    assert (done.status_code, done.json) == (200, {"products": 200, "movements": 200})
    assert listed["total"] == 200


def test_bad_rows_are_named_in_the_language_of_the_request() -> None:
    client = a_client()
    body = "sku;name;sale_price\nOK;Good;1\nNO;Bad;1,50\nno;;2\n"
    told = client.post(PATH, data=body, headers={**TABLE, "Accept-Language": "pt-BR"})

    assert (told.status_code, told.json["code"]) == (422, "rows_refused")
    assert (told.json["bad"], told.json["rows"]) == (2, 3)
    assert [(each["pointer"], each["code"]) for each in told.json["errors"]] == [
        ("/lines/3/sale_price", "import.decimal"),
        ("/lines/4/sku", "catalog.product.sku"),
    ]
    assert told.json["errors"][0]["detail"].startswith("Isto não é um decimal")
    assert client.get("/v1/products").json["items"] == []


def test_what_is_no_table_or_too_large_is_refused() -> None:
    client = a_client()
    other = client.post(PATH, json={"sku": "A"})
    empty = client.post(PATH, data=b"", headers=TABLE)
    large = client.post(PATH, data=b"x" * (FILE_BYTES_MAX + 1), headers=TABLE)
    several_megabytes = client.post(
        PATH, data=b"sku,name,description\n" + b"A,A,x\n" * 500_000, headers=TABLE
    )

    assert (other.status_code, other.json["code"]) == (415, "unsupported_media_type")
    assert (empty.status_code, empty.json["code"]) == (400, "csv.empty")
    assert (large.status_code, large.json["code"]) == (413, "content_too_large")
    assert (several_megabytes.status_code, several_megabytes.json["code"]) == (422, "import.rows")


def test_a_table_sent_twice_under_one_key_is_stored_once() -> None:
    client = a_client()
    headers = {**TABLE, "Idempotency-Key": "once"}
    first = client.post(PATH, data="sku,name\nA,A\n", headers=headers)
    again = client.post(PATH, data="sku,name\nA,A\n", headers=headers)

    assert first.json == again.json == {"products": 1, "movements": 0}
    assert again.headers["Idempotency-Replayed"] == "true"
