"""Hands events on: each becomes the jobs that somebody wants made of it."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from erp_core.documents.entities import Job
from erp_core.documents.ports import JobsUnitOfWork
from erp_core.kernel.access import Principal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.ports import Clock, Message, UnitOfWorkFactory
from erp_core.kernel.retry import RetryPolicy
from erp_workers.tasks import RUNNER, company_context, house_context

log: Final = logging.getLogger("erp.relay")

# Makes the jobs of one event, in the context of the company it is of. It asks nobody and changes
# nothing: what it returns is stored in the transaction that settles the event.
Maker = Callable[[Context, Message, datetime], Sequence[Job]]

RETRY: Final = RetryPolicy.exponential(10, longest_seconds=3600, attempts_max=8)

_AT_ONCE: Final = 100


class Relay:
    """Settles events, each in the same transaction as the jobs that are made of it.

    So each event makes its jobs exactly once, and the lock on its row is the only lease it needs.
    An event for which nobody makes anything is settled. One whose maker fails waits, and is given
    up after some attempts; the others do not wait for it.
    """

    def __init__(  # noqa: PLR0913  # its ports, each by its name
        self,
        *,
        unit_of_work: UnitOfWorkFactory[JobsUnitOfWork],
        clock: Clock,
        makers: Mapping[str, Maker],
        chance: Callable[[], float],
        woken: Callable[[], None] = lambda: None,
        retry: RetryPolicy = RETRY,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._makers = makers
        self._chance = chance
        self._woken = woken
        self._retry = retry

    def step(self) -> int:
        """Hand on what is pending, some at a time; say how many events that were.

        Raises:
            ErpError: the store could not serve.
        """
        ctx = house_context()
        with self._unit_of_work(ctx, read_only=True) as uow:
            if not uow.outbox.pending(ctx, 1):
                return 0
        with self._unit_of_work(ctx) as uow:
            messages = uow.outbox.claim(ctx, self._clock.now(ctx), _AT_ONCE)
            made = self._deliver(ctx, uow, messages)
        if made:
            self._woken()
        return len(messages)

    def _deliver(self, ctx: Context, uow: JobsUnitOfWork, messages: Sequence[Message]) -> int:
        jobs: dict[CompanyId, list[Job]] = defaultdict(list)
        settled: list[UUID] = []
        own: dict[CompanyId, Context] = {}
        for message in messages:
            made = self._made(ctx, uow, message, own)
            if made is not None:
                jobs[message.company_id] += made
                settled.append(message.id)
        for company_id in sorted(jobs):
            if jobs[company_id]:
                uow.jobs.add(replace(ctx, company_id=company_id), jobs[company_id])
        if settled:
            uow.outbox.settle(ctx, settled)
        return sum(map(len, jobs.values()))

    def _made(
        self, ctx: Context, uow: JobsUnitOfWork, message: Message, own: dict[CompanyId, Context]
    ) -> Sequence[Job] | None:
        maker, now = self._makers.get(message.name), self._clock.now(ctx)
        if maker is None:
            return ()
        try:
            if message.company_id not in own:
                own[message.company_id] = company_context(ctx, uow, message.company_id)
            return maker(_context_of(own[message.company_id], message), message, now)
        except Exception as error:  # one event that nobody understands must not stop the others
            pause = self._retry.pause_seconds(message.attempts + 1, self._chance())
            told = {"event": "relay.failed" if pause is not None else "relay.given_up"}
            told |= {"request_id": message.request_id, "name_of_event": message.name}
            log.exception("no job could be made of %s", message.id, extra=told)
            until = None if pause is None else now + timedelta(seconds=pause)
            uow.outbox.postpone(ctx, message.id, until, repr(error), now)
            return None


def _context_of(ctx: Context, message: Message) -> Context:
    return replace(
        ctx,
        principal=Principal(id=message.by or RUNNER),
        request_id=message.request_id or str(message.id),
        trace_id=message.trace_id,
    )
