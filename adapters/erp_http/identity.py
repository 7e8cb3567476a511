"""Users, roles, API keys, one's own company and the audit trail over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from marshmallow import Schema

from erp_core.identity.entities import (
    API_KEY_SORTS,
    ROLE_SORTS,
    USER_SORTS,
    ApiKey,
    ApiKeyId,
    Role,
    RoleId,
    User,
    UserChanges,
    UserId,
    UserState,
)
from erp_core.identity.ports import ApiKeyQuery, RoleQuery, UserQuery
from erp_core.identity.use_cases import (
    ApiKeyCommand,
    ChangeUserCommand,
    CreateUserCommand,
    DefineRoleCommand,
    IdentityUseCases,
    IssueApiKeyCommand,
    IssuedApiKey,
    RoleCommand,
    SetPasswordCommand,
    UserCommand,
)
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_http import company, session, show
from erp_http.dto import ListDto, NothingDto, PageDto, RequestDto, ResponseDto
from erp_http.fields import Choice, Choices, Flag, Id, List, Moment, Text, Whole
from erp_http.routing import Route
from erp_http.tokens import Tokens


class CreateUserDto(RequestDto):
    id = Id(load_default=None)  # a client may choose it, so that it can ask again safely
    login = Text(required=True, length=100)
    name = Text(required=True)
    password = Text(required=True, metadata={"format": "password"})
    email = Text(load_default="", length=254)
    locale = Text(load_default="", length=16)
    roles = List(Text(length=64), load_default=(), metadata={"description": "names of roles"})

    def make(self, ctx: Context, given: dict[str, Any]) -> CreateUserCommand:
        return CreateUserCommand(
            id=UserId(given["id"] or new_id()),
            login=given["login"],
            name=given["name"],
            password=given["password"],
            email=given["email"],
            locale=given["locale"],
            roles=tuple(given["roles"]),
        )


class ChangeUserDto(RequestDto):
    """A merge patch (RFC 7396): what is absent stays, null clears."""

    name = Text()
    email = Text(length=254, allow_none=True)
    locale = Text(length=16, allow_none=True)
    roles = List(Text(length=64))

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangeUserCommand:
        changes: UserChanges = {}
        if "name" in given:
            changes["name"] = given["name"]
        if "email" in given:
            changes["email"] = given["email"] or ""
        if "locale" in given:
            changes["locale"] = given["locale"] or ""
        if "roles" in given:
            changes["roles"] = tuple(given["roles"])
        return ChangeUserCommand(
            id=UserId(given["id"]), version=given["if_match"], changes=changes
        )


class SetPasswordDto(RequestDto):
    password = Text(required=True, metadata={"format": "password"})

    def make(self, ctx: Context, given: dict[str, Any]) -> SetPasswordCommand:
        return SetPasswordCommand(
            id=UserId(given["id"]), version=given["if_match"], password=given["password"]
        )


class ListUsersDto(ListDto):
    sorts = tuple(USER_SORTS)

    state = Choices(UserState, load_default=())
    login = Text(load_default="", length=100, metadata={"description": "how it begins"})

    def make(self, ctx: Context, given: dict[str, Any]) -> UserQuery:
        return UserQuery(page=self.page(given), states=given["state"], login=given["login"])


class UserDto(ResponseDto[User]):
    id = Id(required=True)
    version = Whole(required=True)
    login = Text(required=True)
    name = Text(required=True)
    email = Text(required=True)
    locale = Text(required=True)
    state = Choice(UserState, required=True)
    roles = List(Text(), required=True)

    def show(self, thing: User) -> dict[str, Any]:
        return session.show_user(thing)


class DefineRoleDto(RequestDto):
    id = Id(load_default=None)
    name = Text(required=True, length=64)
    grants = List(Text(length=96), required=True)

    def make(self, ctx: Context, given: dict[str, Any]) -> DefineRoleCommand:
        return DefineRoleCommand(
            id=RoleId(given["id"] or new_id()),
            version=given["if_match"],
            name=given["name"],
            grants=tuple(given["grants"]),
        )


class ListRolesDto(ListDto):
    sorts = tuple(ROLE_SORTS)

    def make(self, ctx: Context, given: dict[str, Any]) -> RoleQuery:
        return RoleQuery(page=self.page(given))


class RoleDto(ResponseDto[Role]):
    id = Id(required=True)
    version = Whole(required=True)
    name = Text(required=True)
    grants = List(Text(), required=True)
    built_in = Flag(required=True)

    def show(self, thing: Role) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "version": thing.version,
            "name": thing.name,
            "grants": list(thing.grants),
            "built_in": thing.built_in,
        }


class IssueApiKeyDto(RequestDto):
    id = Id(load_default=None)
    name = Text(required=True)
    grants = List(Text(length=96), required=True)
    expires_at = Moment(load_default=None, allow_none=True)

    def make(self, ctx: Context, given: dict[str, Any]) -> IssueApiKeyCommand:
        return IssueApiKeyCommand(
            id=ApiKeyId(given["id"] or new_id()),
            name=given["name"],
            grants=tuple(given["grants"]),
            expires_at=given["expires_at"],
        )


class ListApiKeysDto(ListDto):
    sorts = tuple(API_KEY_SORTS)

    def make(self, ctx: Context, given: dict[str, Any]) -> ApiKeyQuery:
        return ApiKeyQuery(page=self.page(given))


class ApiKeyFields(Schema):
    id = Id(required=True)
    version = Whole(required=True)
    name = Text(required=True)
    prefix = Text(required=True)
    grants = List(Text(), required=True)
    issued_by = Text(required=True)
    issued_at = Moment(required=True)
    expires_at = Moment(required=True, allow_none=True)
    revoked_at = Moment(required=True, allow_none=True)


class ApiKeyDto(ApiKeyFields, ResponseDto[ApiKey]):
    def show(self, thing: ApiKey) -> dict[str, Any]:
        return _show_key(thing)


class IssuedApiKeyDto(ApiKeyFields, ResponseDto[IssuedApiKey]):
    key = Text(required=True, metadata={"description": "what to send; shown this once"})

    def show(self, thing: IssuedApiKey) -> dict[str, Any]:
        return {**_show_key(thing.key), "key": thing.plain.shown()}


def _show_key(key: ApiKey) -> dict[str, Any]:
    return {
        "id": str(key.id),
        "version": key.version,
        "name": key.name,
        "prefix": key.prefix,
        "grants": list(key.grants),
        "issued_by": key.issued_by,
        "issued_at": show.moment(key.issued_at),
        "expires_at": show.moment(key.expires_at),
        "revoked_at": show.moment(key.revoked_at),
    }


def routes(identity: IdentityUseCases, tokens: Tokens) -> tuple[Route, ...]:
    return (
        *session.routes(identity, tokens),
        *company.routes(identity),
        *_users(identity),
        *_roles(identity),
        *_keys(identity),
    )


def _users(identity: IdentityUseCases) -> tuple[Route, ...]:
    one = NothingDto(lambda key, version: UserCommand(id=UserId(key), version=version))
    shown = UserDto()
    return (
        Route(
            on="POST /v1/users",
            call=identity.create_user,
            accepts=CreateUserDto(),
            returns=shown,
            status=HTTPStatus.CREATED,
            location="/v1/users/{id}",
            secret=True,
        ),
        Route(
            on="GET /v1/users",
            call=identity.list_users,
            accepts=ListUsersDto(),
            returns=PageDto(shown),
        ),
        Route(on="GET /v1/users/<uuid:id>", call=identity.get_user, accepts=one, returns=shown),
        Route(
            on="PATCH /v1/users/<uuid:id>",
            call=identity.change_user,
            accepts=ChangeUserDto(),
            returns=shown,
        ),
        Route(
            on="POST /v1/users/<uuid:id>/password",
            call=identity.set_password,
            accepts=SetPasswordDto(),
            returns=shown,
            secret=True,
        ),
        Route(
            on="POST /v1/users/<uuid:id>/disable",
            call=identity.disable_user,
            accepts=one,
            returns=shown,
        ),
        Route(
            on="POST /v1/users/<uuid:id>/enable",
            call=identity.enable_user,
            accepts=one,
            returns=shown,
        ),
    )


def _roles(identity: IdentityUseCases) -> tuple[Route, ...]:
    return (
        Route(
            on="POST /v1/roles",
            call=identity.define_role,
            accepts=DefineRoleDto(),
            returns=RoleDto(),
            status=HTTPStatus.CREATED,
            location="/v1/roles/{id}",
        ),
        Route(
            on="GET /v1/roles",
            call=identity.list_roles,
            accepts=ListRolesDto(),
            returns=PageDto(RoleDto()),
        ),
        Route(
            on="GET /v1/roles/<uuid:id>",
            call=identity.get_role,
            accepts=NothingDto(lambda key, _version: RoleCommand(id=RoleId(key))),
            returns=RoleDto(),
        ),
    )


def _keys(identity: IdentityUseCases) -> tuple[Route, ...]:
    one = NothingDto(lambda key, version: ApiKeyCommand(id=ApiKeyId(key), version=version))
    return (
        Route(
            on="POST /v1/api-keys",
            call=identity.issue_api_key,
            accepts=IssueApiKeyDto(),
            returns=IssuedApiKeyDto(),
            status=HTTPStatus.CREATED,
            location="/v1/api-keys/{id}",
            secret=True,
        ),
        Route(
            on="GET /v1/api-keys",
            call=identity.list_api_keys,
            accepts=ListApiKeysDto(),
            returns=PageDto(ApiKeyDto()),
        ),
        Route(
            on="GET /v1/api-keys/<uuid:id>",
            call=identity.get_api_key,
            accepts=one,
            returns=ApiKeyDto(),
        ),
        Route(
            on="POST /v1/api-keys/<uuid:id>/revoke",
            call=identity.revoke_api_key,
            accepts=one,
            returns=ApiKeyDto(),
        ),
    )
