"""The description: valid, complete, and what the application really does."""

from functools import cache

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from erp_core.testing import context
from erp_core.testing.identity import a_company
from erp_http.openapi import path_of
from erp_memory.store import MemoryStore
from tests.http.clients import authenticate
from tests.http.described import description
from tests.http.served import an_app, the_routes
from tests.wiring import an_erp

CASES = 300
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BESIDE_THE_API = {"/health", "/ready", "/openapi.json", "/docs", "/docs/errors"}


def operations() -> dict[str, dict]:
    """Return every operation as the document has it, by ``METHOD /path``."""
    return {
        f"{method.upper()} {path}": operation
        for path, methods in description()["paths"].items()
        for method, operation in methods.items()
    }


def test_the_document_is_openapi_3_1() -> None:
    assert description()["openapi"] == "3.1.0"
    validate(description())


def test_what_is_served_is_described_and_nothing_else() -> None:
    app = an_app(an_erp(), authenticate)
    served = {
        f"{method} {path_of(rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule not in BESIDE_THE_API and not rule.rule.startswith("/docs/assets/")
    }
    assert served == set(operations())


def test_every_operation_names_the_permission_of_its_use_case() -> None:
    told = {name: operation["x-permission"] for name, operation in operations().items()}
    assert told == {
        f"{route.method} {path_of(route.rule)}": route.call.permission for route in the_routes()
    }


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does() -> None:
    names = [operation["operationId"] for operation in operations().values()]
    assert sorted(names) == sorted(set(names))
    assert all(operation["summary"] for operation in operations().values())


def test_only_what_is_public_needs_no_token() -> None:
    public = {f"{r.method} {path_of(r.rule)}" for r in the_routes() if r.public}
    assert {name for name, each in operations().items() if not each["security"]} == public


def test_no_schema_is_left_undescribed() -> None:
    """An empty schema would allow anything: a field that does not say what it accepts."""
    for name, schema in description()["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            assert set(described) - {"default", "description"}, f"{name}.{field}"


@cache
def attacked() -> dict[str, schemathesis.schemas.APIOperation]:
    """Return schemathesis' own view of the operations, over one store for all of them."""
    schema, store = schemathesis.openapi.from_dict(description()), MemoryStore()
    with store(context()) as uow:  # whoever asks is somebody's, and his company is there
        uow.companies.add(context(), a_company())
    schema.app = an_app(an_erp(store), authenticate)
    return {each.ok().label: each.ok() for each in schema.get_all_operations()}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", sorted(operations()))
def test_nobody_can_break_it_nor_see_what_is_not_described(
    name: str, mode: GenerationMode
) -> None:
    operation = attacked()[name]

    @settings(
        max_examples=max(2, CASES // (2 * len(attacked()))),
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        reply = case.call(base_url="http://localhost")
        case.validate_response(reply, checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:  # an operation without parameters cannot be asked wrongly
        assert mode is GenerationMode.NEGATIVE
