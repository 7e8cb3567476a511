"""What an administrator does with API keys, and what a machine does with its own."""

from __future__ import annotations

from datetime import datetime

from erp_core.identity.entities import ApiKey, ApiKeyId, Company, PlainKey, digest
from erp_core.identity.ports import ApiKeyQuery, IdentityUnitOfWork
from erp_core.identity.use_cases.authority import house, require_held, within
from erp_core.kernel.access import Principal
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import UnauthenticatedError, ensure
from erp_core.kernel.page import Page
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueApiKeyCommand:
    id: ApiKeyId
    name: str
    grants: tuple[str, ...]
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedApiKey:
    """A key with its plain form, which is shown this once and never again."""

    key: ApiKey
    plain: PlainKey


@dataclass(frozen=True, kw_only=True)
class IssueApiKey(UseCase[IdentityUnitOfWork, IssueApiKeyCommand, IssuedApiKey]):
    """Give a machine a way in.

    Raises:
        InvariantError: these are no grants, none at all, or the key would be expired.
        PermissionDeniedError: they allow more than the principal may.
        AlreadyExistsError: the id is taken.
    """

    permission = "identity.api_key.issue"

    def execute(
        self, ctx: Context, uow: IdentityUnitOfWork, command: IssueApiKeyCommand
    ) -> IssuedApiKey:
        ensure(
            bool(command.grants),
            "identity.api_key.grants",
            "a key without grants opens nothing: name some",
            field="grants",
        )
        plain = PlainKey.new()
        key = ApiKey(
            id=command.id,
            name=command.name,
            prefix=plain.prefix,
            secret_hash=digest(plain.secret),
            grants=command.grants,
            issued_by=ctx.principal.id,
            issued_at=self.clock.now(ctx),
            expires_at=command.expires_at,
        )
        require_held(ctx, key.grants)
        return IssuedApiKey(key=uow.api_keys.add(ctx, key), plain=plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyCommand:
    """Names a key, and the version of it that the caller has seen (None: any)."""

    id: ApiKeyId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class RevokeApiKey(UseCase[IdentityUnitOfWork, ApiKeyCommand, ApiKey]):
    """End a key, at once and for good.

    Raises:
        NotFoundError: no such key.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it was revoked before.
    """

    permission = "identity.api_key.revoke"

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: ApiKeyCommand) -> ApiKey:
        key = uow.api_keys.get(ctx, command.id).expect(command.version)
        return uow.api_keys.save(ctx, key.revoke(self.clock.now(ctx)))


@dataclass(frozen=True, kw_only=True)
class GetApiKey(UseCase[IdentityUnitOfWork, ApiKeyCommand, ApiKey]):
    """Read what is known of one API key.

    Raises:
        NotFoundError: no such key.
    """

    permission = "identity.api_key.read"
    read_only = True

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: ApiKeyCommand) -> ApiKey:
        return uow.api_keys.get(ctx, command.id)


@dataclass(frozen=True, kw_only=True)
class ListApiKeys(UseCase[IdentityUnitOfWork, ApiKeyQuery, Page[ApiKey]]):
    """Read API keys a page at a time; their secrets are nowhere to be read.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "identity.api_key.read"
    read_only = True

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: ApiKeyQuery) -> Page[ApiKey]:
        return uow.api_keys.page(ctx, command)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHolder:
    """A machine that showed a good key, and the company it works for."""

    principal: Principal
    company: Company


@dataclass(frozen=True, kw_only=True)
class AuthenticateApiKey(UseCase[IdentityUnitOfWork, PlainKey, KeyHolder]):
    """Say whose key this is. It is asked with every request, so it writes nothing.

    Raises:
        UnauthenticatedError: nobody's: unknown, expired or revoked (``identity.api_key``).
    """

    permission = "identity.session.open"
    read_only = True

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: PlainKey) -> KeyHolder:
        found = uow.api_keys.find_by_prefix(house(ctx), command.prefix)
        if found is None or not found[1].opens(command, self.clock.now(ctx)):
            raise UnauthenticatedError("this API key opens nothing", code="identity.api_key")
        company_id, key = found
        return KeyHolder(
            principal=Principal(
                id=key.principal_id, grants=frozenset({*key.grants, "identity.me.read"})
            ),
            company=uow.companies.get(within(ctx, company_id)),
        )
