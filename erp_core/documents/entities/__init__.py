"""How documents are numbered."""

from erp_core.documents.entities.mask import (
    MASK_LENGTH_MAX,
    NUMBER_LENGTH_MAX,
    NumberMask,
    Reset,
)
from erp_core.documents.entities.number_series import (
    DOCUMENT_TYPE_LENGTH_MAX,
    SERIES,
    DocumentType,
    NumberSeries,
    NumberSeriesChanges,
    series_of,
)

__all__ = [
    "DOCUMENT_TYPE_LENGTH_MAX",
    "MASK_LENGTH_MAX",
    "NUMBER_LENGTH_MAX",
    "SERIES",
    "DocumentType",
    "NumberMask",
    "NumberSeries",
    "NumberSeriesChanges",
    "Reset",
    "series_of",
]
