"""``erp verify``: the proof that stock is the sum of its movements."""

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
    """Prove that all stock is the sum of its movements; name what differs, change nothing.

    The exit code is 1 if anything differs.
    """
    from erp_app.verification import differences

    found = differences(settings, company)
    if as_json:
        print_json({"consistent": not found, "differences": found})
    elif not found:
        click.echo("consistent: every stock row is the sum of its movements")
    for each in () if as_json else found:
        click.echo(
            f"company {each['company_id']} product {each['product_id']} warehouse"
            f" {each['warehouse_id']} lot {each['lot'] or '-'}: on hand {each['on_hand']},"
            f" movements {each['moved']}"
        )
    if found:
        click_context.exit(EXIT_FAILED)
