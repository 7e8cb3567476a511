"""``erp config`` and ``erp doctor``: what is set, and whether it works."""

from __future__ import annotations

import os

import click

from erp_app.commands import as_json, print_json, with_settings
from erp_app.errors import EXIT_FAILED
from erp_app.settings import Settings


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
