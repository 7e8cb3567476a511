"""Users in a dictionary."""

from __future__ import annotations

from erp_core.identity.entities import USER_SORTS, User, UserId
from erp_core.identity.ports import UserQuery, UserRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryUsers(UserRepository):
    def __init__(self, tables: Tables, outbox: Outbox, journal: Journal) -> None:
        self._users = tables.users
        self._outbox = outbox
        self._journal = journal

    def add(self, ctx: Context, user: User) -> User:
        if (ctx.company_id, user.id) in self._users:
            raise AlreadyExistsError("a user of this id exists", field="id")
        if self.find_by_login(ctx, user.login) is not None:
            raise AlreadyExistsError(
                f"the login {user.login} is taken", code="identity.user.login_taken", field="login"
            )
        return self._write(ctx, None, user)

    def get(self, ctx: Context, user_id: UserId) -> User:
        user = self._users.get((ctx.company_id, user_id))
        if user is None:
            raise NotFoundError(f"no user {user_id}")
        return user

    def save(self, ctx: Context, user: User) -> User:
        before = self.get(ctx, user.id)
        if before.version != user.version:
            raise StaleVersionError(f"user {user.login} has changed")
        return self._write(ctx, before, user)

    def page(self, ctx: Context, query: UserQuery) -> Page[User]:
        found = (
            each
            for (owner, _), each in self._users.items()
            if owner == ctx.company_id
            and (not query.states or each.state in query.states)
            and each.login.startswith(query.login)
        )
        return page_of(found, query.page, USER_SORTS)

    def find_by_login(self, ctx: Context, login: str) -> tuple[CompanyId, User] | None:
        found = ((owner, each) for (owner, _), each in self._users.items() if each.login == login)
        return next(found, None)

    def _write(self, ctx: Context, before: User | None, user: User) -> User:
        self._outbox.append(ctx, user.events)
        self._journal.note_entity("identity.user", before, user)
        stored = user.stored(user.version + 1)
        self._users[ctx.company_id, user.id] = stored
        return stored
