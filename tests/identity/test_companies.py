"""Companies, and what one may know of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from erp_core.identity.entities import BUILT_IN_ROLES, CompanySettings, Rounding
from erp_core.identity.ports import RoleQuery
from erp_core.identity.use_cases import (
    ApiKeyCommand,
    ChangeCompanyCommand,
    CreateCompanyCommand,
    IssueApiKeyCommand,
    ListCompaniesQuery,
    SetPasswordCommand,
    UserCommand,
)
from erp_core.kernel.context import CompanyId
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    InvariantError,
    PermissionDeniedError,
    PreconditionFailedError,
)
from erp_core.kernel.page import PageRequest
from erp_core.testing import ACME, RIVAL
from erp_core.testing.identity import a_company
from tests.identity.house import KEEPER, PASSWORD, House, a_command


@pytest.fixture
def house() -> House:
    return House()


def test_a_company_begins_with_its_roles_and_an_administrator(house: House) -> None:
    roles = house.identity.list_roles(house.admin, RoleQuery(page=PageRequest())).items
    session = house.sign_in("admin")

    assert {each.name: each.grants for each in roles} == {
        name: tuple(sorted(grants)) for name, grants in BUILT_IN_ROLES.items()
    }
    assert all(each.built_in for each in roles)
    assert session.grants >= {"*"}
    assert session.company == house.company() == replace(a_company(), version=1)
    assert house.trail()[0].action == "identity.company.create"
    assert len(house.trail()[0].changes) == 1 + len(BUILT_IN_ROLES) + 1


def test_a_company_is_created_by_the_house_alone(house: House) -> None:
    command = CreateCompanyCommand(company=a_company(ACME), administrator=a_command())
    with pytest.raises(PermissionDeniedError) as refusal:
        house.identity.create_company(house.admin, command)
    assert refusal.value.code == "identity.house_only"
    with pytest.raises(PermissionDeniedError):
        house.identity.list_companies(house.admin, ListCompaniesQuery())
    assert house.identity.list_companies(KEEPER, ListCompaniesQuery()) == (ACME, RIVAL)
    assert house.identity.list_companies(KEEPER, ListCompaniesQuery(limit=1)) == (ACME,)


def test_what_cannot_be_created_whole_is_not_created(house: House) -> None:
    company_id = CompanyId(new_id())
    for changes, error in (
        ({"login": "admin"}, AlreadyExistsError),
        ({"password": "short"}, InvariantError),
    ):
        command = CreateCompanyCommand(
            company=a_company(company_id), administrator=a_command(**changes)
        )
        with pytest.raises(error):
            house.identity.create_company(KEEPER, command)
    assert company_id not in house.identity.list_companies(KEEPER, ListCompaniesQuery())


def test_a_company_changes_its_particulars_and_its_settings(house: House) -> None:
    command = ChangeCompanyCommand(
        version=1,
        changes={"name": "Chá", "fiscal_month": 1, "tax_ids": ()},
        settings={"cash_step": None},
    )
    changed = house.identity.change_company(house.admin, command)

    assert (changed.version, changed.name, changed.tax_ids) == (2, "Chá", ())
    assert changed.settings == replace(a_company().settings, cash_step=None)
    assert changed.settings.rounding is Rounding.PER_DOCUMENT
    with pytest.raises(PreconditionFailedError):
        house.identity.change_company(house.admin, command)
    assert house.identity.get_company(house.rival, None).name == a_company().name


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"trade_name": "x" * 201}, "trade_name"),
        ({"address": "x" * 501}, "address"),
        ({"tax_ids": ("1", "1")}, "tax_ids"),
        ({"tax_ids": tuple(str(each) for each in range(17))}, "tax_ids"),
        ({"tax_ids": ("1", "")}, "tax_ids/1"),
        ({"currency": "brl"}, "currency"),
        ({"locale": "Portuguese"}, "locale"),
        ({"time_zone": "Porto Alegre"}, "time_zone"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "America"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"fiscal_month": 0}, "fiscal_month"),
        ({"fiscal_month": 13}, "fiscal_month"),
    ],
)
def test_what_is_no_company_is_refused_by_field(changes: dict, field: str) -> None:
    with pytest.raises(InvariantError) as refusal:
        replace(a_company(), **changes)
    assert refusal.value.field == field


@pytest.mark.parametrize("step", ["0", "-0.05", "0.0000001", "NaN"])
def test_a_cash_step_is_more_than_zero(step: str) -> None:
    with pytest.raises(InvariantError):
        CompanySettings(cash_step=Decimal(step))


def test_a_cash_step_is_canonical() -> None:
    assert str(CompanySettings(cash_step=Decimal("0.0500")).cash_step) == "0.05"


def test_a_business_date_is_that_of_the_companys_own_clock() -> None:
    midnight = datetime(2024, 3, 1, 1, 30, tzinfo=UTC)
    assert a_company().day(midnight) == date(2024, 2, 29)
    assert replace(a_company(), time_zone="Asia/Tokyo").day(midnight) == date(2024, 3, 1)


@pytest.mark.parametrize("zone", ["UTC", "America/Sao_Paulo", "Asia/Tokyo"])
def test_a_business_date_ends_where_the_next_begins(zone: str) -> None:
    company = replace(a_company(), time_zone=zone)
    # On the 4th of November 2018 Sao Paulo had no midnight.
    for day in (date(2024, 2, 29), date(2018, 11, 3), date(2024, 3, 31)):
        end = company.end_of(day)
        assert company.day(end - timedelta(microseconds=1)) == day
        assert company.day(end) == day + timedelta(days=1)


def test_everybody_knows_who_he_is_and_what_he_may(house: House) -> None:
    me = house.identity.get_me(house.of(house.enter(), "identity.me.read"), None)
    assert (me.user.login, me.company.id, me.grants) == ("ana", ACME, {"identity.me.read"})


def test_no_secret_ever_stands_in_the_trail(house: House) -> None:
    ana = house.enter("ana", "sales")
    session = house.sign_in()
    following = house.refresh(session.refresh_token)
    issued = house.identity.issue_api_key(
        house.admin, IssueApiKeyCommand(id=new_id(), name="shop", grants=("sales.*",))
    )
    house.identity.revoke_api_key(house.admin, ApiKeyCommand(id=issued.key.id))
    house.identity.set_password(
        house.admin, SetPasswordCommand(id=ana.id, password="black tea, three leaves")
    )
    last = house.identity.get_user(house.admin, UserCommand(id=ana.id))
    said = repr([house.trail(), house.trail(CompanyId(KEEPER.company_id))])

    for secret in (
        PASSWORD,
        "black tea",
        ana.password_hash,
        last.password_hash,
        session.refresh_token,
        following.refresh_token,
        issued.plain.secret,
        issued.key.secret_hash,
    ):
        assert secret not in said
        assert secret not in repr((session, issued, last))
