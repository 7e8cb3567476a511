"""What a person can do with the series by which documents are numbered."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from erp_core.documents.entities import NumberSeries, NumberSeriesChanges
from erp_core.documents.ports import DocumentsUnitOfWork
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Cursor, Page, PageRequest, require_own_order
from erp_core.kernel.use_case import UseCase

_NO_ID: Final = UUID(int=0)  # the document type alone says where a page ended


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSeriesCommand:
    """Names the series of a document type, such as ``sales.order``."""

    document_type: str


@dataclass(frozen=True, kw_only=True)
class GetNumberSeries(UseCase[DocumentsUnitOfWork, NumberSeriesCommand, NumberSeries]):
    """Read how the documents of one type are numbered.

    Raises:
        NotFoundError: no such document type.
    """

    permission = "documents.number_series.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: DocumentsUnitOfWork, command: NumberSeriesCommand
    ) -> NumberSeries:
        return uow.number_series.get(ctx, command.document_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSeriesQuery:
    """All of them, in the order of their document types."""

    page: PageRequest


@dataclass(frozen=True, kw_only=True)
class ListNumberSeries(UseCase[DocumentsUnitOfWork, NumberSeriesQuery, Page[NumberSeries]]):
    """Read how the documents of every type are numbered.

    Raises:
        MalformedError: another order is asked for.
    """

    permission = "documents.number_series.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: DocumentsUnitOfWork, command: NumberSeriesQuery
    ) -> Page[NumberSeries]:
        request = command.page
        require_own_order(request)
        every = uow.number_series.all(ctx)
        past = "" if request.after is None else request.after.value
        left = [each for each in every if each.document_type > past]
        items = tuple(left[: request.limit])
        ended = None if len(left) <= request.limit else Cursor(items[-1].document_type, _NO_ID)
        return Page(items=items, next=ended, total=len(every) if request.count else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNumberSeriesCommand:
    document_type: str
    version: int | None  # that the caller has seen; None: any
    changes: NumberSeriesChanges


@dataclass(frozen=True, kw_only=True)
class ChangeNumberSeries(UseCase[DocumentsUnitOfWork, ChangeNumberSeriesCommand, NumberSeries]):
    """Number the documents of a type in another way from now on; those that have one keep it.

    Raises:
        NotFoundError: no such document type.
        PreconditionFailedError: it is not at the version the caller saw.
        InvariantError: what would come of it is no series.
    """

    permission = "documents.number_series.change"

    def execute(
        self, ctx: Context, uow: DocumentsUnitOfWork, command: ChangeNumberSeriesCommand
    ) -> NumberSeries:
        series = uow.number_series.get(ctx, command.document_type).expect(command.version)
        return uow.number_series.save(ctx, series.change(command.changes))
