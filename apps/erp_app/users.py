"""Users, as an operator deals with them: by login, in the one company there usually is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from erp_app.composition import core
from erp_app.database import require_file
from erp_app.errands import companies, errand
from erp_app.errors import ProgramError
from erp_app.settings import Settings
from erp_core.identity.entities import User, UserId, as_login
from erp_core.identity.ports import UserQuery
from erp_core.identity.use_cases import (
    CreateUserCommand,
    IdentityUseCases,
    SetPasswordCommand,
    UserCommand,
)
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.page import PAGE_LIMIT_MAX, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """The users of one company."""

    identity: IdentityUseCases
    ctx: Context

    def add(
        self, login: str, password: str, *, name: str, email: str, roles: tuple[str, ...]
    ) -> User:
        """Enter somebody.

        Raises:
            ErpError: the login is taken, the password too weak, a role unknown.
        """
        command = CreateUserCommand(
            id=UserId(new_id()),
            login=login,
            name=name or login,
            email=email,
            password=password,
            roles=roles,
        )
        return self.identity.create_user(self.ctx, command)

    def all(self, login: str = "") -> Iterator[User]:
        """Yield the users whose login begins so, in order."""
        page = PageRequest(limit=PAGE_LIMIT_MAX, sort="login")
        while True:
            found = self.identity.list_users(self.ctx, UserQuery(page=page, login=login))
            yield from found.items
            if found.next is None:
                return
            page = PageRequest(limit=PAGE_LIMIT_MAX, sort="login", after=found.next)

    def disable(self, login: str) -> User:
        """Keep somebody out; raise ProgramError if there is no such user."""
        return self.identity.disable_user(self.ctx, UserCommand(id=self._find(login)))

    def enable(self, login: str) -> User:
        """Let somebody in again; raise ProgramError if there is no such user."""
        return self.identity.enable_user(self.ctx, UserCommand(id=self._find(login)))

    def set_password(self, login: str, password: str) -> User:
        """Give somebody a new password; raise ProgramError if there is no such user."""
        command = SetPasswordCommand(id=self._find(login), password=password)
        return self.identity.set_password(self.ctx, command)

    def _find(self, login: str) -> UserId:
        for each in self.all(as_login(login)):
            if each.login == as_login(login):
                return each.id
        raise ProgramError(f"there is no user {login}; `erp user list` shows them all")


@contextmanager
def staff(settings: Settings, company: UUID | None) -> Iterator[Staff]:
    """Open the house, and show the users of the company that is meant.

    Raises:
        ProgramError: there is no such company, or there are several and none is named.
    """
    require_file(settings)
    with core(settings) as house:
        meant = companies(house.erp, company)
        if len(meant) > 1:
            listed = ", ".join(str(each) for each in meant)
            raise ProgramError(f"there are several companies: name one with --company ({listed})")
        yield Staff(identity=house.erp.identity, ctx=errand(meant[0]))
