"""``erp import``: what another program knows already."""

from __future__ import annotations

import sys
from typing import BinaryIO
from uuid import UUID

import click

from erp_app.commands import as_json, company_option, print_json, say, with_settings
from erp_app.errors import EXIT_FAILED
from erp_app.settings import Settings

_BATCH_MAX = 10_000


@click.group("import")
def import_() -> None:
    """Take in a file of many things at once."""


@import_.command(epilog="Example:  erp import products products.csv --label 'from the old shop'")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--batch",
    type=click.IntRange(1, _BATCH_MAX),
    default=_BATCH_MAX,
    show_default=True,
    help="Rows that are stored at once, or not at all.",
)
@click.option("--label", default="", help="What the movements of the opening stock say.")
@company_option
@as_json
@click.pass_context
@with_settings
def products(  # noqa: PLR0913  # one for each option
    settings: Settings,
    click_context: click.Context,
    file: BinaryIO,
    *,
    batch: int,
    label: str,
    company: UUID | None,
    as_json: bool,
) -> None:
    """Enter the products of FILE (CSV, - for standard input) with their opening stock.

    The first line names the columns; sku and name must be there. The file is stored batch by
    batch, each all or nothing: where one row is bad, each bad one is named and none of its batch
    is stored. The other batches are.

    The exit code is 1 if anything was not stored.
    """
    from erp_app.importing import import_products

    shown = sys.stderr.isatty() and not as_json
    tell = (lambda rows: click.echo(f"\r{rows:,} rows", nl=False, err=True)) if shown else None
    done = import_products(settings, file, company=company, batch=batch, label=label, tell=tell)
    if shown:
        click.echo("", err=True)
    if as_json:
        print_json(done.as_json())
    else:
        for each in done.problems:
            click.echo(f"line {each.line}, {each.column or 'row'}: {each.reason} ({each.code})")
        say(f"{done.stored:,} of {done.rows:,} rows are stored, in {done.seconds:.1f} s")
    if done.stored < done.rows:
        click_context.exit(EXIT_FAILED)
