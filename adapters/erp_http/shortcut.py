"""The short way of a usual request: found by its path, answered without the framework's contexts.

Flask makes an adapter of its map, two contexts and five signals for each request, and a response
object that is taken apart at once. A request that one of our routes answers needs none of that.
Everything else goes Flask's way, as before: what no route matches, every error, a HEAD, and all
of it where somebody has hooked something into the application.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from werkzeug.urls import iri_to_uri

from erp_http import body
from erp_http.routing import Reply, Route, Serve

_ID: Final = "<uuid:id>"
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII)
_PLAIN: Final = re.compile(r"[A-Za-z0-9/_.-]*", re.ASCII)
_STATUS: Final = {each.value: f"{each.value} {each.phrase}".upper() for each in HTTPStatus}


class Shortcuts:
    """The routes whose paths are fixed, or have one id in them."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[Route, Serve]] = {}

    def add(self, route: Route, serve: Serve) -> None:
        """Take in a route; one that is of another kind is left to Flask."""
        if "<" not in route.rule.replace(_ID, "", 1):
            self._known[route.method, route.rule] = (route, serve)

    def find(self, method: str, path: str) -> tuple[Route, Serve, dict[str, Any]] | None:
        """Return what answers a request for *path*, and what stands in it."""
        found = self._known.get((method, path))
        if found is not None:
            return (*found, {}) if _ID not in path else None
        word = _UUID.search(path)
        if word is None:
            return None
        found = self._known.get((method, f"{path[: word.start()]}{_ID}{path[word.end() :]}"))
        return None if found is None else (*found, {"id": UUID(word[0])})


def written(reply: Reply) -> tuple[str, list[tuple[str, str]], list[bytes]]:
    """Return the status, the headers and the body as WSGI wants them."""
    headers = list(reply.headers.items())
    location = reply.headers.get("Location")
    if location is not None and not _PLAIN.fullmatch(location):
        headers = [*_without(reply.headers, "Location"), ("Location", iri_to_uri(location))]
    if reply.shown is None:
        return _STATUS[reply.status], headers, []
    content = reply.shown.encode()
    headers += (("Content-Type", body.JSON), ("Content-Length", str(len(content))))
    return _STATUS[reply.status], headers, [content]


def _without(headers: Mapping[str, str], name: str) -> list[tuple[str, str]]:
    return [each for each in headers.items() if each[0] != name]
