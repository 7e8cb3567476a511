"""Who may give what to whom: asked by every use case of this area that gives something away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from erp_core.identity.entities import EVERYBODY_MAY, Role, User, UserId
from erp_core.identity.ports import IdentityUnitOfWork
from erp_core.kernel.context import NO_COMPANY, CompanyId, Context
from erp_core.kernel.errors import PermissionDeniedError, ensure


def within(ctx: Context, company_id: CompanyId) -> Context:
    """Return *ctx* as it is in another company; cancelling the one cancels the other."""
    return replace(ctx, company_id=company_id)


def house(ctx: Context) -> Context:
    """Return *ctx* outside of any company."""
    return within(ctx, NO_COMPANY)


def require_house(ctx: Context) -> None:
    """Raise PermissionDeniedError in any company: the errand is the house's own."""
    if ctx.company_id != NO_COMPANY:
        raise PermissionDeniedError(
            "this is done for the whole house, and by no company", code="identity.house_only"
        )


def own_id(ctx: Context) -> UserId:
    """Return the id of the user who asks.

    Raises:
        PermissionDeniedError: it is a machine that asks.
    """
    try:
        return UserId(UUID(ctx.principal.id))
    except ValueError as error:
        raise PermissionDeniedError(
            "only a user does this, not a machine", code="identity.user_only"
        ) from error


def require_held(ctx: Context, grants: Iterable[str]) -> None:
    """Raise PermissionDeniedError unless the principal may all that *grants* allow."""
    for grant in grants:
        if not ctx.principal.may(grant):
            raise PermissionDeniedError(
                f"nobody gives away more than he holds: you lack {grant}",
                code="identity.escalation",
                field="grants",
                permission=grant,
            )


def require_roles(ctx: Context, uow: IdentityUnitOfWork, names: Sequence[str]) -> tuple[Role, ...]:
    """Return the roles of these names.

    Raises:
        InvariantError: there is no such role.
    """
    roles = uow.roles.named(ctx, names)
    missing = sorted(set(names) - {role.name for role in roles})
    ensure(
        not missing,
        "identity.user.role_unknown",
        f"there is no role {', '.join(missing)}: define it first",
        field="roles",
        roles=", ".join(missing),
    )
    return roles


def grants_of(roles: Iterable[Role]) -> frozenset[str]:
    """Return all that *roles* allow together."""
    return frozenset(grant for role in roles for grant in role.grants)


def session_grants(ctx: Context, uow: IdentityUnitOfWork, user: User) -> frozenset[str]:
    """Return what *user* may do once signed in."""
    return grants_of(uow.roles.named(ctx, user.roles)) | EVERYBODY_MAY


def require_managed(ctx: Context, uow: IdentityUnitOfWork, user: User) -> None:
    """Raise PermissionDeniedError if *user* may more than the principal, who would manage him."""
    require_held(ctx, sorted(grants_of(uow.roles.named(ctx, user.roles))))


def require_other(ctx: Context, user: User) -> None:
    """Raise PermissionDeniedError if *user* is the principal himself.

    Whoever takes roles away keeps his own: so a company never loses its last administrator.
    """
    if ctx.principal.id == str(user.id):
        raise PermissionDeniedError(
            "nobody does this to himself: ask a colleague", code="identity.user.self"
        )
