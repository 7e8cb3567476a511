"""Logs and metrics: what the house tells of itself while it runs."""

from erp_telemetry.logs import configure
from erp_telemetry.metrics import Metrics
from erp_telemetry.observer import TelemetryObserver

__all__ = ["Metrics", "TelemetryObserver", "configure"]
