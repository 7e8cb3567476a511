"""Sending statements of account by mail."""

from __future__ import annotations

from dataclasses import field

from erp_core.documents.entities import MailMessage, MailWish
from erp_core.documents.ports import mail_stationery, post
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.use_case import UseCase
from erp_core.treasury.entities import mailed_statement
from erp_core.treasury.ports import TreasuryUnitOfWork
from erp_core.treasury.use_cases.printing import StatementRequest, read_statement


@dataclass(frozen=True, slots=True, kw_only=True)
class SendStatementCommand:
    statement: StatementRequest  # its language is said by the mail
    mail: MailWish = field(default_factory=MailWish)


@dataclass(frozen=True, kw_only=True)
class SendStatement(UseCase[TreasuryUnitOfWork, SendStatementCommand, MailMessage]):
    """Queue a mail that brings a party the statement of its account; as PDF.

    The days are settled when it is asked for. What is booked on them until it is first tried to
    be sent is in it; from then on it is the same file.

    Raises:
        NotFoundError: no such party.
        InvariantError: the days are turned round, or there are too many movements between them;
            nobody knows where to, or a template or an address cannot be used.
    """

    permission = "treasury.statement.send"

    def execute(
        self, ctx: Context, uow: TreasuryUnitOfWork, command: SendStatementCommand
    ) -> MailMessage:
        now = self.clock.now(ctx)
        party = uow.parties.get(ctx, command.statement.party_id)
        paper = mail_stationery(ctx, uow, command.mail, party)
        statement = read_statement(ctx, uow, command.statement, paper.company.day(now))
        matter = mailed_statement(statement, party.id, paper.wording)
        return post(ctx, uow, now, command.mail, matter, paper, party)
