"""Units: what a quantity counts, and how one unit becomes another of its dimension."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import Final, NewType, Self, TypedDict
from uuid import UUID

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, new_id
from erp_core.kernel.errors import ensure
from erp_core.kernel.exact import PLACES, exact, plain, product, quotient, rounded_half_up
from erp_core.kernel.page import SortKey
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.text import require_text

UnitId = NewType("UnitId", UUID)

STANDARD_UNIT: Final = "un"  # what a product is counted in unless somebody says otherwise
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,15}")


def require_unit_code(code: str, field: str = "code") -> None:
    """Raise InvariantError unless *code* is spelled like the code of a unit."""
    ensure(
        bool(_CODE.fullmatch(code)),
        "catalog.unit.code",
        "a unit's code has 1 to 16 letters, digits, dots, dashes, slashes or underscores",
        field=field,
    )


class Dimension(StrEnum):
    """What is measured; each has one reference unit, to which the factors refer."""

    COUNT = "count"  # piece
    MASS = "mass"  # kilogram
    LENGTH = "length"  # metre
    AREA = "area"  # square metre
    VOLUME = "volume"  # litre
    TIME = "time"  # hour


class UnitChanges(TypedDict, total=False):
    """What of a unit may be changed; its code stays, since products name it."""

    name: str
    dimension: Dimension
    factor: Decimal
    decimals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Aggregate):
    """A measure the company trades in."""

    id: UnitId
    code: str  # unique in the company, capitals and small letters told apart: "m", "M"
    name: str
    dimension: Dimension
    factor: Decimal = Decimal(1)  # reference units in one of these: 0.001 for a gram
    decimals: int = 0  # how finely it is counted

    def __post_init__(self) -> None:
        require_unit_code(self.code)
        require_text(self.name, "catalog.unit.name", shortest=1, longest=60, field="name")
        object.__setattr__(
            self, "factor", plain(exact(self.factor, PLACES, "catalog.unit.factor"))
        )
        ensure(
            self.factor > 0,
            "catalog.unit.factor",
            "a factor is greater than zero",
            field="factor",
        )
        ensure(
            0 <= self.decimals <= PLACES,
            "catalog.unit.decimals",
            f"a unit has 0 to {PLACES} decimals",
            field="decimals",
        )

    def change(self, changes: UnitChanges) -> Self:
        """Return the unit with *changes* made.

        Raises:
            InvariantError: what would come of it is no unit.
        """
        return replace(self, **changes)

    def rounded(self, quantity: Quantity) -> Quantity:
        """Return *quantity* as finely as this unit is counted, half away from zero."""
        return Quantity(rounded_half_up(quantity.value, self.decimals))

    def require_countable(self, quantity: Quantity, field: str = "quantity") -> None:
        """Raise InvariantError where *quantity* is finer than the unit: nobody sells 0.5 piece.

        What a person enters is refused rather than rounded; only conversion rounds.
        """
        ensure(
            self.rounded(quantity) == quantity,
            "catalog.unit.too_fine",
            f"{self.code} has {self.decimals} decimals: {quantity} is finer",
            field=field,
            unit=self.code,
            decimals=self.decimals,
        )

    def convert(self, quantity: Quantity, target: Unit) -> Quantity:
        """Return *quantity* of this unit in *target*, rounded once, half away from zero.

        Raises:
            InvariantError: the two measure different things.
        """
        ensure(
            self.dimension is target.dimension,
            "catalog.unit.dimension",
            f"{self.code} measures {self.dimension}, {target.code} {target.dimension}",
            field="unit",
        )
        in_reference = product(quantity.value, self.factor, 2 * PLACES)  # exact: six and six
        return Quantity(quotient(in_reference, target.factor, target.decimals))


def standard_units() -> tuple[Unit, ...]:
    """Make the units a new company begins with."""
    return tuple(
        Unit(
            id=UnitId(new_id()),
            code=code,
            name=name,
            dimension=dimension,
            factor=Decimal(factor),
            decimals=decimals,
        )
        for code, name, dimension, factor, decimals in _STANDARD
    )


_STANDARD: Final = (
    (STANDARD_UNIT, "unit", Dimension.COUNT, "1", 0),
    ("pc", "piece", Dimension.COUNT, "1", 0),
    ("kg", "kilogram", Dimension.MASS, "1", 3),
    ("g", "gram", Dimension.MASS, "0.001", 0),
    ("t", "tonne", Dimension.MASS, "1000", 6),
    ("m", "metre", Dimension.LENGTH, "1", 3),
    ("cm", "centimetre", Dimension.LENGTH, "0.01", 1),
    ("mm", "millimetre", Dimension.LENGTH, "0.001", 0),
    ("km", "kilometre", Dimension.LENGTH, "1000", 6),
    ("m2", "square metre", Dimension.AREA, "1", 4),
    ("m3", "cubic metre", Dimension.VOLUME, "1000", 6),
    ("l", "litre", Dimension.VOLUME, "1", 3),
    ("ml", "millilitre", Dimension.VOLUME, "0.001", 0),
    ("h", "hour", Dimension.TIME, "1", 2),
    ("d", "working day of eight hours", Dimension.TIME, "8", 2),
)


UNIT_SORTS: Final[Mapping[str, SortKey[Unit]]] = {
    "code": SortKey(of=lambda unit: unit.code),
}
