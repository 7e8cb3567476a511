"""Where the company's own money lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final, NewType, Self, TypedDict
from uuid import UUID

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, Lifecycle
from erp_core.kernel.errors import InvariantError, ensure
from erp_core.kernel.money import Money, require_currency
from erp_core.kernel.page import SortKey
from erp_core.kernel.text import require_text
from erp_core.parties.entities.iban import bare_iban, is_iban
from erp_core.parties.entities.naming import name_key

BankAccountId = NewType("BankAccountId", UUID)

BANK_ACCOUNT_NAME_MAX: Final = 100
BANK_MAX: Final = 100
AGENCY_MAX: Final = 20
ACCOUNT_MAX: Final = 40


class BankAccountKind(StrEnum):
    BANK = "bank"
    CASH = "cash"


class BankAccountState(StrEnum):
    ACTIVE = "active"
    ARCHIVED = "archived"


BANK_ACCOUNT_LIFECYCLE: Final = Lifecycle[BankAccountState](
    {
        BankAccountState.ACTIVE: {BankAccountState.ARCHIVED},
        BankAccountState.ARCHIVED: {BankAccountState.ACTIVE},
    }
)


class BankAccountChanges(TypedDict, total=False):
    """What of a bank account may be changed; what is absent stays.

    Its kind and its currency stay for good: payments were recorded in them.
    """

    name: str
    iban: str
    bank: str
    agency: str
    account: str
    opening_balance: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount(Aggregate):
    """An account of the company at a bank, or a till with cash in it."""

    id: BankAccountId
    name: str  # unique in the company
    kind: BankAccountKind
    opening_balance: Money  # what lay there before the first payment; below zero: overdrawn
    iban: str = ""
    bank: str = ""  # its code or its name
    agency: str = ""
    account: str = ""  # its number there
    state: BankAccountState = BankAccountState.ACTIVE

    def __post_init__(self) -> None:
        # MySQL takes names that differ in spaces at the end for the same; so does everybody else.
        object.__setattr__(self, "name", self.name.strip())
        object.__setattr__(self, "iban", bare_iban(self.iban))
        require_text(
            self.name,
            "treasury.bank_account.name",
            shortest=1,
            longest=BANK_ACCOUNT_NAME_MAX,
            field="name",
        )
        require_text(self.bank, "treasury.bank_account.bank", longest=BANK_MAX, field="bank")
        require_text(
            self.agency, "treasury.bank_account.agency", longest=AGENCY_MAX, field="agency"
        )
        require_text(
            self.account, "treasury.bank_account.account", longest=ACCOUNT_MAX, field="account"
        )
        self._require_place()

    @property
    def currency(self) -> str:
        """The currency of all that lies there (ISO 4217)."""
        return self.opening_balance.currency

    @property
    def name_key(self) -> str:
        """The name as lists are sorted by it."""
        return name_key(self.name)

    def change(self, changes: BankAccountChanges) -> Self:
        """Return the account with *changes* made.

        Raises:
            InvariantError: what would come of it is no bank account, or is in another currency.
        """
        changed = replace(self, **changes)
        ensure(
            changed.currency == self.currency,
            "treasury.bank_account.currency",
            f"the account is in {self.currency}: add another one for {changed.currency}",
            field="opening_balance",
            currency=self.currency,
        )
        return changed

    def archive(self) -> Self:
        """Use the account no more; its history stays.

        Raises:
            TransitionError: it is archived already.
        """
        state = BANK_ACCOUNT_LIFECYCLE.step(self.state, BankAccountState.ARCHIVED)
        return replace(self, state=state)

    def restore(self) -> Self:
        """Use it again.

        Raises:
            TransitionError: it is not archived.
        """
        state = BANK_ACCOUNT_LIFECYCLE.step(self.state, BankAccountState.ACTIVE)
        return replace(self, state=state)

    def require_takes(self, amount: Money) -> None:
        """Raise InvariantError where *amount* cannot come to it or go from it."""
        if self.state is not BankAccountState.ACTIVE:
            raise InvariantError(
                f"{self.name} is archived: restore it, or choose another",
                code="treasury.bank_account.archived",
                field="bank_account_id",
                name=self.name,
            )
        ensure(
            amount.currency == self.currency,
            "treasury.bank_account.other_currency",
            f"{self.name} is in {self.currency}: choose an account in {amount.currency}",
            field="bank_account_id",
            currency=self.currency,
        )

    def _require_place(self) -> None:
        require_currency(self.currency)
        ensure(
            self.kind is BankAccountKind.BANK
            or not (self.iban or self.bank or self.agency or self.account),
            "treasury.bank_account.cash",
            "cash lies in no bank: leave IBAN, bank, agency and account out",
            field="kind",
        )
        ensure(
            not self.iban or is_iban(self.iban),
            "treasury.bank_account.iban",
            "this is no IBAN, or a digit is wrong: compare it with the paper",
            field="iban",
        )
        ensure(
            not self.agency or bool(self.account),
            "treasury.bank_account.incomplete",
            "an agency alone is no account: give the account's number too",
            field="account",
        )


BANK_ACCOUNT_SORTS: Final[Mapping[str, SortKey[BankAccount]]] = {
    "name": SortKey(of=lambda account: account.name_key),
}
