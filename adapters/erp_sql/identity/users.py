"""Users over one connection: load, map and store, and decide nothing."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from erp_core.identity.entities import USER_SORTS, User, UserId
from erp_core.identity.ports import UserQuery, UserRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.errors import AlreadyExistsError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_sql.dialects import violates
from erp_sql.identity.mappers import read_user, write_user
from erp_sql.identity.models import UserRow
from erp_sql.keyset import Keyset, starts_with
from erp_sql.masters import Masters

_MASTERS: Final = Masters(UserRow, "user")
_COLUMNS: Final = {"login": _MASTERS.table.c.login, "name": _MASTERS.table.c.name}
_KEYSET: Final = Keyset(_MASTERS.table, _COLUMNS, USER_SORTS)
_BY_LOGIN: Final = select(_MASTERS.table).where(_MASTERS.table.c.login == bindparam("login"))


class SqlUsers(UserRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal
        self._seen: dict[tuple[CompanyId, UserId], User] = {}  # as they were, for the journal

    def add(self, ctx: Context, user: User) -> User:
        try:
            _MASTERS.add(self._connection, write_user(ctx.company_id, user))
        except IntegrityError as error:
            if violates(error, "login"):
                raise AlreadyExistsError(
                    f"the login {user.login} is taken",
                    code="identity.user.login_taken",
                    field="login",
                ) from error
            raise AlreadyExistsError("a user of this id exists", field="id") from error
        return self._told(ctx, None, user)

    def get(self, ctx: Context, user_id: UserId) -> User:
        found = read_user(_MASTERS.get(self._connection, ctx, user_id))
        self._seen[ctx.company_id, user_id] = found
        return found

    def save(self, ctx: Context, user: User) -> User:
        before = self._seen.get((ctx.company_id, user.id)) or self.get(ctx, user.id)
        _MASTERS.save(self._connection, write_user(ctx.company_id, user))
        return self._told(ctx, before, user)

    def page(self, ctx: Context, query: UserQuery) -> Page[User]:
        wanted: list[ColumnElement[bool]] = []
        if query.states:
            wanted.append(_MASTERS.table.c.state.in_([each.value for each in query.states]))
        if query.login:
            wanted += starts_with(_MASTERS.table.c.login, query.login)
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_user)

    def find_by_login(self, ctx: Context, login: str) -> tuple[CompanyId, User] | None:
        row = self._connection.execute(_BY_LOGIN, {"login": login}).one_or_none()
        if row is None:
            return None
        owner, found = CompanyId(row.company_id), read_user(row)
        self._seen[owner, found.id] = found
        return owner, found

    def _told(self, ctx: Context, before: User | None, user: User) -> User:
        self._outbox.append(ctx, user.events)
        self._journal.note_entity("identity.user", before, user)
        stored = user.stored(user.version + 1)
        self._seen[ctx.company_id, stored.id] = stored
        return stored
