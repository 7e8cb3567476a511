"""What a mail with a statement of account says of it."""

from __future__ import annotations

from erp_core.documents.entities import (
    Fact,
    MailCause,
    MailKind,
    MailMatter,
    MailPaper,
    Wording,
)
from erp_core.parties.entities import DocumentKind, PartyId
from erp_core.treasury.entities.statement import Statement


def mailed_statement(statement: Statement, party_id: PartyId, wording: Wording) -> MailMatter:
    """Return the matter of a mail that brings a statement of a party's account."""
    formats = wording.formats
    since, until = formats.day(statement.since), formats.day(statement.until)
    balance = formats.money(statement.closing)
    return MailMatter(
        kind=MailKind.STATEMENT,
        receives=(DocumentKind.REMINDER, DocumentKind.INVOICE),
        paper=MailPaper(
            document=MailCause(kind="treasury.statement", id=party_id),
            locale=wording.locale,
            currency=statement.opening.currency,
            since=statement.since,
            until=statement.until,
        ),
        title=wording("title_statement"),
        facts=(
            Fact(wording("period"), f"{since} - {until}"),
            Fact(wording("currency"), statement.opening.currency),
            Fact(wording("balance"), balance),
        ),
        values={"balance": balance, "since": since, "until": until},
    )
