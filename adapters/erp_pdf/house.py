"""The house's own look: a document set with ReportLab, however long it is."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from erp_core.documents.entities import Paper, PrintedDocument, PrintedTable
from erp_pdf import type as faces
from erp_pdf.blocks import Masthead, Payment, Signatures, Totals
from erp_pdf.ink import GREY, Ink
from erp_pdf.rows import RowTable

rl_config.useA85 = 0  # text armour, which no reader of ours needs: a quarter of the bytes

SIZES: Final = {Paper.A4: A4, Paper.LETTER: LETTER}
_MARGIN: Final = 17 * mm
_TOP: Final = 15 * mm
_FOOT: Final = 20 * mm
_RUNNING: Final = 12 * mm  # the head of every sheet but the first
_WATERMARK: Final = HexColor("#e6e9ec")
_WATERMARK_SIZE: Final = 78
_SIDE_ROWS_MAX: Final = 20  # more of them do not stand beside the totals
_BARE: Final = [
    ("FONTNAME", (0, 0), (-1, -1), faces.FAMILY),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
]
_NOTE: Final = ParagraphStyle(
    "note",
    fontName=faces.TEXT.font,
    fontSize=faces.TEXT.size,
    leading=faces.TEXT.leading,
    splitLongWords=1,
)


def render(document: PrintedDocument) -> bytes:
    """Return *document* as PDF: the same bytes for the same document, whenever it is asked."""
    faces.register()
    start = datetime(document.dated.year, document.dated.month, document.dated.day, tzinfo=UTC)
    # What the file says of its making is the document's date: reproducible-builds.org's name.
    os.environ["SOURCE_DATE_EPOCH"] = str(max(0, int(start.timestamp())))
    out = BytesIO()
    sheet = _Sheet(document, out)
    sheet.build(_story(document, sheet.room, sheet.ink), canvasmaker=_counted(document))
    return out.getvalue()


class _Sheet(BaseDocTemplate):  # type: ignore[misc]  # ReportLab has no types
    def __init__(self, document: PrintedDocument, out: BytesIO) -> None:
        size = SIZES[document.style.paper]
        super().__init__(
            out,
            pagesize=size,
            title=f"{document.title} {document.number}".strip(),
            author=document.sender.name,
            creator="ERP",
            lang=document.language,
            invariant=1,
            pageCompression=1,
        )
        self.document = document
        self.ink = Ink.of(document.style.accent)
        across, down = size
        height = down - _TOP - _FOOT
        first = Frame(_MARGIN, _FOOT, across - 2 * _MARGIN, height, 0, 0, 0, 0)
        later = Frame(_MARGIN, _FOOT, across - 2 * _MARGIN, height - _RUNNING, 0, 0, 0, 0)
        self.room = across - 2 * _MARGIN  # `width` is ReportLab's, of margins we do not have
        self.addPageTemplates(
            (
                PageTemplate("first", [first], onPage=self._mark, autoNextPageTemplate="later"),
                PageTemplate("later", [later], onPage=self._run),
            )
        )

    def _mark(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        """Write the watermark, under all else."""
        if not self.document.watermark:
            return
        across, down = self.pagesize
        face = faces.Face(faces.BOLD.font, _WATERMARK_SIZE, _WATERMARK_SIZE)
        room = (across**2 + down**2) ** 0.5 * 0.7
        scale = min(1.0, room / face.width(self.document.watermark))
        canvas.saveState()
        canvas.translate(across / 2, down / 2)
        canvas.rotate(52)
        canvas.setFillColor(_WATERMARK)
        canvas.setFont(face.font, face.size * scale)
        canvas.drawCentredString(0, -face.size * scale / 3, self.document.watermark)
        canvas.restoreState()

    def _run(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        """Write the head of every sheet but the first."""
        self._mark(canvas, _)
        across, down = self.pagesize
        base = down - _TOP - faces.LABEL.size
        right = f"{self.document.title} {self.document.number}".strip()
        room = self.room - faces.SMALL.width(right) - 12
        name = faces.LABEL.cut(self.document.sender.name, room)
        pen = self.ink.on(canvas)
        pen.text(faces.LABEL, _MARGIN, base, name, self.ink.accent)
        pen.flush_right(faces.SMALL, across - _MARGIN, base, right, GREY)
        pen.rule(_MARGIN, base - 5, self.room)


def _counted(document: PrintedDocument) -> type[Canvas]:
    """Return a canvas that writes every sheet's foot at the end, when their number is known."""
    ink = Ink.of(document.style.accent)
    across, _ = SIZES[document.style.paper]

    class Counted(Canvas):  # type: ignore[misc]  # ReportLab has no types
        def __init__(self, *given: Any, **options: Any) -> None:
            super().__init__(*given, **options | {"initialFontName": faces.FAMILY})
            self._sheets: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802  # ReportLab's name
            self._sheets.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page, sheet in enumerate(self._sheets, start=1):
                self.__dict__.update(sheet)
                self._foot(page)
                super().showPage()
            super().save()

        def _foot(self, page: int) -> None:
            label = document.page.format(page=page, pages=len(self._sheets))
            room = across - 2 * _MARGIN
            pen = ink.on(self)
            pen.rule(_MARGIN, _FOOT - 5 * mm, room)
            base = _FOOT - 5 * mm - 10
            pen.flush_right(faces.SMALL, across - _MARGIN, base, label, GREY)
            lines = faces.SMALL.lines(document.footer, room - faces.SMALL.width(label) - 14)
            for line in lines[:3]:
                pen.text(faces.SMALL, _MARGIN, base, line, GREY)
                base -= faces.SMALL.leading

    return Counted


