"""``erp user``: who may sign in."""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import click

from erp_app.commands import (
    PASSWORD_BYTES,
    as_json,
    company_option,
    print_json,
    say,
    with_settings,
)
from erp_app.settings import Settings

if TYPE_CHECKING:
    from erp_core.identity.entities import User

_LINE_CHARACTERS_MAX: Final = 1000

_password = click.option(
    "--password-stdin",
    "from_stdin",
    is_flag=True,
    help="Read the password from standard input; else one is made and printed once.",
)


@click.group()
def user() -> None:
    """Add users, list them, keep them out, or give them a new password."""


@user.command(epilog="Example:  erp user add ana --name 'Ana Lima' --role sales --role finance")
@click.argument("login")
@click.option("--name", default="", help="The person's name; the login where it is left out.")
@click.option("--role", "roles", multiple=True, help="May be given several times.")
@click.option("--email", default="", help="The person's address.")
@_password
@company_option
@as_json
@with_settings
def add(  # noqa: PLR0913  # one for each option
    settings: Settings,
    login: str,
    *,
    name: str,
    roles: tuple[str, ...],
    email: str,
    from_stdin: bool,
    company: UUID | None,
    as_json: bool,
) -> None:
    """Add the user LOGIN, who may sign in from now on.

    Built-in roles: administrator, sales, purchasing, warehouse, finance, auditor.
    """
    from erp_app.users import staff

    chosen = _chosen(from_stdin=from_stdin)
    with staff(settings, company) as users:
        made = users.add(login, chosen, name=name, email=email, roles=roles)
    _tell(made, "" if from_stdin else chosen, as_json=as_json)


@user.command("list", epilog="Example:  erp user list --json")
@company_option
@as_json
@with_settings
def show(settings: Settings, *, company: UUID | None, as_json: bool) -> None:
    """List the company's users."""
    from erp_app.users import staff

    with staff(settings, company) as users:
        found = [_shown(each) for each in users.all()]
    if as_json:
        print_json(found)
        return
    for each in found:
        roles = ", ".join(each["roles"]) or "no role"
        click.echo(f"{each['login']:<24}  {each['state']:<8}  {each['name']} ({roles})")


@user.command(epilog="Example:  erp user disable ana")
@click.argument("login")
@company_option
@with_settings
def disable(settings: Settings, login: str, *, company: UUID | None) -> None:
    """Keep LOGIN out, and end the sessions there are."""
    from erp_app.users import staff

    with staff(settings, company) as users:
        users.disable(login)
    say(f"{login} is disabled")


@user.command(epilog="Example:  erp user enable ana")
@click.argument("login")
@company_option
@with_settings
def enable(settings: Settings, login: str, *, company: UUID | None) -> None:
    """Let LOGIN sign in again."""
    from erp_app.users import staff

    with staff(settings, company) as users:
        users.enable(login)
    say(f"{login} is enabled")


@user.command(epilog="Example:  erp user password ana --password-stdin < password.txt")
@click.argument("login")
@_password
@company_option
@as_json
@with_settings
def password(
    settings: Settings, login: str, *, from_stdin: bool, company: UUID | None, as_json: bool
) -> None:
    """Give LOGIN a new password, and end the sessions there are."""
    from erp_app.users import staff

    chosen = _chosen(from_stdin=from_stdin)
    with staff(settings, company) as users:
        changed = users.set_password(login, chosen)
    _tell(changed, "" if from_stdin else chosen, as_json=as_json)


def _chosen(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline(_LINE_CHARACTERS_MAX).rstrip("\r\n")
    return secrets.token_urlsafe(PASSWORD_BYTES)


def _shown(found: User) -> dict[str, Any]:
    return {
        "id": str(found.id),
        "login": found.login,
        "name": found.name,
        "email": found.email,
        "state": found.state.value,
        "roles": list(found.roles),
    }


def _tell(found: User, password: str, *, as_json: bool) -> None:
    if as_json:
        print_json(_shown(found) | ({"password": password} if password else {}))
        return
    say(f"{found.login} may sign in" if found.active else f"{found.login} is disabled")
    if password:
        say(f"PASSWORD, shown this once:  {password}")
