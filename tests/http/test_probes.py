"""What a supervisor is told, and how a request ends that takes too long."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient

from erp_core.kernel.cancellation import Cancellation
from erp_core.kernel.context import Context
from erp_core.kernel.errors import UnavailableError
from erp_telemetry import Metrics
from tests.http.clients import a_client, authenticate, described
from tests.http.served import an_app
from tests.wiring import an_erp


def fine(ctx: Context) -> str:
    assert ctx.remaining_seconds(60) <= 1
    return "answers"


def draining(ctx: Context) -> str:
    raise UnavailableError("the server is stopping")


def broken(ctx: Context) -> str:
    raise ZeroDivisionError("a secret")


def with_checks(**checks) -> FlaskClient:
    return described(an_app(an_erp(), authenticate, readiness=checks))


def test_a_process_that_answers_is_healthy() -> None:
    assert a_client().get("/health").json == {"status": "ok"}


def test_a_process_whose_checks_are_good_is_ready() -> None:
    reply = with_checks(database=fine).get("/ready")
    (check,) = reply.json["checks"]
    assert (reply.status_code, reply.json["status"]) == (200, "ready")
    assert check | {"ms": 0} == {"name": "database", "ok": True, "detail": "answers", "ms": 0}


def test_a_process_is_not_ready_if_any_check_fails(caplog: pytest.LogCaptureFixture) -> None:
    reply = with_checks(database=fine, draining=draining, disk=broken).get("/ready")
    found = {each["name"]: (each["ok"], each["detail"]) for each in reply.json["checks"]}

    assert (reply.status_code, reply.json["status"]) == (503, "not_ready")
    assert reply.headers["Retry-After"] == "1"
    assert found == {
        "database": (True, "answers"),
        "draining": (False, "the server is stopping"),
        "disk": (False, "it failed: see the log"),
    }
    assert "a secret" in caplog.text


def test_what_is_counted_can_be_scraped() -> None:
    client = described(an_app(an_erp(), authenticate, metrics=Metrics()))
    client.get("/v1/warehouses").close()
    client.get("/v1/nothing").close()
    reply = client.get("/metrics")

    assert reply.mimetype == "text/plain"
    assert 'route="/v1/warehouses",status="200"} 1.0' in reply.text
    assert 'route="unmatched",status="404"} 1.0' in reply.text
    assert a_client().get("/metrics").status_code == 404  # nobody counts there


def test_a_request_past_its_deadline_is_called_off() -> None:
    client = described(an_app(an_erp(), authenticate, request_seconds=0))
    refused = client.get("/v1/warehouses")
    assert (refused.status_code, refused.json["code"]) == (504, "deadline_exceeded")


@contextmanager
def hung_up() -> Iterator[dict[str, Cancellation]]:
    gone = Cancellation()
    gone.cancel("the client has hung up")
    yield {"erp.cancellation": gone}


def test_nothing_is_done_for_a_client_who_has_gone() -> None:
    with hung_up() as environ:
        refused = a_client().get("/v1/warehouses", environ_overrides=environ)
    assert (refused.status_code, refused.json["code"]) == (503, "cancelled")
