"""Several serving processes behind one socket, and a parent that looks after them.

The parent has no thread and no connection of its own: a child begins with nothing that it would
have to share.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from erp_app.errors import EXIT_DONE, EXIT_FAILED, ProgramError
from erp_app.signals import StopSignals

log = logging.getLogger("erp.server")

_DEATHS_MAX: Final = 5
_DEATHS_SECONDS: Final = 60.0
_END_SECONDS: Final = 10.0  # that a child may need beyond the grace it gives its requests


def apart(work: Callable[[], None]) -> int:
    """Do *work* in a process of its own, wait for it, and return its exit code."""
    child = _fork(work)
    _, status = os.waitpid(child, 0)
    return _exit_code(status)


class Supervisor:
    """Keeps a number of children alive until it is told to stop."""

    def __init__(self, count: int, serve: Callable[[int], None], *, grace_seconds: float) -> None:
        """Take what a child does; it is given a descriptor that ends when the parent does."""
        self._count = count
        self._serve = serve
        self._grace_seconds = grace_seconds
        self._children: set[int] = set()
        self._deaths: deque[float] = deque(maxlen=_DEATHS_MAX)
        self._lifeline, self._held = os.pipe()

    def run(self, stop: StopSignals, stop_listening: Callable[[], None]) -> None:
        """Serve until a signal comes; then *stop_listening*, which the children do as well.

        Raises:
            ProgramError: the children die faster than it is any use to start them, or one of
                them did not end in time.
        """
        stop.before_the_end = self._kill
        previous = signal.signal(signal.SIGCHLD, lambda number, frame: stop.wake())
        try:
            self._keep_alive(stop)
        finally:
            stop_listening()
            self._end(stop)
            signal.signal(signal.SIGCHLD, previous)
            os.close(self._lifeline)
            os.close(self._held)

    def _keep_alive(self, stop: StopSignals) -> None:
        while not stop.received:
            while len(self._children) < self._count:
                with StopSignals.held_back():
                    self._children.add(_fork(self._child))
            stop.wait()
            for child, code in self._reap():
                if not stop.received:
                    self._note_death(child, code)

    def _note_death(self, child: int, code: int) -> None:
        log.error(
            "a serving process has died",
            extra={"event": "server.process_died", "pid": child, "exit_code": code},
        )
        self._deaths.append(time.monotonic())
        full = len(self._deaths) == _DEATHS_MAX
        if full and self._deaths[-1] - self._deaths[0] < _DEATHS_SECONDS:
            raise ProgramError(
                f"serving processes have died {_DEATHS_MAX} times within"
                f" {_DEATHS_SECONDS:.0f} s; the last with exit code {code}: see the log"
            )

    def _end(self, stop: StopSignals) -> None:
        """Tell every child to end, and wait until all have."""
        for child in self._children:
            os.kill(child, signal.SIGTERM)
        give_up = time.monotonic() + self._grace_seconds + _END_SECONDS
        while self._children and time.monotonic() < give_up:
            self._reap()
            if self._children:
                stop.wait(give_up - time.monotonic())
        if self._children:
            self._kill()
            raise ProgramError("a serving process did not end in time and was killed")

    def _kill(self) -> None:
        for child in self._children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    def _reap(self) -> list[tuple[int, int]]:
        """Return the children that have ended, each with its exit code."""
        ended = []
        for child in sorted(self._children):
            gone, status = os.waitpid(child, os.WNOHANG)
            if gone:
                self._children.remove(child)
                ended.append((child, _exit_code(status)))
        return ended

    def _child(self) -> None:
        # The parent tells it when to stop: a terminal's ^C reaches every process by itself.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(self._held)
        self._serve(self._lifeline)


def _fork(work: Callable[[], None]) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
    code = EXIT_FAILED
    try:
        work()
        code = EXIT_DONE
    except ProgramError as error:
        print(f"erp: {error}", file=sys.stderr)  # noqa: T201  # a program's last words
        code = error.exit_code
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else EXIT_FAILED
    except BaseException:
        sys.excepthook(*sys.exc_info())
        raise
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # nothing of the parent's may run a second time
    return child


def _exit_code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return 128 - code if code < 0 else code  # as a shell says it: 128 and the signal's number
