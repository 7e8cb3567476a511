"""A machine's way in."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Final, NewType, Self
from uuid import UUID

from erp_core.identity.entities.role import require_grants
from erp_core.identity.entities.secret import digest, new_secret, same
from erp_core.kernel.audit import SECRET
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate
from erp_core.kernel.errors import TransitionError, ensure
from erp_core.kernel.page import SortKey
from erp_core.kernel.text import require_text

ApiKeyId = NewType("ApiKeyId", UUID)

_PLAIN: Final = re.compile(r"erp_(?P<prefix>[0-9a-f]{12})_(?P<secret>[A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class PlainKey:
    """An API key as the machine holds it. Shown once, when issued, and never stored."""

    prefix: str  # twelve hexadecimal digits; unique, no secret
    secret: str = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """Make one that nobody can guess."""
        return cls(secrets.token_hex(6), new_secret())

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read a key as it is shown; None if it is not spelled like one."""
        found = _PLAIN.fullmatch(text)
        return None if found is None else cls(found["prefix"], found["secret"])

    def shown(self) -> str:
        """Return the key as its holder sends it."""
        return f"erp_{self.prefix}_{self.secret}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey(Aggregate):
    """What the house knows of a key: enough to recognise it, too little to use it."""

    id: ApiKeyId
    name: str  # whose it is or what for, in words
    prefix: str  # unique over all companies
    secret_hash: str = field(repr=False, metadata=SECRET)
    grants: tuple[str, ...]
    issued_by: str  # principal id
    issued_at: datetime  # aware, UTC
    expires_at: datetime | None = None  # None: good until revoked
    revoked_at: datetime | None = None

    def __post_init__(self) -> None:
        require_text(self.name, "identity.api_key.name", shortest=1, longest=200, field="name")
        object.__setattr__(self, "grants", require_grants(self.grants))
        ensure(
            self.expires_at is None or self.expires_at > self.issued_at,
            "identity.api_key.expires_at",
            "a key expires in the future, or never",
            field="expires_at",
        )

    @property
    def principal_id(self) -> str:
        return f"api_key:{self.id}"

    def opens(self, key: PlainKey, now: datetime) -> bool:
        """Say whether *key* is this one, and good *now*."""
        alive = self.revoked_at is None and (self.expires_at is None or now < self.expires_at)
        return same(digest(key.secret), self.secret_hash) and alive

    def revoke(self, now: datetime) -> Self:
        """End the key.

        Raises:
            TransitionError: it was revoked before.
        """
        if self.revoked_at is not None:
            raise TransitionError("this key was revoked before", code="identity.api_key.revoked")
        return replace(self, revoked_at=now)


API_KEY_SORTS: Final[Mapping[str, SortKey[ApiKey]]] = {"name": SortKey(of=lambda key: key.name)}
