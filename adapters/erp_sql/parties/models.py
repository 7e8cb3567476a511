"""Parties and payment terms as the database knows them. Only ``erp_sql`` may import this module.

What is only ever read and written with its party lies in JSON columns. Two things have tables of
their own: tax ids, so that the database itself keeps them unique, and the words a party is found
by.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKeyConstraint, Index, Text, UniqueConstraint

from erp_sql.base import ON_MYSQL, Base, text
from erp_sql.rows import Mapped, mapped_column

Listed = list[dict[str, Any]]


class PaymentTermRow(Base):
    __tablename__ = "parties_payment_term"
    __table_args__ = (
        UniqueConstraint("company_id", "name"),
        Index(None, "company_id", "name_key", "id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(text(100))
    name_key: Mapped[str] = mapped_column(text(200))
    instalments: Mapped[Listed] = mapped_column(JSON)
    deposit_percent: Mapped[Decimal | None]
    state: Mapped[str] = mapped_column(text(16))


class PartyRow(Base):
    __tablename__ = "parties_party"
    __table_args__ = (
        UniqueConstraint("company_id", "customer_code"),
        UniqueConstraint("company_id", "supplier_code"),
        UniqueConstraint("company_id", "prospect_code"),
        # With the company in the key, another company's term cannot even be referred to.
        ForeignKeyConstraint(
            ["company_id", "payment_term_id"],
            ["parties_payment_term.company_id", "parties_payment_term.id"],
        ),
        ForeignKeyConstraint(
            ["company_id", "merged_into_id"],
            ["parties_party.company_id", "parties_party.id"],
        ),
        Index(None, "company_id", "name_key", "id"),
        Index(None, "company_id", "code", "id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(text(16))
    name: Mapped[str] = mapped_column(text(200))
    name_key: Mapped[str] = mapped_column(text(200))  # by this lists are sorted
    trade_name: Mapped[str] = mapped_column(text(200))
    is_customer: Mapped[bool]
    is_supplier: Mapped[bool]
    is_prospect: Mapped[bool]
    code: Mapped[str] = mapped_column(text(32))  # the first of the three that there is
    customer_code: Mapped[str | None] = mapped_column(text(32))
    supplier_code: Mapped[str | None] = mapped_column(text(32))
    prospect_code: Mapped[str | None] = mapped_column(text(32))
    tax_ids: Mapped[Listed] = mapped_column(JSON)
    addresses: Mapped[Listed] = mapped_column(JSON)
    contacts: Mapped[Listed] = mapped_column(JSON)
    emails: Mapped[list[str]] = mapped_column(JSON)
    phones: Mapped[list[str]] = mapped_column(JSON)
    site: Mapped[str] = mapped_column(text(200))
    language: Mapped[str | None] = mapped_column(text(35))
    currency: Mapped[str | None] = mapped_column(text(3))
    payment_term_id: Mapped[UUID | None]
    price_level: Mapped[int | None]
    discount_percent: Mapped[Decimal]
    credit_limit: Mapped[Decimal | None]
    credit_currency: Mapped[str | None] = mapped_column(text(3))
    representative_id: Mapped[UUID | None]
    bank_accounts: Mapped[Listed] = mapped_column(JSON)
    tags: Mapped[list[str]] = mapped_column(JSON)
    notes: Mapped[str] = mapped_column(Text)
    custom_fields: Mapped[dict[str, str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(text(16))
    merged_into_id: Mapped[UUID | None]


class PartyTaxIdRow(Base):
    """Whose a tax id is: the primary key lets it be one party's only."""

    __tablename__ = "parties_party_tax_id"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "party_id"], ["parties_party.company_id", "parties_party.id"]
        ),
        Index(None, "company_id", "party_id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(text(2), primary_key=True)
    kind: Mapped[str] = mapped_column(text(8), primary_key=True)
    number: Mapped[str] = mapped_column(text(32), primary_key=True)
    party_id: Mapped[UUID]


class PartyWordRow(Base):
    """A word by which a party is found; the beginning of one is a range of the primary key."""

    __tablename__ = "parties_party_word"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "party_id"], ["parties_party.company_id", "parties_party.id"]
        ),
        Index(None, "company_id", "party_id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(text(40), primary_key=True)
    party_id: Mapped[UUID] = mapped_column(primary_key=True)


class PartyCodeRow(Base):
    """The last code that was given from a series."""

    __tablename__ = "parties_party_code"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(text(8), primary_key=True)
    last: Mapped[int]
