"""The Flask application factory."""

from __future__ import annotations

import re
from typing import Final

from flask import Flask, Request, Response, g, request

from erp_core.erp import Erp
from erp_core.kernel.cancellation import Cancellation
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_http import catalog, errors, identity, inventory, parties
from erp_http.routing import Authenticate, Caller, Route, view
from erp_http.tokens import Tokens

BODY_BYTES_MAX: Final = 1024 * 1024
REQUEST_SECONDS_MAX: Final = 30.0

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


def all_routes(erp: Erp, tokens: Tokens) -> tuple[Route, ...]:
    return (
        *identity.routes(erp.identity, tokens),
        *parties.routes(erp.parties),
        *catalog.routes(erp.catalog),
        *inventory.routes(erp.inventory),
    )


def create_app(
    erp: Erp,
    authenticate: Authenticate,
    tokens: Tokens,
    *,
    request_seconds: float = REQUEST_SECONDS_MAX,
) -> Flask:
    """Make the WSGI application; *authenticate* finds out who asks, *tokens* lets him in."""
    app = Flask("erp_http")
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES_MAX
    errors.register(app)

    def context(asked: Request, caller: Caller) -> Context:
        ctx = Context(
            principal=caller.principal,
            company_id=caller.company_id,
            currency=caller.currency,
            locale=caller.locale or "en",
            request_id=g.request_id,
            cancellation=Cancellation(),
        )
        return ctx.with_timeout(request_seconds)

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else str(new_id())

    @app.after_request
    def end(reply: Response) -> Response:
        reply.headers["X-Request-Id"] = g.request_id
        return reply

    for route in all_routes(erp, tokens):
        served = view(route, authenticate, context)
        app.add_url_rule(route.rule, route.name, served, methods=[route.method])
    return app
