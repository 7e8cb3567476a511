"""Which taxes a line bears."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, NewType, Self, TypedDict
from uuid import UUID

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate
from erp_core.kernel.errors import TransitionError, ensure
from erp_core.kernel.money import Rate
from erp_core.kernel.page import SortKey
from erp_core.kernel.text import require_text

TaxClassId = NewType("TaxClassId", UUID)

COMPONENTS_MAX: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxComponent:
    """One tax of a class: ICMS, IPI, ISS, CBS, or simply VAT."""

    name: str
    rate: Rate
    included: bool = False  # the price contains it
    compound: bool = False  # reckoned on the net and the taxes before it, not on the net alone
    withheld: bool = False  # the buyer keeps it back for the tax office: listed, not added

    def __post_init__(self) -> None:
        require_text(self.name, "catalog.tax_component.name", shortest=1, longest=60, field="name")


def require_components(components: tuple[TaxComponent, ...]) -> None:
    """Raise InvariantError unless there are few components, each of another name."""
    ensure(
        len(components) <= COMPONENTS_MAX,
        "catalog.tax_class.components",
        f"a tax class has at most {COMPONENTS_MAX} components",
        field="components",
    )
    ensure(
        len({each.name for each in components}) == len(components),
        "catalog.tax_class.component_twice",
        "each component has a name of its own",
        field="components",
    )


class TaxClassChanges(TypedDict, total=False):
    """What of a tax class may be changed; what is absent stays."""

    name: str
    components: tuple[TaxComponent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxClass(Aggregate):
    """The taxes of a line, in the order in which they are reckoned; none means exempt."""

    id: TaxClassId
    name: str  # unique in the company
    components: tuple[TaxComponent, ...] = ()
    archived_at: datetime | None = None  # aware, UTC

    def __post_init__(self) -> None:
        require_text(self.name, "catalog.tax_class.name", shortest=1, longest=120, field="name")
        require_components(self.components)

    def change(self, changes: TaxClassChanges) -> Self:
        """Return the class with *changes* made; documents keep the taxes they were made with.

        Raises:
            InvariantError: what would come of it is no tax class.
        """
        return replace(self, **changes)

    def archive(self, now: datetime) -> Self:
        """Retire the class: no product is given it any more.

        Raises:
            TransitionError: it is archived already.
        """
        if self.archived_at is not None:
            raise TransitionError(
                "the tax class is archived already", code="catalog.tax_class.archived"
            )
        return replace(self, archived_at=now)


TAX_CLASS_SORTS: Final[Mapping[str, SortKey[TaxClass]]] = {
    "name": SortKey(of=lambda tax_class: tax_class.name),
}
