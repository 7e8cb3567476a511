"""Invoices, credit notes and deposits over HTTP."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from erp_core.invoicing.entities import InvoiceId, SettlementSource
from erp_core.kernel.entity import new_id
from erp_core.testing import NOON
from erp_core.testing.invoicing import TODAY
from tests.http.clients import a_client
from tests.invoicing.offices import CLERK, Office, an_office, eur

UNKNOWN = "00000000-0000-7000-8000-000000000000"


@dataclass
class Desk:
    """A client of the office, and short words for what it asks."""

    office: Office
    client: FlaskClient
    party: str
    vat: str

    def body(self, **changes: object) -> dict:
        line = {
            "description": "Advice",
            "quantity": "3",
            "unit_price": "100.00",
            "tax_class_id": self.vat,
        }
        return {"party_id": self.party, "lines": [line]} | changes

    def draft(self, **changes: object) -> dict:
        made = self.client.post("/v1/invoices", json=self.body(**changes))
        assert made.status_code == 201, made.json
        return made.json

    def validated(self, **changes: object) -> dict:
        return self.act(self.draft(**changes), "validate")

    def act(self, invoice: dict, verb: str, **body: object) -> dict:
        done = self.client.post(f"/v1/invoices/{invoice['id']}/{verb}", json=body)
        assert done.status_code == 200, done.json
        return done.json

    def credited(self, invoice: dict, **body: object) -> dict:
        made = self.client.post(f"/v1/invoices/{invoice['id']}/credit-notes", json=body)
        assert made.status_code == 201, made.json
        return self.act(made.json, "validate")

    def find(self, invoice: dict) -> dict:
        return self.client.get(f"/v1/invoices/{invoice['id']}").json


@pytest.fixture
def desk() -> Desk:
    office = an_office()
    client = a_client(office.shop.store)
    return Desk(office, client, str(office.shop.buyer.id), str(office.taxed()))


def amounts(invoice: dict, *names: str) -> list[str]:
    return [invoice[each]["amount"] for each in names]


def test_an_invoice_is_written_validated_and_found(desk: Desk) -> None:
    made = desk.client.post("/v1/invoices", json=desk.body(reference="PO 7"))
    draft = made.json
    assert made.headers["Location"] == f"/v1/invoices/{draft['id']}"
    assert (draft["number"], draft["state"], draft["due_dates"]) == ("", "draft", [])

    invoice = desk.act(draft, "validate")
    assert (invoice["number"], invoice["state"]) == ("INV2024-00001", "validated")
    assert amounts(invoice, "net", "tax", "total", "open_amount") == [
        "300.00",
        "60.00",
        "360.00",
        "360.00",
    ]
    assert [each["due_on"] for each in invoice["due_dates"]] == ["2024-02-29"]
    assert invoice["taxes"][0]["amount"]["amount"] == "60.00"
    assert invoice["customer"]["name"] == "Ada"
    found = desk.find(invoice)
    assert {name: found[name] for name in invoice} == invoice
    assert (found["settlements"], found["credit_notes"], found["overdue"]) == ([], [], False)


def test_a_draft_is_changed_and_deleted_and_nothing_else_is(desk: Desk) -> None:
    draft = desk.draft()
    where = f"/v1/invoices/{draft['id']}"
    patch = {"note": "Merci", "lines": [desk.body()["lines"][0] | {"quantity": "1"}]}
    changed = desk.client.patch(where, json=patch, headers={"If-Match": '"1"'})
    assert (changed.json["note"], changed.json["total"]["amount"]) == ("Merci", "120.00")
    stale = desk.client.patch(where, json={"note": "x"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert desk.client.delete(where).status_code == 204
    assert desk.client.get(where).status_code == 404

    invoice = desk.validated()
    where = f"/v1/invoices/{invoice['id']}"
    for refused in (desk.client.patch(where, json={"note": "x"}), desk.client.delete(where)):
        assert (refused.status_code, refused.json["code"]) == (409, "invoicing.invoice.frozen")
    again = desk.client.post(f"{where}/validate", json={})
    assert (again.status_code, again.json["code"]) == (409, "transition")


def test_a_credit_note_gives_lines_back_and_never_more(desk: Desk) -> None:
    invoice = desk.validated()
    line = {"invoice_line_id": invoice["lines"][0]["id"], "quantity": "1"}
    note = desk.credited(invoice, lines=[line], reason="broken")
    assert (note["type"], note["number"], note["state"]) == (
        "credit_note",
        "CRN2024-00001",
        "paid",
    )
    assert amounts(note, "net", "tax", "total", "open_amount") == [
        "100.00",
        "20.00",
        "120.00",
        "0.00",
    ]
    assert (note["credits_id"], note["reason"]) == (invoice["id"], "broken")

    found = desk.find(invoice)
    assert found["open_amount"]["amount"] == "240.00"
    assert found["partly_paid"] is True
    assert [each["source"] for each in found["settlements"]] == ["credit_note"]
    assert [each["number"] for each in found["credit_notes"]] == ["CRN2024-00001"]

    where = f"/v1/invoices/{invoice['id']}/credit-notes"
    more = desk.client.post(where, json={"lines": [line | {"quantity": "2.5"}]})
    assert (more.status_code, more.json["code"]) == (422, "invoicing.credit_exceeded")
    assert (more.json["wanted"], more.json["left"]) == ("2.5", "2")
    rest = desk.credited(invoice)
    assert rest["total"]["amount"] == "240.00"
    assert desk.client.post(where, json={}).json["code"] == "invoicing.credit_note.nothing"


def test_credit_is_applied_to_another_invoice(desk: Desk) -> None:
    paid = desk.validated()
    with desk.office.shop.store(CLERK) as uow:
        (owed,) = uow.receivables.lock(CLERK, [InvoiceId(UUID(paid["id"]))])
        done = owed.settle(SettlementSource.PAYMENT, new_id(), eur(360), TODAY, NOON)
        uow.receivables.save(CLERK, [done])
    note, other = desk.credited(paid), desk.validated()
    assert note["open_amount"]["amount"] == "360.00"
    applied = desk.act(note, "apply", invoice_id=other["id"], amount="100.00")
    assert applied["open_amount"]["amount"] == "260.00"
    assert desk.find(other)["open_amount"]["amount"] == "260.00"
    more = {"invoice_id": other["id"], "amount": {"amount": "260.01", "currency": "EUR"}}
    refused = desk.client.post(f"/v1/invoices/{note['id']}/apply", json=more)
    assert (refused.status_code, refused.json["code"]) == (409, "invoicing.exceeds_open")
    assert refused.json["open_amount"] == "260.00"
    assert desk.client.get("/v1/invoices/verify").json == {"consistent": True, "differing": []}


def test_credit_that_was_applied_is_taken_back(desk: Desk) -> None:
    invoice = desk.validated()
    note = desk.credited(invoice)
    found = desk.find(note)
    assert [(each["invoice_id"], each["amount"]["amount"]) for each in found["applied"]] == [
        (invoice["id"], "360.00")
    ]
    where = f"/v1/invoices/{note['id']}/unapply"
    assert desk.client.post(where, json={}).json["errors"][0]["pointer"] == "/invoice_id"
    unknown = desk.client.post(where, json={"invoice_id": str(new_id())})
    assert unknown.status_code == 404

    free = desk.act(note, "unapply", invoice_id=invoice["id"])
    assert (free["state"], free["open_amount"]["amount"]) == ("validated", "360.00")
    opened = desk.find(invoice)
    assert (opened["state"], opened["open_amount"]["amount"]) == ("validated", "360.00")
    assert opened["settlements"][0]["reversed_at"] is not None
    assert desk.find(note)["applied"] == []
    again = desk.client.post(where, json={"invoice_id": invoice["id"]})
    assert (again.status_code, again.json["code"]) == (409, "invoicing.unapply.nothing")
    applied = desk.act(note, "apply", invoice_id=invoice["id"])
    assert (applied["state"], desk.find(invoice)["state"]) == ("paid", "paid")
    assert desk.client.get("/v1/invoices/verify").json == {"consistent": True, "differing": []}


def test_an_order_is_invoiced_with_a_deposit_deducted(desk: Desk) -> None:
    line = desk.body()["lines"][0]
    order = desk.client.post("/v1/orders", json={"party_id": desk.party, "lines": [line]}).json
    desk.client.post(f"/v1/orders/{order['id']}/confirm", json={})
    asked = desk.validated(type="deposit", order_id=order["id"], lines=None, deposit_percent="30")
    assert (asked["number"], asked["total"]["amount"]) == ("DEP2024-00001", "108.00")
    with desk.office.shop.store(CLERK) as uow:
        (owed,) = uow.receivables.lock(CLERK, [InvoiceId(UUID(asked["id"]))])
        done = owed.settle(SettlementSource.PAYMENT, new_id(), eur(108), TODAY, NOON)
        uow.receivables.save(CLERK, [done])

    final = desk.client.post("/v1/invoices", json={"order_id": order["id"]}).json
    assert final["deposit_ids"] == [asked["id"]]
    final = desk.act(final, "validate")
    assert amounts(final, "total", "open_amount") == ["360.00", "252.00"]
    assert final["lines"][0]["order_line_id"] == order["lines"][0]["id"]
    assert desk.client.get(f"/v1/orders/{order['id']}").json["invoiced"] == "fully"
    again = desk.client.post("/v1/invoices", json={"order_id": order["id"]})
    assert again.json["code"] == "invoicing.source.nothing"


def test_an_invoice_is_replaced_or_abandoned(desk: Desk) -> None:
    wrong = desk.validated()
    right = desk.validated(type="replacement", replaces_id=wrong["id"], lines=None)
    assert (right["number"], right["replaces_id"]) == ("REP2024-00001", wrong["id"])
    found = desk.find(wrong)
    assert (found["state"], found["abandon_reason"]) == (
        "abandoned",
        "replaced by REP2024-00001",
    )
    assert [each["id"] for each in found["replacements"]] == [right["id"]]
    where = f"/v1/invoices/{right['id']}/abandon"
    assert desk.client.post(where, json={}).status_code == 422
    assert desk.client.post(where, json={"reason": " "}).json["code"] == (
        "invoicing.abandon.reason"
    )
    gone = desk.act(right, "abandon", reason="bankrupt")
    assert (gone["state"], gone["open_amount"]["amount"]) == ("abandoned", "0.00")


def test_lists_are_filtered_and_sorted(desk: Desk) -> None:
    draft, old = desk.draft(date="2024-02-28"), desk.validated(date="2024-02-01")
    new = desk.validated()
    note = desk.credited(new)
    every = {draft["id"]: "draft", old["id"]: "old", new["id"]: "new", note["id"]: "note"}
    for query, wanted in (
        ("", ["draft", "old", "new", "note"]),
        ("state=draft", ["draft"]),
        ("type=credit_note", ["note"]),
        ("overdue=true", ["old"]),
        ("open=true", ["old"]),
        ("due_before=2024-02-01", []),
        ("date_from=2024-02-29&sort=-date", ["note", "new"]),
        ("sort=date&limit=1", ["old"]),
        ("q=INV", ["old", "new"]),
        (f"party_id={UNKNOWN}", []),
    ):
        listed = desk.client.get(f"/v1/invoices?{query}").json["items"]
        assert [every[each["id"]] for each in listed] == wanted, query
    first = desk.client.get("/v1/invoices?q=INV").json["items"][0]
    assert (first["overdue"], first["next_due_on"]) == (True, "2024-02-01")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"party_id": UNKNOWN}, 404, "not_found"),
        ({"party_id": None}, 422, "invoicing.invoice.party"),
        ({"order_id": UNKNOWN}, 404, "not_found"),
        ({"lines": None}, 422, "invoicing.source.none"),
        ({"type": "credit_note"}, 422, "invoicing.credit_note.add"),
        ({"deposit_percent": "30"}, 422, "invoicing.deposit.type"),
        ({"order_id": UNKNOWN, "quote_id": UNKNOWN}, 422, "invoicing.source.both"),
        ({"colour": "red"}, 422, "invalid_fields"),
    ],
)
def test_what_cannot_be_is_refused(desk: Desk, changes: dict, status: int, code: str) -> None:
    refused = desk.client.post("/v1/invoices", json=desk.body(**changes))
    assert (refused.status_code, refused.json["code"]) == (status, code)


def test_anothers_invoice_does_not_exist(desk: Desk) -> None:
    invoice = desk.validated()
    theirs = {"Authorization": "rival"}
    where = f"/v1/invoices/{invoice['id']}"
    assert desk.client.get(where, headers=theirs).status_code == 404
    assert desk.client.post(f"{where}/validate", json={}, headers=theirs).status_code == 404
