"""One process that sets documents, seen from outside: asked over pipes, ended at any moment."""

from __future__ import annotations

import math
import os
import pickle
import select
import sys
import time
from collections.abc import Sequence
from subprocess import PIPE, Popen
from typing import Final

from erp_core.documents.entities import PrintedDocument
from erp_core.kernel.context import Context
from erp_pdf.wire import ANSWER_BYTES_MAX, ANSWERED, ASKED, Said

_CHUNK_BYTES: Final = 256 * 1024
_END_SECONDS: Final = 5.0  # for the kernel to take away what was killed
# What an interpreter needs to start; nothing else of ours is a renderer's business.
_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")


class EndedError(Exception):
    """The process ended before it had answered."""


class SettingProcess:
    """Answers one question at a time; whoever asks holds it alone."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = Popen(  # noqa: S603  # ourselves
            command,
            stdin=PIPE,
            stdout=PIPE,
            bufsize=0,
            start_new_session=True,  # ^C at the terminal is for the server, which ends us in order
            env=_environment(),
        )
        assert self._process.stdin is not None  # noqa: S101  # it was asked for
        assert self._process.stdout is not None  # noqa: S101  # same
        self._asked = self._process.stdin.fileno()
        self._answers = self._process.stdout.fileno()
        os.set_blocking(self._asked, False)
        self._ready = False
        self.usable = True

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, ctx: Context, document: PrintedDocument) -> tuple[Said, bytes]:
        """Return how setting *document* went, and what came of it.

        The process is killed when *ctx* is cancelled, and when its deadline passes.

        Raises:
            EndedError: it was killed, or ended by itself.
        """
        give_up = math.inf if ctx.deadline is None else ctx.deadline
        with ctx.cancellation.on_cancel(self.kill):
            try:
                if not self._ready:
                    self._hear(give_up)
                    self._ready = True
                pickled = pickle.dumps(document, pickle.HIGHEST_PROTOCOL)
                seconds = max(1, math.ceil(ctx.remaining_seconds(3600)))
                self._say(ASKED.pack(len(pickled), seconds) + pickled, give_up)
                said, content = self._hear(give_up)
            except BaseException:
                self.kill()  # in the middle of an answer it is of no more use
                raise
            if said is Said.TOO_LARGE:
                self.kill()  # what it took it may never give back
            return said, content

    def kill(self) -> None:
        """End it at once, from any thread."""
        self.usable = False
        self._process.kill()

    def close(self) -> None:
        """Take away what is left of it."""
        self.kill()
        self._process.wait(_END_SECONDS)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _say(self, said: bytes, give_up: float) -> None:
        left = memoryview(said)
        while left:
            _wait(self._asked, select.POLLOUT, give_up)
            try:
                left = left[os.write(self._asked, left[:_CHUNK_BYTES]) :]
            except BlockingIOError:  # less room than was promised
                continue
            except OSError as error:
                raise EndedError from error

    def _hear(self, give_up: float) -> tuple[Said, bytes]:
        said, length = ANSWERED.unpack(self._read(ANSWERED.size, give_up))
        if length > ANSWER_BYTES_MAX:
            raise EndedError
        return Said(said), self._read(length, give_up)

    def _read(self, length: int, give_up: float) -> bytes:
        parts = []
        while length:
            _wait(self._answers, select.POLLIN, give_up)
            part = os.read(self._answers, min(length, _CHUNK_BYTES))
            if not part:
                raise EndedError
            parts.append(part)
            length -= len(part)
        return b"".join(parts)


def _wait(descriptor: int, event: int, give_up: float) -> None:
    """Wait until something can be read or written, or the other end is closed."""
    poll = select.poll()
    poll.register(descriptor, event)
    left = give_up - time.monotonic()
    if left <= 0 or not poll.poll(None if math.isinf(left) else math.ceil(left * 1000)):
        raise EndedError


def _environment() -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # The same modules as ours, wherever they were found; and sets in the same order each time.
    path = os.pathsep.join(each for each in sys.path if each)
    return {
        **passed,
        "PYTHONPATH": path,
        "PYTHONSAFEPATH": "1",  # what lies in the working directory is data, and no code
        "PYTHONHASHSEED": "0",
        "PYTHONUNBUFFERED": "1",
    }
