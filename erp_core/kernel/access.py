"""Who may do what: permissions are ``area.thing.action``, grants are patterns of them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure

_SEGMENT: Final = r"(?:[a-z][a-z_]*|\*)"
_GRANT: Final = re.compile(rf"{_SEGMENT}(\.{_SEGMENT}){{0,2}}")


def require_grant(grant: str) -> None:
    """Raise InvariantError unless *grant* is spelled like one."""
    ensure(
        bool(_GRANT.fullmatch(grant)),
        "access.grant",
        f"{grant!r} is no grant: write area.thing.action, with * for any, such as sales.order.*",
        field="grants",
        grant=grant,
    )


@lru_cache(maxsize=4096)
def covers(grant: str, permission: str) -> bool:
    """Say whether *grant* allows *permission*.

    ``*`` stands for one segment, and at the end for all that follow: ``*`` allows everything,
    ``sales.*`` all of sales, ``*.*.read`` reading anywhere.
    """
    asked = permission.split(".")
    given = grant.split(".")
    for index, segment in enumerate(given):
        if segment == "*" and index == len(given) - 1:
            return index < len(asked)
        if index >= len(asked) or segment not in ("*", asked[index]):
            return False
    return len(given) == len(asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """The authenticated user or machine; authentication itself is an adapter's work."""

    id: str
    grants: frozenset[str] = frozenset()

    def may(self, permission: str) -> bool:
        """Say whether a grant of this principal allows *permission*."""
        return permission in self.grants or any(covers(each, permission) for each in self.grants)
