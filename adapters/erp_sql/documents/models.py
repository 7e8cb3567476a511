"""Series and their counters as the database knows them. Only ``erp_sql`` may import this."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger

from erp_core.documents.entities import DOCUMENT_TYPE_LENGTH_MAX, MASK_LENGTH_MAX
from erp_sql.base import Base, text
from erp_sql.rows import Mapped, mapped_column


class NumberSeriesRow(Base):
    """What a company has changed of a series; without a row it is as the house gives it."""

    __tablename__ = "documents_number_series"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    document_type: Mapped[str] = mapped_column(text(DOCUMENT_TYPE_LENGTH_MAX), primary_key=True)
    version: Mapped[int]
    mask: Mapped[str] = mapped_column(text(MASK_LENGTH_MAX))
    chronological: Mapped[bool]


class NumberCounterRow(Base):
    """How far the counter of a period has come; locked from taking a number to the commit."""

    __tablename__ = "documents_number_counter"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    document_type: Mapped[str] = mapped_column(text(DOCUMENT_TYPE_LENGTH_MAX), primary_key=True)
    period: Mapped[str] = mapped_column(text(8), primary_key=True)  # "", "2026" or "2026-11"
    last_number: Mapped[int] = mapped_column(BigInteger)
    last_on: Mapped[date]  # the latest of its documents' dates
