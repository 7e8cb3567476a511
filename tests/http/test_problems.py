"""Problems: always a document, in the reader's language, and never more than he should know."""

import logging

import pytest
from flask import Request
from flask.testing import FlaskClient

from erp_core.kernel import errors
from erp_core.kernel.entity import new_id
from erp_http.errors import STATUS
from erp_http.gate import Gate, trace_id
from erp_http.routing import Caller
from tests.http.clients import a_client, authenticate, described
from tests.http.served import an_app
from tests.wiring import an_erp

SHOP = {"code": "SHOP", "name": "Loja do centro"}
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


@pytest.fixture
def client() -> FlaskClient:
    return a_client()


def failing(error: Exception) -> FlaskClient:
    """Make a client of an application in which signing in fails by *error*."""

    def refuse(request: Request) -> Caller:
        raise error

    return described(an_app(an_erp(), refuse))


@pytest.mark.parametrize(
    ("language", "title", "detail"),
    [
        ("pt-BR", "Não encontrado", "Não há nada neste endereço."),
        ("es", "No encontrado", "No hay nada en esta dirección."),
        ("fr-CA, en;q=0.5", "Introuvable", "Il n'y a rien à cette adresse."),
        ("de", "Not found", "Nothing is served under this address."),
    ],
)
def test_a_problem_is_told_in_the_language_of_the_reader(
    client: FlaskClient, language: str, title: str, detail: str
) -> None:
    refused = client.get("/nowhere", headers={"Accept-Language": language})
    assert (refused.json["title"], refused.json["detail"]) == (title, detail)
    assert refused.json["type"] == "/docs/errors#unknown_path"


def test_a_field_is_complained_of_in_the_language_of_the_reader(client: FlaskClient) -> None:
    wrong = {"name": 1, "code": "C" * 33, "parent_id": 7, "colour": "green", "address": None}
    refused = client.post("/v1/warehouses", json=wrong, headers={"Accept-Language": "pt"})
    found = {each["pointer"]: (each["code"], each["detail"]) for each in refused.json["errors"]}

    assert found == {
        "/name": ("string", "Não é um texto."),
        "/code": ("length", "Mais de 32 caracteres."),
        "/parent_id": ("uuid", "Não é um UUID em forma canônica, em minúsculas."),
        "/colour": ("unknown_field", "Campo desconhecido."),
        "/address": ("not_null", "O campo não pode ser nulo."),
    }
    missing = client.post("/v1/warehouses", json={"code": "A"}).json["errors"]
    assert missing == [
        {"pointer": "/name", "code": "required", "detail": "Missing data for required field."}
    ]


def test_a_body_that_is_no_object_is_pointed_at_as_a_whole(client: FlaskClient) -> None:
    refused = client.post("/v1/warehouses", json=[])
    assert refused.json["errors"] == [
        {"pointer": "", "code": "object", "detail": "Not an object."}
    ]


def test_the_users_own_language_is_spoken_where_the_request_names_none() -> None:
    def french(request: Request) -> Caller:
        caller = authenticate(request)
        return Caller(
            principal=caller.principal, company_id=caller.company_id, currency="EUR", locale="fr"
        )

    client = described(an_app(an_erp(), french))
    path = "/v1/warehouses/00000000-0000-7000-8000-000000000000"
    assert client.get(path).json["title"] == "Introuvable"
    assert client.get(path, headers={"Accept-Language": "es"}).json["title"] == "No encontrado"


@pytest.mark.parametrize(("kind", "status"), [*STATUS.items()], ids=str)
def test_every_class_of_error_has_its_status(kind, status) -> None:
    refused = failing(kind("why")).post("/v1/warehouses", json=SHOP)
    said = refused.json

    assert (refused.status_code, said["code"]) == (status, kind.default_code)
    assert ("Retry-After" in refused.headers) == (status in (429, 503))
    assert ("WWW-Authenticate" in refused.headers) == (status == 401)


def test_the_particulars_are_members_that_replace_none_of_ours() -> None:
    error = errors.InvariantError("why", title="mine", wanted=2, seen=(None, "a"))
    said = failing(error).get("/v1/warehouses").json
    assert said["title"] != "mine"
    assert (said["wanted"], said["seen"]) == (2, [None, "a"])


def test_one_is_told_how_long_to_wait() -> None:
    error = errors.TooManyAttemptsError("slowly", retry_after_s=7.2)
    assert failing(error).get("/v1/warehouses").headers["Retry-After"] == "8"


def test_one_is_told_how_to_sign_in() -> None:
    refused = failing(errors.UnauthenticatedError("who?")).get("/v1/warehouses")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_what_was_not_foreseen_is_logged_once_and_never_shown(caplog) -> None:
    refused = failing(ZeroDivisionError("SELECT secret")).get("/v1/warehouses")

    assert (refused.status_code, refused.json["code"]) == (500, "internal")
    assert "secret" not in refused.text
    (record,) = [each for each in caplog.records if each.exc_info]
    assert record.request_id == refused.json["request_id"]


