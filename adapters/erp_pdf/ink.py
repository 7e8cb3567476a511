"""Letters, rules and tints on a canvas, in the colours of one company's paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

from reportlab.lib.colors import Color, HexColor
from reportlab.platypus import Flowable

from erp_pdf.type import Face

BLACK: Final = HexColor("#1d232a")
GREY: Final = HexColor("#66707a")
RULE: Final = HexColor("#d9dee3")
_TINT: Final = 0.08  # of the accent, on white
_HAIR: Final = 0.5  # points


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours of one company."""

    accent: Color
    tint: Color

    @classmethod
    def of(cls, accent: str) -> Self:
        """Return the ink of a company whose colour is *accent*, such as #1f4e79."""
        colour = HexColor(accent)
        light = (1 - _TINT * (1 - each) for each in (colour.red, colour.green, colour.blue))
        return cls(accent=colour, tint=Color(*light))

    def on(self, canvas: Any) -> Pen:
        """Return what draws with this ink on *canvas*."""
        return Pen(canvas, self)


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws; positions are in points from the lower left, those of text are its base line's."""

    canvas: Any
    ink: Ink

    def text(self, face: Face, x: float, y: float, text: str, colour: Color = BLACK) -> None:
        """Set *text* from *x* on."""
        self.canvas.setFillColor(colour)
        self.canvas.setFont(face.font, face.size)
        self.canvas.drawString(x, y, text)

    def flush_right(
        self, face: Face, x: float, y: float, text: str, colour: Color = BLACK
    ) -> None:
        """Set *text* so that it ends at *x*."""
        self.text(face, x - face.width(text), y, text, colour)

    def fill(self, x: float, y: float, width: float, height: float) -> None:
        """Tint a rectangle."""
        self.canvas.setFillColor(self.ink.tint)
        self.canvas.rect(x, y, width, height, stroke=0, fill=1)

    def rule(self, x: float, y: float, width: float, colour: Color = RULE) -> None:
        """Draw a hair line from *x* on."""
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(_HAIR)
        self.canvas.line(x, y, x + width, y)


class Block(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """Something drawn in a room of a sheet, whose lower left corner is the origin."""

    def __init__(self, width: float, ink: Ink) -> None:
        super().__init__()
        self.width = width
        self.ink = ink

    @property
    def pen(self) -> Pen:
        """What draws on the sheet that the block has come to."""
        return self.ink.on(self.canv)
