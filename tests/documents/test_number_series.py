"""How companies number their documents, and who may say so."""

import pytest

from erp_core.documents.entities import DOCUMENT_TYPE_LENGTH_MAX, SERIES, NumberMask
from erp_core.documents.use_cases import (
    ChangeNumberSeriesCommand,
    NumberSeriesCommand,
    NumberSeriesQuery,
)
from erp_core.erp import Erp
from erp_core.identity.entities import BUILT_IN_ROLES
from erp_core.kernel.access import covers
from erp_core.kernel.errors import (
    InvariantError,
    MalformedError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
)
from erp_core.kernel.page import PageRequest
from erp_core.testing import context, expect
from tests.wiring import an_erp

CLERK = context("documents.number_series.*")


@pytest.fixture
def erp() -> Erp:
    return an_erp()


def change(
    erp: Erp, changes: dict, document_type: str = "sales.order", version: int | None = None
):
    command = ChangeNumberSeriesCommand(
        document_type=document_type, version=version, changes=changes
    )
    return erp.documents.change_number_series(CLERK, command)


def test_every_type_of_document_has_numbers_of_its_own() -> None:
    masks = [each.mask for each in SERIES.values()]
    assert len(set(masks)) == len(masks)
    assert all(len(each) <= DOCUMENT_TYPE_LENGTH_MAX for each in SERIES)
    assert {each for each, series in SERIES.items() if series.chronological} == {
        each for each in SERIES if each.startswith("invoicing.")
    }


def test_a_series_is_changed_and_given_back(erp: Erp) -> None:
    mask = NumberMask("O{00}")
    changed = change(erp, {"mask": mask, "chronological": True}, version=0)
    assert (changed.version, changed.mask, changed.chronological) == (1, mask, True)
    command = NumberSeriesCommand(document_type="sales.order")
    assert erp.documents.get_number_series(CLERK, command) == changed
    with expect(PreconditionFailedError):
        change(erp, {"chronological": False}, version=0)
    given = change(erp, {"mask": None, "chronological": False}, version=1)
    assert given.mask == SERIES[given.document_type].mask


def test_invoices_are_always_numbered_in_the_order_of_their_dates(erp: Erp) -> None:
    with expect(InvariantError, "documents.number_series.chronological"):
        change(erp, {"chronological": False}, "invoicing.invoice")


def test_there_is_no_series_of_an_unknown_type(erp: Erp) -> None:
    with expect(NotFoundError):
        change(erp, {"mask": None}, "sales.poem")


def test_series_are_listed_page_by_page_in_their_own_order(erp: Erp) -> None:
    found, after = [], None
    while True:
        page = PageRequest(limit=5, after=after, count=True)
        answer = erp.documents.list_number_series(CLERK, NumberSeriesQuery(page=page))
        found += [each.document_type for each in answer.items]
        assert answer.total == len(SERIES)
        after = answer.next
        if after is None:
            break
    assert found == sorted(SERIES)
    with expect(MalformedError, "page.sort"):
        query = NumberSeriesQuery(page=PageRequest(sort="mask"))
        erp.documents.list_number_series(CLERK, query)


def test_reading_and_changing_need_leave(erp: Erp) -> None:
    reader = context("documents.number_series.read")
    command = NumberSeriesCommand(document_type="sales.order")
    assert erp.documents.get_number_series(reader, command).version == 0
    with expect(PermissionDeniedError):
        erp.documents.change_number_series(
            reader,
            ChangeNumberSeriesCommand(document_type="sales.order", version=None, changes={}),
        )


def test_finance_changes_series_and_who_sells_or_buys_reads_them() -> None:
    def may(permission: str) -> set[str]:
        return {
            role
            for role, grants in BUILT_IN_ROLES.items()
            if any(covers(each, permission) for each in grants)
        }

    assert may("documents.number_series.change") == {"administrator", "finance"}
    assert may("documents.number_series.read") == {
        "administrator",
        "auditor",
        "finance",
        "purchasing",
        "sales",
    }
