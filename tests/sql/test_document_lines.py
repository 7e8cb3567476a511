"""Lines and terms of a document survive the tables that every area makes of the shared columns."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import Engine, insert, select

from erp_core.catalog.entities import (
    DocumentLine,
    DocumentTerms,
    LineKind,
    PricedDocument,
    ProductId,
    TaxClassId,
    TaxComponent,
    price_document,
)
from erp_core.identity.entities import Rounding
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import UnitPrice
from erp_sql.base import ON_MYSQL, Base
from erp_sql.catalog.document_columns import (
    DocumentLineColumns,
    DocumentTotalsColumns,
    line_keys,
)
from erp_sql.catalog.document_mappers import (
    read_line,
    read_terms,
    read_totals,
    write_line,
    write_terms,
    write_totals,
)
from erp_sql.rows import DeclarativeBase, Mapped, mapped_column
from tests.catalog.documents import a_line, a_text, off, percent, rate
from tests.databases import KINDS, database


class Own(DeclarativeBase):
    """Tables of these tests alone, which no migration makes."""

    type_annotation_map = Base.type_annotation_map
    __table_args__: Any = ON_MYSQL


class PaperRow(DocumentTotalsColumns, Own):
    __tablename__ = "tests_paper"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)


class PaperLineRow(DocumentLineColumns, Own):
    __tablename__ = "tests_paper_line"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    paper_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)


FULL: Final = a_line(
    "-2.123456",
    "1234.567891",
    product_id=ProductId(new_id()),
    description="Chá, \N{CJK UNIFIED IDEOGRAPH-8336}",
    unit="kg",
    price_includes_tax=True,
    discount=percent("7.1234"),
    tax_class_id=TaxClassId(new_id()),
    components=(
        TaxComponent(name="ICMS", rate=rate("18.25"), included=True),
        TaxComponent(name="IPI", rate=rate("10"), compound=True),
        TaxComponent(name="ISS", rate=rate("5"), withheld=True),
    ),
    unit_cost=UnitPrice(Decimal("0.000001"), "USD"),
)
TEXTS: Final = [a_text(LineKind.HEADING), a_text(LineKind.NOTE), a_text(LineKind.SUBTOTAL, "")]
TERMS: Final = DocumentTerms(
    currency="KWD",
    discount=percent("2.5"),
    rounding=Rounding.PER_DOCUMENT,
    cash_step=Decimal("0.005"),
)


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with database(request.param, tmp_path) as engine:
        Own.metadata.create_all(engine)
        yield engine
        Own.metadata.drop_all(engine)


def stored(
    engine: Engine, lines: Sequence[DocumentLine], terms: DocumentTerms
) -> tuple[PricedDocument, PricedDocument, DocumentTerms]:
    """Return a document as it was, as it is read back, and the terms that are read back."""
    document = price_document(lines, terms)
    keys = {"company_id": new_id(), "id": new_id()}
    of_paper = {"company_id": keys["company_id"], "paper_id": keys["id"]}
    with engine.begin() as connection:
        head = keys | write_terms(terms) | write_totals(document.totals)
        connection.execute(insert(PaperRow.__table__), head)
        rows = [of_paper | write_line(at, each) for at, each in enumerate(document.lines)]
        connection.execute(insert(PaperLineRow.__table__), rows)
    with engine.begin() as connection:
        head = connection.execute(select(PaperRow.__table__)).one()
        ordered = select(PaperLineRow.__table__).order_by(PaperLineRow.position)
        read = [read_line(row, head.currency) for row in connection.execute(ordered)]
        connection.execute(PaperRow.__table__.delete())
        connection.execute(PaperLineRow.__table__.delete())
    return document, PricedDocument(lines=tuple(read), totals=read_totals(head)), read_terms(head)


def test_every_field_survives_the_round_trip(engine: Engine) -> None:
    lines = [TEXTS[0], FULL, a_line("3", "1.239", discount=off("0.005")), *TEXTS[1:]]
    before, after, terms = stored(engine, lines, TERMS)
    assert (after, terms) == (before, TERMS)
    assert after.taxes == before.taxes


def test_a_plain_document_survives_too(engine: Engine) -> None:
    plain = DocumentTerms(currency="BRL", discount=off("0.05"))
    before, after, terms = stored(engine, [a_line("1", "10", components=())], plain)
    assert (after, terms) == (before, plain)


def test_the_widest_amounts_survive(engine: Engine) -> None:
    wide = replace(FULL, quantity=a_line("1").quantity, unit_price=Decimal("999999999.999999"))
    before, after, _ = stored(engine, [wide], TERMS)
    assert after == before


def test_a_line_refers_to_the_catalogue_of_its_company() -> None:
    for key, table in zip(line_keys(), ("catalog_product", "catalog_tax_class"), strict=True):
        assert [each.target_fullname for each in key.elements] == [
            f"{table}.company_id",
            f"{table}.id",
        ]
