"""Documents on paper, over HTTP: asked for by their ids, answered as PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from threading import BoundedSemaphore
from typing import Any, Final

from flask import Request, Response

from erp_core.documents.entities import Paper, PaperRequest, Printed
from erp_core.kernel.context import Context
from erp_core.kernel.errors import UnavailableError
from erp_http.dto import RequestDto
from erp_http.fields import Choice

PDF: Final = "application/pdf"
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_PATIENCE_SECONDS: Final = 1.0  # for whoever finds every place taken


class Language(StrEnum):
    """The languages that papers are written in."""

    EN = "en"
    PT_BR = "pt-BR"
    ES = "es"
    FR = "fr"


class Desk:
    """Lets a limited number of requests wait for their papers.

    Each of them holds a thread of the server for as long as its paper takes. The others are left
    for everything else: for those who ask whether it lives, too.
    """

    def __init__(self, places: int) -> None:
        self._most = places
        self._places = BoundedSemaphore(places)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place while the block runs.

        Raises:
            UnavailableError: none has become free within a second.
        """
        if not self._places.acquire(timeout=_PATIENCE_SECONDS):
            raise UnavailableError(
                f"{self._most} documents wait to be set: ask again in a few seconds",
                code="documents.pdf.busy",
                most=self._most,
            )
        try:
            yield
        finally:
            self._places.release()


class PaperRequestDto(RequestDto):
    locale = Choice(
        Language, metadata={"description": "else the customer's language, or the company's"}
    )
    paper = Choice(Paper, metadata={"description": "else what the company prints on"})

    def make(self, ctx: Context, given: dict[str, Any]) -> PaperRequest:
        locale: Language | None = given.get("locale")
        return PaperRequest(
            id=given["id"],
            locale=None if locale is None else locale.value,
            paper=given.get("paper"),
        )


def reply(printed: Printed, request: Request) -> Response:
    """Answer with a paper, or with 304 if the client says that it has it (RFC 9110, 13.1.2)."""
    answer = Response(printed.content, content_type=PDF)
    name = _UNSAFE.sub("-", printed.place.name).strip("-.") or "document"
    # RFC 6266: inline, since a browser shows it; the name is plain ASCII, and holds no quote.
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer.headers["Content-Language"] = printed.language
    answer.set_etag(printed.digest)
    answer.make_conditional(request)
    return answer
