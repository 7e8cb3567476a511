"""The Flask application factory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from flask import (
    Flask,
    Request,
    Response,
    appcontext_popped,
    appcontext_pushed,
    appcontext_tearing_down,
    request,
    request_finished,
    request_started,
    request_tearing_down,
)
from werkzeug.exceptions import RequestURITooLarge
from werkzeug.routing import Rule

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
from erp_http.papers import Desk
from erp_http.probes import Check, Metrics
from erp_http.routing import Authenticate, Caller, MakeContext, Reply, Route, serving, view
from erp_http.shortcut import Shortcuts, written
from erp_http.tokens import Tokens

if TYPE_CHECKING:  # this module exists for type checkers alone
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BODY_BYTES_MAX: Final = 1024 * 1024
QUERY_LENGTH_MAX: Final = 8192
REQUEST_SECONDS_MAX: Final = 30.0
PAPERS_AT_ONCE: Final = 4  # of eight threads, which is what servers usually have

_SIGNALS: Final = (
    appcontext_popped,
    appcontext_pushed,
    appcontext_tearing_down,
    request_finished,
    request_started,
    request_tearing_down,
)


class PlainRule(Rule):
    """A rule that finds a view, and makes no address.

    werkzeug compiles two functions for each rule that make one; nothing here calls them, and two
    hundred rules made them a tenth of a start.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002  # werkzeug's own
        return _never_built


class Application(Flask):
    """Flask, without the HTML it would answer by itself, and with a short way to our routes."""

    url_rule_class = PlainRule

    def __init__(self, name: str, shortcuts: Shortcuts) -> None:
        super().__init__(name, static_folder=None)
        self.shortcuts = shortcuts

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, by the short way where nothing speaks against it."""
        found = self.shortcuts.find(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        if found is None or "HTTP_UPGRADE" in environ or not self._unhooked():
            return super().wsgi_app(environ, start_response)
        route, serve, path = found
        asked = self.request_class(environ)
        asked.max_content_length = self.config["MAX_CONTENT_LENGTH"]
        try:
            _note(environ, route.rule)
            reply = serve(asked, path)
        except Exception as error:  # noqa: BLE001  # said by the handlers that are registered
            return self._failed(error, environ, start_response)
        if not isinstance(reply, Reply):
            return reply(environ, start_response)
        status, headers, content = written(reply)
        start_response(status, headers)
        return content

    def _unhooked(self) -> bool:
        """Say whether nobody wants to be told of requests; all that Flask could tell is here."""
        hooks = len(self.before_request_funcs.get(None, ())) > 1 or any(
            (
                self.after_request_funcs,
                self.teardown_request_funcs,
                self.teardown_appcontext_funcs,
                self.url_value_preprocessors,
                self.blueprints,
                self.config["TRUSTED_HOSTS"],
                self.config["SERVER_NAME"],
            )
        )
        return not hooks and not any(each.receivers for each in _SIGNALS)

    def _failed(
        self, error: Exception, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        with self.request_context(environ):
            reply = self.make_response(self.handle_user_exception(error))
            return reply(environ, start_response)

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
    papers_at_once: int = PAPERS_AT_ONCE,
) -> Flask:
    """Make the WSGI application; *authenticate* finds out who asks, *tokens* lets him in.

    *readiness* names the checks of ``/ready``, which say what they found or raise; *metrics* is
    told of every request and rendered at ``/metrics``. At most *papers_at_once* requests wait for
    a PDF: fewer than there are threads, or they keep all else waiting. Whoever serves may put a
    ``Cancellation`` into ``environ["erp.cancellation"]``, and cancel it when the client is gone.
    """
    shortcuts = Shortcuts()
    app = Application("erp_http", shortcuts)
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES_MAX
    app.url_map.merge_slashes = False  # a redirect would be HTML
    errors.register(app)
    app.before_request(_begin)
    routes = all_routes(erp, tokens)
    make_context, desk = _contexts(request_seconds), Desk(papers_at_once)
    for route in routes:
        serve = serving(route, authenticate, make_context, desk)
        shortcuts.add(route, serve)
        app.add_url_rule(route.rule, route.name, view(serve), methods=[route.method])
    probes.register(app, readiness or {}, metrics)
    pages.register(app, routes)
    app.wsgi_app = Gate(app.wsgi_app, metrics)  # type: ignore[method-assign]  # Flask's own advice
    return app


def _never_built(*_: Any, **__: Any) -> tuple[str, str]:
    raise NotImplementedError("addresses are written out: no rule makes one")


def _begin() -> None:
    _note(request.environ, UNMATCHED if request.url_rule is None else request.url_rule.rule)


def _note(environ: WSGIEnvironment, rule: str) -> None:
    record_of(environ).route = rule
    if len(environ.get("QUERY_STRING", "")) > QUERY_LENGTH_MAX:
        raise RequestURITooLarge


def _contexts(request_seconds: float) -> MakeContext:
    def context(asked: Request, caller: Caller) -> Context:
        record = record_of(asked.environ)
        accepted = asked.environ.get("HTTP_ACCEPT_LANGUAGE", "")
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
