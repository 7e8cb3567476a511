"""The parts of a document that are not its lines: each is drawn whole, on one sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from io import BytesIO
from typing import Final

import segno
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader

from erp_core.documents.entities import (
    AddressBlock,
    Fact,
    PaymentCode,
    PrintedDocument,
    PrintedTotal,
    Symbol,
)
from erp_pdf.ink import GREY, Block, Ink
from erp_pdf.type import (
    BOLD,
    COMPANY,
    LABEL,
    NAME,
    NUMBER,
    SMALL,
    STRONG,
    TEXT,
    TITLE,
)

_LOGO_WIDTH: Final = 62 * mm
_LOGO_HEIGHT: Final = 20 * mm
_GAP: Final = 6 * mm
_CODE_SIDE: Final = 30 * mm
_QUIET: Final = 4  # modules of white around a code (ISO/IEC 18004:2015, 5.3.8)
_SIGNATURE_HEIGHT: Final = 20 * mm
_BLOCK_LINES_MAX: Final = 12
_FACT_LINES_MAX: Final = 2
_ERROR_LEVELS: Final = {Symbol.PIX: "M", Symbol.EPC: "M"}  # EPC069-12, 3.2: level M


class Masthead(Block):
    """Who writes, what it is, to whom, and the facts: what stands above the lines."""

    def __init__(self, document: PrintedDocument, width: float, ink: Ink) -> None:
        super().__init__(width, ink)
        self._document = document
        self._half = (width - _GAP) / 2

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the room it takes."""
        self.height = self._top_height + _GAP + self._middle_height
        return self.width, self.height

    @cached_property
    def _logo(self) -> tuple[ImageReader, float, float] | None:
        if not self._document.style.logo:
            return None
        image = ImageReader(BytesIO(self._document.style.logo))
        width, height = image.getSize()
        scale = min(_LOGO_WIDTH / width, _LOGO_HEIGHT / height)
        return image, width * scale, height * scale

    @cached_property
    def _name(self) -> list[str]:
        face = NAME if self._logo else COMPANY
        return face.lines(self._document.sender.name, self._half)[:4]

    @cached_property
    def _sender(self) -> list[str]:
        lines = (SMALL.lines(each, self._half) for each in self._document.sender.lines)
        return [line for found in lines for line in found][:_BLOCK_LINES_MAX]

    @cached_property
    def _title(self) -> list[str]:
        return TITLE.lines(self._document.title, self._half)[:2]

    @property
    def _top_height(self) -> float:
        face = NAME if self._logo else COMPANY
        left: float = len(self._name) * face.leading + len(self._sender) * SMALL.leading
        left += self._logo[2] + 2 * mm if self._logo else 0
        right = len(self._title) * TITLE.leading + NUMBER.leading
        return max(left, right)

    @property
    def _middle_height(self) -> float:
        return max((*self._receiver_heights, self._facts_height))

    @property
    def _receiver_heights(self) -> tuple[float, ...]:
        heights = tuple(
            LABEL.leading + 1 + len(name) * NAME.leading + len(lines) * TEXT.leading
            for _, name, lines in self._receivers
        )
        return heights or (0.0,)

    @cached_property
    def _receivers(self) -> list[tuple[AddressBlock, list[str], list[str]]]:
        blocks = self._document.receivers
        room = self._half if len(blocks) < 2 else (self.width * 0.62 - _GAP) / 2  # noqa: PLR2004
        found = []
        for block in blocks:
            name = NAME.lines(block.name, room)[:5]
            lines = [line for each in block.lines for line in TEXT.lines(each, room)]
            found.append((block, name, lines[:_BLOCK_LINES_MAX]))
        return found

    @cached_property
    def _facts_width(self) -> float:
        narrow = len(self._document.receivers) > 1
        return float(self.width * 0.38 - _GAP if narrow else self._half * 0.86)

    @cached_property
    def _facts(self) -> list[tuple[Fact, list[str]]]:
        found = []
        for each in self._document.facts:
            room = self._facts_width - 8 - SMALL.width(each.label) - 8
            found.append((each, TEXT.lines(each.text, max(room, 60))[:_FACT_LINES_MAX]))
        return found

    @property
    def _facts_height(self) -> float:
        lines = sum(len(lines) for _, lines in self._facts)
        return lines * (TEXT.leading + 1) + 6 if lines else 0

    def draw(self) -> None:
        """Set it."""
        self._draw_sender()
        self._draw_title()
        top = self.height - self._top_height - _GAP
        self._draw_receivers(top)
        self._draw_facts(top)

    def _draw_sender(self) -> None:
        top = self.height
        face, colour = COMPANY, self.ink.accent
        if self._logo:
            image, width, height = self._logo
            self.canv.drawImage(image, 0, top - height, width, height, mask="auto")
            top -= height + 2 * mm
            face, colour = NAME, self.ink.accent
        for line in self._name:
            self.pen.text(face, 0, top - face.size, line, colour)
            top -= face.leading
        for line in self._sender:
            self.pen.text(SMALL, 0, top - SMALL.size - 1, line, GREY)
            top -= SMALL.leading

    def _draw_title(self) -> None:
        top = self.height
        for line in self._title:
            base = top - TITLE.size * 0.8
            self.pen.flush_right(TITLE, self.width, base, line, self.ink.accent)
            top -= TITLE.leading
        base = top - NUMBER.size * 0.8
        number = NUMBER.cut(self._document.number, self._half)
        self.pen.flush_right(NUMBER, self.width, base, number, GREY)

    def _draw_receivers(self, top: float) -> None:
        left = 0.0
        step = self.width * 0.62 / 2
        for block, name, lines in self._receivers:
            base = top - LABEL.size
            self.pen.text(LABEL, left, base, block.label.upper(), GREY)
            base -= LABEL.leading + 3
            for line in name:
                self.pen.text(NAME, left, base, line)
                base -= NAME.leading
            for line in lines:
                self.pen.text(TEXT, left, base, line)
                base -= TEXT.leading
            left += step

    def _draw_facts(self, top: float) -> None:
        if not self._facts:
            return
        left = self.width - self._facts_width
        height = self._facts_height
        self.pen.fill(left, top - height, self._facts_width, height)
        base = top - 3 - TEXT.size
        for fact, lines in self._facts:
            self.pen.text(SMALL, left + 5, base, fact.label, GREY)
            for line in lines:
                self.pen.flush_right(TEXT, self.width - 5, base, line)
                base -= TEXT.leading + 1


