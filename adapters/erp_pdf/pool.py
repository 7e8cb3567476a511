"""A few processes that set documents, kept warm, each replaced as soon as it is ended."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from erp_core.documents.entities import PrintedDocument
from erp_core.documents.ports import PdfRenderer, broken_template
from erp_core.kernel.context import Context
from erp_core.kernel.errors import (
    DeadlineExceededError,
    ErpError,
    InvariantError,
    OperationCancelledError,
    UnavailableError,
)
from erp_pdf.process import EndedError, SettingProcess
from erp_pdf.wire import Said

log: Final = logging.getLogger("erp.pdf")

WORKER: Final = (sys.executable, "-m", "erp_pdf")
SECONDS_MAX: Final = 30.0
WAITING_MAX: Final = 64  # whoever comes later is told to come back
_POLL_SECONDS: Final = 0.02  # between looks at the context while others are served

Measure = Callable[[str, float], None]  # how it ended; seconds


def _unmeasured(outcome: str, seconds: float) -> None:
    """Take note of nothing."""


class PdfPool(PdfRenderer):
    """Starts its processes when the first document is asked for; close it by leaving the block."""

    def __init__(
        self,
        *,
        processes: int = 2,
        seconds: float = SECONDS_MAX,
        waiting: int = WAITING_MAX,
        command: Sequence[str] = WORKER,
        measure: Measure = _unmeasured,
    ) -> None:
        self._size = processes
        self._seconds = seconds
        self._waiting_max = waiting
        self._command = command
        self._measure = measure
        self._changed = threading.Condition()
        self._idle: list[SettingProcess] = []  # the last one is asked next
        self._busy: list[SettingProcess] = []
        self._waiting = 0
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._changed:
            self._closed = True
            left = [*self._idle, *self._busy]
            self._idle.clear()
            self._changed.notify_all()
        for each in left:
            each.close()

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes there are, those that work first."""
        with self._changed:
            return tuple(each.pid for each in (*self._busy, *self._idle))

    @property
    def busy(self) -> int:
        """How many of them work."""
        return len(self._busy)

    def render(self, ctx: Context, document: PrintedDocument) -> bytes:
        """Return *document* as PDF, as the port has it."""
        started = time.monotonic()
        try:
            content = self._rendered(ctx.with_timeout(self._seconds), document)
        except OperationCancelledError:
            self._note(ctx, document, "cancelled", started)
            raise
        except DeadlineExceededError:
            self._note(ctx, document, "timeout", started)
            raise
        except (ErpError, RuntimeError) as error:
            self._note(ctx, document, "failed", started, reason=str(error))
            raise
        self._note(ctx, document, "rendered", started, size=len(content))
        return content

    def _rendered(self, ctx: Context, document: PrintedDocument) -> bytes:
        with self._process(ctx) as process:
            try:
                said, content = process.ask(ctx, document)
            except EndedError:
                ctx.check()  # it is we who ended it
                if ctx.deadline is not None and time.monotonic() >= ctx.deadline - _POLL_SECONDS:
                    raise DeadlineExceededError("the PDF was not made in time") from None
                raise UnavailableError(
                    "the process that made the PDF has ended: ask again",
                    code="documents.pdf.ended",
                ) from None
        return _content(said, content)

    @contextmanager
    def _process(self, ctx: Context) -> Iterator[SettingProcess]:
        """Hold a process alone, and see that there are as many as there should be after it."""
        process = self._taken(ctx)
        try:
            yield process
        finally:
            with self._changed:
                self._busy.remove(process)
                whole = process.usable and not self._closed
                if whole:
                    self._idle.append(process)
            if not whole:
                process.close()
            with self._changed:
                self._fill()
                self._changed.notify()

    def _taken(self, ctx: Context) -> SettingProcess:
        with self._changed:
            if self._waiting >= self._waiting_max:
                raise UnavailableError(
                    f"{self._waiting_max} documents wait to be set: ask again in a few seconds",
                    code="documents.pdf.busy",
                    most=self._waiting_max,
                )
            self._waiting += 1
            try:
                self._fill()
                while not self._idle:
                    if self._closed:
                        raise UnavailableError("no more documents are set: the program is ending")
                    ctx.check()
                    self._changed.wait(_POLL_SECONDS)
                ctx.check()
                process = self._idle.pop()
            finally:
                self._waiting -= 1
            self._busy.append(process)
            return process

    def _fill(self) -> None:
        """Start what is missing; what is new warms up behind what is warm."""
        while not self._closed and len(self._idle) + len(self._busy) < self._size:
            try:
                process = SettingProcess(self._command)
            except OSError as error:
                if self._idle or self._busy:
                    return  # fewer will do for now
                raise UnavailableError(
                    f"no process to set documents can be started: {error.strerror}",
                    code="documents.pdf.ended",
                ) from error
            self._idle.insert(0, process)

    def _note(
        self,
        ctx: Context,
        document: PrintedDocument,
        outcome: str,
        started: float,
        **more: object,
    ) -> None:
        seconds = time.monotonic() - started
        self._measure(outcome, seconds)
        level = logging.WARNING if outcome == "failed" else logging.INFO
        fields = {
            "event": f"pdf.{outcome}",
            "request_id": ctx.request_id,
            "trace_id": ctx.trace_id,
            "company": str(ctx.company_id),
            "user": ctx.principal.id,
            "document_type": document.document_type,
            "number": document.number,
            "duration_ms": round(seconds * 1000, 3),
        }
        log.log(level, "%s %s", document.document_type, outcome, extra=fields | more)


def _content(said: Said, content: bytes) -> bytes:
    if said is Said.DONE:
        return content
    reason = content.decode(errors="replace")
    if said is Said.BROKEN:
        raise broken_template(reason)
    if said is Said.TOO_LARGE:
        raise InvariantError(
            "the document is too large to be set: make two of it",
            code="documents.pdf.too_large",
        )
    raise RuntimeError(f"a document could not be set:\n{reason}")