@pytest.mark.parametrize("hook", ["before_request", "after_request"])
def test_a_hook_that_fails_is_answered_by_a_problem(hook: str, caplog) -> None:
    app = an_app(an_erp(), authenticate)

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    getattr(app, hook)(fail)
    refused = app.test_client().get("/health")
    assert (refused.status_code, refused.mimetype) == (500, "application/problem+json")
    assert "X-Request-Id" in refused.headers


def test_even_an_application_that_breaks_answers_by_a_problem(caplog) -> None:
    app = an_app(an_erp(), authenticate)

    def broken(environ, start_response):
        raise MemoryError

    app.wsgi_app = Gate(broken, None)
    refused = app.test_client().get("/v1/warehouses")
    assert (refused.status_code, refused.mimetype) == (500, "application/problem+json")
    assert refused.json["request_id"] == refused.headers["X-Request-Id"]
    assert [each.event for each in caplog.records if each.exc_info] == ["http.unforeseen"]


@pytest.mark.parametrize("path", ["/v1/warehouses", "/nowhere", "/health", "/openapi.json"])
def test_every_answer_carries_what_keeps_browsers_safe(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers[name] for name in SAFE} == SAFE
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Server" not in headers


def test_a_head_is_a_get_without_its_body(client: FlaskClient) -> None:
    got, head = (client.open("/v1/warehouses?limit=1", method=each) for each in ("GET", "HEAD"))
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"]
    refused = client.head("/v1/warehouses?colour=green")
    assert (refused.status_code, refused.data) == (400, b"")


def test_options_name_the_methods_and_nothing_else(client: FlaskClient) -> None:
    asked = client.options("/v1/warehouses")
    assert (asked.status_code, asked.data) == (204, b"")
    assert "Content-Type" not in asked.headers
    assert asked.allow.as_set() == {"get", "head", "options", "post"}
    assert client.options("/nowhere").status_code == 404


def test_a_query_too_long_is_refused(client: FlaskClient) -> None:
    refused = client.get("/v1/warehouses?q=" + "x" * 9000)
    assert (refused.status_code, refused.json["code"]) == (414, "uri_too_long")


def test_an_address_is_not_corrected_by_a_redirect(client: FlaskClient) -> None:
    assert client.get("//v1/warehouses").status_code == 404
    assert client.get("/v1/warehouses/").status_code == 404


def test_a_request_id_is_echoed_where_it_is_one(client: FlaskClient) -> None:
    good = client.get("/v1/warehouses", headers={"X-Request-Id": "abc-1"})
    bad = client.get("/v1/warehouses", headers={"X-Request-Id": "a b" * 40})
    assert good.headers.getlist("X-Request-Id") == ["abc-1"]
    assert len(bad.headers["X-Request-Id"]) == 36


@pytest.mark.parametrize(
    ("header", "trace"),
    [
        (
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "4bf92f3577b34da6a3ce929d0e0e4736",
        ),
        (
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "4bf92f3577b34da6a3ce929d0e0e4736",
        ),
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x", ""),
        ("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", ""),
        ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", ""),
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", ""),
        ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", ""),
        ("", ""),
    ],
)
def test_a_trace_is_taken_from_a_valid_traceparent(header: str, trace: str) -> None:
    assert trace_id(header) == trace


def test_each_request_is_one_line_in_the_log(client: FlaskClient, caplog) -> None:
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    with caplog.at_level(logging.INFO, "erp.http"):
        client.post("/v1/warehouses", json=SHOP, headers={"traceparent": parent}).close()
        client.get("/v1/warehouses/nothing?password=s3cret").close()
        client.get("/health").close()
    made, unknown = caplog.records

    assert (made.event, made.method, made.route) == ("http.request", "POST", "/v1/warehouses")
    assert (made.status, made.user, made.company) == (201, "tester", str(authenticate_company()))
    assert made.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert made.duration_ms > 0
    assert (unknown.route, unknown.status, unknown.code) == ("unmatched", 404, "unknown_path")
    assert "s3cret" not in str([vars(each) for each in caplog.records])


def authenticate_company() -> object:
    """Return the company of a caller who does not name one."""
    return authenticate(Request({"REQUEST_METHOD": "GET"})).company_id


@pytest.mark.parametrize("method", ["post", "patch"])
def test_a_parameter_that_a_deed_does_not_know_is_refused_and_not_ignored(method: str) -> None:
    path = "/v1/warehouses" if method == "post" else f"/v1/warehouses/{new_id()}"
    reply = getattr(a_client(), method)(f"{path}?dry_run=true", json={"name": "x", "code": "X"})
    assert (reply.status_code, reply.json["code"]) == (400, "malformed")
    assert "no parameters" in reply.json["detail"]


def test_a_query_that_is_not_utf_8_is_refused_and_not_guessed_at() -> None:
    reply = a_client().get("/v1/products?q=%E9")
    assert (reply.status_code, reply.json["code"]) == (400, "malformed")
    assert "UTF-8" in reply.json["detail"]
