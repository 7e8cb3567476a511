"""Deadlines that reach the database: one thread that stops what runs past its time."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

log = logging.getLogger(__name__)

_GRACE_SECONDS: Final = 0.25  # between asking the server to stop and cutting the line
_STOP_SECONDS: Final = 0.2  # that a request to stop may take before its connection is given up


@dataclass(order=True, slots=True)
class _Watch:
    due: float  # seconds on time.monotonic()
    order: int
    stop: Callable[[], None] = field(compare=False)
    cut: Callable[[], None] = field(compare=False)
    lock: threading.Lock = field(default_factory=threading.Lock, compare=False)
    stopped: threading.Event | None = field(default=None, compare=False)
    over: bool = field(default=False, compare=False)
    was_cut: bool = field(default=False, compare=False)

    def call_off(self) -> bool:
        """End the watch and say whether the connection is fit for somebody else."""
        with self.lock:
            self.over = True
            self.stop = self.cut = _nothing  # the heap keeps us until we are due
        if self.stopped is None:
            return True
        # Whoever was cut off waits for nobody; else a stop under way must not hit the next user.
        return not self.was_cut and self.stopped.wait(_STOP_SECONDS)


class Watchdog:
    """Stops statements at their deadline, first politely, then by force.

    Asking a server to stop opens a connection to it, which hangs where the network does: so that
    is done in a thread of its own, and the cut does not wait for it.
    """

    def __init__(self) -> None:
        self._heap: list[_Watch] = []
        self._order = itertools.count()
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None

    def watch(
        self, deadline: float, stop: Callable[[], None], cut: Callable[[], None]
    ) -> Callable[[], bool]:
        """Call *stop* at *deadline*, and *cut* a little later; return what calls it off.

        When that has returned, neither runs nor ever will; it returns False where the connection
        they act upon must not be used again.
        """
        watch = _Watch(deadline, next(self._order), stop, cut)
        with self._wake:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
                self._thread.start()
            self._push(watch)
        return watch.call_off

    def _push(self, watch: _Watch) -> None:
        heapq.heappush(self._heap, watch)
        if self._heap[0] is watch:
            self._wake.notify()

    def _run(self) -> None:
        while True:
            watch = self._next()
            with watch.lock:
                if watch.over:
                    continue
                if watch.stopped is not None:
                    watch.was_cut = True
                    _act(watch.cut)
                    continue
                watch.stopped = threading.Event()
                threading.Thread(
                    target=_ask, args=[watch.stop, watch.stopped], daemon=True
                ).start()
                watch.due += _GRACE_SECONDS
            with self._wake:
                self._push(watch)

    def _next(self) -> _Watch:
        with self._wake:
            while not self._heap or self._heap[0].due > time.monotonic():
                self._wake.wait(self._heap[0].due - time.monotonic() if self._heap else None)
            return heapq.heappop(self._heap)


def _ask(stop: Callable[[], None], done: threading.Event) -> None:
    _act(stop)
    done.set()


def _act(action: Callable[[], None]) -> None:
    try:
        action()
    except Exception:  # whatever a dying connection raises, the others are watched on
        log.exception("a deadline could not be enforced")


def _nothing() -> None:
    """Do what is left to do when it is over."""
