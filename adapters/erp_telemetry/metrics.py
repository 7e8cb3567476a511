"""Numbers in Prometheus' format, in a registry of their own.

Each process counts for itself. Where several serve one address, a scrape shows the one that
answers: give each its own address, or let Prometheus tell them apart by its ``instance`` label.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from erp_core.kernel.context import Usage

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_KNOWN_MAX: Final = 1024
_LABEL: Final = re.compile(r"[\w.:<>/ -]{1,200}", re.ASCII)


class Metrics:
    """Counts what the house does. Every label has few values: a route, never a path."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._requests = self._counter(
            "erp_http_requests", "Requests answered.", "method", "route", "status"
        )
        self._request_seconds = self._histogram(
            "erp_http_request_seconds", "From the request to its last byte.", "method", "route"
        )
        self._calls = self._counter(
            "erp_use_case_calls", "Calls of use cases, by how they ended.", "permission", "outcome"
        )
        self._call_seconds = self._histogram(
            "erp_use_case_seconds", "Use cases, all attempts together.", "permission"
        )
        self._retries = self._counter(
            "erp_use_case_retries", "Attempts that lost a race and ran again.", "permission"
        )
        self._jobs = self._counter(
            "erp_jobs_attempts", "Attempts at jobs, by how they ended.", "kind", "outcome"
        )
        self._job_seconds = self._histogram("erp_job_seconds", "Attempts at jobs.", "kind")
        self._pdfs = self._counter("erp_pdfs", "Documents set, by how it ended.", "outcome")
        self._pdf_seconds = self._histogram("erp_pdf_seconds", "Setting a document, its wait too.")
        self._mails = self._counter(
            "erp_mails", "Attempts at mails, by how they ended.", "outcome"
        )
        self._statements = self._counter("erp_db_statements", "Statements sent to the database.")
        self._waits = self._counter("erp_db_seconds", "Seconds spent waiting for the database.")
        self._locks = self._counter("erp_db_lock_waits", "Statements that asked for locks.")
        self._lock_seconds = self._counter("erp_db_lock_seconds", "Seconds these took.")
        # To find the counters of some labels takes longer than to count.
        self._of_request = lru_cache(_KNOWN_MAX)(self._find_of_request)
        self._of_call = lru_cache(_KNOWN_MAX)(self._find_of_call)

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Take note of one answered request."""
        requests, request_seconds = self._of_request(method, route, status)
        requests.inc()
        request_seconds.observe(seconds)

    def count_usage(self, usage: Usage) -> None:
        """Take note of what the database has done for one request or one job."""
        self._statements.inc(usage.statements)
        self._waits.inc(usage.seconds)
        self._locks.inc(usage.locks)
        self._lock_seconds.inc(usage.lock_seconds)

    def count_call(self, permission: str, outcome: str, seconds: float, attempts: int) -> None:
        """Take note of one call of a use case."""
        calls, call_seconds, retries = self._of_call(permission, outcome)
        calls.inc()
        call_seconds.observe(seconds)
        retries.inc(max(0, attempts - 1))

    def count_job(self, kind: str, outcome: str, seconds: float) -> None:
        """Take note of one attempt at a job."""
        self._jobs.labels(_label(kind), _label(outcome)).inc()
        self._job_seconds.labels(_label(kind)).observe(seconds)

    def count_mail(self, outcome: str) -> None:
        """Take note of one attempt to send a mail."""
        self._mails.labels(_label(outcome)).inc()

    def watch_jobs(self, read: Callable[[], Mapping[str, tuple[int, float]] | None]) -> None:
        """Show at each scrape how many jobs are in each state, and the age of the oldest.

        *read* returns both by state, the age in seconds; or None, and then nothing is shown.
        """
        self.registry.register(_Jobs(read))

    def count_pdf(self, outcome: str, seconds: float) -> None:
        """Take note of one document that was to be set."""
        self._pdfs.labels(_label(outcome)).inc()
        self._pdf_seconds.observe(seconds)

    def watch(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """Show what *read* returns at each scrape: the connections in use, say."""
        Gauge(name, meaning, registry=self.registry).set_function(read)

    def render(self) -> tuple[bytes, str]:
        """Return all numbers as text, and its content type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST

    def _find_of_request(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        method, route = _label(method), _label(route)
        requests = self._requests.labels(method, route, str(status))
        return requests, self._request_seconds.labels(method, route)

    def _find_of_call(self, permission: str, outcome: str) -> tuple[Counter, Histogram, Counter]:
        permission = _label(permission)
        calls = self._calls.labels(permission, _label(outcome))
        return calls, self._call_seconds.labels(permission), self._retries.labels(permission)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, *labels: str) -> Histogram:
        return Histogram(name, meaning, labels, registry=self.registry, buckets=_SECONDS)


class _Jobs(Collector):
    """What the database says of the jobs, whoever runs them."""

    def __init__(self, read: Callable[[], Mapping[str, tuple[int, float]] | None]) -> None:
        self._read = read

    def describe(self) -> Iterable[Metric]:
        """Return what it shows, without a look: a collector is asked when it is registered."""
        return self._families()

    def collect(self) -> Iterable[Metric]:
        """Return what is found now."""
        found = self._read()
        if found is None:
            return ()
        jobs, oldest = self._families()
        for state, (count, age) in found.items():
            jobs.add_metric([_label(state)], count)
            oldest.add_metric([_label(state)], max(0.0, age))
        return jobs, oldest

    @staticmethod
    def _families() -> tuple[GaugeMetricFamily, GaugeMetricFamily]:
        return (
            GaugeMetricFamily("erp_jobs", "Jobs that are open or dead.", labels=["state"]),
            GaugeMetricFamily(
                "erp_jobs_oldest_seconds", "Age of the oldest such job.", labels=["state"]
            ),
        )


def _label(text: str) -> str:
    """Return *text* where it may be a label: what is no name of ours is counted together."""
    return text if _LABEL.fullmatch(text) else "other"
