"""What a person can do with what all documents have in common."""

from dataclasses import dataclass

from erp_core.documents.use_cases.number_series import (
    ChangeNumberSeries,
    ChangeNumberSeriesCommand,
    GetNumberSeries,
    ListNumberSeries,
    NumberSeriesCommand,
    NumberSeriesQuery,
)

__all__ = [
    "ChangeNumberSeries",
    "ChangeNumberSeriesCommand",
    "DocumentsUseCases",
    "GetNumberSeries",
    "ListNumberSeries",
    "NumberSeriesCommand",
    "NumberSeriesQuery",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsUseCases:
    """All of the documents area, wired: what HTTP, the CLI and an embedding program call."""

    get_number_series: GetNumberSeries
    list_number_series: ListNumberSeries
    change_number_series: ChangeNumberSeries
