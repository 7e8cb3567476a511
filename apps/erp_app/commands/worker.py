"""``erp worker``: the task runner alone, beside the processes that serve."""

from __future__ import annotations

import click

from erp_app.commands import say, with_settings
from erp_app.errors import SettingsError
from erp_app.settings import Settings
from erp_app.signals import StopSignals


@click.command(epilog="Example:  ERP_WORKERS=8 ERP_DATABASE_URL=postgresql://... erp worker")
@with_settings
def worker(settings: Settings) -> None:
    """Run tasks until SIGTERM or ^C.

    `erp serve` does this too, unless ERP_WORKERS is 0. At the signal no new task is taken; those
    in progress have ERP_SHUTDOWN_GRACE_S to end, and what is left is queued again. A second
    signal ends at once.
    """
    with StopSignals() as stop:
        from erp_app.composition import core, start_logs
        from erp_app.database import bring_up_to_date
        from erp_app.mailing import Mailing
        from erp_app.trade import trade, with_mails
        from erp_app.working import working
        from erp_system.clock import SystemClock
        from erp_telemetry import Metrics

        if not settings.workers:
            raise SettingsError("ERP_WORKERS: 0 is no worker at all; it takes 1 or more here")
        start_logs(settings)
        metrics = Metrics()
        mailing = Mailing.of(settings, SystemClock(), metrics)
        with core(settings, metrics) as house:
            bring_up_to_date(settings, house.engine)
            whole = with_mails(trade(house.erp), mailing, house.erp)
            with working(settings, house.store, whole, metrics) as workers:
                say(f"working with {settings.workers} threads")
                if not stop.received:
                    stop.wait()
                workers.drain()
