"""What every keeper of bank accounts must do."""

from __future__ import annotations

from dataclasses import replace

from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing import RIVAL, context, expect
from erp_core.testing.treasury.builders import a_bank_account
from erp_core.treasury.entities import (
    BankAccount,
    BankAccountId,
    BankAccountKind,
    BankAccountState,
)
from erp_core.treasury.ports import BankAccountQuery, TreasuryUnitOfWork


class BankAccountContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[TreasuryUnitOfWork]

    def stored(self, account: BankAccount) -> BankAccount:
        with self.unit_of_work(context()) as uow:
            return uow.bank_accounts.add(context(), account)

    def found(self, account_id: BankAccountId) -> BankAccount:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.bank_accounts.get(context(), account_id)

    def listed(self, query: BankAccountQuery) -> list[str]:
        names: list[str] = []
        while True:
            with self.unit_of_work(context(), read_only=True) as uow:
                page = uow.bank_accounts.page(context(), query)
            names += [each.name for each in page.items]
            if page.next is None:
                return names
            query = replace(query, page=replace(query.page, after=page.next))


class BankAccountRepositoryContract(BankAccountContract):
    """One writer at a time."""

    def test_every_field_survives_the_round_trip(self) -> None:
        account = self.stored(a_bank_account())
        assert self.found(account.id) == account
        assert (account.version, account.iban) == (1, "DE89370400440532013000")

    def test_a_change_survives_the_round_trip_and_is_noted(self) -> None:
        account = self.stored(a_bank_account())
        with self.unit_of_work(context()) as uow:
            seen = uow.bank_accounts.get(context(), account.id)
            saved = uow.bank_accounts.save(context(), seen.restore().change({"name": "Conta"}))
            (change,) = uow.journal.take()
        assert self.found(account.id) == saved
        assert (saved.version, saved.state) == (2, BankAccountState.ACTIVE)
        assert (change.kind, change.id) == ("treasury.bank_account", str(account.id))
        assert set(change.after) == {"name", "state"}

    def test_an_identity_and_a_name_are_taken_once(self) -> None:
        account, other = self.stored(a_bank_account()), self.stored(a_bank_account())
        for twin, field in (
            (a_bank_account(id=account.id), "id"),
            (a_bank_account(name=account.name), "name"),
        ):
            with expect(AlreadyExistsError) as refusal:
                self.stored(twin)
            assert refusal[0].field == field
        with expect(AlreadyExistsError), self.unit_of_work(context()) as uow:
            uow.bank_accounts.save(context(), other.change({"name": account.name}))

    def test_an_unknown_account_is_not_found_nor_another_companys(self) -> None:
        account, rival = self.stored(a_bank_account()), context(company=RIVAL)
        with self.unit_of_work(context()) as uow:
            with expect(NotFoundError):
                uow.bank_accounts.get(context(), BankAccountId(new_id()))
            with expect(NotFoundError):
                uow.bank_accounts.save(context(), a_bank_account())
        with self.unit_of_work(rival) as uow:
            with expect(NotFoundError):
                uow.bank_accounts.get(rival, account.id)
            with expect(NotFoundError):
                uow.bank_accounts.save(rival, account)
            query = BankAccountQuery(page=PageRequest())
            assert uow.bank_accounts.page(rival, query).items == ()
            assert uow.bank_accounts.add(rival, replace(account, version=0)).name == account.name

    def test_an_old_version_is_refused(self) -> None:
        account = self.stored(a_bank_account())
        with self.unit_of_work(context()) as uow:
            uow.bank_accounts.save(context(), account.restore())
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.bank_accounts.save(context(), account.change({"name": "B"}))

    def test_pages_follow_one_another_and_are_filtered(self) -> None:
        for name in ("c", "Á", "B"):
            self.stored(a_bank_account(name=name, state=BankAccountState.ACTIVE))
        cash = a_bank_account(kind=BankAccountKind.CASH, iban="", bank="", agency="", account="")
        self.stored(replace(cash, name="till"))
        up = self.listed(BankAccountQuery(page=PageRequest(limit=2, sort="name")))
        assert up == ["Á", "B", "c", "till"]
        down = PageRequest(limit=2, sort="name", descending=True)
        assert self.listed(BankAccountQuery(page=down)) == up[::-1]
        assert len(self.listed(BankAccountQuery(page=PageRequest(limit=2)))) == 4
        of_kind = BankAccountQuery(page=PageRequest(), kinds=(BankAccountKind.CASH,))
        assert self.listed(of_kind) == ["till"]
        archived = BankAccountQuery(page=PageRequest(), states=(BankAccountState.ARCHIVED,))
        assert self.listed(archived) == ["till"]
        with self.unit_of_work(context(), read_only=True) as uow, expect(MalformedError):
            uow.bank_accounts.page(context(), BankAccountQuery(page=PageRequest(sort="colour")))


class ConcurrentBankAccountContract(BankAccountContract):
    """For stores that admit several writers: the version is checked as the row is written."""

    def test_the_slower_of_two_writers_is_told(self) -> None:
        account = self.stored(a_bank_account())
        with expect(StaleVersionError), self.unit_of_work(context()) as slow:
            seen = slow.bank_accounts.get(context(), account.id)
            with self.unit_of_work(context()) as fast:
                found = fast.bank_accounts.get(context(), account.id)
                fast.bank_accounts.save(context(), found.change({"name": "B"}))
            slow.bank_accounts.save(context(), seen.restore())
        assert self.found(account.id).name == "B"
