"""Routes as data, and the one view function that serves them all."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from flask import Request, Response, request
from marshmallow import Schema, ValidationError

from erp_core.identity.entities import STRANGERS_MAY
from erp_core.kernel.access import Principal
from erp_core.kernel.context import NO_COMPANY, CompanyId, Context
from erp_core.kernel.errors import MalformedError, PreconditionFailedError
from erp_core.kernel.ports import IdempotencyKey
from erp_core.kernel.use_case import UseCase
from erp_http import body, exports, papers
from erp_http.dto import PageDto, RequestDto, ResponseDto
from erp_http.exports import Media
from erp_http.messages import Message

_ETAG: Final = re.compile(r'"(\d{1,9})"', re.ASCII)
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, as found in the request: a token's claims, a key's owner, or nobody."""

    principal: Principal
    company_id: CompanyId
    currency: str
    locale: str | None = None  # where the request itself does not say


# Whoever has not signed in yet; no amount of his is ever in a currency of ours (ISO 4217, XXX).
STRANGER: Final = Caller(
    principal=Principal(id="anonymous", grants=STRANGERS_MAY),
    company_id=NO_COMPANY,
    currency="XXX",
)

_WRITE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_READS: Final = {body.JSON: body.given, body.CSV: body.table, body.IMAGE: body.image}

Authenticate = Callable[[Request], Caller]
MakeContext = Callable[[Request, Caller], Context]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """``METHOD /path``: the DTO that makes the command, the use case, the DTO that shows it."""

    on: str  # "POST /v1/warehouses/<uuid:id>/archive"
    call: UseCase[Any, Any, Any]
    accepts: RequestDto
    returns: ResponseDto[Any] | None = None  # None: nothing to show
    status: HTTPStatus = HTTPStatus.OK
    location: str = ""  # of what was created: "/v1/warehouses/{id}"
    public: bool = False  # served without signing in
    secret: bool = False  # tells a password or a key: no Idempotency-Key may keep what was said
    media: str = body.JSON  # what the body is: JSON, a table, a picture
    bytes_max: int | None = None  # of the body; None: what is usual
    paper: bool = False  # it answers a document as PDF
    tries_paper: Callable[[Any], bool] | None = None  # whether a command has one set meanwhile
    operation: str = ""  # in the description; needed where one use case has two routes

    @property
    def method(self) -> str:
        return self.on.split(" ", 1)[0]

    @property
    def rule(self) -> str:
        return self.on.split(" ", 1)[1]

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule}"

    @property
    def listed(self) -> bool:
        """Whether it answers a list, which can also be had whole, as a file."""
        return isinstance(self.returns, PageDto)

    @property
    def once(self) -> bool:
        """Whether an Idempotency-Key is heeded: it belongs to somebody, and to a deed."""
        asks = self.method != "POST" or self.call.read_only
        return not (asks or self.public or self.secret)


@dataclass(frozen=True, slots=True)
class Reply:
    """What most answers are: a status, the headers of the thing, and JSON or nothing."""

    status: int
    headers: dict[str, str]
    shown: str | None  # None: nothing to show

    def response(self) -> Response:
        """Return it as Flask knows it."""
        reply = Response(
            self.shown, status=self.status, headers=self.headers, content_type=body.JSON
        )
        if self.shown is None:  # nothing is of no type; werkzeug would say HTML
            del reply.headers["Content-Type"]
        return reply


Serve = Callable[[Request, Mapping[str, Any]], Reply | Response]


def serving(
    route: Route, authenticate: Authenticate, context: MakeContext, desk: papers.Desk
) -> Serve:
    """Make what answers a request for *route*, given what stands in its path."""

    def serve(request: Request, path: Mapping[str, Any]) -> Reply | Response:
        if route.bytes_max is not None:
            request.max_content_length = route.bytes_max
        ctx = context(request, STRANGER if route.public else authenticate(request))
        ctx.require(route.call.permission)  # as the use case will: who may not ask is not read
        media = exports.negotiated(request.accept_mimetypes) if route.listed else Media.JSON
        command = route.accepts.read(ctx, _data(request, route), path, _if_match(request, route))
        if route.paper:
            with desk.place():
                return papers.reply(route.call(ctx, command), request)
        if media is not Media.JSON:
            return _file(route, ctx, command, media)
        key = _idempotency_key(request, route)
        if key is None:
            tries = route.tries_paper is not None and route.tries_paper(command)
            with desk.place() if tries else nullcontext():
                reply = _answer(route, route.call(ctx, command))
            if route.listed:
                reply.headers["Vary"] = "Accept"
            return reply
        done = route.call.once(ctx, command, key, lambda result: _kept(_answer(route, result)))
        reply = Reply(*json.loads(done.text))
        if done.replayed:
            reply.headers["Idempotency-Replayed"] = "true"
        return reply

    return serve


