"""Recurring invoices over HTTP."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from tests.http.clients import a_client
from tests.invoicing.offices import Office, an_office

UNKNOWN = "00000000-0000-7000-8000-000000000000"
WHERE = "/v1/recurring-invoices"


@dataclass
class Desk:
    """A client of the office, and short words for what it asks."""

    office: Office
    client: FlaskClient

    def body(self, **changes: object) -> dict:
        line = {"description": "Care", "quantity": "1", "unit_price": "100.00"}
        return {
            "name": "Care",
            "party_id": str(self.office.shop.buyer.id),
            "lines": [line],
            "frequency": "month",
            "start_date": "2024-01-31",
            "auto_validate": True,
        } | changes

    def added(self, **changes: object) -> dict:
        made = self.client.post(WHERE, json=self.body(**changes))
        assert made.status_code == 201, made.json
        assert made.headers["Location"] == f"{WHERE}/{made.json['id']}"
        return made.json

    def act(self, thing: dict, verb: str) -> dict:
        done = self.client.post(f"{WHERE}/{thing['id']}/{verb}", json={})
        assert done.status_code == 200, done.json
        return done.json

    def run(self, **body: object) -> dict:
        done = self.client.post(f"{WHERE}/run", json=body)
        assert done.status_code == 200, done.json
        return done.json

    def find(self, thing: dict) -> dict:
        return self.client.get(f"{WHERE}/{thing['id']}").json


@pytest.fixture
def desk() -> Desk:
    office = an_office()
    return Desk(office, a_client(office.shop.store))


def test_it_is_written_run_and_what_it_made_is_listed(desk: Desk) -> None:
    added = desk.added(discount_percent="10", note="Thanks", auto_send=True)
    assert (added["state"], added["next_date"], added["made"]) == ("active", "2024-01-31", 0)
    assert (added["discount_percent"], added["lines"][0]["unit_price"]) == ("10", "100")
    assert (added["auto_validate"], added["auto_send"]) == (True, True)

    run = desk.run()
    assert run["more"] is False
    assert [(each["period"], each["number"], each["problem"]) for each in run["periods"]] == [
        ("2024-01-31", "INV2024-00001", None),
        ("2024-02-29", "INV2024-00002", None),
    ]
    found = desk.find(added)
    assert (found["made"], found["last_period"], found["next_date"]) == (
        2,
        "2024-02-29",
        "2024-03-31",
    )
    made = desk.client.get(f"{WHERE}/{added['id']}/invoices?sort=-period&limit=1").json
    (last,) = made["items"]
    assert (last["period"], last["state"], last["total"]["amount"]) == (
        "2024-02-29",
        "validated",
        "90.00",
    )
    assert made["next"]
    invoice = desk.client.get(f"/v1/invoices/{last['id']}").json
    assert invoice["note"] == "Thanks\n2024-02-29 – 2024-03-30"


def test_what_cannot_be_made_is_shown_with_its_reason(desk: Desk) -> None:
    added = desk.added(auto_validate=False)
    party = f"/v1/parties/{desk.office.shop.buyer.id}/archive"
    assert desk.client.post(party, json={}).status_code == 200
    (result,) = (each for each in desk.run()["periods"] if each["problem"])
    assert result["problem"]["code"] == "parties.party.not_active"
    assert desk.find(added)["problem"] == result["problem"]
    for query, count in (("true", 1), ("false", 0)):
        listed = desk.client.get(f"{WHERE}?problem={query}").json["items"]
        assert len(listed) == count


def test_it_is_changed_paused_resumed_and_ended(desk: Desk) -> None:
    added = desk.added(count=12)
    where = f"{WHERE}/{added['id']}"
    patch = {
        "name": "Cure",
        "frequency": "quarter",
        "interval": 2,
        "start_date": "2024-03-31",
        "end_date": "2025-12-31",
        "discount_amount": "5",
        "reference": "PO 7",
        "note": "x",
        "lines": desk.body()["lines"],
        "payment_term_id": None,
        "price_list_id": None,
        "auto_validate": True,
        "auto_send": True,
    }
    changed = desk.client.patch(where, json=patch, headers={"If-Match": '"1"'}).json
    assert (changed["name"], changed["next_date"], changed["count"]) == (
        "Cure",
        "2024-03-31",
        None,
    )
    assert (changed["end_date"], changed["discount_amount"]) == ("2025-12-31", "5")
    plain = desk.client.patch(where, json={"discount_percent": None, "count": 3}).json
    assert (plain["discount_percent"], plain["end_date"], plain["count"]) == (None, None, 3)
    stale = desk.client.patch(where, json={"name": "x"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412

    assert desk.act(added, "pause")["state"] == "paused"
    again = desk.client.post(f"{where}/pause", json={})
    assert (again.status_code, again.json["code"]) == (409, "transition")
    assert desk.act(added, "resume")["state"] == "active"
    ended = desk.act(added, "end")
    assert (ended["state"], ended["next_date"]) == ("ended", None)
    refused = desk.client.patch(where, json={"name": "x"})
    assert (refused.status_code, refused.json["code"]) == (409, "invoicing.recurring.ended")


def test_lists_are_filtered_and_sorted(desk: Desk) -> None:
    beta, alpha = desk.added(name="Beta"), desk.added(name="Alpha")
    desk.act(beta, "pause")
    for query, wanted in (
        ("sort=name", ["Alpha", "Beta"]),
        ("sort=-name&limit=1", ["Beta"]),
        ("state=paused", ["Beta"]),
        ("q=Al", ["Alpha"]),
        (f"party_id={UNKNOWN}", []),
        (f"party_id={alpha['party_id']}", ["Beta", "Alpha"]),
    ):
        listed = desk.client.get(f"{WHERE}?{query}").json["items"]
        assert [each["name"] for each in listed] == wanted, query


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"party_id": UNKNOWN}, 404, "not_found"),
        ({"lines": []}, 422, "invoicing.recurring.empty"),
        ({"interval": 0}, 422, "invoicing.recurrence.interval"),
        ({"count": 3, "end_date": "2025-01-01"}, 422, "invoicing.recurring.end"),
        ({"frequency": "moon"}, 422, "invalid_fields"),
        ({"start_date": "2020-01-01"}, 422, "invoicing.recurring.start"),
        ({"auto_validate": False, "auto_send": True}, 422, "invoicing.recurring.sends"),
    ],
)
def test_what_cannot_be_is_refused(desk: Desk, changes: dict, status: int, code: str) -> None:
    refused = desk.client.post(WHERE, json=desk.body(**changes))
    assert (refused.status_code, refused.json["code"]) == (status, code)


def test_anothers_does_not_exist(desk: Desk) -> None:
    where = f"{WHERE}/{desk.added()['id']}"
    theirs = {"Authorization": "rival"}
    assert desk.client.get(where, headers=theirs).status_code == 404
    assert desk.client.get(f"{where}/invoices", headers=theirs).status_code == 404
    assert desk.client.post(f"{where}/end", json={}, headers=theirs).status_code == 404
    assert desk.client.get(WHERE, headers=theirs).json["items"] == []