class Totals(Block):
    """The amounts at the foot, flush right."""

    def __init__(self, totals: Sequence[PrintedTotal], width: float, ink: Ink) -> None:
        super().__init__(width, ink)
        self._totals = totals

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the room it takes."""
        self.height = sum(self._room(each) for each in self._totals)
        return self.width, self.height

    def draw(self) -> None:
        """Set it."""
        top = self.height
        for each in self._totals:
            room = self._room(each)
            face, amount = (NAME, STRONG) if each.strong else (TEXT, TEXT)
            base = top - room + (6 if each.strong else 4)
            if each.strong:
                self.pen.fill(0, top - room, self.width, room)
            colour = self.ink.accent if each.strong else GREY
            label = face.cut(each.label, self.width - 12 - amount.width(each.amount))
            self.pen.text(face, 5, base, label, colour)
            self.pen.flush_right(amount, self.width - 4, base, each.amount)
            top -= room

    def _room(self, total: PrintedTotal) -> float:
        return STRONG.leading + 6 if total.strong else TEXT.leading + 3


class Payment(Block):
    """A code to be scanned, what it stands for, and its letters to be copied."""

    def __init__(self, code: PaymentCode, width: float, ink: Ink) -> None:
        super().__init__(width, ink)
        self._code = code
        self._room = width - _CODE_SIDE - 3 * mm
        self._title = BOLD.lines(code.title, self._room)
        self._typed = SMALL.lines(code.payload, self._room) if code.typed else []

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the room it takes."""
        beside = BOLD.leading * len(self._title) + 4 + (TEXT.leading + 1) * len(self._code.facts)
        beside += LABEL.leading + 5 + SMALL.leading * len(self._typed) if self._typed else 0
        self.height = max(_CODE_SIDE, beside)
        return self.width, self.height

    def draw(self) -> None:
        """Set it."""
        self._draw_code()
        left = _CODE_SIDE + 3 * mm
        base = self.height - BOLD.size
        for line in self._title:
            self.pen.text(BOLD, left, base, line, self.ink.accent)
            base -= BOLD.leading
        base -= 4
        for fact in self._code.facts:
            self.pen.text(SMALL, left, base, fact.label, GREY)
            value = TEXT.cut(fact.text, self._room - SMALL.width(fact.label) - 8)
            self.pen.text(TEXT, left + SMALL.width(fact.label) + 6, base, value)
            base -= TEXT.leading + 1
        if self._typed:
            base -= 3
            self.pen.text(LABEL, left, base, self._code.typed, GREY)
            for line in self._typed:
                base -= SMALL.leading
                self.pen.text(SMALL, left, base, line)

    def _draw_code(self) -> None:
        level = _ERROR_LEVELS[self._code.symbol]
        code = segno.make_qr(self._code.payload, error=level, boost_error=False, encoding="utf-8")
        matrix = code.matrix
        module = _CODE_SIDE / (len(matrix) + 2 * _QUIET)
        runs = [
            f"{left + _QUIET} {-(down + _QUIET + 1)} {right - left} 1 re"
            for down, row in enumerate(matrix)
            for left, right in _dark_runs(row)
        ]
        self.canv.saveState()
        self.canv.setFillColorRGB(0, 0, 0)
        self.canv.translate(0, self.height)
        self.canv.scale(module, module)
        # PDF's own operators (ISO 32000-1, 8.5): a call for each module takes ten times as long.
        self.canv.addLiteral(" ".join((*runs, "f")))
        self.canv.restoreState()


def _dark_runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield where dark modules begin and end."""
    start = None
    for place, dark in enumerate((*row, 0)):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place
            start = None


class Signatures(Block):
    """Lines to sign on."""

    def __init__(self, labels: Sequence[str], width: float, ink: Ink) -> None:
        super().__init__(width, ink)
        self._labels = labels

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the room it takes."""
        self.height = _SIGNATURE_HEIGHT
        return self.width, self.height

    def draw(self) -> None:
        """Set it."""
        room = (self.width - _GAP) / 2
        left = 0.0
        for label in self._labels:
            self.pen.rule(left, SMALL.leading + 2, room, GREY)
            self.pen.text(SMALL, left, 1, SMALL.cut(label, room), GREY)
            left += room + _GAP
