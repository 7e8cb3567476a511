"""Seals the audit trail of every company, once in a minute."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Final

from erp_core.identity.ports import SealsUnitOfWork, seal_trail, trail_waits
from erp_core.kernel.context import NO_COMPANY, CompanyId, Context
from erp_core.kernel.errors import StaleVersionError
from erp_core.kernel.ports import Clock, UnitOfWorkFactory
from erp_workers.tasks import house_context

log: Final = logging.getLogger("erp.sealer")

_EVERY: Final = timedelta(minutes=1)


class Sealer:
    """Follows the writers, who wait for nobody. Any number of programs may: a seal is made once.

    Each company's last seal goes into the log, which the database's owner does not own: who cuts
    the end of the trail off, seals and all, is found out by that.
    """

    def __init__(
        self,
        *,
        unit_of_work: UnitOfWorkFactory[SealsUnitOfWork],
        clock: Clock,
        companies: Callable[[Context], Sequence[tuple[CompanyId, tzinfo]]],
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._ask_companies = companies
        self._sealed_at: datetime | None = None

    def step(self) -> int:
        """Seal what waits, some of each company; say how many records that were.

        Raises:
            ErpError: the store could not serve.
        """
        ctx = house_context()
        now = self._clock.now(ctx)
        if self._sealed_at is not None and now - self._sealed_at < _EVERY:
            return 0
        companies = [company_id for company_id, _ in self._ask_companies(ctx)]
        sealed = sum(
            self._seal(replace(house_context(), company_id=each), now)
            for each in (NO_COMPANY, *companies)
        )
        if not sealed:
            self._sealed_at = now
        return sealed

    def _seal(self, ctx: Context, now: datetime) -> int:
        with self._unit_of_work(ctx, read_only=True) as uow:
            if not trail_waits(ctx, uow, now):
                return 0
        try:
            with self._unit_of_work(ctx) as uow:
                sealed = seal_trail(ctx, uow, now)
                head = uow.audit_seals.head(ctx)
        except StaleVersionError:  # another program is at it
            return 0
        if head is not None:
            told = {
                "event": "audit.sealed",
                "company": str(ctx.company_id),
                "position": head.position,
                "digest": head.digest,
            }
            log.info("%d records of the trail sealed", sealed, extra=told)
        return sealed
