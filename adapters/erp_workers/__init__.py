"""Who does the work that was left for later: a pool of threads, a relay and a scheduler.

Nothing here decides what the work is: a ``Task`` is handed in for each kind of job, a maker of
jobs for each event, a ``Recurring`` for whatever comes again and again.
"""

from erp_workers.beat import Beat
from erp_workers.pool import Pool
from erp_workers.relay import Maker, Relay
from erp_workers.runner import Limits, Runner
from erp_workers.scheduler import Recurring, Scheduler
from erp_workers.sealer import Sealer
from erp_workers.tasks import (
    Handler,
    JobMetrics,
    LaterError,
    NoMetrics,
    Report,
    Task,
    house_context,
)
from erp_workers.workers import Counting, Workers

__all__ = [
    "Beat",
    "Counting",
    "Handler",
    "JobMetrics",
    "LaterError",
    "Limits",
    "Maker",
    "NoMetrics",
    "Pool",
    "Recurring",
    "Relay",
    "Report",
    "Runner",
    "Scheduler",
    "Sealer",
    "Task",
    "Workers",
    "house_context",
]
