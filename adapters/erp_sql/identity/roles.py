"""Roles over one connection: load, map and store, and decide nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from erp_core.identity.entities import ROLE_SORTS, Role, RoleId
from erp_core.identity.ports import RoleQuery, RoleRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.errors import AlreadyExistsError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_sql.dialects import violates
from erp_sql.identity.mappers import read_role, write_role
from erp_sql.identity.models import RoleRow
from erp_sql.keyset import Keyset
from erp_sql.masters import Masters

_MASTERS: Final = Masters(RoleRow, "role")
_KEYSET: Final = Keyset(_MASTERS.table, {"name": _MASTERS.table.c.name}, ROLE_SORTS)
_NAMED: Final = (
    select(_MASTERS.table)
    .where(
        _MASTERS.table.c.company_id == bindparam("company"),
        _MASTERS.table.c.name.in_(bindparam("names", expanding=True)),
    )
    .order_by(_MASTERS.table.c.name)
)


class SqlRoles(RoleRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal
        self._seen: dict[tuple[CompanyId, RoleId], Role] = {}  # as they were, for the journal

    def add(self, ctx: Context, role: Role) -> Role:
        try:
            _MASTERS.add(self._connection, write_role(ctx.company_id, role))
        except IntegrityError as error:
            if violates(error, "name"):
                raise AlreadyExistsError(
                    f"there is a role {role.name} already",
                    code="identity.role.name_taken",
                    field="name",
                ) from error
            raise AlreadyExistsError("a role of this id exists", field="id") from error
        return self._told(ctx, None, role)

    def get(self, ctx: Context, role_id: RoleId) -> Role:
        found = read_role(_MASTERS.get(self._connection, ctx, role_id))
        self._seen[ctx.company_id, role_id] = found
        return found

    def save(self, ctx: Context, role: Role) -> Role:
        before = self._seen.get((ctx.company_id, role.id)) or self.get(ctx, role.id)
        _MASTERS.save(self._connection, write_role(ctx.company_id, role))
        return self._told(ctx, before, role)

    def named(self, ctx: Context, names: Sequence[str]) -> tuple[Role, ...]:
        asked = {"company": ctx.company_id, "names": list(names)}
        found = tuple(read_role(row) for row in self._connection.execute(_NAMED, asked))
        self._seen |= {(ctx.company_id, each.id): each for each in found}
        return found

    def page(self, ctx: Context, query: RoleQuery) -> Page[Role]:
        return _KEYSET.page(self._connection, ctx, query.page, [], read_role)

    def _told(self, ctx: Context, before: Role | None, role: Role) -> Role:
        self._outbox.append(ctx, role.events)
        self._journal.note_entity("identity.role", before, role)
        stored = role.stored(role.version + 1)
        self._seen[ctx.company_id, stored.id] = stored
        return stored
