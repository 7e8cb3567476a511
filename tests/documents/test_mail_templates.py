"""What mails say: in four languages, in the house's words or a company's own."""

import re

import pytest

from erp_core.documents.entities import (
    MAIL_TEMPLATES,
    MailKind,
    MailTemplate,
    MailWords,
    mail_names,
    sample_values,
)
from erp_core.documents.use_cases import (
    MailTemplateCommand,
    PreviewMailTemplateCommand,
    RewordMailTemplateCommand,
)
from erp_core.kernel.errors import InvariantError, NotFoundError, PreconditionFailedError
from erp_core.kernel.translations import LOCALES
from erp_core.testing import context, expect
from tests.wiring import an_erp

KEEPER = context("documents.*")
INVOICE = MailTemplateCommand(kind="invoice", locale="pt-BR")
OWN = MailWords("Fatura {{number}}", "{{customer_name}}: {{total}}", "<p>{{customer_name}}</p>")

every = pytest.mark.parametrize("template", MAIL_TEMPLATES, ids=lambda each: each.id)


@every
def test_the_house_has_words_for_every_kind_in_every_language(template: MailTemplate) -> None:
    filled = template.fill(sample_values(template.kind, template.locale))
    for text in (filled.subject, filled.text, filled.html):
        assert text.strip()
        assert not re.search(r"\{\{|\}\}|\[\[|\]\]", text)
    assert "Casa de Chá & Cia." in filled.subject
    assert "Casa de Chá & Cia." in filled.text
    assert "Müller <Söhne>" in filled.text
    assert "Müller &lt;Söhne&gt;" in filled.html
    assert f'<html lang="{template.locale}">' in filled.html


@every
def test_no_line_of_the_text_is_left_empty_by_what_is_not_there(template: MailTemplate) -> None:
    bare = dict.fromkeys(mail_names(template.kind), "")
    filled = template.fill(bare | {"facts": (), "company_lines": ()})
    assert "\n\n\n\n" not in filled.text
    assert filled.text.endswith("\n")


def test_there_are_seven_kinds_in_four_languages() -> None:
    assert len({each.id for each in MAIL_TEMPLATES}) == len(MailKind) * len(LOCALES) == 28
    openings = {each.words.text for each in MAIL_TEMPLATES}
    assert len(openings) >= len(MAIL_TEMPLATES) - len(LOCALES)


def test_values_are_escaped_in_html_and_their_lines_stay_lines() -> None:
    page = MailWords("a", "{{message}}", '<a title="{{message}}">{{message}}</a>')
    template = MailTemplate(kind=MailKind.ORDER, locale="en", own=page)
    filled = template.fill({"message": '"><script>\n& {{number}}', "number": "7"})
    escaped = "&quot;&gt;&lt;script&gt;<br>\n&amp; {{number}}"
    assert filled.html == f'<a title="{escaped}">{escaped}</a>'
    assert filled.text == '"><script>\n& {{number}}\n'


def test_a_subject_is_one_line_of_bearable_length() -> None:
    words = MailWords("{{customer_name}}", "a", "")
    template = MailTemplate(kind=MailKind.ORDER, locale="en", own=words)
    assert template.fill({"customer_name": "A\r\nBcc: x@y.example\x07"}).subject == (
        "A Bcc: x@y.example"
    )
    assert len(template.fill({"customer_name": "A" * 500}).subject) == 200
    assert template.fill({}).subject == "order"


def test_a_company_says_it_in_its_own_words_until_it_wants_the_houses_again() -> None:
    use = an_erp().documents
    given = use.get_mail_template(KEEPER, INVOICE)
    own = use.reword_mail_template(KEEPER, RewordMailTemplateCommand(template=INVOICE, own=OWN))
    assert (given.version, own.version) == (0, 1)
    assert use.get_mail_template(KEEPER, INVOICE).words == OWN
    stale = MailTemplateCommand(kind="invoice", locale="pt-BR", version=0)
    with expect(PreconditionFailedError):
        use.reword_mail_template(KEEPER, RewordMailTemplateCommand(template=stale, own=None))
    reset = use.reword_mail_template(KEEPER, RewordMailTemplateCommand(template=INVOICE, own=None))
    assert (reset.version, reset.words) == (2, given.words)


def test_a_preview_stores_nothing() -> None:
    use = an_erp().documents
    command = PreviewMailTemplateCommand(template=INVOICE, words=OWN)
    seen = use.preview_mail_template(context("documents.mail_template.read"), command)
    assert (seen.subject, seen.html) == ("Fatura 2026-00042", "<p>Müller &lt;Söhne&gt;</p>")
    assert use.get_mail_template(KEEPER, INVOICE).version == 0
    house = use.preview_mail_template(KEEPER, PreviewMailTemplateCommand(template=INVOICE))
    assert house.subject == "Fatura 2026-00042 - Casa de Chá & Cia."


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (MailWords("", "a", ""), "subject"),
        (MailWords("a", " ", ""), "text"),
        (MailWords("a", "a" * 20_001, ""), "text"),
        (MailWords("a", "b", "c" * 60_001), "html"),
        (MailWords("{{due}}", "a", ""), "subject"),
        (MailWords("a", "a", "{{tracking_number}}"), "html"),
    ],
)
def test_what_cannot_be_sent_is_refused_before_it_is_kept(words: MailWords, field: str) -> None:
    command = RewordMailTemplateCommand(template=INVOICE, own=words)
    with expect(InvariantError) as caught:
        an_erp().documents.reword_mail_template(KEEPER, command)
    assert caught[0].field == field


def test_an_unknown_kind_or_language_is_told_the_known_ones() -> None:
    for kind, locale in (("letter", "en"), ("invoice", "ja")):
        with expect(NotFoundError) as caught:
            command = MailTemplateCommand(kind=kind, locale=locale)
            an_erp().documents.get_mail_template(KEEPER, command)
        assert "credit_note" in str(caught[0])
        assert "pt-BR" in str(caught[0])
