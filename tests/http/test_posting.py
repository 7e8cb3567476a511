"""Documents by mail over HTTP: accepted at once, seen among the mails, never twice."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from erp_core.catalog.entities import standard_units
from erp_core.identity.entities import Company
from erp_core.testing import ACME, context
from erp_memory.store import MemoryStore
from tests.http.clients import a_client

LINE = {"description": "tea", "quantity": "2", "unit_price": "10.00"}
TEMPLATE = "/v1/mail-templates/invoice/pt-BR"
OWN = {"subject": "Nota {{number}}", "text": "{{total}}", "html": None}


@pytest.fixture
def client() -> FlaskClient:
    store = MemoryStore()
    with store(context()) as uow:
        uow.units.add_absent(context(), standard_units())
        company = Company(id=ACME, name="A", currency="EUR", locale="en", time_zone="UTC")
        uow.companies.add(context(), company)
    return a_client(store)


def made(client: FlaskClient, path: str, **body: Any) -> Any:
    reply = client.post(path, json=body)
    assert reply.status_code == 201, reply.json
    return reply.json


def a_buyer(client: FlaskClient, **more: Any) -> str:
    body = {"kind": "company", "name": "Ada", "roles": ["customer"], "emails": ["a@ada.example"]}
    return str(made(client, "/v1/parties", **(body | more))["id"])


def an_invoice(client: FlaskClient, *, validated: bool = True, **more: Any) -> str:
    invoice = made(client, "/v1/invoices", party_id=a_buyer(client, **more), lines=[LINE])
    if validated:
        assert client.post(f"/v1/invoices/{invoice['id']}/validate", json={}).status_code == 200
    return str(invoice["id"])


def test_an_invoice_is_accepted_for_sending_and_seen_among_the_mails(client: FlaskClient) -> None:
    invoice = an_invoice(client)
    sent = client.post(f"/v1/invoices/{invoice}/send")
    assert sent.status_code == 202
    assert sent.json["to"] == ["a@ada.example"]
    assert sent.json["about"] == {"kind": "invoicing.invoice", "id": invoice}
    assert client.get(sent.headers["Location"]).json == sent.json
    (listed,) = client.get(f"/v1/mail-messages?about_id={invoice}").json["items"]
    assert listed["state"] == "queued"


def test_it_goes_to_whom_and_in_the_language_that_is_asked_for(client: FlaskClient) -> None:
    body = {
        "to": ["b@ada.example"],
        "cc": ["c@ada.example"],
        "bcc": ["d@ada.example"],
        "locale": "fr",
        "message": "À bientôt",
    }
    sent = client.post(f"/v1/invoices/{an_invoice(client)}/send", json=body).json
    assert (sent["to"], sent["cc"], sent["bcc"]) == (body["to"], body["cc"], body["bcc"])
    assert (sent["locale"], sent["subject"][:7]) == ("fr", "Facture")


def test_under_one_key_it_is_sent_once(client: FlaskClient) -> None:
    path, key = f"/v1/invoices/{an_invoice(client)}/send", {"Idempotency-Key": "k"}
    first = client.post(path, json={}, headers=key)
    again = client.post(path, json={}, headers=key)
    assert (again.json, again.headers["Idempotency-Replayed"]) == (first.json, "true")
    assert again.headers["Location"] == first.headers["Location"]
    assert len(client.get("/v1/mail-messages").json["items"]) == 1


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"to": ["nobody"]}, 422, "documents.mail.address", "/to/0"),
        ({"to": ["a@b.example\r\nBcc: x@y.example"]}, 422, "documents.mail.address", "/to/0"),
        ({"cc": ["a@b.example"] * 51}, 400, None, "/cc"),
        ({"locale": "ja"}, 400, None, "/locale"),
        ({"attach": True}, 400, None, "/attach"),
    ],
)
def test_what_cannot_be_sent_is_refused_by_its_place(
    client: FlaskClient, body: dict[str, Any], status: int, code: str | None, pointer: str
) -> None:
    reply = client.post(f"/v1/invoices/{an_invoice(client)}/send", json=body)
    assert reply.status_code in (status, 422)
    assert code in (None, reply.json["code"])
    assert pointer in {each["pointer"] for each in reply.json["errors"]}
    assert client.get("/v1/mail-messages").json["items"] == []


def test_a_draft_and_a_party_without_an_address_are_refused(client: FlaskClient) -> None:
    draft = client.post(f"/v1/invoices/{an_invoice(client, validated=False)}/send")
    assert (draft.status_code, draft.json["code"]) == (409, "documents.mail.unsettled")
    path = f"/v1/invoices/{an_invoice(client, emails=[], name='Eva')}/send"
    mute = client.post(path, headers={"Accept-Language": "pt-BR"})
    assert (mute.status_code, mute.json["code"]) == (422, "documents.mail.no_address")
    assert "Informe um em" in mute.json["detail"]


def test_a_quote_is_settled_with_a_mail_or_without_one(client: FlaskClient) -> None:
    quote = made(client, "/v1/quotes", party_id=a_buyer(client), lines=[LINE])["id"]
    settled = client.post(f"/v1/quotes/{quote}/send")
    assert (settled.status_code, settled.json["state"]) == (202, "sent")
    assert client.get("/v1/mail-messages").json["items"] == []
    assert client.post(f"/v1/quotes/{quote}/send").status_code == 409
    for body in ({"mail": True}, {"to": ["b@ada.example"]}):
        assert client.post(f"/v1/quotes/{quote}/send", json=body).status_code == 202
    mails = client.get(f"/v1/mail-messages?about_id={quote}").json["items"]
    assert [each["to"] for each in mails] == [["a@ada.example"], ["b@ada.example"]]


def test_orders_reminders_and_statements_are_sent_too(client: FlaskClient) -> None:
    invoice = an_invoice(client)
    party = client.get(f"/v1/invoices/{invoice}").json["party_id"]
    order = made(client, "/v1/orders", party_id=party, lines=[LINE])["id"]
    assert client.post(f"/v1/orders/{order}/confirm").status_code == 200
    statement = {"date_from": "2024-01-01", "currency": "EUR", "locale": "es"}
    for path, body in (
        (f"/v1/invoices/{invoice}/remind", {}),
        (f"/v1/orders/{order}/send", {}),
        (f"/v1/parties/{party}/statement/send", statement),
    ):
        reply = client.post(path, json=body)
        assert reply.status_code == 202, reply.json
    kinds = [each["about"]["kind"] for each in client.get("/v1/mail-messages").json["items"]]
    assert kinds == ["invoicing.invoice", "sales.order", "treasury.statement"]


def test_the_companys_words_are_changed_tried_and_taken_back(client: FlaskClient) -> None:
    given = client.get(TEMPLATE).json
    assert (given["own"], given["version"]) == (False, 0)
    assert "due_date" in given["names"]
    seen = client.post(f"{TEMPLATE}/preview", json=OWN).json
    assert (seen["subject"], seen["html"]) == ("Nota 2026-00042", None)
    own = client.put(TEMPLATE, json=OWN, headers={"If-Match": '"0"'}).json
    assert (own["own"], own["version"], own["text"]) == (True, 1, "{{total}}")
    assert client.put(TEMPLATE, json=OWN, headers={"If-Match": '"0"'}).status_code == 412
    assert client.get(TEMPLATE, headers={"Authorization": "rival"}).json == given
    sent = client.post(f"/v1/invoices/{an_invoice(client)}/send", json={"locale": "pt-BR"}).json
    assert sent["subject"].startswith("Nota INV")
    assert client.delete(TEMPLATE).status_code == 204
    assert client.get(TEMPLATE).json == given | {"version": 2}
    assert client.get(f"{TEMPLATE[:-5]}ja").status_code == 404


def test_every_template_is_listed_a_page_at_a_time(client: FlaskClient) -> None:
    first = client.get("/v1/mail-templates?limit=20&include=total").json
    rest = client.get(f"/v1/mail-templates?limit=20&cursor={first['next']}").json
    found = [(each["kind"], each["locale"]) for each in (*first["items"], *rest["items"])]
    assert (len(found), found, rest["next"]) == (28, sorted(set(found)), None)
    assert first["total"] == 28


def test_a_template_that_names_what_there_is_not_is_told_what_there_is(
    client: FlaskClient,
) -> None:
    reply = client.put(TEMPLATE, json=OWN | {"text": "a\n{{nmuber}}"})
    assert (reply.status_code, reply.json["code"]) == (
        422,
        "documents.mail_template.unknown_name",
    )
    assert "line 2" in reply.json["detail"]
    assert "due_date, facts" in reply.json["detail"]
    assert reply.json["errors"][0]["pointer"] == "/text"


def test_who_may_only_read_changes_no_words_and_sends_nothing(client: FlaskClient) -> None:
    reader = {"X-Grants": "documents.*.read,invoicing.*.read"}
    path = f"/v1/invoices/{an_invoice(client)}/send"
    assert client.post(path, json={}, headers=reader).status_code == 403
    assert client.get(TEMPLATE, headers=reader).status_code == 200
    assert client.post(f"{TEMPLATE}/preview", json=OWN, headers=reader).status_code == 200
    for ask in (client.put, client.delete):
        assert ask(TEMPLATE, json=OWN, headers=reader).status_code == 403
