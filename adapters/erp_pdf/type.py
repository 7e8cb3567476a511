"""The faces that documents are set in, and how text is measured and broken into lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FAMILY: Final = "OpenSans"
_FILES: Final = {FAMILY: "OpenSans-Regular.ttf", f"{FAMILY}-Bold": "OpenSans-Bold.ttf"}
_UNITS: Final = 1000  # to the em, as ReportLab counts


@dataclass(frozen=True, slots=True)
class Face:
    """One weight of the family, at one size in points."""

    font: str
    size: float
    leading: float  # from line to line, in points

    def width(self, text: str) -> float:
        """Return how wide *text* is set, in points."""
        widths, default = _widths(self.font)
        return sum(widths.get(ord(each), default) for each in text) * self.size / _UNITS

    def lines(self, text: str, width: float) -> list[str]:
        """Break *text* into lines of at most *width* points: between words, and within too long.

        The lines that the text has already stay apart.
        """
        found: list[str] = []
        for line in text.splitlines():
            found += [line] if self.width(line) <= width else self._broken(line, width)
        return found

    def cut(self, text: str, width: float) -> str:
        """Return *text* on one line, ended by an ellipsis where there is no room for all of it."""
        one = " ".join(text.split())
        if self.width(one) <= width:
            return one
        while one and self.width(f"{one}…") > width:
            one = one[:-1]
        return f"{one.rstrip()}…"

    def _broken(self, line: str, width: float) -> Iterator[str]:
        set_so_far = ""
        for word in line.split(" "):
            longer = f"{set_so_far} {word}" if set_so_far else word
            if self.width(longer) <= width:
                set_so_far = longer
                continue
            if set_so_far:
                yield set_so_far
            set_so_far = word
            while self.width(set_so_far) > width:
                fits = self._fitting(set_so_far, width)
                yield set_so_far[:fits]
                set_so_far = set_so_far[fits:]
        yield set_so_far

    def _fitting(self, word: str, width: float) -> int:
        """Return how many letters of *word* fit; one at least, or nobody would ever end."""
        left = width * _UNITS / self.size
        widths, default = _widths(self.font)
        for place, each in enumerate(word):
            left -= widths.get(ord(each), default)
            if left < 0:
                return max(1, place)
        return len(word)


def register() -> None:
    """Read the packaged fonts; they are embedded, in part, in each document."""
    if FAMILY in pdfmetrics.getRegisteredFontNames():
        return
    folder = resources.files("erp_pdf") / "fonts"
    for name, file in _FILES.items():
        with resources.as_file(folder / file) as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))
    bold = f"{FAMILY}-Bold"
    pdfmetrics.registerFontFamily(FAMILY, normal=FAMILY, bold=bold, italic=FAMILY, boldItalic=bold)


@lru_cache(maxsize=len(_FILES))
def _widths(font: str) -> tuple[dict[int, float], float]:
    face = pdfmetrics.getFont(font).face
    return face.charWidths, face.defaultWidth


TEXT: Final = Face(FAMILY, 8.5, 11.5)
BOLD: Final = Face(f"{FAMILY}-Bold", 8.5, 11.5)
SMALL: Final = Face(FAMILY, 7, 9.5)
LABEL: Final = Face(f"{FAMILY}-Bold", 7, 9.5)
NAME: Final = Face(f"{FAMILY}-Bold", 10, 13)
STRONG: Final = Face(f"{FAMILY}-Bold", 11, 16)
TITLE: Final = Face(f"{FAMILY}-Bold", 19, 23)
COMPANY: Final = Face(f"{FAMILY}-Bold", 15, 19)
NUMBER: Final = Face(FAMILY, 11, 15)
