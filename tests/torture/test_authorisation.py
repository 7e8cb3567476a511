"""Every operation of the table, for every built-in role: by his grants, and by nothing else."""

import re
from functools import cache
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from erp_core.identity.entities import BUILT_IN_ROLES, EVERYBODY_MAY, STRANGERS_MAY
from erp_core.kernel.access import covers
from erp_http.routing import Route
from erp_memory.store import MemoryStore
from tests.http.clients import authenticate
from tests.http.served import an_app, the_routes
from tests.wiring import an_erp

# Whatever changes a role's reach or adds an operation has to come by here.
ROLES = {*BUILT_IN_ROLES, "nobody"}
GUARDED = [route for route in the_routes() if not route.public]


@cache
def a_client() -> FlaskClient:
    return an_app(an_erp(MemoryStore()), authenticate).test_client()


def grants_of(role: str) -> frozenset[str]:
    return frozenset(BUILT_IN_ROLES.get(role, ())) | EVERYBODY_MAY


def asked(route: Route, role: str, company: str) -> tuple[int, str]:
    """Ask for nothing in particular: an empty body, and an id that nothing has."""
    path = re.sub(r"<[^>]+>", lambda _: str(uuid4()), route.rule)
    headers = {"Authorization": company, "X-Grants": ",".join(sorted(grants_of(role)))}
    answer = a_client().open(path, method=route.method, headers=headers, json={})
    return answer.status_code, (answer.get_json(silent=True) or {}).get("code", "")


@pytest.mark.parametrize("company", ["acme", "rival"])
@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_is_refused_exactly_what_its_grants_leave_out(role: str, company: str) -> None:
    wrong = []
    for route in GUARDED:
        permission = type(route.call).permission
        may = any(covers(grant, permission) for grant in grants_of(role))
        status, code = asked(route, role, company)
        refused = (status, code) == (403, "permission_denied")
        if refused == may or status >= 500:
            wrong.append((route.name, permission, status, code))
    assert wrong == []


def test_only_who_signs_in_needs_not_have_signed_in() -> None:
    public = {type(route.call).permission for route in the_routes() if route.public}

    assert public == STRANGERS_MAY


def test_reading_is_what_is_called_reading() -> None:
    for route in GUARDED:
        permission = type(route.call).permission
        assert (route.method == "GET") <= permission.endswith(".read"), route.name
        assert (route.method == "GET") <= type(route.call).read_only, route.name
