"""SIGTERM and SIGINT, as something that can be waited for."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Final, Self

from erp_app.errors import EXIT_DONE

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class StopSignals:
    """Inside the block a first signal is noted, and a second ends the process at once.

    The handler writes into a pipe: nothing else is safe in one, for it runs between any two steps
    of the very thread that waits. The interpreter writes there as well, at the moment the signal
    comes: handlers run between steps only, and a thread that has just begun to wait takes none.
    As the first process of a container we would otherwise not be stopped at all, so enter this
    before anything that takes time.
    """

    def __init__(self) -> None:
        self.received = False
        self.before_the_end: Callable[[], None] = lambda: None  # what a second signal does first
        self._reader, self._writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._previous: dict[int, object] = {}
        self._woken_before = -1

    def __enter__(self) -> Self:
        self._woken_before = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        for number in _SIGNALS:
            self._previous[number] = signal.signal(number, self._note)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # as it was given to us
        signal.set_wakeup_fd(self._woken_before)
        os.close(self._reader)
        os.close(self._writer)

    @classmethod
    @contextmanager
    def held_back(cls) -> Iterator[None]:
        """Let signals wait while a child is born: it takes them once it has its own handlers."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def wake(self) -> None:
        """Let ``wait`` return; any thread and any handler may call this."""
        try:
            os.write(self._writer, b"!")
        except BlockingIOError:
            return  # the pipe is full of such calls already

    def wait(self, seconds: float | None = None, *, also: tuple[int, ...] = ()) -> None:
        """Return after a signal, a ``wake``, *seconds*, or when one of *also* can be read."""
        poll = select.poll()
        for descriptor in (self._reader, *also):
            poll.register(descriptor, select.POLLIN | select.POLLHUP)
        poll.poll(None if seconds is None else seconds * 1000)
        try:
            os.read(self._reader, 4096)
        except BlockingIOError:
            return

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.received:
            self.before_the_end()
            os._exit(EXIT_DONE)
        self.received = True
        self.wake()
