"""A thread that does a few small things again and again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final

from erp_core.kernel.errors import ErpError

log: Final = logging.getLogger("erp.workers")

_SLOWEST_SECONDS: Final = 5.0  # between beats, while nothing works


class Beat:
    """Calls every step, and pauses; one that fails is told of and called again a little later.

    A step that says it did something is called again without a pause.
    """

    def __init__(self, name: str, steps: Sequence[Callable[[], int]], *, seconds: float) -> None:
        self._steps = steps
        self._seconds = seconds
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """End the pause; any thread may call this."""
        self._woken.set()

    def stop(self, seconds: float) -> bool:
        """End after the present step, for which it is waited so long; say whether it ended."""
        self._stopped.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        failures = 0
        while not self._stopped.is_set():
            did, failed = self._once()
            failures = failures + 1 if failed else 0
            if did and not failed:
                continue
            self._woken.wait(min(self._seconds * 2 ** min(failures, 8), _SLOWEST_SECONDS))
            self._woken.clear()

    def _once(self) -> tuple[int, bool]:
        did, failed = 0, False
        for step in self._steps:
            if self._stopped.is_set():
                break
            try:
                did += step()
            except ErpError as error:
                failed = True
                told = {"event": "workers.step_failed", "code": error.code}
                log.warning("a step failed: %s", error, extra=told)
            except Exception:  # without this thread nothing would be done any more
                failed = True
                log.exception("a step failed", extra={"event": "workers.step_failed"})
        return did, failed
