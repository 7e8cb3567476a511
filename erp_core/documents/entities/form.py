"""A text with places to fill: no logic, no loops of one's own, and nothing to be reached by it.

``{{name}}`` is replaced by what the name stands for. ``{{#name}}...{{/name}}`` stays where that is
anything, once for each item of a list; ``{{^name}}...{{/name}}`` stays where it is nothing. These
are the tags of Mustache (mustache(5)) that cannot compute. What is filled in is never read again
as tags.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import InvariantError, ensure

TAGS_MAX: Final = 500
DEPTH_MAX: Final = 8

Item = Mapping[str, str]
Value = str | Sequence[Item]
Values = Mapping[str, Value]
# What may be named: None is a text, a list has the names of what each of its items says.
Names = Mapping[str, frozenset[str] | None]

# One blank at most on either side of a name: a pattern that could look twice at the same letters
# would take hours for a malicious text. A section's tag alone on its line takes the line with it.
_TAG: Final = re.compile(
    r"(?:(?<=\n)|\A)[ \t]{0,40}\{\{(?P<mark>[#^/]) ?(?P<named>[a-z_]{1,40}) ?\}\}[ \t]{0,40}\n"
    r"|\{\{(?P<sign>[#^/]?) ?(?P<name>[a-z_]{1,40}) ?\}\}"
)


@dataclass(frozen=True, slots=True)
class _Place:
    name: str


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    inside: tuple[str | _Place | _Section, ...]
    empty: bool  # shown where the name stands for nothing


_Piece = str | _Place | _Section


@dataclass(frozen=True, slots=True)
class Form:
    """A text that was read, and whose names are all known."""

    pieces: tuple[_Piece, ...]

    @classmethod
    def read(cls, text: str, names: Names, field: str = "") -> Form:
        """Read *text*, in which only *names* are named; *field* is said of what is wrong.

        Raises:
            InvariantError: a name is unknown, a section not closed, or there is too much of it.
        """
        return cls(_Reader(text.replace("\r\n", "\n"), names, field).read())

    def fill(self, values: Values, escape: Callable[[str], str], longest: int) -> str:
        """Return the text with *values* in their places, each *escape*-d.

        Raises:
            InvariantError: it would be longer than *longest*.
        """
        filled: list[str] = []
        length = 0
        for each in _filled(self.pieces, values, escape):
            length += len(each)
            ensure(
                length <= longest,
                "documents.mail_template.output",
                f"filled in, it has more than {longest} characters: make it shorter",
                longest=longest,
            )
            filled.append(each)
        return "".join(filled)


def _filled(
    pieces: Sequence[_Piece], values: Values, escape: Callable[[str], str]
) -> Iterator[str]:
    for each in pieces:
        if isinstance(each, str):
            yield each
        elif isinstance(each, _Place):
            value = values.get(each.name, "")
            yield escape(value) if isinstance(value, str) else ""
        else:
            yield from _section(each, values, escape)


def _section(section: _Section, values: Values, escape: Callable[[str], str]) -> Iterator[str]:
    value = values.get(section.name, "")
    if bool(value) == section.empty:
        return
    items: Sequence[Item] = ({},) if isinstance(value, str) or section.empty else value
    for each in items:
        yield from _filled(section.inside, {**values, **each}, escape)


class _Reader:
    def __init__(self, text: str, names: Names, field: str) -> None:
        self._text = text
        self._field = field
        self._scopes: list[Names] = [names]
        self._open: list[tuple[re.Match[str], list[_Piece]]] = []  # sections around the place
        self._pieces: list[_Piece] = []

    def read(self) -> tuple[_Piece, ...]:
        done = 0
        for count, tag in enumerate(_TAG.finditer(self._text), start=1):
            ensure(
                count <= TAGS_MAX,
                "documents.mail_template.tags",
                f"at most {TAGS_MAX} places in one text",
                field=self._field,
                most=TAGS_MAX,
            )
            self._plain(done, tag.start())
            self._tag(tag)
            done = tag.end()
        self._plain(done, len(self._text))
        if self._open:
            tag, _ = self._open[-1]
            raise self._unpaired(tag, f"{{{{#{_name(tag)}}}}} is closed nowhere")
        return tuple(self._pieces)

    def _plain(self, start: int, end: int) -> None:
        text = self._text[start:end]
        at = self._text.find("{{", start, end + 1)  # as far as the third brace of {{{name}}}
        line = self._line(max(at, 0))
        ensure(
            at < 0,
            "documents.mail_template.spelling",
            f"line {line}: a place is written {{{{name}}}}, in small letters and within one line",
            field=self._field,
            line=line,
        )
        if text:
            self._pieces.append(text)

    def _tag(self, tag: re.Match[str]) -> None:
        mark = tag["mark"] or tag["sign"]
        if mark == "/":
            self._close(tag)
        elif mark:
            self._begin(tag)
        else:
            ensure(
                self._known(tag) is None,
                "documents.mail_template.list",
                f"line {self._line(tag.start())}: {_name(tag)} is a list: write "
                f"{{{{#{_name(tag)}}}}}...{{{{/{_name(tag)}}}}}",
                field=self._field,
                name=_name(tag),
                line=self._line(tag.start()),
            )
            self._pieces.append(_Place(_name(tag)))

    def _begin(self, tag: re.Match[str]) -> None:
        items = self._known(tag)
        ensure(
            len(self._open) < DEPTH_MAX,
            "documents.mail_template.depth",
            f"line {self._line(tag.start())}: at most {DEPTH_MAX} sections within each other",
            field=self._field,
            most=DEPTH_MAX,
            line=self._line(tag.start()),
        )
        inner = dict(self._scopes[-1])
        if items is not None and (tag["mark"] or tag["sign"]) == "#":
            # No list within a list: what comes out would grow with a power of what went in.
            inner = {name: None for name, kind in inner.items() if kind is None}
            inner |= dict.fromkeys(items)
        self._scopes.append(inner)
        self._open.append((tag, self._pieces))
        self._pieces = []

    def _close(self, tag: re.Match[str]) -> None:
        if not self._open or _name(self._open[-1][0]) != _name(tag):
            raise self._unpaired(tag, f"{{{{/{_name(tag)}}}}} closes nothing that is open there")
        begun, outer = self._open.pop()
        self._scopes.pop()
        empty = (begun["mark"] or begun["sign"]) == "^"
        outer.append(_Section(_name(begun), tuple(self._pieces), empty))
        self._pieces = outer

    def _known(self, tag: re.Match[str]) -> frozenset[str] | None:
        names = self._scopes[-1]
        if _name(tag) in names:
            return names[_name(tag)]
        known, line = ", ".join(sorted(names)), self._line(tag.start())
        raise InvariantError(
            f"line {line}: nothing is called {_name(tag)} there; known are: {known}",
            code="documents.mail_template.unknown_name",
            field=self._field,
            name=_name(tag),
            known=known,
            line=line,
        )

    def _unpaired(self, tag: re.Match[str], text: str) -> InvariantError:
        line = self._line(tag.start())
        return InvariantError(
            f"line {line}: {text}",
            code="documents.mail_template.section",
            field=self._field,
            name=_name(tag),
            line=line,
        )

    def _line(self, at: int) -> int:
        return self._text.count("\n", 0, at) + 1


def _name(tag: re.Match[str]) -> str:
    return tag["named"] or tag["name"]
