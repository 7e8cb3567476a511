"""Notes every call of a use case: in the log, and in the metrics."""

from __future__ import annotations

import logging
from typing import Final

from erp_core.kernel.context import Context
from erp_core.kernel.ports import Observation, Observer
from erp_telemetry.metrics import Metrics

log: Final = logging.getLogger("erp.use_case")


class TelemetryObserver(Observer):
    """Counts every call, and logs it for those who debug."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def observe(self, ctx: Context, observation: Observation) -> None:
        """Take note of one call."""
        self._metrics.count_call(
            observation.permission, observation.outcome, observation.seconds, observation.attempts
        )
        if not log.isEnabledFor(logging.DEBUG):
            return
        fields = {
            "event": "use_case.called",
            "request_id": ctx.request_id,
            "trace_id": ctx.trace_id,
            "company": str(ctx.company_id),
            "user": ctx.principal.id,
            "permission": observation.permission,
            "outcome": observation.outcome,
            "duration_ms": round(observation.seconds * 1000, 3),
            "attempts": observation.attempts,
        }
        log.debug("%s: %s", observation.permission, observation.outcome, extra=fields)
