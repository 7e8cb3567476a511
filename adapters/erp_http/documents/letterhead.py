"""The company's paper, over HTTP."""

from __future__ import annotations

from typing import Any, Final

from erp_core.documents.entities import (
    LOGO_BYTES_MAX,
    TEMPLATE_LENGTH_MAX,
    Letterhead,
    LetterheadChanges,
    Paper,
)
from erp_core.documents.use_cases import (
    ChangeLetterheadCommand,
    DocumentsUseCases,
    SetLogoCommand,
)
from erp_core.kernel.context import Context
from erp_http.body import IMAGE
from erp_http.dto import RequestDto, ResponseDto
from erp_http.fields import Choice, Flag, Image, Text, Whole
from erp_http.routing import Route

_TEXTS: Final = ("phone", "email", "website", "footer", "payee", "city", "pix_key", "iban", "bic")


class GetLetterheadDto(RequestDto):
    """A request for what is one's own: there is nothing to say."""

    def make(self, ctx: Context, given: dict[str, Any]) -> None:
        return None


class ChangeLetterheadDto(RequestDto):
    """A merge patch (RFC 7396): what is absent stays, null clears."""

    paper = Choice(Paper)
    accent = Text(length=7, metadata={"description": "a colour, such as #1f4e79"})
    phone = Text(length=100, allow_none=True)
    email = Text(length=100, allow_none=True)
    website = Text(length=100, allow_none=True)
    footer = Text(length=300, allow_none=True)
    payee = Text(length=70, allow_none=True, metadata={"description": "null: the company's name"})
    city = Text(length=100, allow_none=True, metadata={"description": "the payee's, for PIX"})
    pix_key = Text(length=77, allow_none=True)
    iban = Text(length=42, allow_none=True)
    bic = Text(length=14, allow_none=True)
    template = Text(
        length=TEMPLATE_LENGTH_MAX,
        allow_none=True,
        metadata={"description": "HTML, filled by Jinja; null: the look of the house"},
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangeLetterheadCommand:
        changes: LetterheadChanges = {}
        if "paper" in given:
            changes["paper"] = given["paper"]
        if "accent" in given:
            changes["accent"] = given["accent"]
        if "phone" in given:
            changes["phone"] = given["phone"] or ""
        if "email" in given:
            changes["email"] = given["email"] or ""
        if "website" in given:
            changes["website"] = given["website"] or ""
        if "footer" in given:
            changes["footer"] = given["footer"] or ""
        if "payee" in given:
            changes["payee"] = given["payee"] or ""
        if "city" in given:
            changes["city"] = given["city"] or ""
        changes |= _accounts(given)
        if "template" in given:
            changes["template"] = given["template"] or ""
        return ChangeLetterheadCommand(version=given["if_match"], changes=changes)


def _accounts(given: dict[str, Any]) -> LetterheadChanges:
    changes: LetterheadChanges = {}
    if "pix_key" in given:
        changes["pix_key"] = given["pix_key"] or ""
    if "iban" in given:
        changes["iban"] = given["iban"] or ""
    if "bic" in given:
        changes["bic"] = given["bic"] or ""
    return changes


class SetLogoDto(RequestDto):
    image = Image(
        required=True,
        metadata={"description": f"a PNG or a JPEG of at most {LOGO_BYTES_MAX} bytes"},
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> SetLogoCommand:
        return SetLogoCommand(version=given["if_match"], image=given["image"])


class RemoveLogoDto(RequestDto):
    """A request whose path says it all."""

    def make(self, ctx: Context, given: dict[str, Any]) -> SetLogoCommand:
        return SetLogoCommand(version=given["if_match"], image=b"")


class LetterheadDto(ResponseDto[Letterhead]):
    version = Whole(required=True, metadata={"description": "0: as the house gives it"})
    paper = Choice(Paper, required=True)
    accent = Text(required=True, metadata={"examples": ["#1f4e79"]})
    phone = Text(required=True)
    email = Text(required=True)
    website = Text(required=True)
    footer = Text(required=True)
    payee = Text(required=True)
    city = Text(required=True)
    pix_key = Text(required=True)
    iban = Text(required=True)
    bic = Text(required=True)
    template = Text(required=True)
    has_logo = Flag(required=True)

    def show(self, thing: Letterhead) -> dict[str, Any]:
        return {
            "version": thing.version,
            "paper": thing.paper.value,
            "accent": thing.accent,
            **{name: getattr(thing, name) for name in _TEXTS},
            "template": thing.template,
            "has_logo": bool(thing.logo),
        }


def routes(area: DocumentsUseCases) -> tuple[Route, ...]:
    shown = LetterheadDto()
    return (
        Route(
            on="GET /v1/letterhead",
            call=area.get_letterhead,
            accepts=GetLetterheadDto(),
            returns=shown,
        ),
        Route(
            on="PATCH /v1/letterhead",
            call=area.change_letterhead,
            accepts=ChangeLetterheadDto(),
            returns=shown,
            tries_paper=lambda command: bool(command.changes.get("template")),
        ),
        Route(
            on="PUT /v1/letterhead/logo",
            call=area.set_logo,
            accepts=SetLogoDto(),
            returns=shown,
            media=IMAGE,
        ),
        Route(
            on="DELETE /v1/letterhead/logo",
            call=area.set_logo,
            accepts=RemoveLogoDto(),
            operation="remove_logo",
        ),
    )
