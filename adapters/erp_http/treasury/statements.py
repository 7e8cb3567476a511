"""The account of a party on paper, over HTTP."""

from __future__ import annotations

from typing import Any

from erp_core.documents.entities import Paper
from erp_core.kernel.context import Context
from erp_core.parties.entities import PartyId
from erp_core.treasury.use_cases import (
    SendStatementCommand,
    StatementRequest,
    TreasuryUseCases,
)
from erp_http.documents.posting import MailWishFields, sending, wish_of
from erp_http.dto import RequestDto
from erp_http.fields import Choice, Day, Text
from erp_http.papers import Language
from erp_http.routing import Route


class StatementRequestDto(RequestDto):
    date_from = Day(metadata={"description": "else the first of January"})
    date_to = Day(metadata={"description": "that day included; else today"})
    currency = Text(length=3, metadata={"description": "else the company's"})
    locale = Choice(
        Language, metadata={"description": "else the party's language, or the company's"}
    )
    paper = Choice(Paper, metadata={"description": "else what the company prints on"})

    def make(self, ctx: Context, given: dict[str, Any]) -> StatementRequest:
        locale: Language | None = given.get("locale")
        return StatementRequest(
            party_id=PartyId(given["id"]),
            currency=given.get("currency"),
            since=given.get("date_from"),
            until=given.get("date_to"),
            locale=None if locale is None else locale.value,
            paper=given.get("paper"),
        )


class SendStatementDto(MailWishFields, RequestDto):
    date_from = Day(load_default=None, metadata={"description": "else the first of January"})
    date_to = Day(load_default=None, metadata={"description": "that day included; else today"})
    currency = Text(load_default=None, length=3, metadata={"description": "else the company's"})

    def make(self, ctx: Context, given: dict[str, Any]) -> SendStatementCommand:
        return SendStatementCommand(
            statement=StatementRequest(
                party_id=PartyId(given["id"]),
                currency=given["currency"],
                since=given["date_from"],
                until=given["date_to"],
            ),
            mail=wish_of(given),
        )


def routes(treasury: TreasuryUseCases) -> tuple[Route, ...]:
    return (
        Route(
            on="GET /v1/parties/<uuid:id>/statement.pdf",
            call=treasury.print_statement,
            accepts=StatementRequestDto(),
            paper=True,
        ),
        sending(
            "POST /v1/parties/<uuid:id>/statement/send",
            treasury.send_statement,
            SendStatementDto(),
        ),
    )
