"""Bad input, over a real server: the documented refusal, and nothing stored.

One test for each thing that goes wrong in the world; what the log says of it is asked at the end.
"""

import http.client
import json
import sqlite3
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import jwt
import pytest

from erp_app.composition import core
from erp_app.errands import errand
from erp_app.settings import Settings
from erp_core.inventory.entities import Warehouse, WarehouseId
from erp_core.kernel.context import CompanyId
from erp_core.kernel.entity import new_id
from tests.acceptance.houses import PASSWORD, SECRET_KEY, House, open_house
from tests.apps.programs import until

ISSUES: Final = "/v1/stock/issues"
HUGE: Final = "9" * 5000
JSON: Final = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("house")


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[House]:
    with open_house("sqlite", folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def shelf(house: House) -> dict[str, str]:
    return house.shelf(10)


def counts(folder: Path) -> dict[str, int]:
    """Count the rows of every table."""
    with closing(sqlite3.connect(folder / "empty.db")) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for (name,) in tables
        }


def send(house: House, path: str, body: str | bytes, **headers: str) -> tuple[int, Any, Any]:
    """Send *body* as it is; return the status, the headers and the problem."""
    line = http.client.HTTPConnection("127.0.0.1", house.server.port, timeout=30)
    with closing(line):
        raw = body.encode() if isinstance(body, str) else body
        known = JSON | {"Authorization": f"Bearer {house.token}"}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request("POST", path, raw, {k: v for k, v in (known | given).items() if v})
        answer = line.getresponse()
        assert answer.headers["Content-Type"] == "application/problem+json"
        return answer.status, answer.headers, json.loads(answer.read())


def unsigned(token: str) -> str:
    """Return *token* as if it needed no signature."""
    header = urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    return f"{header}.{token.split('.')[1]}."


def expired(token: str) -> str:
    """Return *token* as it will be tomorrow, signed with the server's own key."""
    claims = jwt.decode(token, options={"verify_signature": False})
    past = int(time.time()) - 3600
    return jwt.encode(claims | {"exp": past, "iat": past - 900, "nbf": past - 900}, SECRET_KEY)


def another_companys_warehouse(folder: Path) -> str:
    """Make a warehouse for a company that is not the administrator's."""
    settings = Settings(database_url=f"sqlite:///{folder}/empty.db", secret_key=SECRET_KEY)
    theirs = Warehouse(id=WarehouseId(new_id()), code="THEIRS", name="Theirs")
    with core(settings) as inside:
        inside.erp.inventory.add_warehouse(errand(CompanyId(new_id())), theirs)
    return str(theirs.id)


def issue(shelf: dict[str, str], quantity: str = '"1"', **more: object) -> str:
    """Return the body of an issue, its quantity spelled as it is given."""
    return f'{json.dumps(shelf | more)[:-1]}, "quantity": {quantity}}}'


# The body, made of a shelf; the status, the code, and the field with its own code.
FAULTS: Final[dict[str, tuple[Callable[[dict[str, str]], str], int, str, tuple[str, ...]]]] = {
    "float": (
        lambda shelf: issue(shelf, "1.5"),
        *(422, "invalid_fields", ("/quantity", "decimal_string")),
    ),
    "unknown": (
        lambda shelf: issue(shelf, colour="red"),
        *(422, "invalid_fields", ("/colour", "unknown_field")),
    ),
    "missing": (json.dumps, 422, "invalid_fields", ("/quantity", "required")),
    "negative": (
        lambda shelf: issue(shelf, '"-1"'),
        *(422, "inventory.quantity", ("/quantity", "inventory.quantity")),
    ),
    "NUL": (
        lambda shelf: issue(shelf, label="a\0b"),
        *(422, "invalid_fields", ("/label", "unstorable")),
    ),
    "huge number": (lambda shelf: issue(shelf, HUGE), 400, "body.digits", ()),
    "huge digits": (
        lambda shelf: issue(shelf, f'"{HUGE}"'),
        *(422, "invalid_fields", ("/quantity", "decimal")),
    ),
    "huge body": (lambda shelf: issue(shelf, label="a" * 2_000_000), 413, "content_too_large", ()),
    "no JSON": (lambda shelf: issue(shelf, "one"), 400, "body.json", ()),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_body_with_a_fault_is_refused_and_nothing_is_stored(
    house: House, shelf: dict[str, str], folder: Path, fault: str
) -> None:
    make, status, code, field = FAULTS[fault]
    before = counts(folder)
    answered, _, said = send(house, ISSUES, make(shelf))

    assert (answered, said["code"]) == (status, code)
    pointed = [(each["pointer"], each["code"]) for each in said.get("errors", [])]
    assert pointed == ([field] if field else [])
    assert counts(folder) == before


def test_a_form_is_refused(house: House, folder: Path) -> None:
    before = counts(folder)
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    answered, _, said = send(house, ISSUES, "quantity=1", **form)

    assert (answered, said["code"]) == (415, "unsupported_media_type")
    assert counts(folder) == before


def test_what_another_company_owns_is_not_there(
    house: House, shelf: dict[str, str], folder: Path
) -> None:
    theirs = another_companys_warehouse(folder)
    before = counts(folder)
    answered, _, said = send(house, ISSUES, issue(shelf | {"warehouse_id": theirs}))

    assert (answered, said["code"]) == (404, "not_found")
    assert [each["pointer"] for each in said["errors"]] == ["/warehouse_id"]
    assert house.ask("GET", f"/v1/warehouses/{theirs}")[0] == 404
    assert counts(folder) == before


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (expired, "token_expired"),
        (unsigned, "unauthenticated"),
        (lambda token: token[:-4], "unauthenticated"),
        (lambda token: "", "unauthenticated"),
    ],
    ids=["expired", "unsigned", "cut", "none"],
)
def test_a_token_that_is_none_opens_nothing(
    house: House,
    shelf: dict[str, str],
    folder: Path,
    spoil: Callable[[str], str],
    code: str,
) -> None:
    before = counts(folder)
    token = spoil(house.token)
    bearer = f"Bearer {token}" if token else ""
    answered, headers, said = send(house, ISSUES, issue(shelf), Authorization=bearer)

    assert (answered, said["code"]) == (401, code)
    assert headers["WWW-Authenticate"].startswith("Bearer")
    assert counts(folder) == before


def test_who_asks_in_portuguese_is_answered_so(house: House, shelf: dict[str, str]) -> None:
    body = issue(shelf, '"11"')
    _, _, said = send(house, ISSUES, body, Accept_Language="pt-BR")
    _, _, english = send(house, ISSUES, body, Accept_Language="en")

    assert said["detail"].startswith("Pediram-se 11 ")
    assert english["detail"] != said["detail"]


def test_the_log_has_a_line_for_each_request_and_no_secret(
    house: House, shelf: dict[str, str]
) -> None:
    spoilt = [expired(house.token), unsigned(house.token)]
    asked = [
        send(house, ISSUES, issue(shelf, "1.5"))[2]["request_id"],
        *(
            send(house, ISSUES, issue(shelf), Authorization=f"Bearer {each}")[2]["request_id"]
            for each in spoilt
        ),
    ]

    def lines() -> list[str]:
        logged = [json.loads(line) for line in list(house.server.logged)]
        return [each["request_id"] for each in logged if each["event"] == "http.request"]

    until(lambda: set(asked) <= set(lines()))
    assert len(lines()) == len(set(lines()))
    whole = "".join(house.server.logged) + house.server.words()
    for secret in (PASSWORD, SECRET_KEY, house.token, *spoilt):
        assert secret not in whole
