"""From an empty company to one with a year behind it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from erp_app.bootstrap import prepare
from erp_app.composition import House, core
from erp_app.demo.clock import YearClock
from erp_app.demo.counter import Counter, TradeOverTheCounter
from erp_app.demo.counts import carry_some, count_some
from erp_app.demo.masters import entered
from erp_app.demo.plan import DAYS, Plan
from erp_app.demo.shelves import Shelves
from erp_app.demo.trade import Trade
from erp_app.errands import companies, errand
from erp_app.errors import ProgramError
from erp_app.secret import secret_key
from erp_app.settings import Settings
from erp_core.catalog.ports import ProductQuery
from erp_core.erp import Erp
from erp_core.inventory.ports import WarehouseQuery
from erp_core.kernel.context import Context
from erp_core.kernel.page import PageRequest
from erp_core.parties.ports import PartyQuery

Tell = Callable[[str], None]

_SUNDAY: Final = 6
_BAR: Final = 24  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """What was made."""

    company: str
    login: str  # of an administrator that was made with the company; else empty
    password: str
    customers: int
    suppliers: int
    products: int
    sales: int
    movements: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an operator asks for."""

    movements: int
    seed: int
    company: UUID | None = None
    last: date | None = None  # None: today


def seed_demo(settings: Settings, asked: Asked, tell: Tell) -> Seeded:
    """Make the company where there is none, and trade for a year in it.

    Raises:
        ProgramError: there is no such company, there are several and none is named, or it has
            masters or stock already.
    """
    started = time.monotonic()
    secret_key(settings)
    clock = YearClock()
    with core(settings, clock=clock) as house:
        made = prepare(settings, house.engine, house.erp)
        meant = companies(house.erp, asked.company)
        if len(meant) > 1:
            listed = ", ".join(str(each) for each in meant)
            raise ProgramError(f"there are several companies: name one with --company ({listed})")
        ctx = errand(meant[0])
        company = house.erp.identity.get_company(ctx, None)
        ctx = replace(ctx, currency=company.currency)
        _require_new(house.erp, ctx, company.name)
        plan = Plan.of(asked.movements)
        last = asked.last or company.day(datetime.now(UTC))
        chance = Random(asked.seed)  # noqa: S311  # nothing of it is a secret
        clock.open(next(_open_days(last)))
        tell("entering customers, suppliers and products")
        trade = Trade(
            erp=house.erp,
            ctx=ctx,
            clock=clock,
            masters=entered(house.erp, ctx, plan, chance),
            shelves=Shelves(),
            chance=chance,
            last=last,
        )
        _traded(house, trade, plan, tell)
        return Seeded(
            company=company.name,
            login=made.login,
            password=made.password,
            customers=plan.customers,
            suppliers=plan.suppliers,
            products=plan.products,
            sales=trade.sales,
            movements=trade.movements,
            seconds=time.monotonic() - started,
        )


def _require_new(erp: Erp, ctx: Context, name: str) -> None:
    page = PageRequest(limit=1)
    if (
        erp.parties.list_parties(ctx, PartyQuery(page=page)).items
        or erp.catalog.list_products(ctx, ProductQuery(page=page)).items
        or erp.inventory.list_warehouses(ctx, WarehouseQuery(page=page)).items
    ):
        raise ProgramError(
            f"the company {name!r} has data already, and a demo would be mixed with it: take an"
            " empty database, such as ERP_DATABASE_URL=sqlite:///demo.db"
        )


def _traded(house: House, trade: Trade, plan: Plan, tell: Tell) -> None:
    days = list(_open_days(trade.last))
    post = TradeOverTheCounter(
        unit_of_work=house.store, clock=trade.clock, observer=house.observer
    )
    counter = Counter(
        post=post,
        ctx=trade.ctx,
        masters=trade.masters,
        shelves=trade.shelves,
        chance=trade.chance,
    )
    month = days[0].month
    for turn, day in enumerate(days, start=1):
        trade.clock.open(day)
        trade.work(day)
        while trade.sales < plan.sales * turn // len(days):
            trade.sell(day)
        if day.month != month:
            month = day.month
            _turn_of_month(trade, quarter=month % 3 == 1)
        trade.work(day)
        left = plan.movements * turn // len(days) - trade.movements
        trade.movements += counter.trade(day, left)
        tell(
            f"{_bar(turn, len(days))} {day}: {trade.sales:,} sales, {trade.movements:,} movements"
        )
    counter.close()


def _bar(done: int, all_of_it: int) -> str:
    """Return how far it has come, as a person sees it at a glance."""
    full = _BAR * done // all_of_it
    return f"[{'#' * full}{'.' * (_BAR - full)}] {100 * done // all_of_it:3} %"


def _open_days(last: date) -> Iterator[date]:
    """Yield the days of a year on which the company works; it ends with *last*."""
    for back in range(DAYS - 1, -1, -1):
        day = last - timedelta(days=back)
        if day.weekday() != _SUNDAY or not back:
            yield day


def _turn_of_month(trade: Trade, *, quarter: bool) -> None:
    erp, ctx, masters, shelves = trade.erp, trade.ctx, trade.masters, trade.shelves
    trade.movements += carry_some(erp, ctx, masters, shelves)
    if quarter:
        trade.movements += count_some(erp, ctx, masters, shelves, trade.chance)
