"""XLSX, row by row: what a spreadsheet opens, in a file on the disk.

XlsxWriter makes the package around an empty sheet. The rows of the sheet (ECMA-376, part 1,
18.3.1) are written here: cell by cell through the library they take five times as long.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from tempfile import TemporaryFile
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

_SHEET: Final = "xl/worksheets/sheet1.xml"
_LEVEL: Final = 3  # of compression: the highest takes three times as long for a tenth less
_ROWS_AT_ONCE: Final = 256
_EXACT_DIGITS: Final = 15  # that every double keeps (IEEE 754, binary64)
# What XML cannot say, and what would be read as if we had said it so (ECMA-376, 22.9.2.19).
_UNSAYABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_MARKUP: Final = re.compile(r"[&<>]")
# Most texts have none of either, nor a space at an end: one look tells.
_SPECIAL: Final = re.compile(r"\A\s|\s\Z|[\x00-\x1f&<>\ufffe\uffff]|_x")
_SIZE_HINT: Final = re.compile(rb"<dimension [^>]*/>")


def workbook_of(
    titles: Sequence[str], numeric: Sequence[bool], rows: Iterable[Sequence[Any]]
) -> tuple[Any, int]:
    """Return the file with its size; each row goes to the disk as it is written.

    Text is text: no cell is a formula, a link or a date, whatever it looks like. Decimals in a
    *numeric* column are numbers where a spreadsheet shows the same digits, and else text.
    """
    file = TemporaryFile()  # noqa: SIM115  # closed with the answer
    try:
        with ZipFile(file, "w") as package:
            for name, content in _empty().items():
                if name != _SHEET:
                    package.writestr(_member(name), content, compresslevel=_LEVEL)
            with package.open(_member(_SHEET), "w") as sheet:
                for part in _sheet(titles, numeric, rows):
                    sheet.write(part.encode())
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file, size


@cache
def _empty() -> dict[str, bytes]:
    """Return the parts of a workbook with one empty sheet."""
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        book.add_worksheet()
    with ZipFile(made) as package:
        return {name: package.read(name) for name in package.namelist()}


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name)
    member.compress_type = ZIP_DEFLATED
    return member


def _sheet(
    titles: Sequence[str], numeric: Sequence[bool], rows: Iterable[Sequence[Any]]
) -> Iterator[str]:
    # How many rows there will be is not known here, and a wrong number misleads readers.
    before, after = _SIZE_HINT.sub(b"", _empty()[_SHEET]).decode().split("<sheetData/>")
    columns = [(xl_col_to_name(place), number) for place, number in enumerate(numeric)]
    texts = [(name, False) for name, _ in columns]
    buffer = [before, "<sheetData>", _row(1, texts, titles)]
    for line, row in enumerate(rows, start=2):
        buffer.append(_row(line, columns, row))
        if len(buffer) >= _ROWS_AT_ONCE:
            yield "".join(buffer)
            buffer.clear()
    buffer += ["</sheetData>", after]
    yield "".join(buffer)


def _row(line: int, columns: Sequence[tuple[str, bool]], values: Sequence[Any]) -> str:
    cells = [f'<row r="{line}">']
    for (name, number), value in zip(columns, values, strict=True):
        if value is None:
            continue
        at = f'<c r="{name}{line}"'
        if isinstance(value, bool):
            cells.append(f'{at} t="b"><v>{value:d}</v></c>')
            continue
        said = str(value)
        if number and exactly(said):
            cells.append(f"{at}><v>{said}</v></c>")
        else:
            cells.append(f'{at} t="inlineStr"><is>{_text(said)}</is></c>')
    cells.append("</row>")
    return "".join(cells)


def _text(said: str) -> str:
    if not _SPECIAL.search(said):
        return f"<t>{said}</t>"
    if _UNSAYABLE.search(said):
        said = _UNSAYABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", said)
    if _MARKUP.search(said):
        said = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if said[:1].isspace() or said[-1:].isspace():
        return f'<t xml:space="preserve">{said}</t>'
    return f"<t>{said}</t>"


def exactly(digits: str) -> bool:
    """Say whether a spreadsheet, whose numbers are binary, shows a number as *digits*."""
    if len(digits) <= _EXACT_DIGITS:
        return True
    return Decimal(f"{float(digits):.16G}") == Decimal(digits)
