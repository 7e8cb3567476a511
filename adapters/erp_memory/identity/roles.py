"""Roles in a dictionary."""

from __future__ import annotations

from collections.abc import Sequence

from erp_core.identity.entities import ROLE_SORTS, Role, RoleId
from erp_core.identity.ports import RoleQuery, RoleRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryRoles(RoleRepository):
    def __init__(self, tables: Tables, outbox: Outbox, journal: Journal) -> None:
        self._roles = tables.roles
        self._outbox = outbox
        self._journal = journal

    def add(self, ctx: Context, role: Role) -> Role:
        if (ctx.company_id, role.id) in self._roles:
            raise AlreadyExistsError("a role of this id exists", field="id")
        if self.named(ctx, [role.name]):
            raise AlreadyExistsError(
                f"there is a role {role.name} already",
                code="identity.role.name_taken",
                field="name",
            )
        return self._write(ctx, None, role)

    def get(self, ctx: Context, role_id: RoleId) -> Role:
        role = self._roles.get((ctx.company_id, role_id))
        if role is None:
            raise NotFoundError(f"no role {role_id}")
        return role

    def save(self, ctx: Context, role: Role) -> Role:
        before = self.get(ctx, role.id)
        if before.version != role.version:
            raise StaleVersionError(f"role {role.name} has changed")
        return self._write(ctx, before, role)

    def named(self, ctx: Context, names: Sequence[str]) -> tuple[Role, ...]:
        found = [each for each in self._of(ctx) if each.name in names]
        return tuple(sorted(found, key=lambda role: role.name))

    def page(self, ctx: Context, query: RoleQuery) -> Page[Role]:
        return page_of(self._of(ctx), query.page, ROLE_SORTS)

    def _of(self, ctx: Context) -> list[Role]:
        return [each for (owner, _), each in self._roles.items() if owner == ctx.company_id]

    def _write(self, ctx: Context, before: Role | None, role: Role) -> Role:
        self._outbox.append(ctx, role.events)
        self._journal.note_entity("identity.role", before, role)
        stored = role.stored(role.version + 1)
        self._roles[ctx.company_id, role.id] = stored
        return stored
