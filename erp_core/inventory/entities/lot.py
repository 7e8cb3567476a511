"""Lots: what was made together, and until when it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final, NewType, Self, TypedDict
from uuid import UUID

from erp_core.catalog.entities import ProductId
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate
from erp_core.kernel.errors import ensure
from erp_core.kernel.page import SortKey
from erp_core.kernel.text import require_text

LotId = NewType("LotId", UUID)

NUMBER_LENGTH_MAX: Final = 64


class LotChanges(TypedDict, total=False):
    """What of a lot may be changed; its number and its product stay."""

    expires_on: date | None
    made_on: date | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LotDates:
    """When a lot was made, and the last day on which it may be used."""

    made_on: date | None = None
    expires_on: date | None = None

    def __post_init__(self) -> None:
        ensure(
            self.made_on is None or self.expires_on is None or self.made_on <= self.expires_on,
            "inventory.lot.dates",
            "a lot does not expire before it is made",
            field="expires_on",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot(Aggregate):
    """A lot, or a serial number, of one product: known from its first movement on."""

    id: LotId
    product_id: ProductId
    number: str  # as on the goods; unique for the product
    made_on: date | None = None
    expires_on: date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        require_text(
            self.number, "inventory.lot.number", shortest=1, longest=NUMBER_LENGTH_MAX, field="lot"
        )
        require_text(self.note, "inventory.lot.note", longest=500, field="note")
        LotDates(made_on=self.made_on, expires_on=self.expires_on)

    def received(self, dates: LotDates) -> Self:
        """Return the lot as a receipt that says *dates* finds it: what was unknown is filled in.

        Raises:
            InvariantError: the goods say another date than those that came before.
        """
        for ours, theirs, field in (
            (self.made_on, dates.made_on, "made_on"),
            (self.expires_on, dates.expires_on, "expires_on"),
        ):
            ensure(
                ours is None or theirs is None or ours == theirs,
                "inventory.lot.mismatch",
                f"lot {self.number} is known with another date, {ours}: look at the goods again",
                field=field,
                lot=self.number,
                known=ours,
            )
        made_on, expires_on = self.made_on or dates.made_on, self.expires_on or dates.expires_on
        if (made_on, expires_on) == (self.made_on, self.expires_on):
            return self
        return replace(self, made_on=made_on, expires_on=expires_on)

    def change(self, changes: LotChanges) -> Self:
        """Return the lot with *changes* made.

        Raises:
            InvariantError: it would expire before it was made.
        """
        return replace(self, **changes)


LOT_SORTS: Final[Mapping[str, SortKey[Lot]]] = {"number": SortKey(of=lambda lot: lot.number)}
