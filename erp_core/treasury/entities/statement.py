"""The account of a party: what was charged and what was paid, in the order of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from erp_core.documents.entities import (
    Column,
    DocumentType,
    Fact,
    PrintedDocument,
    PrintedRow,
    PrintedTable,
    PrintedTotal,
    RowKind,
    Stationery,
    Wording,
)
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.money import Money
from erp_core.parties.entities import PartySnapshot

STATEMENT: Final = DocumentType("treasury.statement")
STATEMENT_ENTRIES_MAX: Final = 10_000


class EntryKind(StrEnum):
    """What moved the account."""

    STANDARD = "standard"  # an invoice
    REPLACEMENT = "replacement"
    DEPOSIT = "deposit"
    CREDIT_NOTE = "credit_note"
    DEDUCTED = "deducted"  # a paid deposit, by an invoice
    PAID_IN = "paid_in"
    PAID_OUT = "paid_out"

    @property
    def charges(self) -> bool:
        """Whether the party owes more by it."""
        return self not in {self.CREDIT_NOTE, self.DEDUCTED, self.PAID_IN}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementEntry:
    """One movement of the account."""

    on: date
    kind: EntryKind
    number: str  # of the document
    reference: str = ""
    amount: Money  # never negative: the kind says which way


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a party owed, what moved it, and what it owes: below zero it is owed."""

    since: date
    until: date  # that day included
    opening: Money
    entries: tuple[StatementEntry, ...]

    @property
    def balances(self) -> tuple[Money, ...]:
        """What was owed after each of the entries."""
        found, owed = [], self.opening
        for each in self.entries:
            owed = owed + each.amount if each.kind.charges else owed - each.amount
            found.append(owed)
        return tuple(found)

    @property
    def closing(self) -> Money:
        """What is owed at the end."""
        return self.balances[-1] if self.entries else self.opening


def printed_statement(
    statement: Statement, stationery: Stationery, customer: PartySnapshot
) -> PrintedDocument:
    """Return what stands on a statement of account."""
    wording, formats = stationery.wording, stationery.wording.formats
    period = f"{formats.day(statement.since)} - {formats.day(statement.until)}"
    total = PrintedTotal(
        label=wording("balance"), amount=formats.money(statement.closing), strong=True
    )
    return PrintedDocument(
        document_type=STATEMENT,
        language=wording.locale,
        style=stationery.style,
        dated=statement.until,
        title=wording("title_statement"),
        sender=stationery.sender,
        receivers=(stationery.receiver("customer", customer, customer.billing_address),),
        facts=(
            Fact(wording("period"), period),
            Fact(wording("currency"), statement.opening.currency),
            Fact(wording("balance"), formats.money(statement.closing)),
        ),
        lines=_table(statement, wording),
        totals=(total,),
        footer=stationery.letterhead.footer,
        page=stationery.page,
    )


def _table(statement: Statement, wording: Wording) -> PrintedTable:
    formats = wording.formats
    opening = PrintedRow(
        kind=RowKind.SUBTOTAL,
        cells=(wording("opening_balance"), formats.amount(statement.opening)),
    )
    columns = (
        Column(heading=wording("date"), share=13),
        Column(heading=wording("document"), share=31),
        Column(heading=wording("reference_short"), share=17),
        Column(heading=wording("charged"), share=13, number=True),
        Column(heading=wording("credited"), share=13, number=True),
        Column(heading=wording("balance"), share=13, number=True),
    )
    return PrintedTable(columns=columns, rows=(opening, *_rows(statement, wording)))


def _rows(statement: Statement, wording: Wording) -> Sequence[PrintedRow]:
    formats = wording.formats
    titles = {kind: wording(f"entry_{kind.value}") for kind in EntryKind}
    rows = []
    for each, balance in zip(statement.entries, statement.balances, strict=True):
        amount = formats.amount(each.amount)
        charged, credited = (amount, "") if each.kind.charges else ("", amount)
        text = f"{titles[each.kind]} {each.number}"
        cells = (formats.day(each.on), text, each.reference, charged, credited)
        rows.append(PrintedRow(cells=(*cells, formats.amount(balance))))
    return rows
