"""A person who may sign in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field, replace
from enum import StrEnum
from typing import Final, NewType, Self, TypedDict
from uuid import UUID

from erp_core.identity.entities.company import require_locale
from erp_core.kernel.audit import SECRET
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, Lifecycle
from erp_core.kernel.errors import ensure
from erp_core.kernel.page import SortKey
from erp_core.kernel.text import require_text

UserId = NewType("UserId", UUID)

ROLES_MAX: Final = 8

_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,99}")
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


class UserState(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"


USER_LIFECYCLE: Final = Lifecycle[UserState](
    {
        UserState.ACTIVE: {UserState.DISABLED},
        UserState.DISABLED: {UserState.ACTIVE},
    }
)


class UserChanges(TypedDict, total=False):
    """What of a user may be changed; what is absent stays. A login is for good."""

    name: str
    email: str
    locale: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class User(Aggregate):
    """Someone with a login, a password and roles."""

    id: UserId
    login: str  # lower case; unique over all companies
    name: str
    email: str = ""
    password_hash: str = field(repr=False, metadata=SECRET)
    locale: str = ""  # BCP 47; empty: the company's
    state: UserState = UserState.ACTIVE
    roles: tuple[str, ...] = ()  # names of roles, in order, each once
    auth_epoch: int = 0  # sessions of an earlier epoch are over

    def __post_init__(self) -> None:
        ensure(
            bool(_LOGIN.fullmatch(self.login)),
            "identity.user.login",
            "a login has 1 to 100 small letters, digits, or . _ @ + -, the first no sign",
            field="login",
        )
        require_text(self.name, "identity.user.name", shortest=1, longest=200, field="name")
        require_text(self.email, "identity.user.email", longest=254, field="email")
        ensure(
            not self.email or bool(_EMAIL.fullmatch(self.email)),
            "identity.user.email",
            "an e-mail address looks like ana@example.org",
            field="email",
        )
        if self.locale:
            require_locale(self.locale)
        ensure(
            len(self.roles) <= ROLES_MAX,
            "identity.user.roles",
            f"at most {ROLES_MAX} roles",
            field="roles",
        )
        object.__setattr__(self, "roles", tuple(sorted(set(self.roles))))

    @property
    def active(self) -> bool:
        return self.state is UserState.ACTIVE

    def change(self, changes: UserChanges) -> Self:
        """Return the user with *changes* made.

        Raises:
            InvariantError: what would come of it is no user.
        """
        return replace(self, **changes)

    def disable(self) -> Self:
        """Keep the user out, and end his sessions.

        Raises:
            TransitionError: he is disabled already.
        """
        state = USER_LIFECYCLE.step(self.state, UserState.DISABLED)
        return replace(self, state=state, auth_epoch=self.auth_epoch + 1)

    def enable(self) -> Self:
        """Let the user sign in again; sessions he had stay over.

        Raises:
            TransitionError: he is not disabled.
        """
        state = USER_LIFECYCLE.step(self.state, UserState.ACTIVE)
        return replace(self, state=state)

    def with_password(self, password_hash: str) -> Self:
        """Return the user with a new password; his sessions end."""
        return replace(self, password_hash=password_hash, auth_epoch=self.auth_epoch + 1)

    def rehashed(self, password_hash: str) -> Self:
        """Return the user with the same password, hashed as one hashes today."""
        return replace(self, password_hash=password_hash)


def as_login(typed: str) -> str:
    """Return what somebody typed as the login it means."""
    return typed.strip().lower()


USER_SORTS: Final[Mapping[str, SortKey[User]]] = {
    "login": SortKey(of=lambda user: user.login),
    "name": SortKey(of=lambda user: user.name),
}
