"""Metrics: what is counted, and that labels stay few."""

import logging

import pytest

from erp_core.kernel.context import Usage
from erp_core.kernel.ports import Observation
from erp_core.testing import context
from erp_telemetry import Metrics, TelemetryObserver


def text(metrics: Metrics) -> str:
    return metrics.render()[0].decode()


def test_requests_are_counted_by_route_method_and_status() -> None:
    metrics = Metrics()
    metrics.count_request("GET", "/v1/warehouses/<uuid:id>", 200, 0.2)
    metrics.count_request("GET", "/v1/warehouses/<uuid:id>", 200, 0.2)

    labels = 'method="GET",route="/v1/warehouses/<uuid:id>"'
    assert f'erp_http_requests_total{{{labels},status="200"}} 2.0' in text(metrics)
    assert f'erp_http_request_seconds_bucket{{le="0.25",{labels}}} 2.0' in text(metrics)


def test_calls_are_counted_with_their_outcome_and_their_retries() -> None:
    metrics = Metrics()
    seen = Observation(permission="a.b.c", outcome="stale_version", seconds=0.1, attempts=3)
    TelemetryObserver(metrics).observe(context(), seen)

    labels = 'outcome="stale_version",permission="a.b.c"'
    assert f"erp_use_case_calls_total{{{labels}}} 1.0" in text(metrics)
    assert 'erp_use_case_retries_total{permission="a.b.c"} 2.0' in text(metrics)


def test_what_is_no_name_of_ours_is_no_label() -> None:
    metrics = Metrics()
    metrics.count_request("GET", "\ud800", 404, 0.1)
    assert 'route="other"' in text(metrics)


def test_the_database_and_the_pool_are_in_it_too() -> None:
    metrics = Metrics()
    metrics.count_usage(Usage(statements=3, seconds=0.5, locks=1, lock_seconds=0.25))
    metrics.watch("erp_db_pool_in_use", "Connections in use.", lambda: 4)

    assert "erp_db_statements_total 3.0" in text(metrics)
    assert "erp_db_seconds_total 0.5" in text(metrics)
    assert "erp_db_lock_waits_total 1.0" in text(metrics)
    assert "erp_db_lock_seconds_total 0.25" in text(metrics)
    assert "erp_db_pool_in_use 4.0" in text(metrics)
    assert "process_resident_memory_bytes" in text(metrics)
    assert metrics.render()[1].startswith("text/plain")


def test_jobs_are_looked_up_at_each_scrape_and_left_out_where_nobody_knows() -> None:
    metrics, found = Metrics(), [{"queued": (2, 60.0)}, None, {"queued": (0, 0.0)}]
    metrics.watch_jobs(lambda: found.pop(0))
    assert len(found) == 3  # nobody has looked yet
    shown = text(metrics)
    assert 'erp_jobs{state="queued"} 2.0' in shown
    assert 'erp_jobs_oldest_seconds{state="queued"} 60.0' in shown
    assert "erp_jobs{" not in text(metrics)
    assert 'erp_jobs{state="queued"} 0.0' in text(metrics)


def test_calls_are_logged_for_those_who_debug(caplog: pytest.LogCaptureFixture) -> None:
    seen = Observation(permission="a.b.c", outcome="ok", seconds=0.1, attempts=1)
    with caplog.at_level(logging.DEBUG, "erp.use_case"):
        TelemetryObserver(Metrics()).observe(context(), seen)
    (record,) = caplog.records

    assert (record.event, record.permission, record.request_id) == (
        "use_case.called",
        "a.b.c",
        "test",
    )
