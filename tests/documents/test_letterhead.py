"""What a company's paper may say, and what it may not."""

import pytest

from erp_core.documents.entities import Letterhead, LetterheadChanges, require_logo
from erp_core.kernel.errors import InvariantError
from erp_core.testing import ACME, expect
from erp_core.testing.documents import EVERY_CHANGE, PNG

HEAD = Letterhead(id=ACME)
# The frame's header of a JPEG of 300 x 200 (ITU-T T.81, B.2.2), behind an empty comment.
JPEG = bytes.fromhex("ffd8 fffe0002 ffc0000b0800c8012c01011100 ffd9")


def test_accounts_are_kept_as_machines_write_them() -> None:
    head = HEAD.change(EVERY_CHANGE)
    assert (head.iban, head.bic) == ("DE89370400440532013000", "COBADEFFXXX")


@pytest.mark.parametrize(
    "key",
    [
        "12345678909",
        "12345678000195",
        "12ABC34501DE35",
        "+5511987654321",
        "vendas@example.com",
        "123e4567-e12b-12d1-a456-426655440000",
    ],
)
def test_each_kind_of_pix_key_is_taken(key: str) -> None:
    assert HEAD.change({"pix_key": key, "city": "Recife"}).pix_key == key


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"accent": "blue"}, "accent"),
        ({"iban": "DE89370400440532013001"}, "iban"),
        ({"bic": "COBADEFFXXX"}, "bic"),
        ({"iban": "DE89370400440532013000", "bic": "COBA"}, "bic"),
        ({"pix_key": "123.456.789-09", "city": "Recife"}, "pix_key"),
        ({"pix_key": "a" * 70 + "@example.com", "city": "Recife"}, "pix_key"),
        ({"pix_key": "12345678909"}, "city"),
        ({"footer": "x" * 301}, "text"),
        ({"template": "x" * 65_537}, "text"),
    ],
)
def test_what_would_not_work_on_paper_is_refused(changes: LetterheadChanges, code: str) -> None:
    with expect(InvariantError, f"documents.letterhead.{code}"):
        HEAD.change(changes)


@pytest.mark.parametrize("image", [PNG, JPEG])
def test_a_png_and_a_jpeg_are_logos(image: bytes) -> None:
    require_logo(image)


@pytest.mark.parametrize(
    ("image", "code"),
    [
        (b"", "kind"),
        (b"GIF89a" + bytes(40), "kind"),
        (b"<svg/>", "kind"),
        (PNG[:20], "kind"),
        (JPEG[:8], "kind"),
        (PNG[:16] + (5000).to_bytes(4) + PNG[20:], "pixels"),
        (PNG[:16] + bytes(4) + PNG[20:], "pixels"),
        (JPEG.replace(b"\x00\xc8\x01\x2c", b"\x00\xc8\xff\xff"), "pixels"),
        (PNG + bytes(256 * 1024), "size"),
    ],
)
def test_what_is_no_bearable_picture_is_refused(image: bytes, code: str) -> None:
    with expect(InvariantError, f"documents.logo.{code}"):
        require_logo(image)
