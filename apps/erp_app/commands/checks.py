"""``erp config``, ``erp doctor`` and ``erp health``: what is set, and whether it works."""

from __future__ import annotations

import os
from typing import Final

import click

from erp_app.commands import as_json, print_json, with_settings
from erp_app.errors import EXIT_FAILED, ProgramError
from erp_app.settings import Settings

_HEALTH_SECONDS: Final = 2.0
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # asked, not listened on


@click.command(epilog="Example:  ERP_PORT=9000 erp config --json")
@as_json
@with_settings
def config(settings: Settings, *, as_json: bool) -> None:
    """Print the settings in force, with secrets masked."""
    shown = {row.name: row.shown(value) for row, value in settings.rows()}
    if as_json:
        whole = {row.name: value for row, value in settings.rows() if isinstance(value, int)}
        print_json(shown | whole)
        return
    width = max(map(len, shown))
    for name, value in shown.items():
        click.echo(f"{name:<{width}}  {value}".rstrip())


@click.command(epilog="Example:  erp doctor --json")
@as_json
@click.pass_context
def doctor(click_context: click.Context, *, as_json: bool) -> None:
    """Check settings, database, migrations, disk and clock, and say what to do.

    Nothing is changed. The exit code is 1 if any check fails.
    """
    from erp_app.doctor import examine

    checks = examine(os.environ)
    if as_json:
        print_json(
            [
                {"name": each.name, "ok": each.ok, "found": each.found, "advice": each.advice}
                for each in checks
            ]
        )
    else:
        for each in checks:
            click.echo(f"{'ok  ' if each.ok else 'FAIL'}  {each.name:<10}  {each.found}")
            if each.advice:
                click.echo(f"      {'':<10}  -> {each.advice}")
    if not all(each.ok for each in checks):
        click_context.exit(EXIT_FAILED)


@click.command(epilog="Example:  erp health --ready")
@click.option("--ready", is_flag=True, help="Ask whether it may be sent requests as well.")
@with_settings
def health(settings: Settings, *, ready: bool) -> None:
    """Ask the server that runs here with the same settings whether it lives.

    It has two seconds. The exit code is 1 if it does not answer, or not well.
    """
    from http.client import HTTPConnection, HTTPException

    host = _EVERYWHERE.get(settings.host, settings.host)
    path = "/ready" if ready else "/health"
    line = HTTPConnection(host, settings.port, timeout=_HEALTH_SECONDS)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        said = answer.read().decode(errors="replace")
    except (OSError, HTTPException) as error:
        raise ProgramError(
            f"{host}:{settings.port} does not answer: {error}; is `erp serve` running?"
        ) from error
    finally:
        line.close()
    click.echo(said)
    if answer.status != 200:  # noqa: PLR2004  # HTTP's own number
        raise ProgramError(f"{path} answers {answer.status}")
