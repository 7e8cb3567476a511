"""What the two ends of a pipe say to each other: lengths first, then bytes."""

from __future__ import annotations

from enum import IntEnum
from struct import Struct
from typing import Final

ASKED: Final = Struct(">QI")  # bytes of a pickled document; seconds it may take
ANSWERED: Final = Struct(">BQ")  # how it went; bytes of the PDF, or of the reason in UTF-8
ANSWER_BYTES_MAX: Final = 64 * 1024 * 1024


class Said(IntEnum):
    """How it went."""

    READY = 0
    DONE = 1
    BROKEN = 2  # the company's template
    TOO_LARGE = 3  # for the memory there is
    FAILED = 4  # our mistake
