"""What everybody must do who tells which numbers documents bear."""

from __future__ import annotations

from datetime import date

from erp_core.documents.entities import BorneNumber, DocumentType, NumberCounter
from erp_core.invoicing.entities import InvoiceType
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing import RIVAL, context
from erp_core.testing.invoicing import TODAY, an_invoice, an_item, validated
from erp_core.testing.parties import a_party
from erp_core.testing.treasury import PAID, a_payment
from erp_core.treasury.ports import TreasuryUnitOfWork

INVOICE = InvoiceType.STANDARD.document_type


class NumberLedgerContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[TreasuryUnitOfWork]

    def borne(self, document_type: str, after: str = "", limit: int = 10) -> list[str]:
        with self.unit_of_work(context(), read_only=True) as uow:
            found = uow.number_ledger.borne(context(), document_type, after, limit)
        return [each.number for each in found]

    def test_counters_are_told_with_their_periods(self) -> None:
        with self.unit_of_work(context()) as uow:
            uow.numbering.take(context(), "sales.order", date(2024, 2, 29))
            uow.numbering.take(context(), "sales.order", date(2024, 2, 29))
            uow.numbering.take(context(), "sales.order", date(2025, 1, 1))
        rival = context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            uow.numbering.take(rival, "sales.quote", date(2024, 2, 29))
        with self.unit_of_work(context(), read_only=True) as uow:
            found = uow.number_ledger.counters(context())
        order = DocumentType("sales.order")
        assert found == (
            NumberCounter(document_type=order, period="2024", last_number=2),
            NumberCounter(document_type=order, period="2025", last_number=1),
        )

    def test_the_numbers_of_each_type_are_told_in_order_and_drafts_have_none(self) -> None:
        with self.unit_of_work(context()) as uow:
            party = uow.parties.add(context(), a_party()).id
            for number in ("P3", "P1", "P2"):
                uow.payments.add(context(), a_payment(party, number=number))
            uow.invoices.add(context(), an_invoice(party, an_item("100")))
            uow.invoices.add(context(), validated(an_invoice(party, an_item("100")), "I1"))
        assert self.borne("treasury.payment") == ["P1", "P2", "P3"]
        assert self.borne("treasury.payment", after="P1", limit=1) == ["P2"]
        assert self.borne(INVOICE) == ["I1"]
        assert self.borne(InvoiceType.DEPOSIT.document_type) == []
        assert self.borne("accounting.entry") == []
        with self.unit_of_work(context(), read_only=True) as uow:
            (paid, *_) = uow.number_ledger.borne(context(), "treasury.payment", "", 1)
            (billed,) = uow.number_ledger.borne(context(), INVOICE, "", 10)
            rival = context(company=RIVAL)
            assert uow.number_ledger.borne(rival, "treasury.payment", "", 10) == ()
        assert (paid, billed) == (
            BorneNumber(number="P1", on=PAID),
            BorneNumber(number="I1", on=TODAY),
        )

    def test_of_documents_that_nobody_has_made_there_are_no_numbers(self) -> None:
        for document_type in ("sales.quote", "sales.order", "sales.shipment"):
            assert self.borne(document_type) == []
