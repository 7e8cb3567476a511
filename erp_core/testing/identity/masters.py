"""What every keeper of companies, users, roles and API keys must do."""

from __future__ import annotations

from dataclasses import replace

from erp_core.identity.entities import ApiKey, ApiKeyId, Company, Role, User, UserId, UserState
from erp_core.identity.ports import ApiKeyQuery, IdentityUnitOfWork, RoleQuery, UserQuery
from erp_core.kernel.context import NO_COMPANY
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing import ACME, NOON, RIVAL, at_once, context, expect
from erp_core.testing.identity.builders import a_company, a_key, a_role, a_user


class IdentityContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[IdentityUnitOfWork]


class CompanyRepositoryContract(IdentityContract):
    def stored(self, company: Company) -> Company:
        ctx = context(company=company.id)
        with self.unit_of_work(ctx) as uow:
            return uow.companies.add(ctx, company)

    def found(self) -> Company:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.companies.get(context())

    def test_every_field_survives_the_round_trip(self) -> None:
        company = self.stored(a_company())
        assert self.found() == company
        assert company.version == 1

    def test_a_change_survives_the_round_trip_and_is_noted(self) -> None:
        company = self.stored(a_company())
        with self.unit_of_work(context()) as uow:
            seen = uow.companies.get(context())
            saved = uow.companies.save(
                context(), seen.change({"name": "B", "tax_ids": ()}, {"cash_step": None})
            )
            (change,) = uow.journal.take()
        assert self.found() == saved
        assert (saved.version, saved.settings.cash_step) == (2, None)
        assert (change.kind, change.id) == ("identity.company", str(company.id))
        assert change.before["name"] == company.name

    def test_a_company_is_entered_once_and_by_itself(self) -> None:
        self.stored(a_company())
        with expect(AlreadyExistsError):
            self.stored(a_company())
        with expect(NotFoundError), self.unit_of_work(context()) as uow:
            uow.companies.add(context(), a_company(RIVAL))

    def test_another_company_does_not_exist(self) -> None:
        company, rival = self.stored(a_company()), context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            with expect(NotFoundError):
                uow.companies.get(rival)
            with expect(NotFoundError):
                uow.companies.save(rival, company)
        self.stored(a_company(RIVAL))
        with expect(NotFoundError), self.unit_of_work(rival) as uow:
            uow.companies.save(rival, company)

    def test_an_old_version_is_stale(self) -> None:
        company = self.stored(a_company())
        with self.unit_of_work(context()) as uow:
            uow.companies.save(context(), company.change({"name": "B"}, {}))
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.companies.save(context(), company.change({"name": "C"}, {}))
        assert self.found().name == "B"

    def test_the_house_knows_all_companies(self) -> None:
        self.stored(a_company(RIVAL))
        self.stored(a_company())
        house = context(company=NO_COMPANY)
        with self.unit_of_work(house, read_only=True) as uow:
            assert uow.companies.ids(house, 10) == (ACME, RIVAL)
            assert uow.companies.ids(house, 1) == (ACME,)


class UserContract(IdentityContract):
    def stored(self, user: User) -> User:
        with self.unit_of_work(context()) as uow:
            return uow.users.add(context(), user)

    def found(self, user_id: UserId) -> User:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.users.get(context(), user_id)

    def listed(self, query: UserQuery) -> list[str]:
        with self.unit_of_work(context(), read_only=True) as uow:
            return [each.login for each in uow.users.page(context(), query).items]


