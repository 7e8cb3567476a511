"""A client that holds every answer to the description: what is shown cannot drift from it."""

from copy import deepcopy
from functools import cache
from typing import Any

from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from erp_http.openapi import document, path_of
from tests.http.served import the_routes

_PROBLEM = {"$ref": "#/components/schemas/Problem"}


class DescribedClient(FlaskClient):
    """Fails where an answer has a status, a type or a shape that is not described."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        reply = super().open(*args, **options)
        self._hold_to_description(reply)
        return reply

    def _hold_to_description(self, reply: TestResponse) -> None:
        request = reply.request
        if reply.status_code >= 400 and request.path.startswith("/v1"):
            assert reply.mimetype == "application/problem+json", reply.mimetype
        if request.method in ("HEAD", "OPTIONS"):
            return
        try:
            endpoint, _ = self.application.url_map.bind("").match(request.path, request.method)
        except HTTPException:  # no such path or method, which is a problem without an operation
            _validator(None).validate(reply.json)
            return
        operation = _operations().get(str(endpoint))
        if operation is None:
            return  # a page beside the API
        assert str(reply.status_code) in operation["responses"], (
            f"{endpoint} answers {reply.status_code}, which is not described: {reply.text}"
        )
        content = _described(operation, reply.status_code).get("content", {})
        assert (reply.mimetype or "") in (content or {""}), f"{endpoint}: {reply.mimetype}"
        if "json" in (reply.mimetype or ""):
            _validator(str(endpoint), reply.status_code).validate(reply.json)


@cache
def description() -> dict[str, Any]:
    """Return the document of the whole table."""
    return document(the_routes())


@cache
def _operations() -> dict[str, dict[str, Any]]:
    paths = description()["paths"]
    return {route.name: paths[path_of(route.rule)][route.method.lower()] for route in the_routes()}


def _described(operation: dict[str, Any], status: int) -> dict[str, Any]:
    answer: dict[str, Any] = operation["responses"][str(status)]
    name = answer.get("$ref", "").rpartition("/")[2]
    return description()["components"]["responses"][name] if name else answer


@cache
def _validator(endpoint: str | None, status: int = 0) -> Draft202012Validator:
    schema = _PROBLEM
    if endpoint is not None:
        content = _described(_operations()[endpoint], status)["content"]
        (schema,) = (each["schema"] for name, each in content.items() if "json" in name)
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator({**schema, "components": _exhaustive()}, format_checker=checker)


@cache
def _exhaustive() -> dict[str, Any]:
    """Return the components, in which an object has no other members than those described."""
    components = deepcopy(description()["components"])
    for name, schema in components["schemas"].items():
        if name != "Problem" and "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return components
