"""A role: grants under a name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NewType, Self
from uuid import UUID

from erp_core.kernel.access import require_grant
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate
from erp_core.kernel.errors import ensure
from erp_core.kernel.page import SortKey

RoleId = NewType("RoleId", UUID)

# A user's grants travel in every request he makes: bounds that keep them within a header.
GRANTS_MAX: Final = 50
GRANT_LENGTH_MAX: Final = 96

ADMINISTRATOR: Final = "administrator"

# What everybody may do who has signed in, whatever his roles say.
EVERYBODY_MAY: Final = frozenset({"identity.me.read", "identity.password.change"})

# What nobody has yet signed in to do.
STRANGERS_MAY: Final = frozenset(
    {"identity.session.open", "identity.session.refresh", "identity.session.end"}
)

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")

# Overriding a credit limit or a minimum price, and approving what one has ordered, are left to
# the administrator and to roles of the company's own.
BUILT_IN_ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    ADMINISTRATOR: ("*",),
    "sales": (
        "catalog.*.read",
        "crm.*",
        "documents.*.read",
        "identity.company.read",
        "inventory.*.read",
        "invoicing.*.read",
        "parties.*",
        "sales.*.add",
        "sales.*.cancel",
        "sales.*.change",
        "sales.*.confirm",
        "sales.*.create",
        "sales.*.delete",
        "sales.*.read",
        "sales.*.send",
        "sales.quote.*",
        "sales.shipment.*",
        "treasury.*.read",
    ),
    "purchasing": (
        "catalog.*",
        "documents.*.read",
        "identity.company.read",
        "inventory.*.read",
        "parties.*",
        "purchasing.*.add",
        "purchasing.*.cancel",
        "purchasing.*.change",
        "purchasing.*.create",
        "purchasing.*.delete",
        "purchasing.*.order",
        "purchasing.*.read",
        "purchasing.*.refuse",
        "purchasing.*.validate",
        "purchasing.reception.*",
    ),
    "warehouse": (
        "catalog.*.read",
        "identity.company.read",
        "inventory.*",
        "parties.*.read",
        "purchasing.*.read",
        "purchasing.reception.*",
        "sales.*.read",
        "sales.shipment.*",
    ),
    "finance": (
        "accounting.*",
        "catalog.*.read",
        "documents.*",
        "identity.company.read",
        "inventory.*.read",
        "invoicing.*",
        "parties.*",
        "purchasing.*.read",
        "purchasing.supplier_invoice.*",
        "sales.*.read",
        "treasury.*",
    ),
    "auditor": ("*.*.read",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Aggregate):
    """What a person of some trade may do. The built-in ones are the house's, and stay."""

    id: RoleId
    name: str  # unique in the company; users name their roles by it
    grants: tuple[str, ...]  # in order, each once
    built_in: bool = False

    def __post_init__(self) -> None:
        ensure(
            bool(_NAME.fullmatch(self.name)),
            "identity.role.name",
            "a name begins with a small letter, then up to 63 of these, digits, dashes or _",
            field="name",
        )
        object.__setattr__(self, "grants", require_grants(self.grants))

    def redefine(self, grants: tuple[str, ...]) -> Self:
        """Return the role with other grants; its users have them from their next refresh on.

        Raises:
            InvariantError: it is built in, or what is given are no grants.
        """
        ensure(
            not self.built_in,
            "identity.role.built_in",
            f"the role {self.name} is built in: define one of your own beside it",
            field="name",
            role=self.name,
        )
        return replace(self, grants=grants)


def require_grants(grants: tuple[str, ...]) -> tuple[str, ...]:
    """Return *grants* in order, each once.

    Raises:
        InvariantError: they are too many, or one of them is not spelled like a grant.
    """
    ensure(
        len(grants) <= GRANTS_MAX,
        "identity.grants.many",
        f"at most {GRANTS_MAX} grants: use * to say more with fewer",
        field="grants",
    )
    for grant in grants:
        ensure(
            len(grant) <= GRANT_LENGTH_MAX,
            "identity.grants.long",
            f"a grant has at most {GRANT_LENGTH_MAX} characters",
            field="grants",
        )
        require_grant(grant)
    return tuple(sorted(set(grants)))


ROLE_SORTS: Final[Mapping[str, SortKey[Role]]] = {"name": SortKey(of=lambda role: role.name)}
