"""Proving that numbers have no gap, and that kept files are what they were."""

from __future__ import annotations

from dataclasses import field, replace
from enum import StrEnum
from itertools import islice
from typing import Final

from erp_core.documents.entities import NumberAudit, NumberDifference
from erp_core.documents.ports import DocumentsUnitOfWork, FileStore
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import MalformedError, NotFoundError, UnavailableError
from erp_core.kernel.use_case import UseCase

DIFFERENCES_MAX: Final = 1000  # named at once; mend these, then look again
FILES_AT_ONCE_MAX: Final = 1000
_NUMBERS_AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberVerification:
    """Whether every series is without a gap and without a duplicate, and where it is not."""

    differences: tuple[NumberDifference, ...]

    @property
    def consistent(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyNumbersQuery:
    """Every series of the company."""


@dataclass(frozen=True, kw_only=True)
class VerifyNumbers(UseCase[DocumentsUnitOfWork, VerifyNumbersQuery, NumberVerification]):
    """Prove that documents bear every number that was counted, each once; change none."""

    permission = "documents.consistency.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: DocumentsUnitOfWork, command: VerifyNumbersQuery
    ) -> NumberVerification:
        counters = uow.number_ledger.counters(ctx)
        found: list[NumberDifference] = []
        for series in uow.number_series.all(ctx):
            audit, after = NumberAudit(series), ""
            # Pages of a list that ends: each begins behind the last number of the one before.
            while borne := uow.number_ledger.borne(
                ctx, series.document_type, after, _NUMBERS_AT_ONCE
            ):
                ctx.check()
                audit.take(borne)
                after = borne[-1].number
            mine = [each for each in counters if each.document_type == series.document_type]
            found += islice(audit.differences(mine), DIFFERENCES_MAX - len(found))
        return NumberVerification(differences=tuple(found))


class FileRule(StrEnum):
    """What holds of every file that is known."""

    MISSING = "missing"  # it is there
    DAMAGED = "damaged"  # and holds what it held when it was kept


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDifference:
    """A file that breaks a rule."""

    digest: str
    rule: FileRule


@dataclass(frozen=True, slots=True, kw_only=True)
class FileVerification:
    """Whether the files that were looked at are what they were, and where to go on."""

    checked: tuple[str, ...]  # their digests
    differences: tuple[FileDifference, ...] = ()
    next: str | None = None  # what to look behind for the others; None: these were the last

    @property
    def consistent(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyFilesQuery:
    """At most *limit* of the company's files, behind the one called *after*."""

    after: str = ""
    limit: int = field(default=FILES_AT_ONCE_MAX)

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= FILES_AT_ONCE_MAX:
            raise MalformedError(
                f"limit is from 1 to {FILES_AT_ONCE_MAX}", code="page.limit", field="limit"
            )


@dataclass(frozen=True, kw_only=True)
class VerifyFiles(UseCase[DocumentsUnitOfWork, VerifyFilesQuery, FileVerification]):
    """Prove that papers and pictures that were kept are there, and unchanged; change none.

    Raises:
        MalformedError: more are asked for than are read at once.
        UnavailableError: where files are kept cannot be read at all.
    """

    permission = "documents.consistency.read"
    read_only = True

    files: FileStore

    def execute(
        self, ctx: Context, uow: DocumentsUnitOfWork, command: VerifyFilesQuery
    ) -> FileVerification:
        known = uow.printouts.digests(ctx, command.after, command.limit)
        ended = known[-1] if len(known) == command.limit else None
        logo = uow.letterheads.get(ctx).logo
        if logo and not command.after:  # with the first of them
            known = (*known, logo)
        return FileVerification(checked=known, next=ended)

    def conclude(self, ctx: Context, result: FileVerification) -> FileVerification:
        # Outside the transaction: reading a thousand files takes a while.
        found = []
        for digest in result.checked:
            ctx.check()
            rule = self._broken(ctx, digest)
            if rule is not None:
                found.append(FileDifference(digest=digest, rule=rule))
        return replace(result, differences=tuple(found))

    def _broken(self, ctx: Context, digest: str) -> FileRule | None:
        try:
            self.files.get(ctx, digest)
        except NotFoundError:
            return FileRule.MISSING
        except UnavailableError as error:
            if error.code != "files.damaged":
                raise
            return FileRule.DAMAGED
        return None
