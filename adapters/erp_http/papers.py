"""Documents on paper, over HTTP: asked for by their ids, answered as PDF."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, Final

from flask import Request, Response

from erp_core.documents.entities import Paper, PaperRequest, Printed
from erp_core.kernel.context import Context
from erp_http.dto import RequestDto
from erp_http.fields import Choice

PDF: Final = "application/pdf"
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


class Language(StrEnum):
    """The languages that papers are written in."""

    EN = "en"
    PT_BR = "pt-BR"
    ES = "es"
    FR = "fr"


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
