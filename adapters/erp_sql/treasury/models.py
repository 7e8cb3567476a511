"""Payments as the database knows them. Only ``erp_sql`` may import this module."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint

from erp_sql.base import ON_MYSQL, Base, text
from erp_sql.rows import Mapped, mapped_column


class BankAccountRow(Base):
    __tablename__ = "treasury_bank_account"
    __table_args__ = (
        UniqueConstraint("company_id", "name"),
        Index(None, "company_id", "name_key", "id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(text(100))
    name_key: Mapped[str] = mapped_column(text(200))  # by this lists are sorted
    kind: Mapped[str] = mapped_column(text(16))
    state: Mapped[str] = mapped_column(text(16))
    currency: Mapped[str] = mapped_column(text(3))
    opening_balance: Mapped[Decimal]
    iban: Mapped[str] = mapped_column(text(34))
    bank: Mapped[str] = mapped_column(text(100))
    agency: Mapped[str] = mapped_column(text(20))
    account: Mapped[str] = mapped_column(text(40))


class PaymentRow(Base):
    __tablename__ = "treasury_payment"
    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        ForeignKeyConstraint(
            ["company_id", "party_id"], ["parties_party.company_id", "parties_party.id"]
        ),
        ForeignKeyConstraint(
            ["company_id", "bank_account_id"],
            ["treasury_bank_account.company_id", "treasury_bank_account.id"],
        ),
        # The last line of defence: no more of it is left than it brought, and never less than 0.
        CheckConstraint(
            "amount > 0 AND unallocated >= 0 AND unallocated <= amount", name="amount"
        ),
        Index(None, "company_id", "party_id", "unallocated"),
        Index(None, "company_id", "party_id", "day", "id"),
        Index(None, "company_id", "day", "id"),
        Index(None, "company_id", "unallocated"),
        Index(None, "company_id", "bank_account_id", "day"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    number: Mapped[str] = mapped_column(text(64))
    state: Mapped[str] = mapped_column(text(16))
    direction: Mapped[str] = mapped_column(text(8))
    party_id: Mapped[UUID]
    bank_account_id: Mapped[UUID | None]
    day: Mapped[date]
    method: Mapped[str] = mapped_column(text(32))
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(text(3))
    unallocated: Mapped[Decimal]  # of a reversed one nothing
    reference: Mapped[str] = mapped_column(text(100))
    note: Mapped[str] = mapped_column(text(2000))
    reconciled_at: Mapped[datetime | None]
    reversed_at: Mapped[datetime | None]
    reversed_because: Mapped[str] = mapped_column(text(500))
