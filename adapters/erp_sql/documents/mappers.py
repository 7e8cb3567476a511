"""Series to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from typing import Any

from erp_core.documents.entities import DocumentType, NumberMask, NumberSeries
from erp_core.kernel.context import CompanyId


def write_number_series(company_id: CompanyId, series: NumberSeries) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "document_type": series.document_type,
        "version": series.version + 1,
        "mask": series.mask.text,
        "chronological": series.chronological,
    }


def read_number_series(row: Any) -> NumberSeries:
    return NumberSeries(
        document_type=DocumentType(row.document_type),
        version=row.version,
        mask=NumberMask(row.mask),
        chronological=row.chronological,
    )
