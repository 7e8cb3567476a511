"""Deadlines that reach the database: one thread that stops what runs past its time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from math import inf
from typing import Final

log = logging.getLogger(__name__)

_GRACE_SECONDS: Final = 0.25  # between asking the server to stop and cutting the line
_STOP_SECONDS: Final = 0.2  # that a request to stop may take before its connection is given up


@dataclass(eq=False, slots=True)
class _Watch:
    due: float  # seconds on time.monotonic()
    stop: Callable[[], None]
    cut: Callable[[], None]
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopped: threading.Event | None = None
    over: bool = False
    was_cut: bool = False

    def call_off(self) -> bool:
        """End the watch and say whether the connection is fit for somebody else."""
        with self.lock:
            self.over = True
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
        self._watches: set[_Watch] = set()  # as many as there are connections in use
        self._changed = threading.Condition()
        self._wakes_at = inf  # seconds on time.monotonic(); whoever is due before has to say so
        self._thread: threading.Thread | None = None

    def watch(
        self, deadline: float, stop: Callable[[], None], cut: Callable[[], None]
    ) -> Callable[[], bool]:
        """Call *stop* at *deadline*, and *cut* a little later; return what calls it off.

        When that has returned, neither runs nor ever will; it returns False where the connection
        they act upon must not be used again.
        """
        watch = _Watch(deadline, stop, cut)
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
                self._thread.start()
            self._add(watch)
        return partial(self._call_off, watch)

    def _call_off(self, watch: _Watch) -> bool:
        with self._changed:
            # The thread is not woken: it looks again when this one would have been due, and so
            # does so once for all the thousands that came and went meanwhile.
            self._watches.discard(watch)
        return watch.call_off()

    def _add(self, watch: _Watch) -> None:
        self._watches.add(watch)
        if watch.due < self._wakes_at:
            self._changed.notify()

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
            with self._changed:
                self._add(watch)

    def _next(self) -> _Watch:
        with self._changed:
            while True:
                first = min(self._watches, key=lambda each: each.due, default=None)
                self._wakes_at = inf if first is None else first.due
                seconds = self._wakes_at - time.monotonic()
                if first is not None and seconds <= 0:
                    self._watches.discard(first)
                    return first
                self._changed.wait(None if first is None else seconds)


def _ask(stop: Callable[[], None], done: threading.Event) -> None:
    _act(stop)
    done.set()


def _act(action: Callable[[], None]) -> None:
    try:
        action()
    except Exception:  # whatever a dying connection raises, the others are watched on
        log.exception("a deadline could not be enforced")
