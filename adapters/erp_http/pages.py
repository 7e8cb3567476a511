"""The description, for programs and for people: OpenAPI, Swagger UI, and the table of errors.

Everything comes from installed packages: the pages work offline, and load nothing from elsewhere.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib import resources
from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from erp_core.kernel.translations import catalogue, translate
from erp_http.gate import record_of
from erp_http.routing import Route

# What Swagger UI needs of its own distribution; nothing else of that folder is served.
_ASSETS: Final = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "favicon-32x32.png": "image/png",
}
_DAY: Final = "public, max-age=86400"

_DOCS: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ERP</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/assets/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script nonce="{nonce}" src="/docs/assets/swagger-ui-bundle.js"></script>
<script nonce="{nonce}">
window.ui = SwaggerUIBundle({{
  url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null
}});
</script>
</body>
</html>
"""

_ERRORS: Final = """<!doctype html>
<html lang="{locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style nonce="{nonce}">
body {{ font-family: sans-serif; margin: 2rem; max-width: 60rem; }}
table {{ border-collapse: collapse; }}
td {{ border-top: 1px solid #ccc; padding: .4rem 1rem .4rem 0; vertical-align: top; }}
tr:target {{ background: #ffc; }}
</style>
</head>
<body>
<h1>{title}</h1>
<table>
{rows}
</table>
</body>
</html>
"""


def register(app: Flask, routes: Sequence[Route]) -> None:
    """Serve /openapi.json, /docs and /docs/errors."""

    @cache
    def described() -> str:
        from erp_http.openapi import document  # noqa: PLC0415  # heavy, and seldom asked for

        return json.dumps(document(routes), ensure_ascii=False, separators=(",", ":"))

    @app.get("/openapi.json")
    def show_description() -> Response:
        return Response(described(), content_type="application/json")

    @app.get("/docs")
    def show_docs() -> Response:
        nonce = secrets.token_urlsafe(16)
        scripts = f"script-src 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'"
        return _page(
            _DOCS.format(nonce=nonce), f"{scripts}; img-src 'self' data:; connect-src 'self'"
        )

    @app.get("/docs/errors")
    def show_errors() -> Response:
        nonce = secrets.token_urlsafe(16)
        return _page(
            _errors_page(record_of(request.environ).locale, nonce), f"style-src 'nonce-{nonce}'"
        )

    @app.get("/docs/assets/<name>")
    def show_asset(name: str) -> Response:
        if name not in _ASSETS:
            raise NotFound
        reply = Response(_asset(name), content_type=_ASSETS[name])
        reply.headers["Cache-Control"] = _DAY
        return reply


@cache
def statuses() -> dict[str, int]:
    """Return every code of an error with its status, as ``docs/errors.md`` has it."""
    found = resources.files("erp_http").joinpath("codes.json")
    read: dict[str, int] = json.loads(found.read_text(encoding="utf-8"))
    return read


@cache
def _asset(name: str) -> bytes:
    return resources.files("flask_swagger_ui").joinpath("dist", name).read_bytes()


def _errors_page(locale: str, nonce: str) -> str:
    texts = catalogue(locale)["errors"]
    rows = "\n".join(
        f'<tr id="{escape(code)}"><td><code>{escape(code)}</code></td><td>{status}</td>'
        f"<td>{escape(texts.get(code, code))}</td></tr>"
        for code, status in statuses().items()
    )
    title = escape(translate("errors", locale, section="titles"))
    return _ERRORS.format(locale=locale, nonce=nonce, title=title, rows=rows)


def _page(html: str, allowed: str) -> Response:
    reply = Response(html, content_type="text/html; charset=utf-8")
    policy = f"default-src 'none'; base-uri 'none'; form-action 'none'; {allowed}"
    reply.headers["Content-Security-Policy"] = f"{policy}; frame-ancestors 'none'"
    return reply
