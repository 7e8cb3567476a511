"""The first start: a schema, a company, its units, and somebody who may sign in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine

from erp_app.commands import PASSWORD_BYTES
from erp_app.database import bring_up_to_date
from erp_app.errands import errand
from erp_app.errors import SettingsError
from erp_app.settings import Settings
from erp_core.catalog.use_cases import EnsureStandardUnitsCommand
from erp_core.erp import Erp
from erp_core.identity.entities import Company, UserId
from erp_core.identity.use_cases import (
    CreateCompanyCommand,
    CreateUserCommand,
    ListCompaniesQuery,
)
from erp_core.kernel.context import CompanyId
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import AlreadyExistsError, InvariantError

# Whose setting a rule of the core is about.
_SETTING_OF: Final = {
    "login": "ERP_ADMIN_LOGIN",
    "password": "ERP_ADMIN_PASSWORD",
    "name": "ERP_COMPANY_NAME",
    "currency": "ERP_CURRENCY",
    "locale": "ERP_LOCALE",
    "time_zone": "ERP_TIMEZONE",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What the first start has made; the second makes nothing."""

    migrations: tuple[str, ...] = ()
    company: str = ""  # its name, if it was made
    login: str = ""
    password: str = ""  # only if we chose it: it is shown once, and kept nowhere


def prepare(settings: Settings, engine: Engine, erp: Erp) -> Made:
    """Make what is missing for somebody to sign in and work.

    Raises:
        MigrationNeededError: a server's database is older than the program.
        SettingsError: the company or its administrator cannot be as they are set.
    """
    migrations = bring_up_to_date(settings, engine)
    companies = erp.identity.list_companies(errand(), ListCompaniesQuery(limit=1))
    if companies:
        return Made(migrations=migrations)
    password = settings.admin_password or secrets.token_urlsafe(PASSWORD_BYTES)
    try:
        command = _first(settings, password)
        made = erp.identity.create_company(errand(), command)
    except InvariantError as error:
        name = _SETTING_OF.get(error.field, "ERP_COMPANY_NAME")
        raise SettingsError(f"{name}: {error}") from error
    except AlreadyExistsError:  # another process started at the same moment, and was first
        return Made(migrations=migrations)
    erp.catalog.ensure_standard_units(errand(made.company.id), EnsureStandardUnitsCommand())
    return Made(
        migrations=migrations,
        company=made.company.name,
        login=made.administrator.login,
        password="" if settings.admin_password else password,
    )


def _first(settings: Settings, password: str) -> CreateCompanyCommand:
    company = Company(
        id=CompanyId(new_id()),
        name=settings.company_name,
        currency=settings.currency,
        locale=settings.locale,
        time_zone=settings.timezone,
    )
    administrator = CreateUserCommand(
        id=UserId(new_id()),
        login=settings.admin_login,
        name=settings.admin_login,
        password=password,
        locale=settings.locale,
    )
    return CreateCompanyCommand(company=company, administrator=administrator)
