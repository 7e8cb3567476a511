"""What a number costs the database."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from erp_core.documents.entities import NumberMask
from erp_core.documents.use_cases import ChangeNumberSeriesCommand
from erp_core.kernel.errors import InvariantError
from erp_core.testing import context, expect
from tests.databases import KINDS, database
from tests.sql.test_statements import House

LEAP_DAY = date(2024, 2, 29)
INVOICE = "invoicing.invoice"


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with database(request.param, tmp_path) as engine:
        yield House(engine)


def take(house: House, on: date = LEAP_DAY) -> str:
    with house.store(context()) as uow:
        return uow.numbering.take(context(), INVOICE, on)


def test_a_number_takes_two_statements_and_the_first_of_a_period_four(house: House) -> None:
    with house.costs(4):
        assert take(house) == "INV2024-00001"
    for count in range(2, 5):
        with house.costs(2):
            assert take(house) == f"INV2024-{count:05d}"
    with house.costs(4):
        assert take(house, date(2025, 1, 1)) == "INV2025-00001"
    with house.costs(5), expect(InvariantError, "documents.number.backdated"):
        take(house, date(2024, 1, 1))


def test_a_series_is_changed_in_three_statements(house: House) -> None:
    clerk = context("documents.*")
    for text in ("A{00}", "B{00}"):
        with house.costs(3):
            command = ChangeNumberSeriesCommand(
                document_type=INVOICE, version=None, changes={"mask": NumberMask(text)}
            )
            house.erp.documents.change_number_series(clerk, command)
