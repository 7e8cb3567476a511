"""A bounded pool of threads over a bounded queue."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")

log: Final = logging.getLogger("erp.workers")


class Pool(Generic[T]):
    """Does *work* with whatever is submitted, on so many threads, while so many wait at most.

    The threads are daemons: one that heeds nothing must not keep the program from ending.
    """

    def __init__(self, work: Callable[[T], None], *, threads: int, waiting: int) -> None:
        self._work = work
        self._room = threads + waiting
        self._changed = threading.Condition()
        self._queue: deque[T] = deque()
        self._busy = 0
        self._closed = False
        self._threads = [
            threading.Thread(target=self._run, name=f"worker-{each}", daemon=True)
            for each in range(threads)
        ]
        for each in self._threads:
            each.start()

    @property
    def free(self) -> int:
        """Return how much more may be submitted."""
        with self._changed:
            return 0 if self._closed else self._room - len(self._queue) - self._busy

    def submit(self, item: T) -> None:
        """Queue *item*.

        Raises:
            OverflowError: there is no room; ``free`` says how much there is.
        """
        with self._changed:
            if self._closed or len(self._queue) + self._busy >= self._room:
                raise OverflowError("the pool is full")
            self._queue.append(item)
            self._changed.notify_all()

    def withdraw(self) -> list[T]:
        """Take back what has not been begun."""
        with self._changed:
            waiting = list(self._queue)
            self._queue.clear()
            self._changed.notify_all()
            return waiting

    def wait_idle(self, until: float) -> bool:
        """Wait until nothing is left to do, or a moment of ``time.monotonic``; say which."""
        with self._changed:
            while self._queue or self._busy:
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
            return True

    def close(self) -> None:
        """Let every thread end with what it is doing; what waits is not begun."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._queue and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                item = self._queue.popleft()
                self._busy += 1
            try:
                self._work(item)
            except Exception:  # the thread is needed for the next one
                log.exception("a worker failed", extra={"event": "workers.failed"})
            finally:
                with self._changed:
                    self._busy -= 1
                    self._changed.notify_all()
