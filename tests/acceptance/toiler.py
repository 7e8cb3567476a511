"""``erp serve`` with two kinds of job more, and an event that becomes one: ``toiler.py``.

A job's deed is one line in a file of the working directory. It is written at once and flushed to
the disk, so that it is known of even where the process is killed a moment later.
"""

import json
import os
import sys
from datetime import datetime
from pathlib import Path

from erp_app.commands.init import prepared
from erp_app.composition import served, start_logs
from erp_app.errors import ProgramError
from erp_app.serving import DrainingServer, address_of, bind, listen
from erp_app.settings import Settings
from erp_app.signals import StopSignals
from erp_app.trade import Trade
from erp_core.catalog.entities import ProductArchived
from erp_core.documents.entities import Job, PlainMap, new_job
from erp_core.erp import Erp
from erp_core.kernel.context import Context
from erp_core.kernel.ports import Message
from erp_workers import Report, Task

TOIL = "testing.toil"
DEEDS = Path("deeds")


def toil(ctx: Context, job: Job, report: Report) -> PlainMap:
    """Take as long as the job says, give up when told to, and do the deed at the end."""
    milliseconds = job.payload["ms"]
    assert isinstance(milliseconds, int)
    ctx.cancellation.wait(milliseconds / 1000)
    ctx.check()
    line = json.dumps([str(job.id), job.attempts]) + "\n"
    with DEEDS.open("ab", buffering=0) as file:
        file.write(line.encode())
        os.fsync(file.fileno())
    return {"link": "/v1/deeds"}


def archived(ctx: Context, message: Message, now: datetime) -> list[Job]:
    return [new_job(ctx, now, TOIL, {"ms": 20, "cause": message.payload["product_id"]})]


def trade(erp: Erp) -> Trade:
    return Trade(
        tasks=(Task(kind=TOIL, do=toil, grants=frozenset()),),
        makers={ProductArchived.name: archived},
    )


def main() -> None:
    settings = Settings.read(os.environ)
    with StopSignals() as stop:
        start_logs(settings)
        listener = bind(settings.host, settings.port)
        prepared(settings)
        listen(listener)
        sys.stderr.write(f"listening on {address_of(listener)}\n")
        with served(settings, trade) as opened:
            server = DrainingServer(opened, listener, threads=settings.threads)
            server.serve(stop, grace_seconds=settings.shutdown_grace_s)


if __name__ == "__main__":
    try:
        main()
    except ProgramError as failure:
        sys.stderr.write(f"{failure}\n")
        sys.exit(failure.exit_code)
