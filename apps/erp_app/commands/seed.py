"""``erp seed``: a company to look at."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

import click

from erp_app.commands import as_json, company_option, print_json, progress, say, with_settings
from erp_app.demo.plan import MOVEMENTS_MAX, MOVEMENTS_MIN, SIZES
from erp_app.settings import Settings


class Movements(click.ParamType[int]):
    """The name of a size, or a number of movements."""

    name = "size"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        text = str(value).replace("_", "").replace(",", "")
        number = SIZES.get(text) or (int(text) if text.isascii() and text.isdigit() else 0)
        if not MOVEMENTS_MIN <= number <= MOVEMENTS_MAX:
            self.fail(
                f"{value!r} is no size: say {', '.join(SIZES)}, or how many movements, from"
                f" {MOVEMENTS_MIN:,} to {MOVEMENTS_MAX:,}",
                param,
                ctx,
            )
        return number


@click.group()
def seed() -> None:
    """Fill an empty installation with something to look at."""


@seed.command(epilog="Example:  ERP_DATABASE_URL=sqlite:///demo.db erp seed demo --size medium")
@click.option(
    "--size",
    "movements",
    type=Movements(),
    default="small",
    show_default=True,
    help="small, medium, large, or how many times goods move, up to a million.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same makes the same.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day of the year; today if not."
)
@company_option
@as_json
@with_settings
def demo(  # noqa: PLR0913  # one for each option
    settings: Settings,
    *,
    movements: int,
    seed: int,
    until: datetime | None,
    company: UUID | None,
    as_json: bool,
) -> None:
    """Make a believable company: customers, products, and a year of trade that ends today.

    Quotes, orders, shipments, invoices, credit notes, payments, some of them late, counts and
    lots, all made through the rules that everybody's are. What documents do not move goes over
    the counter of the shop. A company that has parties, products or warehouses is refused.
    """
    from erp_app.demo.seeding import Asked, seed_demo

    last: date | None = None if until is None else until.date()
    asked = Asked(movements=movements, seed=seed, company=company, last=last)
    with progress(quiet=as_json) as tell:
        made = seed_demo(settings, asked, tell)
    if as_json:
        print_json({**asdict(made), "password": made.password or None})
        return
    say(
        f"{made.company!r} has {made.customers} customers, {made.products:,} products,"
        f" {made.sales:,} sales and {made.movements:,} movements, in {made.seconds:.0f} s"
    )
    if made.password:
        say(f"ADMINISTRATOR'S PASSWORD of {made.login!r}, shown this once:  {made.password}")
