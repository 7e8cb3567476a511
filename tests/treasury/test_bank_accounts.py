"""The company's bank accounts and tills."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from erp_core.kernel.errors import (
    InvariantError,
    PreconditionFailedError,
    TransitionError,
)
from erp_core.kernel.money import Money
from erp_core.testing import expect
from erp_core.testing.treasury import a_bank_account
from erp_core.treasury.entities import (
    BANK_ACCOUNT_LIFECYCLE,
    BankAccount,
    BankAccountKind,
    BankAccountState,
)
from erp_core.treasury.use_cases import BankAccountCommand, ChangeBankAccountCommand
from tests.treasury.tills import CASHIER, a_till, eur

STEPS: dict[str, tuple[Callable[[BankAccount], BankAccount], BankAccountState]] = {
    "archive": (BankAccount.archive, BankAccountState.ARCHIVED),
    "restore": (BankAccount.restore, BankAccountState.ACTIVE),
}


@pytest.mark.parametrize("state", BankAccountState)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_from_every_state_is_taken_or_refused(
    state: BankAccountState, step: str
) -> None:
    account, (take, target) = a_bank_account(state=state), STEPS[step]
    if target in BANK_ACCOUNT_LIFECYCLE.steps[state]:
        assert take(account).state is target
    else:
        with expect(TransitionError, "transition"):
            take(account)


@pytest.mark.parametrize("state", BankAccountState)
def test_it_is_corrected_in_every_state_but_its_currency_stays(state: BankAccountState) -> None:
    account = a_bank_account(state=state)
    changed = account.change({"opening_balance": eur(5), "iban": ""})
    assert (changed.opening_balance, changed.iban, changed.state) == (eur(5), "", state)
    with expect(InvariantError, "treasury.bank_account.currency"):
        account.change({"opening_balance": Money(Decimal(5), "BRL")})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "  "}, "treasury.bank_account.name"),
        ({"name": "x" * 101}, "treasury.bank_account.name"),
        ({"iban": "DE89370400440532013001"}, "treasury.bank_account.iban"),
        ({"kind": BankAccountKind.CASH}, "treasury.bank_account.cash"),
        ({"account": ""}, "treasury.bank_account.incomplete"),
        ({"bank": "x" * 101}, "treasury.bank_account.bank"),
        ({"agency": "x" * 21}, "treasury.bank_account.agency"),
        ({"account": "x" * 41}, "treasury.bank_account.account"),
    ],
)
def test_what_is_no_bank_account_cannot_be_made(changes: dict[str, object], code: str) -> None:
    with expect(InvariantError, code):
        a_bank_account(**changes)


def test_an_account_of_a_bank_needs_neither_iban_nor_number_and_may_have_both() -> None:
    till = a_till()
    assert till.account().iban == ""
    assert till.account(iban="DE89370400440532013000", account="1").account == "1"


def test_an_account_is_kept_archived_restored_and_changed_as_it_was_seen() -> None:
    till = a_till()
    account = till.account()
    command = BankAccountCommand(id=account.id, version=1)
    archived = till.use.archive_bank_account(CASHIER, command)
    assert (archived.state, archived.version) == (BankAccountState.ARCHIVED, 2)
    with expect(PreconditionFailedError):
        till.use.restore_bank_account(CASHIER, command)
    restored = till.use.restore_bank_account(CASHIER, BankAccountCommand(id=account.id))
    assert restored.state is BankAccountState.ACTIVE
    change = ChangeBankAccountCommand(id=account.id, version=3, changes={"name": "Main"})
    assert till.use.change_bank_account(CASHIER, change).name == "Main"
    assert till.use.get_bank_account(CASHIER, BankAccountCommand(id=account.id)).version == 4


def test_a_payment_lies_on_an_account_of_its_currency_that_is_in_use() -> None:
    till = a_till()
    account, other = till.account(), till.account("BRL")
    paid = till.pay(10, bank_account_id=account.id)
    assert paid.payment.bank_account_id == account.id
    with expect(InvariantError, "treasury.bank_account.other_currency"):
        till.pay(10, bank_account_id=other.id)
    till.use.archive_bank_account(CASHIER, BankAccountCommand(id=account.id))
    with expect(InvariantError, "treasury.bank_account.archived") as refusal:
        till.pay(10, bank_account_id=account.id)
    assert refusal[0].field == "bank_account_id"
