"""Signing in and out over HTTP, and one's own password."""

from __future__ import annotations

from typing import Any

from erp_core.identity.entities import Outcome, Session, User, UserState
from erp_core.identity.use_cases import (
    ChangePasswordCommand,
    IdentityUseCases,
    RefreshSessionCommand,
    SignInCommand,
)
from erp_core.kernel.context import Context
from erp_http.dto import RequestDto, ResponseDto
from erp_http.fields import Choice, Id, List, Text, Whole
from erp_http.routing import Route
from erp_http.tokens import LIFETIME_SECONDS, Tokens


class SignInDto(RequestDto):
    login = Text(required=True)
    password = Text(required=True, metadata={"format": "password"})

    def make(self, ctx: Context, given: dict[str, Any]) -> SignInCommand:
        return SignInCommand(login=given["login"], password=given["password"])


class RefreshDto(RequestDto):
    refresh_token = Text(required=True)

    def make(self, ctx: Context, given: dict[str, Any]) -> RefreshSessionCommand:
        return RefreshSessionCommand(refresh_token=given["refresh_token"])


class TokenDto(ResponseDto[Outcome[Session]]):
    access_token = Text(required=True)
    refresh_token = Text(required=True, metadata={"description": "good for one refresh"})
    token_type = Text(required=True)
    expires_in = Whole(required=True, metadata={"description": "seconds"})

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens

    def show(self, thing: Outcome[Session]) -> dict[str, Any]:
        opened = thing.required()
        return {
            "access_token": self._tokens.issue(opened),
            "refresh_token": opened.refresh_token,
            "token_type": "Bearer",
            "expires_in": LIFETIME_SECONDS,
        }


class ChangePasswordDto(RequestDto):
    current_password = Text(required=True, metadata={"format": "password"})
    new_password = Text(required=True, metadata={"format": "password"})

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangePasswordCommand:
        return ChangePasswordCommand(
            current_password=given["current_password"], new_password=given["new_password"]
        )


class ChangedPasswordDto(ResponseDto[Outcome[User]]):
    """The user, whose sessions are over."""

    id = Id(required=True)
    version = Whole(required=True)
    login = Text(required=True)
    name = Text(required=True)
    email = Text(required=True)
    locale = Text(required=True)
    state = Choice(UserState, required=True)
    roles = List(Text(), required=True)

    def show(self, thing: Outcome[User]) -> dict[str, Any]:
        return show_user(thing.required())


def show_user(user: User) -> dict[str, Any]:
    """Show what may be known of a user."""
    return {
        "id": str(user.id),
        "version": user.version,
        "login": user.login,
        "name": user.name,
        "email": user.email,
        "locale": user.locale,
        "state": user.state.value,
        "roles": list(user.roles),
    }


def routes(identity: IdentityUseCases, tokens: Tokens) -> tuple[Route, ...]:
    return (
        Route(
            on="POST /v1/auth/token",
            call=identity.sign_in,
            accepts=SignInDto(),
            returns=TokenDto(tokens),
            public=True,
        ),
        Route(
            on="POST /v1/auth/refresh",
            call=identity.refresh_session,
            accepts=RefreshDto(),
            returns=TokenDto(tokens),
            public=True,
        ),
        Route(
            on="POST /v1/auth/revoke",
            call=identity.end_session,
            accepts=RefreshDto(),
            public=True,
        ),
        Route(
            on="POST /v1/me/password",
            call=identity.change_password,
            accepts=ChangePasswordDto(),
            returns=ChangedPasswordDto(),
            secret=True,
        ),
    )
