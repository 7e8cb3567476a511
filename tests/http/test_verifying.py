"""That numbers have no gap and files are what they were, asked over HTTP."""

from datetime import UTC, date, datetime
from uuid import UUID

from erp_core.documents.entities import DocumentType, Paper, Printout, PrintoutKey
from erp_core.testing import context
from erp_memory.store import MemoryStore
from tests.http.clients import a_client

CLERK = context("documents.*")
GONE = "a" * 64


def test_a_number_that_no_document_bears_is_named() -> None:
    store = MemoryStore()
    client = a_client(store)
    assert client.get("/v1/number-series/verify").json == {"consistent": True, "differences": []}
    with store(CLERK) as uow:
        uow.numbering.take(CLERK, "sales.order", date(2024, 2, 29))
    assert client.get("/v1/number-series/verify").json == {
        "consistent": False,
        "differences": [
            {
                "document_type": "sales.order",
                "period": "2024",
                "rule": "gap",
                "first": 1,
                "last": 1,
            }
        ],
    }


def test_a_file_that_is_gone_is_named_and_the_list_goes_on_where_it_was_left() -> None:
    store = MemoryStore()
    key = PrintoutKey(
        document_type=DocumentType("sales.order"),
        document_id=UUID(int=1),
        locale="en",
        paper=Paper.A4,
    )
    with store(CLERK) as uow:
        made_at = datetime(2024, 2, 29, tzinfo=UTC)
        uow.printouts.keep(CLERK, Printout(key=key, digest=GONE, made_at=made_at))
    client = a_client(store)
    assert client.get("/v1/files/verify").json == {
        "consistent": False,
        "checked": 1,
        "differences": [{"digest": GONE, "rule": "missing"}],
        "next": None,
    }
    rest = client.get(f"/v1/files/verify?after={GONE}").json
    assert (rest["checked"], rest["consistent"]) == (0, True)
