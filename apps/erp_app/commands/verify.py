"""``erp verify``: the proof that every stock row keeps the rules."""

from __future__ import annotations

from uuid import UUID

import click

from erp_app.commands import as_json, company_option, print_json, with_settings
from erp_app.errors import EXIT_FAILED
from erp_app.settings import Settings


@click.command(epilog="Example:  erp verify --json")
@company_option
@as_json
@click.pass_context
@with_settings
def verify(
    settings: Settings, click_context: click.Context, *, company: UUID | None, as_json: bool
) -> None:
    """Prove that all stock keeps the rules; name every row that does not, change nothing.

    On hand is the sum of the movements, reserved that of the reservations, and nothing is below
    zero that may not be.

    The exit code is 1 if anything differs.
    """
    from erp_app.verification import differences

    found = differences(settings, company)
    if as_json:
        print_json({"consistent": not found, "differences": found})
    elif not found:
        click.echo("consistent: every stock row keeps the rules")
    for each in () if as_json else found:
        click.echo(
            f"company {each['company_id']} product {each['product_id']} warehouse"
            f" {each['warehouse_id']} lot {each['lot'] or '-'}: rule {each['rule']} is broken,"
            f" the row says {each['found']} and ought to say {each['expected']}"
        )
    if found:
        click_context.exit(EXIT_FAILED)
