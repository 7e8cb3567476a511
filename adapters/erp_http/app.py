"""The Flask application factory."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from flask import Flask, Request, Response, request
from werkzeug.exceptions import RequestURITooLarge

from erp_core.erp import Erp
from erp_core.kernel.cancellation import Cancellation
from erp_core.kernel.context import Context
from erp_core.kernel.translations import negotiated
from erp_http import (
    catalog,
    documents,
    errors,
    identity,
    inventory,
    invoicing,
    pages,
    parties,
    probes,
    sales,
    treasury,
)
from erp_http.gate import CANCELLATION, UNMATCHED, Gate, record_of
from erp_http.probes import Check, Metrics
from erp_http.routing import Authenticate, Caller, MakeContext, Route, view
from erp_http.tokens import Tokens

BODY_BYTES_MAX: Final = 1024 * 1024
QUERY_LENGTH_MAX: Final = 8192
REQUEST_SECONDS_MAX: Final = 30.0


class Application(Flask):
    """Flask, without the HTML it would answer by itself."""

    def make_default_options_response(self) -> Response:
        """Answer OPTIONS with the methods of the path, and nothing more."""
        reply = super().make_default_options_response()
        reply.status_code = 204
        del reply.headers["Content-Type"]
        return reply


def all_routes(erp: Erp, tokens: Tokens) -> tuple[Route, ...]:
    """Return the whole table: what is served, and what is described."""
    return (
        *identity.routes(erp.identity, tokens),
        *parties.routes(erp.parties),
        *catalog.routes(erp.catalog),
        *documents.routes(erp.documents),
        *inventory.routes(erp.inventory),
        *sales.routes(erp.sales),
        *invoicing.routes(erp.invoicing),
        *treasury.routes(erp.treasury),
    )


def create_app(  # noqa: PLR0913  # the ports of the adapter, each by its name
    erp: Erp,
    authenticate: Authenticate,
    tokens: Tokens,
    *,
    readiness: Mapping[str, Check] | None = None,
    metrics: Metrics | None = None,
    request_seconds: float = REQUEST_SECONDS_MAX,
) -> Flask:
    """Make the WSGI application; *authenticate* finds out who asks, *tokens* lets him in.

    *readiness* names the checks of ``/ready``, which say what they found or raise; *metrics* is
    told of every request and rendered at ``/metrics``. Whoever serves may put a ``Cancellation``
    into ``environ["erp.cancellation"]``, and cancel it when the client is gone.
    """
    app = Application("erp_http", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES_MAX
    app.url_map.merge_slashes = False  # a redirect would be HTML
    errors.register(app)
    app.before_request(_begin)
    routes = all_routes(erp, tokens)
    make_context = _contexts(request_seconds)
    for route in routes:
        served = view(route, authenticate, make_context)
        app.add_url_rule(route.rule, route.name, served, methods=[route.method])
    probes.register(app, readiness or {}, metrics)
    pages.register(app, routes)
    app.wsgi_app = Gate(app.wsgi_app, metrics)  # type: ignore[method-assign]  # Flask's own advice
    return app


def _begin() -> None:
    record = record_of(request.environ)
    record.route = UNMATCHED if request.url_rule is None else request.url_rule.rule
    if len(request.query_string) > QUERY_LENGTH_MAX:
        raise RequestURITooLarge


def _contexts(request_seconds: float) -> MakeContext:
    def context(asked: Request, caller: Caller) -> Context:
        record = record_of(asked.environ)
        accepted = asked.headers.get("Accept-Language", "")
        record.locale = negotiated(accepted, caller.locale)
        record.company, record.user = str(caller.company_id), caller.principal.id
        return Context(
            principal=caller.principal,
            company_id=caller.company_id,
            currency=caller.currency,
            locale=record.locale,
            request_id=record.request_id,
            trace_id=record.trace_id,
            cancellation=asked.environ.get(CANCELLATION) or Cancellation(),
            usage=record.usage,
            deadline=time.monotonic() + request_seconds,
        )

    return context
