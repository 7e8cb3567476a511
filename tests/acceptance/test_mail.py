"""Mail, as those see it who use the program: it arrives, and nobody waits for it."""

import json
import time
from email.message import Message
from email.utils import parseaddr
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from tests.acceptance.houses import House, open_house
from tests.apps.programs import until
from tests.databases import KINDS
from tests.mail.server import OK, Post, a_server, a_silent_server
from tests.pdf.samples import put_logo
from tests.pdf.story import a_logo

BUYER = {
    "kind": "company",
    "name": "Padaria São João & Filhos",
    "roles": ["customer"],
    "emails": ["geral@padaria.example"],
    "contacts": [
        {"name": "Inês", "emails": ["financeiro@padaria.example"], "documents": ["invoice"]}
    ],
}
LINE = {"description": "Pão de açúcar – 1 kg", "quantity": "3", "unit_price": "12.50"}
CALLS = 200
PATIENCE_SECONDS = 90  # the first paper waits until a process that sets papers has started


def settings(port: int) -> dict[str, str]:
    return {
        "ERP_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "ERP_MAIL_FROM": "Empório <loja@emporio.example>",
    }


def an_invoice(house: House, **more: Any) -> dict[str, Any]:
    party = house.post("/v1/parties", BUYER | {"name": f"{BUYER['name']} {next(house.numbers)}"})
    draft = house.post("/v1/invoices", {"party_id": party["id"], "lines": [LINE]} | more)
    status, validated = house.ask("POST", f"/v1/invoices/{draft['id']}/validate", {})
    assert status == 200, validated
    return dict(validated)


def send(house: House, invoice: dict[str, Any], **body: Any) -> dict[str, Any]:
    status, mail = house.ask("POST", f"/v1/invoices/{invoice['id']}/send", body)
    assert status == 202, mail
    return dict(mail)


def state(house: House, mail: dict[str, Any]) -> str:
    return str(house.get(f"/v1/mail-messages/{mail['id']}")["state"])


def parts(mail: Message) -> tuple[str, str, Message]:
    """Return text, HTML and attachment of a mail as it came."""
    words, attached = mail.get_payload()
    plain, related = words.get_payload()
    page, logo = related.get_payload()
    html = page.get_payload(decode=True).decode(page.get_content_charset())
    assert f'src="cid:{str(logo["Content-ID"]).strip("<>")}"' in html
    assert logo.get_payload(decode=True) == a_logo()
    return plain.get_payload(decode=True).decode(plain.get_content_charset()), html, attached


@pytest.mark.parametrize("kind", KINDS)
def test_an_invoice_arrives_with_its_paper_in_its_readers_language(
    kind: str, tmp_path: Path
) -> None:
    post = Post()
    with a_server(post) as server, open_house(kind, tmp_path, **settings(server.port)) as house:
        put_logo(house)
        invoice = an_invoice(house)
        mail = send(house, invoice, message="Até já,\nZé")
        until(lambda: state(house, mail) == "sent", PATIENCE_SECONDS)
        ((found, to),) = post.taken
        status, pdf = house.server.ask(
            "GET", f"/v1/invoices/{invoice['id']}/pdf", token=house.token
        )
        again = send(house, invoice, to=["chefe@padaria.example"], locale="es")
        until(lambda: state(house, again) == "sent", PATIENCE_SECONDS)
        events = {json.loads(each).get("event") for each in house.server.logged}
    assert (to, status) == ({"financeiro@padaria.example"}, 200)
    assert parseaddr(str(found["From"]))[1] == "loja@emporio.example"
    assert found["Message-ID"] == mail["message_id"]
    assert found["Content-Language"] == "pt-BR"
    text, page, attached = parts(found)
    assert "Padaria São João & Filhos" in text
    assert "Até já,\nZé" in text.replace("\r\n", "\n")
    assert "Padaria São João &amp; Filhos" in page
    assert f"Fatura {invoice['number']}" in text
    assert "R$\N{NO-BREAK SPACE}37,50" in text
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_filename() == f"{invoice['number']}.pdf"
    assert attached.get_payload(decode=True) == pdf
    assert pdf.startswith(b"%PDF-")
    assert "Factura" in parts(post.taken[1][0])[0]
    assert {"mail.sent", "pdf.rendered"} <= events


def test_while_the_mail_server_is_silent_the_api_answers_as_ever(tmp_path: Path) -> None:
    with a_silent_server() as port, open_house("sqlite", tmp_path, **settings(port)) as house:
        party = an_invoice(house)["party_id"]
        before = timed(house, f"/v1/parties/{party}")
        mails = [send(house, an_invoice(house)) for _ in range(12)]
        until(lambda: busy(house))
        during = timed(house, f"/v1/parties/{party}")
        assert {state(house, each) for each in mails} <= {"queued", "failed"}
        assert busy(house)  # they waited for the server all the while
    # Ten times the usual, and a tenth of a second for a machine that does other things too: who
    # waited for the mail server would wait for seconds.
    assert median(during) < 10 * median(before) + 0.1
    assert max(during) < 5


def breaker(house: House) -> str:
    """Return what is said of the breaker by a program that serves all the same."""
    status, said = house.server.ask("GET", "/ready")
    assert status == 200
    (found,) = (each["detail"] for each in said["checks"] if each["name"] == "mail")
    return str(found)


def busy(house: House) -> bool:
    """Say whether every thread of the runner waits for the mail server."""
    jobs = house.get("/v1/jobs?state=running&limit=10")["items"]
    return sum(each["kind"] == "documents.send_mail" for each in jobs) >= 4


def timed(house: House, path: str) -> list[float]:
    """Return how many seconds each of many calls took."""
    took = []
    for _ in range(CALLS):
        begun = time.perf_counter()
        house.get(path)
        took.append(time.perf_counter() - begun)
    return took


@pytest.mark.torture  # its breaker rests for half a minute
@pytest.mark.timeout(300)
def test_a_server_that_was_gone_gets_every_mail_once_it_is_back(tmp_path: Path) -> None:
    post = Post()
    with a_server(post) as server:
        port = server.port
    with open_house("sqlite", tmp_path, **settings(port)) as house:
        mails = [send(house, an_invoice(house)) for _ in range(6)]
        until(lambda: breaker(house) == "the breaker is open")
        with a_server(post, port=port):
            until(lambda: {state(house, each) for each in mails} == {"sent"}, seconds=120)
    assert sorted(post.ids) == sorted(each["message_id"] for each in mails)
    assert post.answer == OK
