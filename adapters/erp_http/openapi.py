"""The description of the API (OpenAPI 3.1), made of the same table the views are made of."""

from __future__ import annotations

import inspect
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from erp_core.kernel import errors as core_errors
from erp_core.kernel.translations import ENGLISH, translate
from erp_http.body import JSON
from erp_http.describe import described
from erp_http.dto import ListDto, PageDto
from erp_http.errors import CODE_OF_STATUS, STATUS
from erp_http.exports import Media
from erp_http.fields import Choices, List, Nested, Text, Whole
from erp_http.gate import REQUEST_ID
from erp_http.messages import Dto
from erp_http.papers import PDF
from erp_http.routing import Route

VERSION: Final = "1.0.0"  # of the API, not of the program

_PLACE: Final = re.compile(r"<(?:(?P<kind>[a-z]+):)?(?P<name>[a-z_]+)>")
_PLACE_SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 0},
    "string": {"type": "string", "minLength": 1},
}
_RAISES: Final = re.compile(r"^ {4}(?P<error>[A-Za-z]+): (?P<why>.+(?:\n {8}.+)*)", re.MULTILINE)
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_ALWAYS: Final = (400, 429, 500, 503, 504)
_SIGNED_IN: Final = (401, 403)
_CHANGES: Final = (404, 409, 412, 422)
_BODIES: Final = (413, 415)

