"""``erp init``: all that the first start makes, without serving."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from erp_app.commands import as_json, print_json, say, with_settings
from erp_app.settings import Settings

if TYPE_CHECKING:
    from erp_app.bootstrap import Made


@click.command(epilog="Example:  ERP_COMPANY_NAME='Loja da Ana' erp init")
@as_json
@with_settings
def init(settings: Settings, *, as_json: bool) -> None:
    """Make the database's schema, the company and its administrator, where they are missing.

    The administrator's password is ERP_ADMIN_PASSWORD, or else one that is printed once. What is
    there already stays as it is, so it may be run again.
    """
    made = prepared(settings)
    if as_json:
        print_json(
            {
                "migrations": list(made.migrations),
                "company": made.company or None,
                "login": made.login or None,
                "password": made.password or None,
            }
        )
    else:
        tell(settings, made)


def prepared(settings: Settings) -> Made:
    """Make what is missing, and close the database again."""
    from erp_app.bootstrap import prepare
    from erp_app.composition import core
    from erp_app.secret import secret_key

    secret_key(settings)
    with core(settings) as house:
        return prepare(settings, house.engine, house.erp)


def tell(settings: Settings, made: Made) -> None:
    """Say what was made; a password that we chose is said here and never again."""
    if made.migrations:
        say(f"migrated {settings.shown_database_url} to {made.migrations[-1]}")
    if made.company:
        say(f"made the company {made.company!r} with its administrator {made.login!r}")
    if made.password:
        say(f"ADMINISTRATOR'S PASSWORD, shown this once:  {made.password}")
    if not made.migrations and not made.company:
        say(f"{settings.shown_database_url} is ready; nothing was missing")
