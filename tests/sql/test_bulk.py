"""Many rows at once keep what one row keeps, and refuse what one row refuses."""

from decimal import Decimal
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

import pytest
from sqlalchemy import Table, select
from sqlalchemy.exc import StatementError

from erp_core.kernel.entity import new_id, new_ids
from erp_sql.bulk import Columns, InsertMany, columns_of
from erp_sql.catalog.models import UnitRow
from tests.databases import KINDS, database

UNITS: Final = cast("Table", UnitRow.__table__)
FACTORS = ("0.000001", "1", "100", "999999999999.999999", "0.5", "1E+3")


def units(company: UUID, factors: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {
            "company_id": company,
            "id": each,
            "version": 1,
            "code": f"u{number}",
            "name": ("tab\there", "back\\slash", "line\nbreak", "\\N", "")[number % 5],
            "dimension": "count",
            "factor": Decimal(factor),
            "decimals": number,
        }
        for number, (each, factor) in enumerate(zip(new_ids(len(factors)), factors, strict=True))
    ]


def stored(kind: str, folder: Path, columns: Columns) -> list[dict[str, Any]]:
    with database(kind, folder) as engine, engine.begin() as connection:
        InsertMany(UNITS)(connection, columns)
        found = connection.execute(select(UNITS).order_by(UNITS.c.decimals))
        return [dict(row) for row in found.mappings()]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 2, 6])
def test_every_value_comes_back(kind: str, tmp_path: Path, count: int) -> None:
    rows = units(new_id(), FACTORS[:count])
    assert stored(kind, tmp_path, columns_of(rows)) == rows


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("factor", ["0.0000001", "1000000000000", "-1E+12", "1E-7"])
def test_a_decimal_that_would_be_rounded_is_refused(
    kind: str, tmp_path: Path, factor: str
) -> None:
    rows = units(new_id(), ("1", factor))
    with pytest.raises((ValueError, StatementError), match="does not fit"):
        stored(kind, tmp_path, columns_of(rows))


@pytest.mark.parametrize("kind", KINDS)
def test_no_rows_are_nothing_to_do(kind: str, tmp_path: Path) -> None:
    assert stored(kind, tmp_path, columns_of([])) == []
