"""A table that is set row by row, however long it is, with its headings on every sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.platypus import Flowable

from erp_core.documents.entities import PrintedRow, PrintedTable, RowKind
from erp_pdf.ink import Block, Ink
from erp_pdf.type import BOLD, LABEL, TEXT, Face

_PAD: Final = 4.0  # points, on either side of a cell
_ABOVE: Final = 3.0  # points, and as many below
_PIECE_LINES_MAX: Final = 30  # what is longer than that goes on in a row below it
_TITLE_POINTS: Final = 18.0


@dataclass(frozen=True, slots=True)
class _Set:
    """A row broken into lines."""

    kind: RowKind
    cells: tuple[list[str], ...]
    height: float
    ends: bool  # a rule below it


class RowTable(Block):
    """Measured once; a part of it that fits a sheet shares the measured rows with the rest."""

    def __init__(
        self, table: PrintedTable, width: float, ink: Ink, rows: Sequence[_Set] | None = None
    ) -> None:
        super().__init__(width, ink)
        self._table = table
        shares = sum(each.share for each in table.columns)
        self._widths = [width * each.share / shares for each in table.columns]
        self._rows = self._measured() if rows is None else rows
        self._head = [
            LABEL.lines(column.heading, room - 2 * _PAD)
            for column, room in zip(table.columns, self._widths, strict=True)
        ]
        lines = max((len(each) for each in self._head), default=0)
        self._head_height = lines * LABEL.leading + 2 * _ABOVE
        self._title_height = _TITLE_POINTS if table.title else 0.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the room that all of it takes."""
        rows = sum(each.height for each in self._rows)
        self.height = self._title_height + self._head_height + rows
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """Return what fits, and the rest; nothing where not even a first row does."""
        left = height - self._title_height - self._head_height
        fits = 0
        for each in self._rows:
            left -= each.height
            if left < 0:
                break
            fits += 1
        while fits and self._torn(fits):
            fits -= 1
        if not fits:
            return []
        rest = PrintedTable(columns=self._table.columns, rows=())
        return [
            RowTable(self._table, self.width, self.ink, self._rows[:fits]),
            RowTable(rest, self.width, self.ink, self._rows[fits:]),
        ]

    def _torn(self, at: int) -> bool:
        """Say whether a sheet that ends there parts a heading, or a subtotal, from its lines."""
        above = self._rows[at - 1].kind
        if above is RowKind.HEADING:
            return True
        sums = at < len(self._rows) and self._rows[at].kind is RowKind.SUBTOTAL
        return sums and above is not RowKind.SUBTOTAL and at > 1

    def draw(self) -> None:
        """Set it; the canvas has its origin at the lower left corner of the room."""
        top = self.height
        if self._title_height:
            self.pen.text(BOLD, 0, top - BOLD.leading, self._table.title)
            top -= self._title_height
        self._draw_head(top)
        top -= self._head_height
        for row in self._rows:
            self._draw_row(row, top)
            top -= row.height

    def _draw_head(self, top: float) -> None:
        low = top - self._head_height
        self.pen.fill(0, low, self.width, self._head_height)
        for column, lines, edges in zip(
            self._table.columns, self._head, self._edges(), strict=True
        ):
            self._draw_cell(LABEL, lines, edges, top, flush_right=column.number)

    def _draw_row(self, row: _Set, top: float) -> None:
        if row.kind is RowKind.ITEM:
            for column, lines, edges in zip(
                self._table.columns, row.cells, self._edges(), strict=True
            ):
                self._draw_cell(TEXT, lines, edges, top, flush_right=column.number)
        else:
            face = TEXT if row.kind is RowKind.NOTE else BOLD
            for place, lines in enumerate(row.cells):
                self._draw_cell(face, lines, (0, self.width), top, flush_right=bool(place))
        if row.ends:
            self.pen.rule(0, top - row.height, self.width)

    def _draw_cell(
        self,
        face: Face,
        lines: list[str],
        edges: tuple[float, float],
        top: float,
        *,
        flush_right: bool,
    ) -> None:
        left, right = edges
        base = top - _ABOVE - face.size
        for line in lines:
            if flush_right:
                self.pen.flush_right(face, right - _PAD, base, line)
            else:
                self.pen.text(face, left + _PAD, base, line)
            base -= face.leading

    def _edges(self) -> list[tuple[float, float]]:
        found, left = [], 0.0
        for width in self._widths:
            found.append((left, left + width))
            left += width
        return found

    def _measured(self) -> list[_Set]:
        return [piece for row in self._table.rows for piece in self._pieces(row)]

    def _pieces(self, row: PrintedRow) -> list[_Set]:
        face = BOLD if row.kind in (RowKind.HEADING, RowKind.SUBTOTAL) else TEXT
        rooms = self._widths
        if row.kind is not RowKind.ITEM:  # its text takes what an amount at the end leaves
            rooms = [self.width - (self._widths[-1] if len(row.cells) > 1 else 0), self.width]
        cells = [
            face.lines(cell, room - 2 * _PAD) or [""]
            for cell, room in zip(row.cells, rooms, strict=False)
        ]
        tallest = max(len(lines) for lines in cells)
        found = []
        for start in range(0, tallest, _PIECE_LINES_MAX):
            part = tuple(lines[start : start + _PIECE_LINES_MAX] for lines in cells)
            lines = max(len(each) for each in part)
            height = lines * face.leading + 2 * _ABOVE
            ends = start + _PIECE_LINES_MAX >= tallest
            found.append(_Set(row.kind, part, height, ends))
        return found
