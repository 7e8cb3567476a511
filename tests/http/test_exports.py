"""Lists as files: what a spreadsheet opens is what is stored, and nothing of it is run."""

import csv
import io
import re
import tracemalloc
from decimal import Decimal
from http import HTTPStatus

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from erp_http import exports
from erp_http.catalog.products import ProductDto
from erp_http.dto import PageDto
from erp_http.exports import Column, Media, columns
from erp_http.inventory import WarehouseDto
from erp_http.routing import Route
from erp_http.workbook import exactly, workbook_of
from tests.http.clients import a_client
from tests.http.served import the_routes
from tests.invoicing.offices import an_office

XLSX = Media.XLSX.value
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-2+3",
    "@x",
    'Açaí, "roxo"\n2 kg',
    "'plain",
    "\uff1d1",
    "A;=1+1;-B - C\n@x",
]


@pytest.fixture
def client() -> FlaskClient:
    made = a_client()
    for number, name in enumerate(HOSTILE):
        body = {"code": f"W{number}", "name": name, "address": "\t=1"}
        assert made.post("/v1/warehouses", json=body).status_code == 201
    return made


def got(client: FlaskClient, accept: str, path: str = "/v1/warehouses?sort=code") -> object:
    return client.get(path, headers={"Accept": accept})


def test_a_list_is_a_csv_file_with_everything_in_it(client: FlaskClient) -> None:
    reply = got(client, "text/csv", "/v1/warehouses?sort=code&limit=2")
    rows = list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"), newline="")))

    assert reply.mimetype == "text/csv"
    assert reply.headers["Content-Disposition"] == 'attachment; filename="warehouses.csv"'
    assert reply.headers["Vary"] == "Accept"
    assert reply.data.startswith("\ufeffid,version,code,name,".encode())
    assert b"\r\n" in reply.data
    assert [row["name"] for row in rows] == [
        "'=cmd|' /C calc'!A0",
        "'+1",
        "'-2+3",
        "'@x",
        'Açaí, "roxo"\n2 kg',
        "'plain",
        "'\uff1d1",
        "A;'=1+1;'-B - C\n'@x",
    ]
    assert {row["address"] for row in rows} == {"'\t'=1"}
    assert {(row["may_go_negative"], row["parent_id"]) for row in rows} == {("false", "")}


def test_a_list_is_a_workbook_whose_text_is_text(client: FlaskClient) -> None:
    reply = got(client, XLSX)
    sheet = load_workbook(io.BytesIO(reply.data)).active
    titles, *rows = [list(row) for row in sheet.iter_rows()]
    at = {cell.value: place for place, cell in enumerate(titles)}

    assert reply.mimetype == XLSX
    assert reply.content_length == len(reply.data)
    assert [row[at["name"]].value for row in rows] == HOSTILE
    assert {row[at["name"]].data_type for row in rows} == {"s"}
    assert {row[at["address"]].data_type for row in rows} == {"s"}
    assert {row[at["version"]].data_type for row in rows} == {"n"}
    assert {row[at["may_go_negative"]].value for row in rows} == {False}
    assert not any(cell.data_type == "f" or cell.hyperlink for row in rows for cell in row)


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/html, */*;q=0.1", "application/json"),
        ("text/*", "text/csv"),
        ("application/json;q=0.5, text/csv;q=0.9", "text/csv"),
        (f"text/csv;q=0.2, {XLSX};q=0.3", XLSX),
        ("text/csv;q=0, */*", "application/json"),
    ],
)
def test_the_client_says_what_it_takes(client: FlaskClient, accept: str, type_: str) -> None:
    assert got(client, accept).mimetype == type_


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/png, text/xml"])
def test_what_is_not_to_be_had_is_a_problem(client: FlaskClient, accept: str) -> None:
    refused = got(client, accept)

    assert (refused.status_code, refused.json["code"]) == (406, "not_acceptable")
    assert refused.mimetype == "application/problem+json"


def test_a_refusal_is_a_problem_whatever_was_wanted(client: FlaskClient) -> None:
    headers = {"Accept": "text/csv", "X-Grants": "parties.*"}
    denied = client.get("/v1/warehouses", headers=headers)
    unknown = got(client, XLSX, "/v1/warehouses?sort=colour")

    assert (denied.status_code, denied.mimetype) == (403, "application/problem+json")
    assert (unknown.status_code, unknown.json["code"]) == (400, "page.sort")


def test_a_list_longer_than_a_file_is_refused(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "ROWS_MAX", 6)
    refused = got(client, "text/csv")

    assert (refused.status_code, refused.json["code"]) == (422, "export.too_many")
    assert (refused.json["rows"], refused.json["most"]) == (len(HOSTILE), 6)


