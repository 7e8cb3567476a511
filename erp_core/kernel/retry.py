"""How long to wait before something that failed is tried again, and when to stop trying."""

from __future__ import annotations

from typing import Self

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Pauses that grow, with chance in them, so that those who failed together do not return so.

    Chance is an argument, as time is: from 0 to 1, of whoever calls.
    """

    pauses_seconds: tuple[float, ...]  # after the first attempt, the second; the last one stays
    attempts_max: int  # in all, the first one included
    jitter: float = 0.2  # by this share of itself a pause is shorter or longer at most

    def __post_init__(self) -> None:
        ensure(
            len(self.pauses_seconds) > 0 and min(self.pauses_seconds) >= 0,
            "retry.pauses",
            "there is a pause, and none is below zero",
            field="pauses_seconds",
        )
        ensure(
            self.attempts_max > 0, "retry.attempts", "at least one attempt", field="attempts_max"
        )
        ensure(0 <= self.jitter < 1, "retry.jitter", "jitter is from 0 to 1", field="jitter")

    @classmethod
    def exponential(
        cls, first_seconds: float, *, longest_seconds: float, attempts_max: int
    ) -> Self:
        """Return a policy whose pauses double, from the first to the longest."""
        pauses = [first_seconds]
        while len(pauses) < attempts_max - 1 and pauses[-1] < longest_seconds:
            pauses.append(min(pauses[-1] * 2, longest_seconds))
        return cls(pauses_seconds=tuple(pauses), attempts_max=attempts_max)

    def pause_seconds(self, attempts: int, chance: float) -> float | None:
        """Return how long to wait after so many attempts have failed; None: give up."""
        if attempts >= self.attempts_max:
            return None
        pause = self.pauses_seconds[min(max(attempts, 1), len(self.pauses_seconds)) - 1]
        return pause * (1 + self.jitter * (2 * chance - 1))
