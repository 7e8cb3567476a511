"""Documents sent by mail: what all such requests say alike."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from marshmallow import Schema

from erp_core.documents.entities import MESSAGE_LENGTH_MAX, MailWish
from erp_core.kernel.context import Context
from erp_core.kernel.use_case import UseCase
from erp_http.documents.mail import MailMessageDto
from erp_http.dto import RequestDto
from erp_http.fields import Choice, List, Text
from erp_http.papers import Language
from erp_http.routing import Route

_ADDRESSES_MAX: Final = 50
_ADDRESS: Final = 254


class MailWishFields(Schema):
    """How a document is to be sent; without any of it, to the party's own addresses."""

    to = List(
        Text(length=_ADDRESS),
        load_default=(),
        most=_ADDRESSES_MAX,
        metadata={
            "description": "else the contacts who receive such documents, else the party's e-mails"
        },
    )
    cc = List(Text(length=_ADDRESS), load_default=(), most=_ADDRESSES_MAX)
    bcc = List(Text(length=_ADDRESS), load_default=(), most=_ADDRESSES_MAX)
    locale = Choice(
        Language,
        load_default=None,
        metadata={"description": "else the customer's language, or the company's"},
    )
    message = Text(
        load_default="",
        length=MESSAGE_LENGTH_MAX,
        metadata={"description": "a few words of one's own, put into the mail"},
    )


def wish_of(given: dict[str, Any]) -> MailWish:
    """Return how *given*, all valid, wants a document sent."""
    locale: Language | None = given["locale"]
    return MailWish(
        to=tuple(given["to"]),
        cc=tuple(given["cc"]),
        bcc=tuple(given["bcc"]),
        locale=None if locale is None else locale.value,
        message=given["message"],
    )


class SendDto(MailWishFields, RequestDto):
    """A request to send a document: ``made`` makes the command of its id and of the wish."""

    def __init__(self, made: Callable[[UUID, int | None, MailWish], Any]) -> None:
        super().__init__()
        self._made = made

    def make(self, ctx: Context, given: dict[str, Any]) -> Any:
        return self._made(given["id"], given["if_match"], wish_of(given))


def sending(on: str, call: UseCase[Any, Any, Any], accepts: RequestDto) -> Route:
    """Return a route that queues a mail, and says where to look for what becomes of it."""
    return Route(
        on=on,
        call=call,
        accepts=accepts,
        returns=MailMessageDto(),
        status=HTTPStatus.ACCEPTED,
        location="/v1/mail-messages/{id}",
    )