def _story(document: PrintedDocument, width: float, ink: Ink) -> list[Flowable]:
    story: list[Flowable] = [Masthead(document, width, ink), Spacer(0, 7 * mm)]
    if document.lines.rows:
        story += [CondPageBreak(20 * mm), RowTable(document.lines, width, ink)]
    closing = _amounts(document, width, ink)
    for note in document.notes:
        closing += [Spacer(0, 4 * mm), *_note(note.label, note.text)]
    for code in document.codes:
        closing += [Spacer(0, 6 * mm), Payment(code, width, ink)]
    if not document.signatures:
        return story + closing
    # What is signed stands on the sheet that is signed, wherever one has room for both.
    signatures = Signatures(document.signatures, width, ink)
    return [*story, KeepTogether([*closing, Spacer(0, 8 * mm), signatures])]


def _amounts(document: PrintedDocument, width: float, ink: Ink) -> list[Flowable]:
    """Return taxes and instalments beside the totals, or above them where they are many."""
    if not (document.totals or document.tables):
        return []
    right = width * 0.40
    left = width - right - 8 * mm
    totals = Totals(document.totals, right, ink) if document.totals else ""
    rows = sum(len(table.rows) for table in document.tables)
    if rows > _SIDE_ROWS_MAX:
        above = [
            part
            for table in document.tables
            for part in (Spacer(0, 5 * mm), RowTable(table, width, ink))
        ]
        return [*above, *_beside([], totals, (left, right, width))]
    return _beside(
        [_table(each, left, ink) for each in document.tables], totals, (left, right, width)
    )


def _table(table: PrintedTable, width: float, ink: Ink) -> list[Flowable]:
    return [RowTable(table, width, ink), Spacer(0, 4 * mm)]


def _beside(
    tables: list[list[Flowable]], totals: Flowable | str, widths: tuple[float, float, float]
) -> list[Flowable]:
    left, right, width = widths
    column = [part for each in tables for part in each]
    band = Table(
        [[column or "", "", totals]],
        colWidths=[left, width - left - right, right],
        style=_BARE,
    )
    return [Spacer(0, 5 * mm), band]  # of one row, which is never torn


def _note(label: str, text: str) -> list[Flowable]:
    words = "<br/>".join(escape(line) for line in text.splitlines())
    return [Paragraph(f"<b>{escape(label)}</b><br/>{words}", _NOTE)]