def view(serve: Serve) -> Callable[..., Response]:
    """Make a view of Flask's of what answers a request."""

    def served(**path: object) -> Response:
        reply = serve(request, path)
        return reply.response() if isinstance(reply, Reply) else reply

    return served


def _file(route: Route, ctx: Context, query: Any, media: Media) -> Response:
    page: Any = route.returns
    name = route.rule.rsplit("/", 1)[1]
    reply = exports.export(media, page, query, lambda each: route.call(ctx, each), name)
    reply.headers["Vary"] = "Accept"
    return reply


def _data(request: Request, route: Route) -> dict[str, Any]:
    if request.method in ("GET", "HEAD"):
        return _parameters(request, route) if request.query_string else {}
    if request.query_string:  # whoever asks for a dry run must not get a wet one
        raise MalformedError("this takes no parameters in its address: leave out what begins at ?")
    return _READS[route.media](request)


def _parameters(request: Request, route: Route) -> dict[str, str]:
    try:
        unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError as error:  # werkzeug would put another character in its place
        raise MalformedError("the query is not in UTF-8") from error
    found = request.args.to_dict(flat=False)
    twice = [name for name, values in found.items() if len(values) > 1]
    if twice:
        said = Message("Given more than once.", code="given_twice")
        raise ValidationError({name: [said] for name in twice})
    names = wire_names(route.accepts)
    unknown = set(found) - set(names)
    if unknown:
        known = ", ".join(sorted(names)) or "none"
        text = Message(f"Unknown; known are: {known}.", code="unknown_parameter", known=known)
        raise ValidationError({name: [text] for name in unknown})
    return {name: values[0] for name, values in found.items()}


def wire_names(dto: Schema) -> list[str]:
    """Return the names of a DTO's fields as the wire spells them: ``from`` is no name here."""
    return [each.data_key or name for name, each in dto.fields.items()]


def _if_match(request: Request, route: Route) -> int | None:
    """Return the version the caller means to change; ``*`` and none at all mean any."""
    if route.method == "GET":
        return None
    wanted = request.environ.get("HTTP_IF_MATCH", "*").strip()
    if wanted == "*":
        return None
    found = _ETAG.fullmatch(wanted)
    if found is None:  # an ETag we never gave matches nothing
        raise PreconditionFailedError(
            'If-Match names the ETag of the version you mean, such as "3"', field=""
        )
    return int(found[1])


def _idempotency_key(request: Request, route: Route) -> IdempotencyKey | None:
    key = request.environ.get("HTTP_IDEMPOTENCY_KEY")
    if key is None or not route.once:
        return None
    if not _KEY.fullmatch(key):
        raise MalformedError(
            "an Idempotency-Key has 1 to 255 visible ASCII characters", code="idempotency.key"
        )
    said = f"{request.method} {request.full_path}\n".encode() + request.get_data(cache=True)
    return IdempotencyKey(key=key, fingerprint=hashlib.sha256(said).hexdigest())


def _answer(route: Route, result: Any) -> Reply:
    """Return what to answer: the status, the headers of the thing, the body."""
    headers: dict[str, str] = {}
    if route.returns is None:
        return Reply(HTTPStatus.NO_CONTENT.value, headers, None)
    shown = route.returns.show(result)
    version = shown.get("version")
    if isinstance(version, int):
        headers["ETag"] = f'"{version}"'
    if route.location:
        headers["Location"] = route.location.format_map(shown)
    return Reply(route.status.value, headers, _WRITE(shown))


def _kept(reply: Reply) -> str:
    return json.dumps([reply.status, reply.headers, reply.shown])
