"""What the lines of quotes and orders have in common: parts of them are taken and given back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from erp_core.catalog.entities import LineId, PricedLine
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import InvariantError, NotFoundError, at, ensure
from erp_core.kernel.exact import quotient
from erp_core.kernel.money import Money, minor_digits
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.kernel.text import require_text

REFERENCE_LENGTH_MAX: Final = 100
NOTE_LENGTH_MAX: Final = 2000
REASON_LENGTH_MAX: Final = 200


class Invoiced(StrEnum):
    """How much of a document is invoiced."""

    NONE = "none"
    PARTLY = "partly"
    FULLY = "fully"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some of what one line says."""

    line_id: LineId
    quantity: Quantity


class Line(Protocol):
    """A line of a document of sales."""

    @property
    def id(self) -> LineId: ...


L = TypeVar("L", bound=Line)


def require_sold(priced: PricedLine) -> None:
    """Raise InvariantError where an item gives back: what comes back has documents of its own."""
    ensure(
        priced.line.quantity >= ZERO,
        "sales.line.negative",
        "a quote and an order sell: give a quantity greater than zero",
        field="quantity",
    )


def require_texts(*, reference: str, note: str, reason: str) -> None:
    """Raise InvariantError unless these are fit to be kept."""
    require_text(
        reference, "sales.document.reference", longest=REFERENCE_LENGTH_MAX, field="reference"
    )
    require_text(note, "sales.document.note", longest=NOTE_LENGTH_MAX, field="note")
    require_text(reason, "sales.document.reason", longest=REASON_LENGTH_MAX, field="reason")


def require_items(lines: Sequence[PricedLine]) -> None:
    """Raise InvariantError where nothing is sold at all."""
    ensure(
        any(each.line.kind.is_priced for each in lines),
        "sales.document.empty",
        "nothing is on it: enter at least one line with a quantity and a price",
        field="lines",
    )


def each_part(
    lines: Sequence[L], parts: Sequence[Part], step: Callable[[L, Quantity], L]
) -> tuple[L, ...]:
    """Return *lines* with *step* made on the line of each part; errors say of which part.

    Raises:
        InvariantError: no part is given, one is of nothing, or the step refuses it.
        NotFoundError: a part is of no line of this document.
    """
    ensure(
        bool(parts),
        "sales.parts.none",
        "name at least one line",
        field="lines",
    )
    found: dict[LineId, L] = {each.id: each for each in lines}
    for index, part in enumerate(parts):
        with at(f"lines/{index}"):
            found[part.line_id] = _stepped(found, part, step)
    return tuple(found.values())


def _stepped(found: Mapping[LineId, L], part: Part, step: Callable[[L, Quantity], L]) -> L:
    if part.line_id not in found:
        raise NotFoundError(
            f"this document has no line {part.line_id}",
            field="line_id",
            kind="line",
            id=part.line_id,
        )
    ensure(
        part.quantity > ZERO,
        "sales.parts.quantity",
        "give a quantity greater than zero, or leave the line out",
        field="quantity",
    )
    return step(found[part.line_id], part.quantity)


def require_item(priced: PricedLine) -> None:
    """Raise InvariantError where a line is text, of which no part can be taken."""
    ensure(
        priced.line.kind.is_priced,
        "sales.line.text",
        "this line is text: it has no quantity",
        field="line_id",
        line_id=priced.line.id,
    )


def too_much(code: str, priced: PricedLine, wanted: Quantity, left: Quantity) -> InvariantError:
    """Make the error that says how much of a line is left, and how much was wanted."""
    name = priced.line.description or str(priced.line.id)
    return InvariantError(
        f"{wanted} of {name} wanted, {left} left",
        code=code,
        field="quantity",
        line_id=priced.line.id,
        wanted=wanted,
        left=left,
    )


def share(amount: Money, part: Quantity, whole: Quantity) -> Money:
    """Return what *part* of a *whole* of that *amount* comes to, rounded once."""
    if part == whole:
        return amount
    if not part.value:
        return Money.zero(amount.currency)
    digits = minor_digits(amount.currency)
    return Money(quotient(amount.amount * part.value, whole.value, digits), amount.currency)
