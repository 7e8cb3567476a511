"""The company's bank accounts over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import at
from erp_core.kernel.money import Money
from erp_core.treasury.entities import (
    ACCOUNT_MAX,
    AGENCY_MAX,
    BANK_ACCOUNT_NAME_MAX,
    BANK_ACCOUNT_SORTS,
    BANK_MAX,
    BankAccount,
    BankAccountChanges,
    BankAccountId,
    BankAccountKind,
    BankAccountState,
)
from erp_core.treasury.ports import BankAccountQuery
from erp_core.treasury.use_cases import (
    BankAccountCommand,
    ChangeBankAccountCommand,
    TreasuryUseCases,
)
from erp_http import show
from erp_http.dto import ListDto, MoneyDto, NothingDto, PageDto, RequestDto, ResponseDto, money
from erp_http.fields import Choice, Choices, Id, Nested, Price, Text, Whole
from erp_http.routing import Route

_IBAN_MAX: Final = 60  # with its spaces


class AddBankAccountDto(RequestDto):
    id = Id(load_default=None)  # a client may choose it, so that it can ask again safely
    name = Text(required=True, length=BANK_ACCOUNT_NAME_MAX)
    kind = Choice(BankAccountKind, load_default=BankAccountKind.BANK)
    currency = Text(
        load_default="", length=3, metadata={"description": "the company's when absent"}
    )
    iban = Text(load_default="", length=_IBAN_MAX)
    bank = Text(load_default="", length=BANK_MAX)
    agency = Text(load_default="", length=AGENCY_MAX)
    account = Text(load_default="", length=ACCOUNT_MAX)
    opening_balance = Price(
        load_default=None,
        allow_none=True,
        metadata={"description": "nothing when absent; below zero: overdrawn"},
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> BankAccount:
        return BankAccount(
            id=BankAccountId(given["id"] or new_id()),
            name=given["name"],
            kind=given["kind"],
            opening_balance=_opening(given, given["currency"] or ctx.currency),
            iban=given["iban"],
            bank=given["bank"],
            agency=given["agency"],
            account=given["account"],
        )


def _opening(given: dict[str, Any], currency: str) -> Money:
    """Make money of the balance; without a currency of its own it is in the account's."""
    zero = Money.zero(currency)
    if given["opening_balance"] is None:
        return zero
    amount, named = given["opening_balance"]
    with at("opening_balance"):
        return Money(amount, named or currency) + zero


class ChangeBankAccountDto(RequestDto):
    """A merge patch (RFC 7396): what is absent stays."""

    name = Text(length=BANK_ACCOUNT_NAME_MAX)
    iban = Text(length=_IBAN_MAX)
    bank = Text(length=BANK_MAX)
    agency = Text(length=AGENCY_MAX)
    account = Text(length=ACCOUNT_MAX)
    opening_balance = Price(metadata={"description": "in the account's currency"})

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangeBankAccountCommand:
        changes: BankAccountChanges = {}
        if "name" in given:
            changes["name"] = given["name"]
        if "iban" in given:
            changes["iban"] = given["iban"]
        if "bank" in given:
            changes["bank"] = given["bank"]
        if "agency" in given:
            changes["agency"] = given["agency"]
        if "account" in given:
            changes["account"] = given["account"]
        with at("opening_balance"):
            balance = money(ctx, given.get("opening_balance"))
        if balance is not None:
            changes["opening_balance"] = balance
        return ChangeBankAccountCommand(
            id=BankAccountId(given["id"]), version=given["if_match"], changes=changes
        )


class ListBankAccountsDto(ListDto):
    sorts = tuple(BANK_ACCOUNT_SORTS)

    state = Choices(BankAccountState, load_default=())
    kind = Choices(BankAccountKind, load_default=())

    def make(self, ctx: Context, given: dict[str, Any]) -> BankAccountQuery:
        return BankAccountQuery(page=self.page(given), states=given["state"], kinds=given["kind"])


class CompanyBankAccountDto(ResponseDto[BankAccount]):
    id = Id(required=True)
    version = Whole(required=True)
    name = Text(required=True)
    kind = Choice(BankAccountKind, required=True)
    state = Choice(BankAccountState, required=True)
    currency = Text(required=True, length=3)
    iban = Text(required=True)
    bank = Text(required=True)
    agency = Text(required=True)
    account = Text(required=True)
    opening_balance = Nested(MoneyDto, required=True)

    def show(self, thing: BankAccount) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "version": thing.version,
            "name": thing.name,
            "kind": thing.kind.value,
            "state": thing.state.value,
            "currency": thing.currency,
            "iban": thing.iban,
            "bank": thing.bank,
            "agency": thing.agency,
            "account": thing.account,
            "opening_balance": show.money(thing.opening_balance),
        }


_ACCOUNT: Final = CompanyBankAccountDto()


def routes(treasury: TreasuryUseCases) -> tuple[Route, ...]:
    one = NothingDto(
        lambda key, version: BankAccountCommand(id=BankAccountId(key), version=version)
    )
    return (
        Route(
            on="POST /v1/bank-accounts",
            call=treasury.add_bank_account,
            accepts=AddBankAccountDto(),
            returns=_ACCOUNT,
            status=HTTPStatus.CREATED,
            location="/v1/bank-accounts/{id}",
        ),
        Route(
            on="GET /v1/bank-accounts",
            call=treasury.list_bank_accounts,
            accepts=ListBankAccountsDto(),
            returns=PageDto(_ACCOUNT),
        ),
        Route(
            on="GET /v1/bank-accounts/<uuid:id>",
            call=treasury.get_bank_account,
            accepts=one,
            returns=_ACCOUNT,
        ),
        Route(
            on="PATCH /v1/bank-accounts/<uuid:id>",
            call=treasury.change_bank_account,
            accepts=ChangeBankAccountDto(),
            returns=_ACCOUNT,
        ),
        Route(
            on="POST /v1/bank-accounts/<uuid:id>/archive",
            call=treasury.archive_bank_account,
            accepts=one,
            returns=_ACCOUNT,
        ),
        Route(
            on="POST /v1/bank-accounts/<uuid:id>/restore",
            call=treasury.restore_bank_account,
            accepts=one,
            returns=_ACCOUNT,
        ),
    )
