"""Tables as people save them: CSV, whatever separates the cells, read line by line.

Memory stays bounded whatever the file holds: no line and no cell may be longer than the limits.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Final, Protocol

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import MalformedError

LINE_BYTES_MAX: Final = 64 * 1024
_SEPARATORS: Final = (",", ";", "\t")


class Source(Protocol):
    """A binary file."""

    def readline(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of one row, and where they stand in the file, counted from 1."""

    number: int
    cells: list[str]


class CsvTable:
    """The names of the columns, then the rows. UTF-8; commas, semicolons or tabs between cells.

    What is wrong with a value is the reader's business; here only that it can be read at all.
    """

    def __init__(self, source: Source) -> None:
        """Read the first line.

        Raises:
            MalformedError: there is none, or it cannot be read.
        """
        self._lines = _Lines(source)
        first = next(self._lines, None)
        if first is None:
            raise MalformedError(
                "the file is empty: it begins with the names of the columns", code="csv.empty"
            )
        separator = max(_SEPARATORS, key=first.count)
        self._lines.push_back(first)
        self._reader = csv.reader(self._lines, delimiter=separator, strict=True)
        self.columns = tuple(each.strip().lower() for each in self._next() or ())

    def __iter__(self) -> Iterator[Line]:
        """Yield the rows; lines without a single cell are passed over.

        Raises:
            MalformedError: bad UTF-8, a NUL, a line too long, a quote that is not closed.
        """
        begins = self._reader.line_num + 1
        while (cells := self._next()) is not None:
            if cells:
                yield Line(begins, cells)
            begins = self._reader.line_num + 1  # a cell in quotes may go on for several lines

    def _next(self) -> list[str] | None:
        try:
            return next(self._reader, None)
        except csv.Error as error:
            line = self._lines.number
            raise MalformedError(
                f"line {line} is no CSV: is a quote not closed, or a cell too long?",
                code="csv.syntax",
                line=line,
            ) from error


class _Lines:
    """The lines of a file as text, of bounded length each."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._waiting: str | None = None
        self.number = 0

    def push_back(self, line: str) -> None:
        self._waiting = line

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._waiting is not None:
            line, self._waiting = self._waiting, None
            return line
        raw = self._source.readline(LINE_BYTES_MAX + 1)
        if not raw:
            raise StopIteration
        self.number += 1
        if len(raw) > LINE_BYTES_MAX:
            raise MalformedError(
                f"line {self.number} is longer than {LINE_BYTES_MAX} bytes",
                code="csv.line_length",
                line=self.number,
                most=LINE_BYTES_MAX,
            )
        try:
            text = raw.decode("utf-8-sig" if self.number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise MalformedError(
                f"line {self.number} is not UTF-8: save the file as UTF-8",
                code="csv.encoding",
                line=self.number,
            ) from error
        if "\x00" in text:
            raise MalformedError(
                f"line {self.number} holds a NUL", code="csv.nul", line=self.number
            )
        return text
