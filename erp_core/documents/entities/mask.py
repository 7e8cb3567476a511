"""How the numbers of documents look."""

from __future__ import annotations

import re
from dataclasses import field
from datetime import date
from enum import StrEnum
from typing import Final, NoReturn

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import InvariantError, ensure
from erp_core.parties.entities import CODE_LENGTH_MAX

MASK_LENGTH_MAX: Final = 40
NUMBER_LENGTH_MAX: Final = 64  # of what any mask makes, whatever the counter has grown to
DIGITS_MAX: Final = 12

_TOKEN: Final = re.compile(r"\{([^{}]*)\}")
_LITERAL: Final = re.compile(r"[A-Za-z0-9._/-]*")  # what is safe in a path and on any keyboard
_COUNTER: Final = re.compile(r"(?P<digits>0+)(?:@(?P<reset>year|month))?(?:\+(?P<after>[0-9]+))?")
_AFTER_DIGITS_MAX: Final = 9
_CUSTOMER: Final = "customer"
_DATES: Final = {"yy": 2, "yyyy": 4, "mm": 2, "dd": 2}  # each with how many digits it makes
_CENTURY: Final = "20"  # of a year that is shown with two digits
_YEARS: Final = frozenset({"yy", "yyyy"})


class Reset(StrEnum):
    """When the counter of a mask begins anew."""

    NEVER = "never"
    YEAR = "year"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class NumberMask:
    """The look of a number: ``INV{yyyy}-{00000@year}`` makes ``INV2026-00001``.

    Between letters, digits, dots, dashes, slashes and underscores stand tokens: ``{yyyy}``,
    ``{yy}``, ``{mm}`` and ``{dd}`` of the document's date, ``{customer}``, the customer's code,
    and exactly one counter. ``{00000}`` has five digits, and more once it needs them: nothing is
    ever cut off. ``{00000@year}`` begins anew each year, ``{00000@month}`` each month, of which
    the mask must then show so much that no number comes twice. ``{00000+100}`` counts on from
    100: its first number is 101. Both together are written ``{00000@year+100}``.

    Raises:
        InvariantError: it is no mask; the code says why, the message what to do.
    """

    text: str
    reset: Reset = field(init=False, compare=False, repr=False)
    after: int = field(init=False, compare=False, repr=False)  # the counter begins behind this
    _digits: int = field(init=False, compare=False, repr=False)
    _parts: tuple[str, ...] = field(init=False, compare=False, repr=False)  # literal, token, ...
    _look: re.Pattern[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        ensure(
            1 <= len(self.text) <= MASK_LENGTH_MAX,
            "documents.mask.length",
            f"a mask has 1 to {MASK_LENGTH_MAX} characters",
            field="mask",
            longest=MASK_LENGTH_MAX,
        )
        parts = tuple(_TOKEN.split(self.text))
        for literal in parts[::2]:
            _require_literal(literal)
        tokens = parts[1::2]
        digits, reset, after = _counter([each for each in tokens if each.startswith("0")])
        _require_known([each for each in tokens if not each.startswith("0")])
        _require_period(reset, frozenset(tokens))
        _require_room(parts)
        object.__setattr__(self, "reset", reset)
        object.__setattr__(self, "after", after)
        object.__setattr__(self, "_digits", digits)
        object.__setattr__(self, "_parts", parts)
        object.__setattr__(self, "_look", _look(parts, digits))

    def __str__(self) -> str:
        return self.text

    def period(self, on: date) -> str:
        """Return what the counter counts within on that date: ``""``, ``2026`` or ``2026-11``."""
        match self.reset:
            case Reset.NEVER:
                return ""
            case Reset.YEAR:
                return f"{on.year:04d}"
            case Reset.MONTH:
                return f"{on.year:04d}-{on.month:02d}"

    def number(self, count: int, on: date, customer_code: str = "") -> str:
        """Return the number of a document of that date when the counter is at *count*.

        Raises:
            InvariantError: the mask shows the customer's code, and there is none.
        """
        return "".join(
            self._said(part, count, on, customer_code) if index % 2 else part
            for index, part in enumerate(self._parts)
        )

    def read(self, number: str) -> tuple[str, int] | None:
        """Return the period and the count of a number of this look; None: it has another."""
        found = self._look.fullmatch(number)
        if found is None:
            return None
        said = found.groupdict()
        year = said.get("yyyy") or f"{_CENTURY}{said.get('yy')}"
        period = {
            Reset.NEVER: "",
            Reset.YEAR: year,
            Reset.MONTH: f"{year}-{said.get('mm')}",
        }
        return period[self.reset], int(said["count"])

    def _said(self, token: str, count: int, on: date, customer_code: str) -> str:
        match token:
            case "yyyy":
                return f"{on.year:04d}"
            case "yy":
                return f"{on.year % 100:02d}"
            case "mm":
                return f"{on.month:02d}"
            case "dd":
                return f"{on.day:02d}"
            case "customer":
                ensure(
                    0 < len(customer_code) <= CODE_LENGTH_MAX,
                    "documents.number.customer",
                    f"numbers such as {self.text} show the customer's code: give him one first",
                    mask=self.text,
                )
                return customer_code
            case _:
                return f"{count:0{self._digits}d}"


def _look(parts: tuple[str, ...], digits: int) -> re.Pattern[str]:
    """Return what fits the numbers of a mask; what a token says twice it says alike."""
    made, named = [], set()
    for index, part in enumerate(parts):
        name = "count" if part.startswith("0") else part
        if not index % 2:
            made.append(re.escape(part))
        elif name in named:
            made.append(f"(?P={name})")
        else:
            named.add(name)
            width = {"count": f"[0-9]{{{digits},}}", _CUSTOMER: ".+"}
            made.append(f"(?P<{name}>{width.get(name) or f'[0-9]{{{_DATES[name]}}}'})")
    return re.compile("".join(made), re.ASCII)


def _require_literal(literal: str) -> None:
    ensure(
        not set(literal) & set("{}"),
        "documents.mask.brace",
        "a brace is open or closed alone: write tokens as {yyyy}",
        field="mask",
    )
    strange = sorted(set(_LITERAL.sub("", literal)))
    ensure(
        not strange,
        "documents.mask.literal",
        "between its tokens a mask has letters, digits and . - / _ only",
        field="mask",
        strange=strange,
    )


def _counter(found: list[str]) -> tuple[int, Reset, int]:
    ensure(
        len(found) == 1,
        "documents.mask.counter",
        "a mask has exactly one counter, such as {00000}",
        field="mask",
    )
    said = _COUNTER.fullmatch(found[0])
    if said is None:
        _refuse_option(found[0])
    ensure(
        len(said["digits"]) <= DIGITS_MAX,
        "documents.mask.digits",
        f"a counter has 1 to {DIGITS_MAX} digits, and more once it needs them",
        field="mask",
        longest=DIGITS_MAX,
    )
    after = said["after"] or "0"
    ensure(
        len(after) <= _AFTER_DIGITS_MAX,
        "documents.mask.after",
        f"a counter goes on from a number of at most {_AFTER_DIGITS_MAX} digits",
        field="mask",
        longest=_AFTER_DIGITS_MAX,
    )
    return len(said["digits"]), Reset(said["reset"] or "never"), int(after)


def _refuse_option(token: str) -> NoReturn:
    raise InvariantError(
        "a counter may say @year or @month, then + and a number: {00000@year+100}",
        code="documents.mask.option",
        field="mask",
        token=token,
    )


def _require_known(tokens: list[str]) -> None:
    unknown = sorted(set(tokens) - {*_DATES, _CUSTOMER})
    ensure(
        not unknown,
        "documents.mask.token",
        "a mask knows {yy}, {yyyy}, {mm}, {dd}, {customer} and a counter such as {00000}",
        field="mask",
        unknown=unknown,
    )
    ensure(
        tokens.count(_CUSTOMER) <= 1,
        "documents.mask.customer",
        "a mask shows the customer's code once",
        field="mask",
    )


def _require_period(reset: Reset, tokens: frozenset[str]) -> None:
    ensure(
        reset is Reset.NEVER or bool(tokens & _YEARS),
        "documents.mask.year",
        f"a counter that begins anew each {reset} would repeat itself: show {{yyyy}} or {{yy}}",
        field="mask",
    )
    ensure(
        reset is not Reset.MONTH or "mm" in tokens,
        "documents.mask.month",
        "a counter that begins anew each month would repeat itself: show {mm}",
        field="mask",
    )


def _require_room(parts: tuple[str, ...]) -> None:
    """Refuse what might one day make a number too long: it would be too late by then."""
    longest = sum(len(each) for each in parts[::2])
    longest += sum(
        {_CUSTOMER: CODE_LENGTH_MAX, **_DATES}.get(each, DIGITS_MAX) for each in parts[1::2]
    )
    ensure(
        longest <= NUMBER_LENGTH_MAX,
        "documents.mask.number",
        f"its numbers may become {longest} characters long, and {NUMBER_LENGTH_MAX} is the most: "
        "make it shorter",
        field="mask",
        length=longest,
        longest=NUMBER_LENGTH_MAX,
    )
