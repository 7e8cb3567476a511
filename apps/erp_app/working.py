"""The workers of a process: wired, begun, and ended within the grace."""

from __future__ import annotations

import os
import random
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from erp_app.settings import Settings
from erp_app.trade import Trade
from erp_core.kernel.context import CompanyId, Context
from erp_sql.unit_of_work import SqlStore
from erp_system.clock import SystemClock
from erp_workers import (
    JobMetrics,
    Limits,
    Relay,
    Runner,
    Scheduler,
    Sealer,
    Workers,
)

_COMPANIES_MAX: Final = 1000
_HOST_LENGTH: Final = 60


class Working:
    """What the program tells its workers; where it has none, it tells nobody."""

    def __init__(self, workers: Workers | None, grace_seconds: float) -> None:
        self._workers = workers
        self._grace_seconds = grace_seconds
        self._ends_at: float | None = None

    def drain(self) -> None:
        """Take on nothing more; the grace runs from the first time this is said."""
        if self._ends_at is None:
            self._ends_at = time.monotonic() + self._grace_seconds
        if self._workers is not None:
            self._workers.drain()

    def finish(self) -> None:
        """Work off what was claimed, within the grace, and give back the rest."""
        self.drain()
        if self._workers is not None and self._ends_at is not None:
            self._workers.finish(self._ends_at)


@contextmanager
def working(
    settings: Settings, store: SqlStore, trade: Trade, metrics: JobMetrics
) -> Iterator[Working]:
    """Have jobs done for as long as the block runs, if this process is to."""
    if not settings.workers:
        yield Working(None, 0)
        return
    workers = _wired(settings, store, trade, metrics)
    found = Working(workers, settings.shutdown_grace_s)
    workers.start()
    try:
        yield found
    finally:
        found.finish()


def _wired(settings: Settings, store: SqlStore, trade: Trade, metrics: JobMetrics) -> Workers:
    clock, chance = SystemClock(), random.SystemRandom().random

    def makers(wake: Callable[[], None]) -> list[Callable[[], int]]:
        relay = Relay(
            unit_of_work=store, clock=clock, makers=trade.makers, chance=chance, woken=wake
        )
        scheduler = Scheduler(
            unit_of_work=store,
            clock=clock,
            timetable=trade.timetable,
            companies=lambda ctx: _companies(store, ctx),
            woken=wake,
        )
        sealer = Sealer(
            unit_of_work=store, clock=clock, companies=lambda ctx: _companies(store, ctx)
        )
        return [relay.step, scheduler.step, sealer.step]

    limits = Limits(
        threads=settings.workers,
        waiting=settings.workers,
        timeout_seconds=settings.task_timeout_s,
        lease=timedelta(seconds=settings.task_lease_s),
    )
    runner = Runner(
        name=_name(),
        unit_of_work=store,
        clock=clock,
        tasks=trade.tasks,
        limits=limits,
        metrics=metrics,
        chance=chance,
    )
    return Workers(runner, makers)


def _name() -> str:
    """Return a name that no other runner has, nor this process after a restart."""
    host = socket.gethostname()[:_HOST_LENGTH]
    return f"{host}:{os.getpid()}:{secrets.token_hex(4)}"


def _companies(store: SqlStore, ctx: Context) -> Sequence[tuple[CompanyId, tzinfo]]:
    with store(ctx, read_only=True) as uow:
        ids = uow.companies.ids(ctx, _COMPANIES_MAX)
        found = [uow.companies.get(replace(ctx, company_id=each)) for each in ids]
    return [(each.id, ZoneInfo(each.time_zone)) for each in found]
