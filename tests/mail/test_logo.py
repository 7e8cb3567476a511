"""The company's logo in its mails: shown by those who can, and in nobody's way."""

from base64 import b64encode, urlsafe_b64encode
from hashlib import sha256

import pytest

from erp_core.documents.entities import MailAttachment, MailWords
from erp_core.documents.use_cases import (
    MailTemplateCommand,
    PreviewMailTemplateCommand,
    RewordMailTemplateCommand,
    SetLogoCommand,
)
from erp_core.kernel.context import Context
from erp_core.kernel.errors import InvariantError, NotFoundError, UnavailableError
from erp_core.testing import RIVAL, context, expect
from erp_core.testing.documents import PNG
from erp_memory.documents import MemoryFiles
from tests.mail.desks import KEEPER, Desk, a_desk

JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00"
INVOICE = MailTemplateCommand(kind="invoice", locale="en")


class Files(MemoryFiles):
    """Files that may be out of reach."""

    fault: Exception | None = None

    def get(self, ctx: Context, digest: str) -> bytes:
        if self.fault is not None:
            raise self.fault
        return super().get(ctx, digest)


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def desk(files: Files) -> Desk:
    return a_desk(files=files)


def put(desk: Desk, image: bytes) -> None:
    command = SetLogoCommand(version=None, image=image)
    desk.office.shop.erp.documents.set_logo(KEEPER, command)


def preview(desk: Desk, words: MailWords | None = None) -> str:
    command = PreviewMailTemplateCommand(template=INVOICE, words=words)
    return desk.office.shop.erp.documents.preview_mail_template(KEEPER, command).html


@pytest.mark.parametrize(("image", "kind"), [(PNG, "png"), (JPEG, "jpeg")])
def test_a_mail_shows_the_logo_that_it_brings_and_its_text_knows_nothing_of_it(
    desk: Desk, image: bytes, kind: str
) -> None:
    without = desk.content(desk.send(desk.office.issued(reference="7")))
    assert (without.attachments, "<img" in without.html) == ((), False)
    assert ">\n\nAcme\n</div>" in without.html
    put(desk, image)
    said = desk.content(desk.send(desk.office.issued(reference="7")))
    (logo,) = said.attachments
    assert (logo.name, logo.content_type, logo.data) == (f"logo.{kind}", f"image/{kind}", image)
    name = urlsafe_b64encode(sha256(image).digest()).decode().rstrip("=")
    assert logo.content_id == f"{name}@logo.invalid"
    assert f'<img src="cid:{logo.content_id}" alt="Acme" height="48"' in said.html
    assert "cid:" not in said.text
    assert said.text.splitlines()[0] == without.text.splitlines()[0]


def test_a_mail_shows_the_logo_of_the_day_it_was_written(desk: Desk) -> None:
    put(desk, PNG)
    mail = desk.send(desk.office.issued())
    put(desk, b"")
    (logo,) = desk.content(mail).attachments
    assert logo.data == PNG


@pytest.mark.parametrize("fault", [NotFoundError("gone"), UnavailableError("no disk")])
def test_where_the_logo_cannot_be_had_the_name_stands_in_its_place(
    desk: Desk, files: Files, fault: Exception
) -> None:
    put(desk, PNG)
    mail = desk.send(desk.office.issued())
    files.fault = fault
    said = desk.content(mail)
    assert said.attachments == ()
    assert "<img" not in said.html
    assert ">\nAcme\n\n</div>" in said.html
    assert "<img" not in preview(desk)


def test_a_preview_shows_the_logo_to_a_browser(desk: Desk) -> None:
    assert "<img" not in preview(desk)
    put(desk, PNG)
    written = f'src="data:image/png;base64,{b64encode(PNG).decode()}"'
    assert written in preview(desk)
    assert "cid:" not in preview(desk)
    assert preview(desk, MailWords("a", "b", "<p>c</p>")) == "<p>c</p>"
    rival = context("documents.*", company=RIVAL)
    use = desk.office.shop.erp.documents.preview_mail_template
    assert "<img" not in use(rival, PreviewMailTemplateCommand(template=INVOICE)).html


def test_a_company_shows_it_in_its_own_words_or_not_at_all(desk: Desk) -> None:
    put(desk, PNG)
    use = desk.office.shop.erp.documents.reword_mail_template
    for page, brought in (("<b>{{total}}</b>", 0), ("", 0), ("<img src='{{logo}}'>", 1)):
        own = MailWords("a", "b", page)
        use(KEEPER, RewordMailTemplateCommand(template=INVOICE, own=own))
        assert len(desk.content(desk.send(desk.office.issued())).attachments) == brought


def test_a_part_is_named_as_the_wire_wants_it() -> None:
    with expect(InvariantError, "documents.mail.content_id"):
        MailAttachment(name="a", content_type="image/png", data=b"", content_id="a\r\nb@c.d")
