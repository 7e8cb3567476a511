"""Mails over HTTP: what became of them, and how a dead one is tried again."""

from uuid import uuid4

from erp_core.documents.entities import MailMessageId
from erp_core.documents.ports import queue_mail
from erp_core.testing import NOON, context
from erp_core.testing.documents import a_content, a_full_mail, a_mail
from erp_core.testing.documents.mail import REFUSED
from erp_memory.store import MemoryStore
from tests.http.clients import a_client


def a_dead_mail(store: MemoryStore) -> MailMessageId:
    with store(context()) as uow:
        mail = queue_mail(context(), uow, NOON, a_mail(), a_content())
        return uow.mail_messages.save(context(), mail.failed(NOON, REFUSED, None)).id


def test_a_dead_mail_says_why_and_is_queued_again() -> None:
    store = MemoryStore()
    mail, client = a_dead_mail(store), a_client(store)
    shown = client.get(f"/v1/mail-messages/{mail}").json
    assert shown["state"] == "dead"
    assert shown["attempts"][0]["detail"] == "550 não existe"

    again = client.post(f"/v1/mail-messages/{mail}/retry", json={})
    assert (again.status_code, again.json["state"]) == (200, "queued")
    refused = client.post(f"/v1/mail-messages/{mail}/retry", json={})
    assert refused.status_code == 409


def test_mails_are_listed_by_state_and_document() -> None:
    store = MemoryStore()
    a_dead_mail(store)
    with store(context()) as uow:
        full = uow.mail_messages.add(context(), a_full_mail(), a_content())
    client = a_client(store)
    assert full.cause is not None
    for query in ("state=failed", f"about_id={full.cause.id}", "about_kind=invoicing.invoice"):
        (found,) = client.get(f"/v1/mail-messages?{query}").json["items"]
        assert found["id"] == str(full.id)
    assert client.get(f"/v1/mail-messages/{uuid4()}").status_code == 404
    assert client.get("/v1/mail-messages", headers={"Authorization": "rival"}).json["items"] == []


def test_who_may_only_read_has_nothing_tried_again() -> None:
    store = MemoryStore()
    reader = {"X-Grants": "documents.mail_message.read"}
    mail, client = a_dead_mail(store), a_client(store)
    assert client.get(f"/v1/mail-messages/{mail}", headers=reader).status_code == 200
    path = f"/v1/mail-messages/{mail}/retry"
    assert client.post(path, json={}, headers=reader).status_code == 403