class UserRepositoryContract(UserContract):
    def test_every_field_survives_the_round_trip(self) -> None:
        user = self.stored(a_user())
        assert self.found(user.id) == user
        assert user.version == 1

    def test_a_change_survives_the_round_trip(self) -> None:
        user = self.stored(a_user())
        with self.unit_of_work(context()) as uow:
            seen = uow.users.get(context(), user.id)
            saved = uow.users.save(context(), seen.enable().change({"roles": (), "email": ""}))
        assert self.found(user.id) == saved
        assert (saved.version, saved.state, saved.roles) == (2, UserState.ACTIVE, ())

    def test_the_journal_never_holds_a_hash(self) -> None:
        user = self.stored(a_user())
        with self.unit_of_work(context()) as uow:
            seen = uow.users.get(context(), user.id)
            uow.users.save(context(), seen.with_password("another").change({"name": "B"}))
            (change,) = uow.journal.take()
        assert change.before == {"name": user.name, "auth_epoch": "7"}
        assert change.after == {"name": "B", "auth_epoch": "8"}

    def test_a_login_is_taken_in_all_companies(self) -> None:
        user, rival = self.stored(a_user()), context(company=RIVAL)
        with expect(AlreadyExistsError) as refusal:
            self.stored(replace(a_user(), login=user.login))
        assert refusal[0].field == "login"
        with expect(AlreadyExistsError), self.unit_of_work(rival) as uow:
            uow.users.add(rival, replace(a_user(), login=user.login))
        with expect(AlreadyExistsError) as refusal:
            self.stored(replace(a_user(), id=user.id))
        assert refusal[0].field == "id"

    def test_a_login_finds_its_user_wherever_he_is(self) -> None:
        user, house = self.stored(a_user()), context(company=NO_COMPANY)
        with self.unit_of_work(house, read_only=True) as uow:
            assert uow.users.find_by_login(house, user.login) == (ACME, user)
            assert uow.users.find_by_login(house, "nobody") is None
            assert uow.users.find_by_login(house, user.login.upper()) is None

    def test_who_was_found_by_login_may_be_saved(self) -> None:
        user = self.stored(a_user())
        with self.unit_of_work(context()) as uow:
            found = uow.users.find_by_login(context(), user.login)
            assert found is not None
            saved = uow.users.save(context(), found[1].rehashed("better"))
        assert self.found(user.id) == saved

    def test_another_companys_user_does_not_exist(self) -> None:
        user, rival = self.stored(a_user()), context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            with expect(NotFoundError):
                uow.users.get(rival, user.id)
            with expect(NotFoundError):
                uow.users.save(rival, user)
            assert uow.users.page(rival, UserQuery(page=PageRequest())).items == ()

    def test_an_unknown_user_is_not_found(self) -> None:
        with self.unit_of_work(context()) as uow:
            with expect(NotFoundError):
                uow.users.get(context(), UserId(new_id()))
            with expect(NotFoundError):
                uow.users.save(context(), a_user())

    def test_of_many_writers_who_saw_the_same_version_one_wins(self) -> None:
        seen = self.stored(a_user())

        def enables() -> bool:
            try:
                with self.unit_of_work(context()) as uow:
                    uow.users.save(context(), seen.enable())
            except StaleVersionError:
                return False
            return True

        assert sum(at_once(*[enables] * 6)) == 1

    def test_of_many_who_choose_the_same_login_one_gets_it(self) -> None:
        def enters() -> bool:
            try:
                self.stored(replace(a_user(), login="ana"))
            except AlreadyExistsError:
                return False
            return True

        assert sum(at_once(*[enters] * 6)) == 1

    def test_a_list_is_sorted_and_filtered(self) -> None:
        for login, name in (("ana", "c"), ("anabel", "a"), ("bo", "b")):
            self.stored(replace(a_user(), login=login, name=name))
        active = self.stored(replace(a_user(), login="zoe", name="z").enable())
        everybody = PageRequest(sort="name")
        assert self.listed(UserQuery(page=everybody)) == ["anabel", "bo", "ana", "zoe"]
        assert self.listed(UserQuery(page=PageRequest(sort="login"), login="ana")) == [
            "ana",
            "anabel",
        ]
        assert self.listed(UserQuery(page=everybody, states=(UserState.ACTIVE,))) == [active.login]
        with expect(MalformedError):
            self.listed(UserQuery(page=PageRequest(sort="password_hash")))


class ConcurrentUserContract(UserContract):
    """For stores that admit several writers: the version is checked as the row is written."""

    def test_the_slower_of_two_writers_is_told(self) -> None:
        user = self.stored(a_user())
        with expect(StaleVersionError), self.unit_of_work(context()) as slow:
            seen = slow.users.get(context(), user.id)
            with self.unit_of_work(context()) as fast:
                fast.users.save(context(), fast.users.get(context(), user.id).enable())
            slow.users.save(context(), seen.change({"name": "B"}))
        assert self.found(user.id).name == user.name


