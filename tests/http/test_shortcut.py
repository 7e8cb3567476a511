"""A request that goes the short way is answered as Flask would have answered it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from erp_core.kernel.entity import new_id
from erp_http.app import BODY_BYTES_MAX, QUERY_LENGTH_MAX
from tests.http.clients import a_client
from tests.http.served import the_routes

SHOP = {"code": "LOJA", "name": "Ação"}
JSON = {"Content-Type": "application/json"}

# What differs from one request to the next, whichever way it goes.
OWN = {"X-Request-Id"}


@pytest.fixture
def short() -> FlaskClient:
    return a_client()


@pytest.fixture
def hooked() -> Iterator[FlaskClient]:
    """A client of an application in which somebody is told of every answer."""
    client = a_client()
    client.application.after_request(lambda reply: reply)
    return client


def both(one: FlaskClient, other: FlaskClient, method: str, path: str, **asked: Any) -> Any:
    """Ask two houses the same; return what each answered, but for what is of one request."""
    return [seen(client.open(path, method=method, **asked)) for client in (one, other)]


def seen(answer: TestResponse) -> tuple[str, dict[str, str], Any]:
    headers = {name: value for name, value in answer.headers.items() if name not in OWN}
    told = answer.json if answer.data else None
    if isinstance(told, dict):
        told = {name: value for name, value in told.items() if name != "request_id"}
    return answer.status, headers, told


@pytest.mark.parametrize(
    ("method", "path", "asked"),
    [
        ("GET", "/v1/warehouses", {}),
        ("GET", "/v1/warehouses?limit=2&include=total", {"headers": {"Accept": "*/*"}}),
        ("GET", "/v1/warehouses?limit=x", {}),
        ("GET", "/v1/warehouses?limit=1&limit=2", {}),
        ("GET", "/v1/warehouses?nonsense=1", {}),
        ("GET", f"/v1/warehouses?cursor={'x' * QUERY_LENGTH_MAX}", {}),
        ("GET", "/v1/warehouses", {"headers": {"Accept": "image/gif"}}),
        ("GET", "/v1/warehouses", {"headers": {"X-Grants": "sales.*"}}),
        ("GET", "/v1/warehouses", {"headers": {"Accept-Language": "pt-BR"}}),
        ("GET", "/v1/warehouses/", {}),
        ("GET", "/v1/warehouses/<uuid:id>", {}),
        ("GET", f"/v1/warehouses/{UUID(int=7)}", {"headers": {"Accept-Language": "pt"}}),
        ("GET", f"/v1/warehouses/{UUID(int=7)}/archive", {}),
        ("HEAD", "/v1/warehouses", {}),
        ("OPTIONS", "/v1/warehouses", {}),
        ("POST", "/v1/warehouses", {"json": {"name": "Shop"}}),
        ("POST", "/v1/warehouses", {"data": "{", "headers": JSON}),
        ("POST", "/v1/warehouses", {"data": "x" * (BODY_BYTES_MAX + 1), "headers": JSON}),
        ("POST", "/v1/warehouses", {"data": "code=A"}),
        ("POST", f"/v1/warehouses/{UUID(int=7)}/archive", {"headers": {"If-Match": "x"}}),
        ("DELETE", "/v1/warehouses", {}),
    ],
)
def test_the_short_way_answers_as_flask_does(
    short: FlaskClient, hooked: FlaskClient, method: str, path: str, asked: dict[str, Any]
) -> None:
    one, other = both(short, hooked, method, path, **asked)

    assert one == other


def test_what_is_made_changed_and_deleted_is_answered_alike(
    short: FlaskClient, hooked: FlaskClient
) -> None:
    key = str(new_id())
    steps = [
        ("POST", "/v1/warehouses", {"json": SHOP | {"id": key}}),
        ("GET", f"/v1/warehouses/{key}", {}),
        ("GET", f"/v1/warehouses/{key.upper()}", {}),
        ("PATCH", f"/v1/warehouses/{key}", {"json": {"name": "Á"}}),
        ("POST", f"/v1/warehouses/{key}/archive", {"headers": {"If-Match": '"2"'}}),
        ("GET", "/v1/warehouses", {"headers": {"Accept": "text/csv"}}),
    ]
    for method, path, asked in steps[:-1]:
        one, other = both(short, hooked, method, path, **asked)
        assert one == other
        assert one[0][:1] == "2"
    method, path, asked = steps[-1]
    files = [client.open(path, method=method, **asked) for client in (short, hooked)]
    assert files[0].data == files[1].data
    assert files[0].headers["Content-Type"] == files[1].headers["Content-Type"]


def test_an_answer_that_is_given_twice_says_so_by_the_short_way(short: FlaskClient) -> None:
    asked = {"json": SHOP, "headers": {"Idempotency-Key": "once"}}
    first, second = (short.post("/v1/warehouses", **asked) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.data == second.data
    assert second.headers["Idempotency-Replayed"] == "true"


def test_who_hooks_himself_into_the_application_is_told_of_every_request() -> None:
    client, told = a_client(), []
    client.get("/v1/warehouses")
    client.application.before_request(lambda: told.append("asked"))
    client.get("/v1/warehouses")

    assert told == ["asked"]


def test_nearly_every_route_can_go_the_short_way(short: FlaskClient) -> None:
    known = short.application.shortcuts
    plain = [each for each in the_routes() if "<" not in each.rule.replace("<uuid:id>", "")]
    path = str(UUID(int=1))
    found = [known.find(each.method, each.rule.replace("<uuid:id>", path)) for each in plain]

    assert len(plain) > len(the_routes()) * 0.8
    assert [each[0].name for each in found if each] == [each.name for each in plain]
