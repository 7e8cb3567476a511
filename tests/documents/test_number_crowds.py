"""Many processes number documents at once, and some give up: no gap, no duplicate."""

from pathlib import Path

import pytest

from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import AuditQuery
from erp_core.testing import context
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database
from tests.documents.crowds import INVOICE, LEAP_DAY, VALIDATE, crowd
from tests.histories.crowds import seed_of_this_run


def recorded(store: SqlStore) -> list[str]:
    """Return the numbers that the database has of validated documents."""
    with store(context(), read_only=True) as uow:
        page = PageRequest(limit=5000, export=True)
        records = uow.audit.page(context(), AuditQuery(page=page, action=VALIDATE)).items
    return [change.id for each in records for change in each.changes]


def assert_whole(kind: str, folder: Path, processes: int, validations: int) -> None:
    with database(kind, folder) as engine:
        address = engine.url.render_as_string(hide_password=False)
        shares = crowd(address, processes, validations, seed_of_this_run())
        store = SqlStore(engine)

        given = sorted(number for each in shares for number in each.numbers)
        expected = [f"INV2024-{n:05d}" for n in range(1, len(given) + 1)]
        assert given == expected
        assert sorted(recorded(store)) == expected
        assert len(given) + sum(each.given_up for each in shares) == processes * validations
        assert any(each.given_up for each in shares)
        with store(context()) as uow:
            after = uow.numbering.take(context(), INVOICE, LEAP_DAY)
        assert after == f"INV2024-{len(given) + 1:05d}"

    seconds = max(each.ended for each in shares) - min(each.began for each in shares)
    retried = sum(each.retried for each in shares)
    rate = processes * validations / seconds
    print(f"{kind}: {len(given)} numbers, {rate:.0f}/s, {retried} retried")  # noqa: T201  # -rP shows it


@pytest.mark.parametrize("kind", KINDS)
def test_four_processes_leave_no_gap_and_no_duplicate(kind: str, tmp_path: Path) -> None:
    assert_whole(kind, tmp_path, processes=4, validations=40)


@pytest.mark.torture
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", KINDS)
def test_eight_processes_leave_no_gap_and_no_duplicate(kind: str, tmp_path: Path) -> None:
    assert_whole(kind, tmp_path, processes=8, validations=500)
