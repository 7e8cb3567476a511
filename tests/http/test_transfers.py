"""Transfers in two steps over HTTP."""

from dataclasses import dataclass, replace

import pytest
from flask.testing import FlaskClient

from erp_core.catalog.entities import standard_units
from erp_core.testing import context
from erp_core.testing.catalog import a_product
from erp_memory.store import MemoryStore
from tests.http.clients import a_client

UNKNOWN = "00000000-0000-7000-8000-000000000000"
SENT_AT = "2024-02-29T12:00:00.000000Z"


@dataclass
class Firm:
    """A client, two warehouses, and a product of which there are ten in the first."""

    client: FlaskClient
    tea: str
    here: str
    there: str

    def body(self, quantity: str = "4", **changes: object) -> dict:
        ends = {"from_warehouse_id": self.here, "to_warehouse_id": self.there}
        return ends | {"lines": [{"product_id": self.tea, "quantity": quantity}]} | changes

    def send(self, quantity: str = "4"):
        return self.client.post("/v1/stock-transfers", json=self.body(quantity))

    def on_hand(self) -> dict[str, str]:
        """Say what lies where, by the warehouses' codes."""
        listed = self.client.get("/v1/warehouses").json["items"]
        codes = {each["id"]: each["code"] for each in listed}
        items = self.client.get(f"/v1/stock/items?product_id={self.tea}").json["items"]
        return {codes[each["warehouse_id"]]: each["on_hand"] for each in items}


@pytest.fixture
def firm() -> Firm:
    store, ctx = MemoryStore(), context()
    with store(ctx) as uow:
        uow.units.add_absent(ctx, standard_units())
        tea = uow.products.add(ctx, replace(a_product(), tax_class_id=None))
    client = a_client(store)
    here, there = (
        client.post("/v1/warehouses", json={"code": code, "name": code}).json["id"]
        for code in ("HERE", "THERE")
    )
    receipt = {"product_id": str(tea.id), "warehouse_id": here, "quantity": "10", "unit_cost": "2"}
    assert client.post("/v1/stock/receipts", json=receipt).status_code == 201
    return Firm(client, str(tea.id), here, there)


def test_goods_are_sent_and_arrive(firm: Firm) -> None:
    sent = firm.client.post("/v1/stock-transfers", json=firm.body(label="by van"))
    where = sent.headers["Location"]

    assert (sent.status_code, where) == (201, f"/v1/stock-transfers/{sent.json['id']}")
    line = {
        "id": sent.json["lines"][0]["id"],
        "product_id": firm.tea,
        "lot": "",
        "quantity": "4",
        "arrived": "0",
        "under_way": "4",
    }
    assert sent.json == {
        "id": sent.json["id"],
        "version": 1,
        "from_warehouse_id": firm.here,
        "to_warehouse_id": firm.there,
        "label": "by van",
        "state": "dispatched",
        "dispatched_at": SENT_AT,
        "ended_at": None,
        "reason": "",
        "lines": [line],
    }
    assert firm.on_hand() == {"HERE": "6", "TRANSIT": "4"}
    part = {"lines": [{"line_id": line["id"], "quantity": "1.5"}]}
    partly = firm.client.post(f"{where}/arrive", json=part)
    assert (partly.status_code, partly.json["state"]) == (200, "partly_arrived")
    assert partly.json["lines"] == [line | {"arrived": "1.5", "under_way": "2.5"}]
    arrived = firm.client.post(f"{where}/arrive")
    assert (arrived.json["state"], arrived.json["ended_at"]) == ("arrived", SENT_AT)
    assert arrived.json["lines"] == [line | {"arrived": "4", "under_way": "0"}]
    assert firm.on_hand() == {"HERE": "6", "TRANSIT": "0", "THERE": "4"}
    assert firm.client.get(where).json == arrived.json
    assert firm.client.get("/v1/stock/verify").json["consistent"]


def test_what_is_lost_needs_a_reason_and_what_is_called_off_does_not(firm: Firm) -> None:
    lost, back = (firm.send("4").headers["Location"] for _ in range(2))

    assert firm.client.post(f"{lost}/close").status_code == 422
    blank = firm.client.post(f"{lost}/close", json={"reason": " "})
    assert (blank.status_code, blank.json["code"]) == (422, "inventory.stock_transfer.reason")
    closed = firm.client.post(f"{lost}/close", json={"reason": "fell off"})
    assert (closed.json["state"], closed.json["reason"]) == ("arrived", "fell off")
    assert (closed.json["lines"][0]["arrived"], closed.json["lines"][0]["under_way"]) == ("0", "0")
    cancelled = firm.client.post(f"{back}/cancel")
    assert (cancelled.json["state"], cancelled.json["reason"]) == ("cancelled", "")
    assert firm.on_hand() == {"HERE": "6", "TRANSIT": "0"}
    for step in ("arrive", "cancel"):
        again = firm.client.post(f"{back}/{step}")
        assert (again.status_code, again.json["code"]) == (409, "transition")