class RoleRepositoryContract(IdentityContract):
    def stored(self, role: Role) -> Role:
        with self.unit_of_work(context()) as uow:
            return uow.roles.add(context(), role)

    def named(self, *names: str) -> tuple[Role, ...]:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.roles.named(context(), names)

    def test_every_field_survives_the_round_trip(self) -> None:
        role = self.stored(a_role())
        assert self.named(role.name) == (role,)
        assert role.version == 1

    def test_a_change_survives_the_round_trip_and_is_noted(self) -> None:
        role = self.stored(replace(a_role(), built_in=False))
        with self.unit_of_work(context()) as uow:
            seen = uow.roles.get(context(), role.id)
            saved = uow.roles.save(context(), seen.redefine(()))
            (change,) = uow.journal.take()
        assert self.named(role.name) == (saved,)
        assert (saved.version, saved.grants) == (2, ())
        assert (change.kind, change.after) == ("identity.role", {"grants": ""})
        assert change.before == {"grants": "*.*.read; sales.order.*"}

    def test_roles_are_found_by_name_in_order_and_unknown_ones_left_out(self) -> None:
        second = self.stored(replace(a_role(), name="b"))
        first = self.stored(replace(a_role(), name="a"))
        assert self.named("b", "nothing", "a", "b") == (first, second)
        assert self.named() == ()

    def test_an_identity_and_a_name_are_taken_once(self) -> None:
        role = self.stored(a_role())
        for twin, field in (
            (replace(a_role(), id=role.id), "id"),
            (replace(a_role(), name=role.name), "name"),
        ):
            with expect(AlreadyExistsError) as refusal:
                self.stored(twin)
            assert refusal[0].field == field

    def test_another_companys_role_does_not_exist(self) -> None:
        role, rival = self.stored(replace(a_role(), built_in=False)), context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            assert uow.roles.named(rival, [role.name]) == ()
            with expect(NotFoundError):
                uow.roles.get(rival, role.id)
            assert uow.roles.page(rival, RoleQuery(page=PageRequest())).items == ()
            with expect(NotFoundError):
                uow.roles.save(rival, role.redefine(()))
            assert uow.roles.add(rival, replace(role, version=0)).name == role.name

    def test_an_old_version_is_stale(self) -> None:
        role = self.stored(replace(a_role(), built_in=False))
        with self.unit_of_work(context()) as uow:
            uow.roles.save(context(), role.redefine(()))
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.roles.save(context(), role.redefine(("sales.*",)))

    def test_a_list_is_in_order(self) -> None:
        names = [self.stored(replace(a_role(), name=name)).name for name in ("b", "a")]
        with self.unit_of_work(context(), read_only=True) as uow:
            by_id = uow.roles.page(context(), RoleQuery(page=PageRequest())).items
            by_name = uow.roles.page(context(), RoleQuery(page=PageRequest(sort="name"))).items
        assert [each.name for each in by_id] == names
        assert [each.name for each in by_name] == sorted(names)


class ApiKeyRepositoryContract(IdentityContract):
    def stored(self, key: ApiKey) -> ApiKey:
        with self.unit_of_work(context()) as uow:
            return uow.api_keys.add(context(), key)

    def found(self, key_id: ApiKeyId) -> ApiKey:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.api_keys.get(context(), key_id)

    def test_every_field_survives_the_round_trip(self) -> None:
        key = self.stored(a_key())
        assert self.found(key.id) == key
        bare = self.stored(replace(a_key(), expires_at=None, revoked_at=None))
        assert self.found(bare.id) == bare

    def test_a_change_survives_the_round_trip_and_shows_no_secret(self) -> None:
        key = self.stored(replace(a_key(), revoked_at=None))
        with self.unit_of_work(context()) as uow:
            saved = uow.api_keys.save(context(), uow.api_keys.get(context(), key.id).revoke(NOON))
            (change,) = uow.journal.take()
        assert self.found(key.id) == saved
        assert (change.kind, list(change.after)) == ("identity.api_key", ["revoked_at"])
        with self.unit_of_work(context()) as uow:
            added = uow.api_keys.add(context(), a_key())
            (change,) = uow.journal.take()
        assert added.secret_hash not in change.after.values()

    def test_a_prefix_is_taken_in_all_companies_and_finds_its_key(self) -> None:
        key, rival = self.stored(a_key()), context(company=RIVAL)
        with expect(AlreadyExistsError), self.unit_of_work(rival) as uow:
            uow.api_keys.add(rival, replace(a_key(), prefix=key.prefix))
        with expect(AlreadyExistsError):
            self.stored(replace(a_key(), id=key.id))
        with self.unit_of_work(rival, read_only=True) as uow:
            assert uow.api_keys.find_by_prefix(rival, key.prefix) == (ACME, key)
            assert uow.api_keys.find_by_prefix(rival, "0" * 12) is None

    def test_another_companys_key_does_not_exist(self) -> None:
        key, rival = self.stored(a_key()), context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            with expect(NotFoundError):
                uow.api_keys.get(rival, key.id)
            with expect(NotFoundError):
                uow.api_keys.save(rival, key)
            assert uow.api_keys.page(rival, ApiKeyQuery(page=PageRequest())).items == ()

    def test_an_old_version_is_stale(self) -> None:
        key = self.stored(replace(a_key(), revoked_at=None))
        with self.unit_of_work(context()) as uow:
            uow.api_keys.save(context(), key.revoke(NOON))
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.api_keys.save(context(), key.revoke(NOON))

    def test_a_list_is_in_order(self) -> None:
        names = [self.stored(replace(a_key(), name=name)).name for name in ("b", "a")]
        with self.unit_of_work(context(), read_only=True) as uow:
            query = ApiKeyQuery(page=PageRequest(sort="name"))
            by_name = uow.api_keys.page(context(), query).items
        assert [each.name for each in by_name] == sorted(names)
