"""The account of a party on paper."""

from __future__ import annotations

from datetime import date
from typing import Final

from erp_core.documents.entities import (
    MailMessageId,
    Paper,
    PaperPlace,
    PaperRequest,
    Printed,
    PrintedDocument,
    PrintoutKey,
    Stationery,
)
from erp_core.documents.ports import Press, kept_or_new, read_stationery
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import PartyId, PartySnapshot
from erp_core.treasury.entities import (
    STATEMENT,
    STATEMENT_ENTRIES_MAX,
    Statement,
    printed_statement,
)
from erp_core.treasury.ports import AccountQuery, TreasuryUnitOfWork

_JANUARY: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRequest:
    """Whose account; what is not said is the company's currency, and its year until today."""

    party_id: PartyId
    currency: str | None = None  # ISO 4217
    since: date | None = None
    until: date | None = None  # that day included
    locale: str | None = None  # BCP 47; None: the party's language, else the company's
    paper: Paper | None = None
    mail: MailMessageId | None = None  # that it goes with; None: it is made each time


@dataclass(frozen=True, kw_only=True)
class PrintStatement(UseCase[TreasuryUnitOfWork, StatementRequest, Printed]):
    """Have the account of a party as PDF, as it stands now; or as it went with a mail before.

    A mail that is tried again says what it said at first: its statement is kept.

    Raises:
        NotFoundError: no such party.
        InvariantError: the days are turned round, there are too many movements between them, or
            the company's template cannot be set.
        UnavailableError: no process is free to set it.
    """

    permission = "treasury.balance.read"
    read_only = True

    press: Press

    def execute(self, ctx: Context, uow: TreasuryUnitOfWork, command: StatementRequest) -> Printed:
        party = uow.parties.get(ctx, command.party_id)
        customer = PartySnapshot.of(party)
        request = PaperRequest(id=party.id, locale=command.locale, paper=command.paper)
        stationery = read_stationery(ctx, uow, request, customer.language)
        today = stationery.company.day(self.clock.now(ctx))

        def make() -> PrintedDocument:
            statement = read_statement(ctx, uow, command, today)
            return printed_statement(statement, stationery, customer)

        key = None if command.mail is None else _key(command.mail, stationery)
        place = PaperPlace(name=f"{party.code}-{command.until or today}", key=key)
        return kept_or_new(ctx, uow, stationery, place, make)

    def conclude(self, ctx: Context, result: Printed) -> Printed:
        return self.press.finish(ctx, result, self.unit_of_work)


def _key(mail: MailMessageId, stationery: Stationery) -> PrintoutKey:
    """Return what a statement is kept under: the account goes on, and the mail does not."""
    return PrintoutKey(
        document_type=STATEMENT,
        document_id=mail,
        locale=stationery.wording.locale,
        paper=stationery.paper,
    )


def read_statement(
    ctx: Context, uow: TreasuryUnitOfWork, request: StatementRequest, today: date
) -> Statement:
    """Return the account of a party on the days that are asked for.

    Raises:
        InvariantError: the days are turned round, or there are too many movements between them.
    """
    until = request.until or today
    since = request.since or date(until.year, _JANUARY, 1)
    ensure(
        since <= until,
        "treasury.statement.period",
        "the first day comes before the last",
        field="date_from",
    )
    query = AccountQuery(
        party_id=request.party_id,
        currency=request.currency or ctx.currency,
        since=since,
        until=until,
    )
    entries = uow.accounts.entries(ctx, query, STATEMENT_ENTRIES_MAX + 1)
    ensure(
        len(entries) <= STATEMENT_ENTRIES_MAX,
        "treasury.statement.too_long",
        f"a statement has at most {STATEMENT_ENTRIES_MAX} movements: choose fewer days",
        field="date_from",
        most=STATEMENT_ENTRIES_MAX,
    )
    opening = uow.accounts.opening(ctx, query)
    return Statement(since=since, until=until, opening=opening, entries=entries)