_HEADERS: Final[dict[str, dict[str, Any]]] = {
    "X-Request-Id": {
        "description": "The id of this request, as in the logs; made where none is given.",
        "schema": {"type": "string", "pattern": f"^{REQUEST_ID.pattern}$"},
    },
    "Accept-Language": {
        "description": "The languages of problems: en, pt-BR, es, fr (RFC 9110).",
        "schema": {"type": "string", "maxLength": 200},
        "example": "pt-BR, en;q=0.5",
    },
    "If-Match": {
        "description": "The ETag of the version that is meant to be changed; else a 412.",
        "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,9}")$'},
    },
    "Idempotency-Key": {
        "description": "Under the same key a request is done once and answered alike for a day.",
        "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    },
}
_GIVEN_BACK: Final[dict[str, dict[str, Any]]] = {
    "X-Request-Id": _HEADERS["X-Request-Id"],
    "ETag": {"description": "The version of the thing.", "schema": {"type": "string"}},
    "Location": {"description": "Where the thing is.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "RFC 6750.", "schema": {"type": "string"}},
    "Idempotency-Replayed": {
        "description": "true: this was answered before, under the same key.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}


# The whole list, whatever page was asked for (OpenAPI 3.1 says of binary content its type alone).
_FILES: Final[dict[str, dict[str, Any]]] = {
    Media.CSV.value: {"schema": {"type": "string"}},
    Media.XLSX.value: {"schema": {}},
}


class FieldErrorDto(Dto):
    pointer = Text(required=True, metadata={"description": "JSON pointer (RFC 6901)"})
    code = Text(required=True)
    detail = Text(required=True)


class ProblemDto(Dto):
    """RFC 9457; further members are the particulars of the code."""

    type = Text(required=True, metadata={"format": "uri-reference"})
    title = Text(required=True)
    status = Whole(required=True)
    detail = Text(required=True)
    code = Text(required=True, metadata={"description": "stable; see /docs/errors"})
    request_id = Text(required=True)
    errors = List(Nested(FieldErrorDto()))


def document(routes: Sequence[Route]) -> dict[str, Any]:
    """Return the OpenAPI document of *routes*."""
    return _Description(routes).document()


def path_of(rule: str) -> str:
    """Return a rule in OpenAPI's spelling: ``/v1/warehouses/{id}``."""
    return _PLACE.sub(lambda found: "{" + found["name"] + "}", rule)


def operation_id(route: Route) -> str:
    """Return what generated clients call it: the use case's name, unless the route has its own."""
    return route.operation or _WORD.sub("_", type(route.call).__name__).lower()


class _Description:
    """One document in the making."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = routes
        self._names = Counter(kind.__name__ for kind in _schemas(Schema))
        plugin = MarshmallowPlugin(schema_name_resolver=self._name)
        self._spec = APISpec(
            title="ERP",
            version=VERSION,
            openapi_version="3.1.0",
            plugins=[plugin],
            info={"description": "Conventions, errors and their codes: see /docs/errors."},
            tags=_tags(routes),
        )
        self._converter = _converter(plugin)
        self._converter.add_attribute_function(described)

    def document(self) -> dict[str, Any]:
        components = self._spec.components
        components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
        for name, header in _HEADERS.items():
            components.parameter(_component(name), "header", {"name": name, **header})
        for name, header in _GIVEN_BACK.items():
            components.header(_component(name), header)
        for status in sorted({each.value for each in (*STATUS.values(), *CODE_OF_STATUS)}):
            components.response(f"Problem{status}", self._problem(status))
        for route in self._routes:
            self._spec.path(
                path=path_of(route.rule), operations={route.method.lower(): self._operation(route)}
            )
        made: dict[str, Any] = self._spec.to_dict()
        return _sharpened(made)

    def _name(self, schema: Any) -> str:
        """Name a DTO: without its suffix, and with its area where two areas say the same."""
        kind = schema if isinstance(schema, type) else type(schema)
        short: str = kind.__name__.removesuffix("Dto")
        if self._names[kind.__name__] > 1:
            return kind.__module__.split(".")[1].title() + short
        return short

    def _operation(self, route: Route) -> dict[str, Any]:
        text = inspect.getdoc(type(route.call)) or ""
        summary, _, rest = text.partition("\n")
        operation: dict[str, Any] = {
            "operationId": operation_id(route),
            "summary": summary.rstrip("."),
            "description": rest.split("Raises:", 1)[0].strip(),
            "tags": [_area(route)],
            "security": [] if route.public else [{"bearer": []}],
            "x-permission": route.call.permission,
            "parameters": [*_places(route), *self._query(route), *_headers(route)],
            "responses": self._responses(route),
        }
        if _has_body(route):
            operation["requestBody"] = {
                "required": any(each.required for each in route.accepts.fields.values()),
                "content": {route.media: {"schema": self._body(route)}},
            }
        return {name: value for name, value in operation.items() if value != ""}

    def _body(self, route: Route) -> dict[str, Any]:
        """Return the schema of a body: the whole object, or the one text that is the table."""
        if route.media == JSON:
            return self._schema(route.accepts)
        (field,) = route.accepts.fields.values()
        found: dict[str, Any] = self._converter.field2property(field)
        return found

    def _schema(self, dto: Schema) -> dict[str, Any]:
        if isinstance(dto, PageDto):
            name = self._name(dto.item) + "Page"
            if name not in self._spec.components.schemas:
                page = self._converter.schema2jsonschema(dto)
                self._spec.components.schema(name, component=page)
            return {"$ref": f"#/components/schemas/{name}"}
        if set(dto.fields) - set(type(dto)._declared_fields):  # noqa: SLF001  # marshmallow has no other name for them
            made: dict[str, Any] = self._converter.schema2jsonschema(dto)
            return made  # made at run time, so that its class does not name it
        found: dict[str, Any] = self._converter.resolve_nested_schema(dto)
        return found

    def _query(self, route: Route) -> Iterator[dict[str, Any]]:
        if route.method != "GET":
            return
        for name, field in route.accepts.fields.items():
            schema = self._converter.field2property(field)
            schema.pop("description", None)
            if isinstance(schema.get("type"), list):  # a query cannot say null
                schema["type"] = schema["type"][0]
            if name == "sort" and isinstance(route.accepts, ListDto):
                keys = sorted({*route.accepts.sorts, "id"})
                schema = {"type": "string", "enum": [*keys, *(f"-{each}" for each in keys)]}
            said: dict[str, Any] = {
                "name": field.data_key or name,
                "in": "query",
                "required": field.required,
                "schema": schema,
            }
            if "description" in field.metadata:
                said["description"] = field.metadata["description"]
            if isinstance(field, Choices):
                said |= {"style": "form", "explode": False}
            yield said

    def _responses(self, route: Route) -> dict[str, Any]:
        headers = ["X-Request-Id", *(["Location"] if route.location else [])]
        if route.once:
            headers.append("Idempotency-Replayed")
        if route.paper:
            paper = _answer("The document.", [*headers, "ETag"])
            paper["content"] = {PDF: {"schema": {}}}
            same = _answer("Not changed since.", [*headers, "ETag"])
            return {"200": paper, "304": same, **self._problems(route)}
        if route.returns is None:
            return {"204": _answer("Done.", headers), **self._problems(route)}
        if "version" in route.returns.fields:
            headers.append("ETag")
        done = _answer(route.status.phrase, headers)
        done["content"] = {Media.JSON.value: {"schema": self._schema(route.returns)}}
        if route.listed:
            done["content"] |= _FILES
        return {str(route.status.value): done, **self._problems(route)}

    def _problems(self, route: Route) -> dict[str, Any]:
        found = {*_ALWAYS, *(() if route.public else _SIGNED_IN)}
        found |= {406} if route.listed else set()
        found |= {404} if _PLACE.search(route.rule) else set()
        found |= {414, 422} if route.method == "GET" and route.accepts.fields else set()
        found |= set() if route.method == "GET" else {*_CHANGES}
        found |= {*_BODIES} if _has_body(route) else set()
        told = _raised(route)
        shown: dict[str, Any] = {}
        for status in sorted(found | set(told)):
            if status in told:
                shown[str(status)] = {**self._problem(status), "description": told[status]}
            else:
                shown[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
        return shown

    def _problem(self, status: int) -> dict[str, Any]:
        headers = ["X-Request-Id"]
        headers += ["Retry-After"] if status in (429, 503) else []
        headers += ["WWW-Authenticate"] if status == HTTPStatus.UNAUTHORIZED else []
        schema = self._converter.resolve_nested_schema(ProblemDto())
        # Not Python's own phrases, which differ from version to version.
        answer = _answer(translate(str(status), ENGLISH, section="titles"), headers)
        return {**answer, "content": {"application/problem+json": {"schema": schema}}}


def _converter(plugin: Any) -> Any:
    """Return apispec's converter, of whose methods a few have no types."""
    return plugin.converter


def _schemas(kind: type[Schema]) -> Iterator[type[Schema]]:
    for each in kind.__subclasses__():
        if each.__module__.startswith("erp_http"):
            yield each
            yield from _schemas(each)


def _tags(routes: Sequence[Route]) -> list[dict[str, str]]:
    """Return the areas, each in the words its package opens with."""
    areas = sorted({_area(route) for route in routes})
    texts = {area: inspect.getdoc(sys.modules[f"erp_core.{area}"]) or "" for area in areas}
    return [{"name": area, "description": text.split("\n\n")[0]} for area, text in texts.items()]


def _area(route: Route) -> str:
    return type(route.call).__module__.split(".")[1]


def _component(name: str) -> str:
    return "".join(part.title() for part in re.split("[-_]", name))


def _has_body(route: Route) -> bool:
    return route.method != "GET" and bool(route.accepts.fields)


def _places(route: Route) -> Iterator[dict[str, Any]]:
    for found in _PLACE.finditer(route.rule):
        schema = _PLACE_SCHEMAS[found["kind"] or "string"]
        yield {"name": found["name"], "in": "path", "required": True, "schema": schema}


def _headers(route: Route) -> list[str]:
    """Return the headers a route heeds, by the names of their components, as apispec wants."""
    names = ["X-Request-Id", "Accept-Language"]
    names += [] if route.method == "GET" else ["If-Match"]
    names += ["Idempotency-Key"] if route.once else []
    return [_component(name) for name in names]


def _answer(description: str, headers: Sequence[str]) -> dict[str, Any]:
    refs = {name: {"$ref": f"#/components/headers/{_component(name)}"} for name in headers}
    return {"description": description, "headers": refs}


def _raised(route: Route) -> dict[int, str]:
    """Return what the use case's own docstring says of the errors it raises, by status."""
    text = (inspect.getdoc(type(route.call)) or "").partition("Raises:")[2]
    found: dict[int, list[str]] = {}
    for line in _RAISES.finditer(text):
        kind = getattr(core_errors, line["error"], None)
        if kind is not None:
            why = " ".join(line["why"].split())
            nearest = next(each for each in kind.__mro__ if each in STATUS)
            found.setdefault(STATUS[nearest].value, []).append(why)
    return {status: " Or: ".join(whys) for status, whys in found.items()}


def _sharpened(made: dict[str, Any]) -> dict[str, Any]:
    """Let answers grow: only requests refuse further members, and only they are limited."""
    schemas = made.get("components", {}).get("schemas", {})
    asked: set[str] = set()
    shown: set[str] = set()
    for path in made["paths"].values():
        for operation in path.values():
            _reach(operation.get("requestBody", {}), schemas, asked)
            _reach(operation["responses"], schemas, shown)
    for name in {*shown, "Problem", "FieldError"} - asked:
        _unlimited(schemas[name])
    return made


def _reach(node: Any, schemas: dict[str, Any], found: set[str]) -> None:
    if isinstance(node, list):
        for each in node:
            _reach(each, schemas, found)
    elif isinstance(node, dict):
        name = str(node.get("$ref", "")).removeprefix("#/components/schemas/")
        if name in schemas and name not in found:
            found.add(name)
            _reach(schemas[name], schemas, found)
        for each in node.values():
            _reach(each, schemas, found)


def _unlimited(node: Any) -> None:
    if isinstance(node, list):
        for each in node:
            _unlimited(each)
    elif isinstance(node, dict):
        if node.get("additionalProperties") is False:
            del node["additionalProperties"]
        for limit in ("maxLength", "maxItems", "maxProperties"):
            if isinstance(node.get(limit), int):  # and no member of that name
                del node[limit]
        for each in node.values():
            _unlimited(each)
