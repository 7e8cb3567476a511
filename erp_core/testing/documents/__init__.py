"""What every giver of documents' numbers and every keeper of their series must do."""

from erp_core.testing.documents.number_series import NumberSeriesRepositoryContract
from erp_core.testing.documents.numbering import (
    ConcurrentNumberingContract,
    NumberingContract,
)

__all__ = [
    "ConcurrentNumberingContract",
    "NumberSeriesRepositoryContract",
    "NumberingContract",
]
