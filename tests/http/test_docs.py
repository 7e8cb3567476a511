"""The pages beside the API: they load nothing from elsewhere, and show what is served."""

import re

import pytest
from flask.testing import FlaskClient

from erp_http.pages import statuses
from tests.http.clients import a_client
from tests.http.described import description


@pytest.fixture
def client() -> FlaskClient:
    return a_client()


def test_the_description_is_served_as_it_is_made(client: FlaskClient) -> None:
    assert client.get("/openapi.json").json == description()


def test_the_docs_load_only_what_we_serve_ourselves(client: FlaskClient) -> None:
    page = client.get("/docs")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)

    assert page.mimetype == "text/html"
    assert loaded
    for each in loaded:
        assert each.startswith("/docs/")
        asset = client.get(each)
        assert (asset.status_code, asset.headers["Cache-Control"]) == (
            200,
            "public, max-age=86400",
        )


def test_every_script_of_the_docs_bears_a_fresh_nonce(client: FlaskClient) -> None:
    first, second = client.get("/docs"), client.get("/docs")
    policy = first.headers["Content-Security-Policy"]
    (nonce,) = re.findall(r"script-src 'nonce-([^']+)'", policy)

    assert "default-src 'none'" in policy
    assert first.text.count("<script") == first.text.count(f'<script nonce="{nonce}"') == 2
    assert nonce not in second.text


@pytest.mark.parametrize(
    "name", ["nothing.js", "..%2f..%2f__init__.py", "../__init__.py", "swagger-ui.js", "LICENSE"]
)
def test_nothing_else_of_the_package_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/docs/assets/{name}").status_code == 404


def test_the_table_of_errors_is_in_the_readers_language(client: FlaskClient) -> None:
    page = client.get("/docs/errors", headers={"Accept-Language": "pt-BR"})

    assert '<html lang="pt-BR">' in page.text
    assert '<tr id="not_found"><td><code>not_found</code></td><td>404</td>' in page.text
    assert page.text.count("<tr id=") == len(statuses())
