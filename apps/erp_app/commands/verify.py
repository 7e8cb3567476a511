"""``erp verify``: the proof that what can be derived is what it is derived from."""

from __future__ import annotations

from uuid import UUID

import click

from erp_app.commands import as_json, company_option, print_json, progress, with_settings
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
    """Prove that the books agree with themselves; name all that does not, change nothing.

    Stock on hand is the sum of its movements, reserved stock that of its reservations, and
    nothing is below zero that may not be. What is settled of an invoice is what settles it, what
    is allocated of a payment is what it settles. No number is missing or borne twice. Papers that
    were kept are there, unchanged. The audit trail is as it was sealed.

    The exit code is 1 if anything differs.
    """
    from erp_app.verification import differences, shown

    with progress(quiet=as_json) as tell:
        found = list(differences(settings, company, tell))
    if as_json:
        print_json({"consistent": not found, "differences": found})
    elif not found:
        click.echo(
            "consistent: stock, invoices, payments, numbers, files and the trail are proved"
        )
    for each in () if as_json else found:
        click.echo(shown(each))
    if found:
        click_context.exit(EXIT_FAILED)
