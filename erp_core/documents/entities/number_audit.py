"""Whether the numbers that documents bear are those that the counters gave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Final

from erp_core.documents.entities.number_series import DocumentType, NumberSeries
from erp_core.kernel.dataclass import dataclass

_UNCHANGED: Final = 0  # the version of a series that no company has changed


class NumberRule(StrEnum):
    """What holds of the numbers of every series."""

    GAP = "gap"  # what was counted is borne by a document
    DUPLICATE = "duplicate"  # by one alone
    BEYOND = "beyond"  # and no document bears what was not counted yet


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberDifference:
    """Counts of one period of a series that break a rule."""

    document_type: DocumentType
    period: str  # empty, 2026 or 2026-11
    rule: NumberRule
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberCounter:
    """How far the counter of a period has come."""

    document_type: DocumentType
    period: str
    last_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BorneNumber:
    """A number, and the day of the document that bears it."""

    number: str
    on: date


@dataclass(slots=True)
class _Period:
    counts: set[int] = field(default_factory=set)
    twice: set[int] = field(default_factory=set)
    unread: int = 0  # numbers of another look, from before the mask was changed


class NumberAudit:
    """Takes the numbers of one series in any order, then says what is wrong with them.

    A number that does not look as the mask makes it is from before the mask was changed. Which
    count it took nobody can tell any more, so that it excuses one missing count of its period. A
    mask may go on from a higher number; what it leaves out is no gap. Nor is, where a company has
    changed its series, what comes before the first number.
    """

    def __init__(self, series: NumberSeries) -> None:
        self._series = series
        self._periods: dict[str, _Period] = {}

    def take(self, borne: Iterable[BorneNumber]) -> None:
        """Take some of the numbers."""
        mask = self._series.mask
        for each in borne:
            read = mask.read(each.number)
            name = mask.period(each.on) if read is None else read[0]
            period = self._periods.setdefault(name, _Period())
            if read is None:
                period.unread += 1
            elif read[1] in period.counts:
                period.twice.add(read[1])
            else:
                period.counts.add(read[1])

    def differences(self, counters: Iterable[NumberCounter]) -> Iterator[NumberDifference]:
        """Yield what is wrong, now that every number was taken."""
        counted = {each.period: each.last_number for each in counters}
        for name in sorted({*counted, *self._periods}):
            period, last = self._periods.get(name, _Period()), counted.get(name, 0)
            for rule, broken in (
                (NumberRule.DUPLICATE, sorted(period.twice)),
                (NumberRule.BEYOND, sorted(each for each in period.counts if each > last)),
                (NumberRule.GAP, self._missing(period, last)),
            ):
                for first, until in _runs(broken):
                    yield NumberDifference(
                        document_type=self._series.document_type,
                        period=name,
                        rule=rule,
                        first=first,
                        last=until,
                    )

    def _missing(self, period: _Period, last: int) -> list[int]:
        begins = self._series.mask.after + 1
        if self._series.version != _UNCHANGED and period.counts:
            begins = max(begins, min(period.counts))
        expected = last - begins + 1
        borne = sum(1 for each in period.counts if begins <= each <= last)
        if expected - borne <= period.unread:
            return []
        return [each for each in range(begins, last + 1) if each not in period.counts]


def _runs(counts: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of each run of neighbours."""
    for _, run in groupby(enumerate(counts), key=lambda each: each[1] - each[0]):
        members = [count for _, count in run]
        yield members[0], members[-1]