def test_a_list_is_read_page_by_page_and_filtered(firm: Firm) -> None:
    sent = [firm.send("1").json for _ in range(3)]
    ended = firm.client.post(f"/v1/stock-transfers/{sent[1]['id']}/cancel").json
    first = firm.client.get("/v1/stock-transfers?limit=2&include=total").json
    last = firm.client.get(f"/v1/stock-transfers?limit=2&cursor={first['next']}").json

    heads = [dict(each) for each in (sent[0], ended, sent[2])]
    for head in heads:
        del head["lines"]
    assert first["items"] + last["items"] == heads
    assert (first["total"], last["next"]) == (3, None)
    for query, found in (
        ("state=cancelled,arrived", [heads[1]]),
        (f"from_warehouse_id={firm.here}&state=dispatched", [heads[0], heads[2]]),
        (f"to_warehouse_id={firm.here}", []),
    ):
        assert firm.client.get(f"/v1/stock-transfers?{query}").json["items"] == found


def test_a_step_of_what_has_moved_on_is_refused(firm: Firm) -> None:
    where = firm.send().headers["Location"]
    line = firm.client.get(where).json["lines"][0]["id"]
    seen = {"If-Match": '"1"'}
    part = {"lines": [{"line_id": line, "quantity": "1"}]}
    arrived = firm.client.post(f"{where}/arrive", json=part, headers=seen)
    again = firm.client.post(f"{where}/arrive", json=part, headers=seen)

    assert (arrived.headers["ETag"], again.status_code) == ('"2"', 412)
    assert firm.client.post(f"{where}/cancel", headers=seen).status_code == 412
    body = {"reason": "x"}
    assert firm.client.post(f"{where}/close", json=body, headers=seen).status_code == 412
    assert firm.on_hand()["THERE"] == "1"


def test_too_little_is_a_conflict_that_names_the_rows(firm: Firm) -> None:
    refused = firm.send("11")

    assert (refused.status_code, refused.json["code"]) == (409, "insufficient_stock")
    assert (refused.json["wanted"], refused.json["available"]) == ("11", "10")
    assert [each["field"] for each in refused.json["rows"]] == ["lines/0/quantity"]
    assert refused.json["rows"][0]["product_id"] == firm.tea
    assert refused.json["errors"][0]["pointer"] == "/lines/0/quantity"
    assert firm.on_hand() == {"HERE": "10"}


def test_a_client_may_choose_the_ids_and_asks_again_safely(firm: Firm) -> None:
    line = {"id": UNKNOWN, "product_id": firm.tea, "quantity": "1"}
    body = firm.body(id=UNKNOWN, lines=[line])
    sent = firm.client.post("/v1/stock-transfers", json=body)
    again = firm.client.post("/v1/stock-transfers", json=body)

    assert (sent.json["id"], sent.json["lines"][0]["id"]) == (UNKNOWN, UNKNOWN)
    assert (again.status_code, again.json["code"]) == (409, "already_exists")
    assert firm.on_hand()["HERE"] == "9"


def test_a_caller_without_the_grant_is_refused(firm: Firm) -> None:
    where = firm.send().headers["Location"]
    grants = {"X-Grants": "inventory.transfer.read"}

    assert firm.client.get(where, headers=grants).status_code == 200
    for step in ("arrive", "cancel"):
        assert firm.client.post(f"{where}/{step}", headers=grants).status_code == 403
    rival = {"Authorization": "rival"}
    assert firm.client.get(where, headers=rival).status_code == 404
    assert firm.client.get("/v1/stock-transfers", headers=rival).json["items"] == []


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"lines": []}, 422, "/lines"),
        ({"lines": [{"product_id": UNKNOWN, "quantity": "1"}]}, 404, "/product_id"),
        ({"lines": [{"product_id": UNKNOWN, "quantity": "0"}]}, 422, "/lines/0/quantity"),
        ({"lines": [{"product_id": UNKNOWN, "quantity": 1}]}, 422, "/lines/0/quantity"),
        ({"lines": [{"product_id": UNKNOWN}]}, 422, "/lines/0/quantity"),
        ({"lines": [{"product_id": UNKNOWN, "quantity": "1", "a": 1}]}, 422, "/lines/0/a"),
        ({"to_warehouse_id": UNKNOWN}, 404, "/to_warehouse_id"),
        ({"from_warehouse_id": UNKNOWN}, 404, "/from_warehouse_id"),
        ({"label": "x" * 201}, 422, "/label"),
        ({"state": "arrived"}, 422, "/state"),
    ],
)
def test_a_bad_field_is_pointed_at(firm: Firm, changes: dict, status: int, pointer: str) -> None:
    refused = firm.client.post("/v1/stock-transfers", json=firm.body(**changes))

    assert (refused.status_code, refused.mimetype) == (status, "application/problem+json")
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]
    assert firm.on_hand() == {"HERE": "10"}


@pytest.mark.parametrize(
    ("lines", "status", "pointer"),
    [
        ([], 422, "/lines"),
        ([{"line_id": UNKNOWN, "quantity": "1"}], 404, "/lines/0/line_id"),
        ([{"line_id": UNKNOWN, "quantity": "1e3"}], 422, "/lines/0/quantity"),
        ([{"line_id": UNKNOWN, "quantity": "0.0000001"}], 422, "/lines/0"),
        (7, 422, "/lines"),
    ],
)
def test_a_bad_arrival_is_pointed_at(firm: Firm, lines: object, status: int, pointer: str) -> None:
    where = firm.send().headers["Location"]
    refused = firm.client.post(f"{where}/arrive", json={"lines": lines})

    assert refused.status_code == status
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]
    assert firm.on_hand()["TRANSIT"] == "4"
