"""What everyone who sets documents, keeps files, or knows which papers were made must do."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from erp_core.documents.entities import (
    AddressBlock,
    Column,
    DocumentType,
    Fact,
    LetterheadChanges,
    Paper,
    PaymentCode,
    PrintedDocument,
    PrintedRow,
    PrintedTable,
    PrintedTotal,
    Printout,
    PrintoutKey,
    RowKind,
    Style,
    Symbol,
    pix_payload,
)
from erp_core.documents.ports import DocumentsUnitOfWork, FileStore, PdfRenderer
from erp_core.kernel.errors import (
    DeadlineExceededError,
    NotFoundError,
    OperationCancelledError,
    StaleVersionError,
)
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing import NOON, RIVAL, context, expect

# The smallest picture there is: one transparent pixel.
PNG: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489000000"
    "0b4944415478da636000020000050001e9fadcd80000000049454e44ae426082"
)

EVERY_CHANGE: Final[LetterheadChanges] = {
    "paper": Paper.LETTER,
    "accent": "#aa3300",
    "phone": "+55 11 4002-8922",
    "email": "vendas@example.com",
    "website": "www.example.com",
    "footer": "Capital social R$ 100.000,00",
    "payee": "Comércio São José Ltda",
    "city": "São Paulo",
    "pix_key": "123e4567-e12b-12d1-a456-426655440000",
    "iban": "DE89 3704 0044 0532 0130 00",
    "bic": "COBADEFFXXX",
    "template": "<h1>{{ document.title }}</h1>",
}
# Files are put between the two, by whichever clock.
NONE_OLD: Final = datetime(2000, 1, 1, tzinfo=UTC)
ALL_OLD: Final = datetime(2200, 1, 1, tzinfo=UTC)
KEY: Final = PrintoutKey(
    document_type=DocumentType("sales.order"),
    document_id=UUID(int=7),
    edition="cancelled",
    locale="pt-BR",
    paper=Paper.LETTER,
)


def a_printed_document(rows: int = 5) -> PrintedDocument:
    """Return a document with all that can stand on one."""
    columns = (
        Column(heading="Descrição", share=60),
        Column(heading="Quantité", share=20, number=True),
        Column(heading="Importe €", share=20, number=True),
    )
    items = tuple(
        PrintedRow(cells=(f"Größe {each}, niño, œuf, ação", str(each), "1.234,50"))
        for each in range(rows)
    )
    heading = PrintedRow(kind=RowKind.HEADING, cells=("Parte 1",))
    subtotal = PrintedRow(kind=RowKind.SUBTOTAL, cells=("Subtotal", "12.345,00"))
    note = PrintedRow(kind=RowKind.NOTE, cells=("Frágil",))
    payload = pix_payload(key="vendas@example.com", payee="São José", city="São Paulo")
    return PrintedDocument(
        document_type=DocumentType("invoicing.invoice"),
        language="pt-BR",
        style=Style(),
        dated=date(2026, 11, 23),
        title="Fatura",
        number="INV2026-00042",
        watermark="RASCUNHO",
        sender=AddressBlock(name="Comércio São José Ltda", lines=("Rua das Flores, 1",)),
        receivers=(
            AddressBlock(label="Faturado a", name="Müller & Søn", lines=("Curitiba",)),
            AddressBlock(label="Entregar em", name="Müller & Søn", lines=("Ponta Grossa",)),
        ),
        facts=(Fact("Data", "23/11/2026"),),
        lines=PrintedTable(columns=columns, rows=(heading, *items, subtotal, note)),
        tables=(PrintedTable(title="Tributos", columns=columns, rows=items[:1]),),
        totals=(PrintedTotal(label="Total", amount="R$ 12.345,00", strong=True),),
        notes=(Fact("Observações", "Obrigado <pela> preferência & até logo."),),
        codes=(
            PaymentCode(symbol=Symbol.PIX, title="PIX", payload=payload, typed="Copia e cola"),
        ),
        signatures=("Recebido",),
        footer="CNPJ 12.345.678/0001-95",
        page="Página {page} de {pages}",
    )


class PdfRendererContract:
    """Set ``renderer`` before each test."""

    renderer: PdfRenderer

    def test_what_comes_of_it_is_a_pdf(self) -> None:
        made = self.renderer.render(context(), a_printed_document())
        assert made.startswith(b"%PDF-")
        assert made.rstrip().endswith(b"%%EOF")

    def test_the_same_document_gives_the_same_bytes(self) -> None:
        first = self.renderer.render(context(), a_printed_document())
        assert self.renderer.render(context(), a_printed_document()) == first

    def test_another_document_gives_others(self) -> None:
        first = self.renderer.render(context(), a_printed_document())
        other = replace(a_printed_document(), number="INV2026-00043")
        assert self.renderer.render(context(), other) != first

    def test_nothing_is_made_for_a_caller_who_gave_up(self) -> None:
        ctx = context()
        ctx.cancellation.cancel("gone")
        with expect(OperationCancelledError):
            self.renderer.render(ctx, a_printed_document())

    def test_nothing_is_made_when_it_is_too_late(self) -> None:
        with expect(DeadlineExceededError):
            self.renderer.render(context().with_timeout(0), a_printed_document())


class FileStoreContract:
    """Set ``files`` to an empty store before each test."""

    files: FileStore

    def test_a_file_is_called_what_it_is(self) -> None:
        content = b"\x00\xff" * 100_000
        digest = self.files.put(context(), content)
        assert digest == hashlib.sha256(content).hexdigest()
        assert self.files.get(context(), digest) == content
        assert self.files.exists(context(), digest)

    def test_the_same_bytes_are_kept_once(self) -> None:
        assert self.files.put(context(), b"a") == self.files.put(context(), b"a")
        assert self.files.put(context(), b"") != self.files.put(context(), b"a")

    def test_what_was_never_put_is_not_found(self) -> None:
        digest = hashlib.sha256(b"a").hexdigest()
        assert not self.files.exists(context(), digest)
        for each in (digest, "../../etc/passwd"):
            with expect(NotFoundError):
                self.files.get(context(), each)

    def test_another_companys_file_is_not_ours(self) -> None:
        digest = self.files.put(context(company=RIVAL), b"a")
        assert not self.files.exists(context(), digest)
        with expect(NotFoundError):
            self.files.get(context(), digest)

    def test_old_files_are_listed_in_order_and_another_companys_are_not(self) -> None:
        self.files.put(context(company=RIVAL), b"z")
        ours = sorted(self.files.put(context(), bytes([each])) for each in range(5))
        first = self.files.old(context(), ALL_OLD, "", 3)
        assert [*first, *self.files.old(context(), ALL_OLD, first[-1], 3)] == ours
        assert self.files.old(context(), NONE_OLD, "", 3) == ()

    def test_only_what_is_old_is_dropped(self) -> None:
        kept, gone = self.files.put(context(), b"a"), self.files.put(context(), b"b")
        assert not self.files.drop(context(), kept, NONE_OLD)
        assert self.files.drop(context(), gone, ALL_OLD)
        assert self.files.drop(context(), gone, ALL_OLD)  # it is gone: that is what was asked for
        assert self.files.old(context(), ALL_OLD, "", 3) == (kept,)
        assert self.files.get(context(), kept) == b"a"
        assert not self.files.exists(context(), gone)
        assert self.files.put(context(), b"b") == gone
        assert self.files.get(context(), gone) == b"b"


class LetterheadRepositoryContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[DocumentsUnitOfWork]

    def test_a_company_without_one_has_the_houses(self) -> None:
        with self.unit_of_work(context(), read_only=True) as uow:
            found = uow.letterheads.get(context())
        assert (found.id, found.version, found.paper) == (context().company_id, 0, Paper.A4)

    def test_every_field_survives_the_round_trip(self) -> None:
        with self.unit_of_work(context()) as uow:
            given = uow.letterheads.get(context()).change(EVERY_CHANGE).with_logo("f" * 64)
            stored = uow.letterheads.save(context(), given)
        with self.unit_of_work(context()) as uow:
            assert uow.letterheads.get(context()) == stored
            assert stored == replace(given, version=1)
            again = uow.letterheads.save(context(), stored.change({"template": "x" * 65_536}))
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.letterheads.get(context()) == again
        assert again.version == 2

    def test_a_change_is_noted(self) -> None:
        with self.unit_of_work(context()) as uow:
            uow.letterheads.save(context(), uow.letterheads.get(context()).with_logo("f" * 64))
            (change,) = uow.journal.take()
        assert (change.kind, dict(change.after)) == ("documents.letterhead", {"logo": "f" * 64})

    def test_an_old_version_is_refused(self) -> None:
        with self.unit_of_work(context()) as uow:
            given = uow.letterheads.get(context())
            first = uow.letterheads.save(context(), given.change({"city": "Lisboa"}))
            uow.letterheads.save(context(), first.change({"city": "Porto"}))
        for seen in (given, first):
            with expect(StaleVersionError), self.unit_of_work(context()) as uow:
                uow.letterheads.save(context(), seen.change({"city": "Faro"}))

    def test_another_companys_is_not_ours(self) -> None:
        rival = context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            uow.letterheads.save(rival, uow.letterheads.get(rival).change({"city": "Lisboa"}))
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.letterheads.get(context()).version == 0


class PrintoutRepositoryContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[DocumentsUnitOfWork]

    def test_every_field_survives_the_round_trip(self) -> None:
        made = Printout(key=KEY, digest="a" * 64, made_at=NOON)
        with self.unit_of_work(context()) as uow:
            assert uow.printouts.find(context(), KEY) is None
            assert uow.printouts.keep(context(), made) == made
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.printouts.find(context(), KEY) == made

    def test_of_two_the_first_is_kept(self) -> None:
        first = Printout(key=KEY, digest="a" * 64, made_at=NOON)
        with self.unit_of_work(context()) as uow:
            uow.printouts.keep(context(), first)
        with self.unit_of_work(context()) as uow:
            assert uow.printouts.keep(context(), replace(first, digest="b" * 64)) == first

    def test_each_part_of_the_key_tells_papers_apart(self) -> None:
        with self.unit_of_work(context()) as uow:
            uow.printouts.keep(context(), Printout(key=KEY, digest="a" * 64, made_at=NOON))
        others = (
            replace(KEY, document_type=DocumentType("sales.quote")),
            replace(KEY, document_id=UUID(int=8)),
            replace(KEY, edition=""),
            replace(KEY, locale="en"),
            replace(KEY, paper=Paper.A4),
        )
        with self.unit_of_work(context(), read_only=True) as uow:
            assert not any(uow.printouts.find(context(), each) for each in others)

    def test_which_files_are_kept_for_a_paper_is_known(self) -> None:
        other = replace(KEY, document_id=UUID(int=8))
        with self.unit_of_work(context()) as uow:
            for key, digest in ((KEY, "a" * 64), (other, "b" * 64)):
                uow.printouts.keep(context(), Printout(key=key, digest=digest, made_at=NOON))
        with self.unit_of_work(context(), read_only=True) as uow:
            asked = ("b" * 64, "c" * 64)
            assert uow.printouts.kept(context(), asked) == {"b" * 64}
            assert uow.printouts.kept(context(), ()) == frozenset()

    def test_another_companys_is_not_ours(self) -> None:
        rival = context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            uow.printouts.keep(rival, Printout(key=KEY, digest="a" * 64, made_at=NOON))
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.printouts.kept(context(), ("a" * 64,)) == frozenset()
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.printouts.find(context(), KEY) is None
            assert uow.printouts.digests(context(), "", 10) == ()

    def test_the_files_that_papers_are_are_told_in_order_and_once(self) -> None:
        with self.unit_of_work(context()) as uow:
            for turn, letter in enumerate("cabc"):
                key = replace(KEY, document_id=UUID(int=turn))
                uow.printouts.keep(context(), Printout(key=key, digest=letter * 64, made_at=NOON))
        with self.unit_of_work(context(), read_only=True) as uow:
            first = uow.printouts.digests(context(), "", 2)
            assert first == ("a" * 64, "b" * 64)
            assert uow.printouts.digests(context(), first[-1], 2) == ("c" * 64,)
