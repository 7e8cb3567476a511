"""A list as a table: CSV or XLSX instead of JSON, whole instead of by pages.

The columns are the flat fields of the list's DTO; an amount of money becomes two, the second with
its currency. No text can become a formula: in CSV it is defused by an apostrophe (OWASP, CSV
Injection), in XLSX it is written as a string. Numbers are exact in both.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from flask import Response
from marshmallow import Schema
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable

from erp_core.kernel.errors import ensure
from erp_core.kernel.page import EXPORT_LIMIT_MAX, Page
from erp_http.dto import MoneyDto, PageDto
from erp_http.fields import Exact, List, Map, Nested, Whole

ROWS_MAX: Final = 100_000
_CHUNK_BYTES: Final = 64 * 1024
# RFC 4180, section 2, for the line ends; the mark lets spreadsheets know that it is UTF-8.
_MARK: Final = "\ufeff"
# Where a cell that runs may begin: at the beginning, and behind what ends a cell for spreadsheets
# that take semicolons for separators, as they do where the comma is the decimal sign.
_RISKY: Final = re.compile(
    r"\A(?=[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])"
    r"|(?<=[;\t\r\n])(?=[=+\-@\uff1d\uff0b\uff0d\uff20])"
)

ReadPage = Callable[[Any], Page[Any]]


class Media(StrEnum):
    """What a list can be answered as; the first where the client does not mind."""

    JSON = "application/json"
    CSV = "text/csv"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def negotiated(accepted: MIMEAccept) -> Media:
    """Choose what a list is answered as (RFC 9110, section 12.5.1).

    Raises:
        NotAcceptable: the client takes none of what we have.
    """
    if not accepted:
        return Media.JSON
    best = accepted.best_match([each.value for each in Media])
    if best is None:
        raise NotAcceptable
    return Media(best)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what stands above it, and how its value is found in a row as JSON shows it."""

    title: str
    path: tuple[str, ...]
    number: bool

    def of(self, row: dict[str, Any]) -> Any:
        """Return the value; None where there is none."""
        value: Any = row
        for step in self.path:
            if value is None:
                return None
            value = value.get(step)
        return value


def columns(dto: Schema) -> tuple[Column, ...]:
    """Return the columns of a DTO's table: lists and objects in it, but for money, have none."""
    return tuple(_columns(dto))


def _columns(dto: Schema) -> Iterator[Column]:
    for name, field in dto.fields.items():
        wire = field.data_key or name
        if isinstance(field, Nested):
            if isinstance(field.schema, MoneyDto):
                yield Column(wire, (wire, "amount"), number=True)
                yield Column(f"{wire}_currency", (wire, "currency"), number=False)
        elif not isinstance(field, List | Map):
            yield Column(wire, (wire,), number=isinstance(field, Exact | Whole))


def export(media: Media, page: PageDto[Any], query: Any, read: ReadPage, name: str) -> Response:
    """Answer the whole list that *query* is the first page of, as a file.

    The first page is read before anything is sent, so that a refusal is still a problem document.

    Raises:
        InvariantError: there is more than one file takes.
    """
    asked = replace(query.page, limit=EXPORT_LIMIT_MAX, count=True, export=True)
    query = replace(query, page=asked)
    first = read(query)
    ensure(
        (first.total or 0) <= ROWS_MAX,
        "export.too_many",
        f"{first.total} rows, and a file has at most {ROWS_MAX}: narrow it down by the filters",
        rows=first.total,
        most=ROWS_MAX,
    )
    rows = (page.item.show(each) for each in _things(first, query, read))
    table = columns(page.item)
    if media is Media.CSV:
        reply = Response(
            csv_of(table, rows), content_type="text/csv; charset=utf-8; header=present"
        )
    else:
        from erp_http.workbook import workbook_of  # noqa: PLC0415  # heavy, and seldom asked for

        cells = ([column.of(row) for column in table] for row in rows)
        titles, numeric = [each.title for each in table], [each.number for each in table]
        file, size = workbook_of(titles, numeric, cells)
        reply = Response(_chunks(file), content_type=media.value)
        reply.call_on_close(file.close)
        reply.content_length = size
    ending = media.name.lower()
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return reply


def _things(first: Page[Any], query: Any, read: ReadPage) -> Iterator[Any]:
    """Yield the things of every page; a list that grows meanwhile is cut off where it is full."""
    left, page = ROWS_MAX, first
    while True:
        yield from page.items[:left]
        left -= len(page.items)
        if page.next is None or left <= 0:
            return
        page = read(replace(query, page=replace(query.page, after=page.next, count=False)))


def csv_of(table: tuple[Column, ...], rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Yield the file in parts."""
    buffer = io.StringIO(newline="")
    write = csv.writer(buffer).writerow
    buffer.write(_MARK)
    write([column.title for column in table])
    for row in rows:
        write([_csv_cell(column, column.of(row)) for column in table])
        if buffer.tell() >= _CHUNK_BYTES:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _csv_cell(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if column.number else _RISKY.sub("'", str(value))


def _chunks(file: Any) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
