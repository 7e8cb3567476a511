"""What all papers of a company have in common: who writes, on what, and in which words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from erp_core.documents.entities.letterhead import Letterhead
from erp_core.documents.entities.number_series import DocumentType
from erp_core.documents.entities.payment_codes import epc_payload, pix_payload
from erp_core.documents.entities.printed import (
    AddressBlock,
    Fact,
    Paper,
    PaymentCode,
    Style,
    Symbol,
)
from erp_core.documents.entities.printout import PaperPlace, PrintoutKey
from erp_core.documents.entities.wording import Wording
from erp_core.identity.entities import Company
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.money import Money
from erp_core.parties.entities import Address, PartySnapshot, TaxId, TaxIdKind

CANCELLED: Final = "cancelled"  # the edition of what no longer counts

_WRITTEN: Final[Mapping[TaxIdKind, tuple[re.Pattern[str], str]]] = {
    TaxIdKind.CNPJ: (re.compile(r"(..)(...)(...)(....)(..)"), r"\1.\2.\3/\4-\5"),
    TaxIdKind.CPF: (re.compile(r"(...)(...)(...)(..)"), r"\1.\2.\3-\4"),
}
_IBAN_GROUP: Final = re.compile(r"(.{4})(?=.)")
_PIX_MAX: Final = 10**10  # an amount in a PIX code has at most thirteen characters
_EPC_MAX: Final = 10**9  # EPC069-12: 999999999.99


@dataclass(frozen=True, slots=True, kw_only=True)
class Stationery:
    """One company's paper, ready to be written on for one reader."""

    company: Company
    letterhead: Letterhead
    wording: Wording
    paper: Paper

    @property
    def style(self) -> Style:
        """How it looks, but for the logo, which is a file."""
        return Style(
            paper=self.paper,
            accent=self.letterhead.accent,
            template=self.letterhead.template,
        )

    @property
    def sender(self) -> AddressBlock:
        """Who we are."""
        label = self.wording("company_tax_id")
        contacts = (self.letterhead.phone, self.letterhead.email, self.letterhead.website)
        lines = (
            self.company.trade_name if self.company.trade_name != self.company.name else "",
            *self.company.address.splitlines(),
            " · ".join(f"{label} {each}" for each in self.company.tax_ids),
            " · ".join(each for each in contacts if each),
        )
        return AddressBlock(
            name=self.company.name, lines=tuple(each for each in lines if each.strip())
        )

    @property
    def page(self) -> str:
        """How sheets are counted, with places for the two numbers."""
        return self.wording("page", page="{page}", pages="{pages}")

    def place(
        self, document_type: str, document_id: UUID, number: str, edition: str = ""
    ) -> PaperPlace:
        """Return what this paper is called and kept under; a draft has no *number*."""
        if not number:
            return PaperPlace(name=f"{document_type.rpartition('.')[2]}-draft")
        key = PrintoutKey(
            document_type=DocumentType(document_type),
            document_id=document_id,
            edition=edition,
            locale=self.wording.locale,
            paper=self.paper,
        )
        return PaperPlace(name=number, key=key)

    def receiver(
        self, label: str, party: PartySnapshot, address: Address | None, *, taxed: bool = True
    ) -> AddressBlock:
        """Return who the paper is for, under *label*, with his tax ids where he is *taxed*."""
        where = () if address is None else self._address(address)
        numbers = tuple(self._tax_id(each) for each in party.tax_ids) if taxed else ()
        return AddressBlock(label=self.wording(label), name=party.name, lines=(*where, *numbers))

    def codes(self, amount: Money, due_on: date, number: str) -> tuple[PaymentCode, ...]:
        """Return the codes by which *amount* can be paid: none, where the company says not how."""
        head, payee = self.letterhead, self.letterhead.payee or self.company.name
        facts = (
            Fact(self.wording("amount"), self.wording.formats.money(amount)),
            Fact(self.wording("due_on"), self.wording.formats.day(due_on)),
            Fact(self.wording("payee"), payee),
        )
        if amount.currency == "BRL" and head.pix_key and 0 < amount.amount < _PIX_MAX:
            return (self._pix(amount, payee, number, facts),)
        if amount.currency == "EUR" and head.iban and 0 < amount.amount < _EPC_MAX:
            return (self._epc(amount, payee, number, facts),)
        return ()

    def _pix(self, amount: Money, payee: str, number: str, facts: tuple[Fact, ...]) -> PaymentCode:
        head = self.letterhead
        payload = pix_payload(
            key=head.pix_key, payee=payee, city=head.city, amount=amount, reference=number
        )
        return PaymentCode(
            symbol=Symbol.PIX,
            title=self.wording("pay_pix"),
            payload=payload,
            facts=facts,
            typed=self.wording("pix_typed"),
        )

    def _epc(self, amount: Money, payee: str, number: str, facts: tuple[Fact, ...]) -> PaymentCode:
        head = self.letterhead
        payload = epc_payload(
            iban=head.iban, bic=head.bic, payee=payee, amount=amount, text=number
        )
        iban = Fact("IBAN", _IBAN_GROUP.sub("\\1\u00a0", head.iban))
        bic = (Fact("BIC", head.bic),) if head.bic else ()
        reference = Fact(self.wording("number"), number)
        return PaymentCode(
            symbol=Symbol.EPC,
            title=self.wording("pay_epc"),
            payload=payload,
            facts=(*facts, iban, *bic, reference),
        )

    def _address(self, address: Address) -> tuple[str, ...]:
        street = ", ".join(each for each in (address.street, address.number) if each)
        within = " · ".join(each for each in (address.complement, address.district) if each)
        city = " ".join(each for each in (address.postal_code, address.city) if each)
        city = " - ".join(each for each in (city, address.state) if each)
        abroad = "" if self.company.locale.endswith(f"-{address.country}") else address.country
        return tuple(each for each in (street, within, city, abroad) if each)

    def _tax_id(self, tax_id: TaxId) -> str:
        if tax_id.kind in _WRITTEN:
            pattern, written = _WRITTEN[tax_id.kind]
            return f"{tax_id.kind.upper()} {pattern.sub(written, tax_id.number)}"
        prefix = tax_id.country if tax_id.kind is TaxIdKind.VAT else ""
        return f"{self.wording('company_tax_id')} {prefix}{tax_id.number}"