def test_every_page_is_in_the_file(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "EXPORT_LIMIT_MAX", 2)
    assert len(got(client, "text/csv").data.split(b"\r\n")) == 1 + len(HOSTILE) + 1


def test_money_takes_two_columns_and_lists_none() -> None:
    titles = [column.title for column in columns(ProductDto())]

    assert {"sale_price", "sale_price_currency", "sku", "reorder_point"} <= set(titles)
    assert not {"tags", "translations", "custom_fields"} & set(titles)


def test_a_value_is_found_where_it_lies_and_may_be_missing() -> None:
    currency = Column("cost_currency", ("cost", "currency"), number=False)

    assert currency.of({"cost": {"amount": "1", "currency": "EUR"}}) == "EUR"
    assert currency.of({"cost": None}) is None


@pytest.mark.parametrize("digits", ["0", "-1.5", "0.1", "123456789012.34", "999999999999.99"])
def test_a_number_that_survives_is_a_number(digits: str) -> None:
    assert exactly(digits)
    assert Decimal(f"{float(digits):.16G}") == Decimal(digits)


@pytest.mark.parametrize(
    "digits", ["123456789012.345678", "9007199254740993", "-0.1234567890123456789"]
)
def test_a_number_that_would_be_rounded_is_text(digits: str) -> None:
    assert not exactly(digits)


def test_numbers_are_never_defused_and_are_exact(client: FlaskClient) -> None:
    warehouse = client.get("/v1/warehouses?limit=1").json["items"][0]["id"]
    client.patch(f"/v1/warehouses/{warehouse}", json={"may_go_negative": True})
    client.post("/v1/units", json={"code": "un", "name": "Unit", "dimension": "count"})
    body = {"sku": "A", "name": "=1", "kind": "goods"}
    product = client.post("/v1/products", json=body)
    assert product.status_code == 201, product.text
    line = {"product_id": product.json["id"], "warehouse_id": warehouse}
    said = line | {"quantity": "1.000001", "unit_cost": "2.5"}
    assert client.post("/v1/stock/receipts", json=said).status_code == 201
    out = client.post("/v1/stock/issues", json=line | {"quantity": "123456789013.345679"})
    assert out.status_code == 201
    reply = got(client, "text/csv", "/v1/reports/forecast")
    (row,) = csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"), newline=""))
    sheet = load_workbook(io.BytesIO(got(client, XLSX, "/v1/reports/forecast").data)).active
    cells = dict(zip(*sheet.iter_rows(), strict=True))
    by_title = {title.value: cell for title, cell in cells.items()}

    assert (row["on_hand"], row["name"]) == ("-123456789012.345678", "'=1")
    assert (by_title["on_hand"].data_type, by_title["on_hand"].value) == ("s", row["on_hand"])
    assert (by_title["reserved"].data_type, by_title["reserved"].value) == ("n", 0)


@pytest.mark.parametrize("media", [Media.CSV, Media.XLSX])
def test_ten_thousand_rows_need_no_more_memory_than_a_few(media: Media) -> None:
    table = columns(PageDto(WarehouseDto()).item)
    row = {"id": "x" * 36, "version": 1, "code": "W", "name": "n" * 200, "address": "a" * 500}

    def peak(rows: int) -> int:
        tracemalloc.start()
        try:
            many = (row for _ in range(rows))
            if media is Media.CSV:
                size = sum(len(chunk) for chunk in exports.csv_of(table, many))
            else:
                titles = [each.title for each in table]
                cells = ([each.of(row) for each in table] for row in many)
                file, size = workbook_of(titles, [False] * len(titles), cells)
                file.close()
            assert size > rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)  # what is imported and compiled once
    assert peak(10_000) < peak(100) + 2_000_000


@pytest.mark.parametrize(
    "text",
    [*HOSTILE, " a ", "a\r\nb", "\x0b", "_x0041_", "<a>&amp;", "\ufffe", "𝒜", "", "x" * 32_767],
)
def test_any_text_comes_back_from_a_workbook_as_it_was(text: str) -> None:
    file, _ = workbook_of(["&<t>"], [False], [[text]])
    with file:
        (title,), (cell,) = load_workbook(file).active.iter_rows()
    assert title.value == "&<t>"
    said = re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), cell.value or "")
    assert (said, cell.data_type) == (text, "s")


LISTS = [each for each in the_routes() if isinstance(each.returns, PageDto)]


@pytest.mark.parametrize("route", LISTS, ids=lambda each: each.rule)
def test_every_list_is_a_file_or_says_what_is_missing(route: Route) -> None:
    path = route.rule.replace("<uuid:id>", "00000000-0000-7000-8000-000000000000")
    reply = a_client(an_office().shop.store).get(path, headers={"Accept": "text/csv"})
    assert reply.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    assert reply.status_code != HTTPStatus.OK or reply.mimetype == "text/csv"
