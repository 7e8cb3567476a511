"""Make the mails of docs/samples anew: ``python -m tests.mail.samples``."""

from __future__ import annotations

from erp_core.invoicing.entities import Invoice
from tests.architecture.house import ROOT
from tests.mail.desks import Desk, a_desk

SAMPLES = ROOT / "docs" / "samples"
MESSAGE = "Conforme combinado, segue a fatura de novembro.\nUm abraço, Zé"


def a_sample() -> tuple[Desk, Invoice]:
    """Write an invoice for a reader of Portuguese, on paper that says who we are."""
    desk = a_desk()
    desk.letterhead(
        phone="+55 11 4002-8922",
        email="vendas@acme.example",
        website="www.acme.example",
        footer="Acme Ltda · Capital social R$ 100.000,00",
        accent="#1f5c46",
    )
    desk.office.shop.has_party(name="Padaria São João & Filhos", language="pt-BR")
    line = desk.office.line(quantity=3, description="Café torrado em grãos, 1 kg")
    return desk, desk.office.issued(line, reference="PC-4711/B")


def main() -> None:
    """Write the mail about it, as text and as HTML."""
    desk, invoice = a_sample()
    content = desk.content(desk.send(invoice, message=MESSAGE))
    (SAMPLES / "mail-invoice-pt-BR.txt").write_text(content.text, encoding="utf-8")
    (SAMPLES / "mail-invoice-pt-BR.html").write_text(content.html, encoding="utf-8")


if __name__ == "__main__":
    main()
