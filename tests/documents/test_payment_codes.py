"""What the squares on an invoice say, against what those say who invented them."""

import binascii
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from erp_core.documents.entities import epc_payload, pix_payload
from erp_core.kernel.money import Money

# Banco Central do Brasil, Manual do BR Code, the example of a static code.
MANUAL_KEY = "123e4567-e12b-12d1-a456-426655440000"
MANUAL = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000"
    "5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D"
)


def fields(payload: str) -> dict[str, str]:
    """Read a payload back into its fields (EMV QRCPS-MPM, 4.1)."""
    found, place = {}, 0
    while place < len(payload):
        tag, length = payload[place : place + 2], int(payload[place + 2 : place + 4])
        found[tag] = payload[place + 4 : place + 4 + length]
        place += 4 + length
    return found


def test_the_example_of_the_central_bank_comes_out_as_printed() -> None:
    made = pix_payload(key=MANUAL_KEY, payee="Fulano de Tal", city="BRASILIA")
    assert made == MANUAL


def test_a_code_says_whom_how_much_and_what_for() -> None:
    made = fields(
        pix_payload(
            key="vendas@example.com",
            payee="Comércio São José de Alimentos Ltda",
            city="São José dos Campos",
            amount=Money(Decimal("1234.5"), "BRL"),
            reference="INV2026/00042",
        )
    )
    assert fields(made["26"]) == {"00": "br.gov.bcb.pix", "01": "vendas@example.com"}
    assert (made["53"], made["54"], made["58"]) == ("986", "1234.50", "BR")
    assert made["59"] == "Comercio Sao Jose de Alim"
    assert made["60"] == "Sao Jose dos Ca"
    assert fields(made["62"]) == {"05": "INV202600042"}


@given(
    st.text(min_size=1, max_size=40),
    st.text(min_size=1, max_size=40),
    st.decimals("0.01", "9999999999.99", places=2),
    st.text(max_size=40),
)
def test_every_code_can_be_read_and_checked(
    payee: str, city: str, amount: Decimal, reference: str
) -> None:
    made = pix_payload(
        key=MANUAL_KEY,
        payee=payee,
        city=city,
        amount=Money(amount, "BRL"),
        reference=reference,
    )
    assert made.isascii()
    found = fields(made)
    assert list(found) == ["00", "26", "52", "53", "54", "58", "59", "60", "62", "63"]
    assert len(found["59"]) <= 25
    assert len(found["60"]) <= 15
    assert 1 <= len(fields(found["62"])["05"]) <= 25
    assert int(found["63"], 16) == binascii.crc_hqx(made[:-4].encode(), 0xFFFF)


def test_a_transfer_in_euros_is_told_line_by_line() -> None:
    # EPC069-12, version 3.0, section 3: the order of the lines.
    made = epc_payload(
        iban="DE89370400440532013000",
        bic="COBADEFFXXX",
        payee="Größe & Maß GmbH",
        amount=Money(Decimal("1234.5"), "EUR"),
        text="INV2026-00042",
    )
    assert made.split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "COBADEFFXXX",
        "Größe & Maß GmbH",
        "DE89370400440532013000",
        "EUR1234.50",
        "",
        "",
        "INV2026-00042",
    ]


@given(st.text(max_size=100), st.text(max_size=200))
def test_a_transfer_fits_its_code(payee: str, text: str) -> None:
    made = epc_payload(
        iban="DE89370400440532013000",
        bic="COBADEFFXXX",
        payee=payee,
        amount=Money(Decimal("999999999.99"), "EUR"),
        text=text,
    )
    assert len(made.encode()) <= 331
    assert len(made.split("\n")) == 11
