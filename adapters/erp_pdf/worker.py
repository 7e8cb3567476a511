"""The process that sets documents: one after another, until its pipe is closed or it is killed.

It holds no secret and no connection. It limits itself, in memory and in time, so that it ends
even where nobody is left to end it.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import sys
import traceback
from datetime import date
from typing import BinaryIO, Final

from erp_core.documents.entities import (
    AddressBlock,
    Column,
    DocumentType,
    PrintedDocument,
    PrintedRow,
    PrintedTable,
    Style,
)
from erp_pdf import house
from erp_pdf.wire import ANSWER_BYTES_MAX, ANSWERED, ASKED, Said

MEGABYTES_MAX: Final = 768  # of addresses, the interpreter and its libraries included
_MEGABYTE: Final = 1024 * 1024


def main() -> None:
    """Answer on standard output what is asked on standard input."""
    asked = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    limit = MEGABYTES_MAX * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    house.render(_specimen())  # the first one takes ten times as long as any other
    _answer(answers, Said.READY, b"")
    while True:
        head = asked.read(ASKED.size)
        if len(head) < ASKED.size:
            return
        length, seconds = ASKED.unpack(head)
        signal.alarm(seconds + 1)  # the caller's own limit comes first, while there is a caller
        said, content = _made(asked.read(length))
        signal.alarm(0)
        _answer(answers, said, content)


def _made(pickled: bytes) -> tuple[Said, bytes]:
    try:
        document: PrintedDocument = pickle.loads(pickled)  # noqa: S301  # from our own parent
        content = _set(document)
    except MemoryError:
        return Said.TOO_LARGE, b""
    except _broken_template() as error:
        return Said.BROKEN, str(error).encode()
    except Exception:  # noqa: BLE001  # said to the parent, which logs it
        return Said.FAILED, traceback.format_exc().encode()
    return (Said.DONE, content) if len(content) <= ANSWER_BYTES_MAX else (Said.TOO_LARGE, b"")


def _set(document: PrintedDocument) -> bytes:
    if not document.style.template:
        return house.render(document)
    from erp_pdf import own  # noqa: PLC0415  # a second, which most never need

    return own.render(document)


def _broken_template() -> tuple[type[Exception], ...]:
    """Return the class of a broken template's error, if there can have been one."""
    own = sys.modules.get("erp_pdf.own")
    return () if own is None else (own.BrokenTemplateError,)


def _answer(answers: BinaryIO, said: Said, content: bytes) -> None:
    answers.write(ANSWERED.pack(said, len(content)))
    answers.write(content)
    answers.flush()


def _specimen() -> PrintedDocument:
    """Return a document for the sake of setting one."""
    columns = (Column(heading="Ação", share=3), Column(heading="€", share=1, number=True))
    return PrintedDocument(
        document_type=DocumentType("specimen"),
        language="en",
        style=Style(),
        dated=date(2000, 1, 1),
        title="Specimen",
        sender=AddressBlock(name="Specimen"),
        lines=PrintedTable(columns=columns, rows=(PrintedRow(cells=("ñß", "1")),)),
        page="{page}/{pages}",
    )
