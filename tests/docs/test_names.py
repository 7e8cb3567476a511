"""The documents name nothing that is not there."""

from pathlib import Path

import pytest

from tests.docs.names import ROOT, events, metrics, named, wrong

DOCUMENTS = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_in_backticks_is_there(document: Path) -> None:
    assert {name: said for name in named(document) if (said := wrong(name))} == {}


@pytest.mark.parametrize(
    "name",
    [
        "erp dance",
        "erp migrate sideways",
        "erp serve --naked",
        "ERP_DATABSE_URL=sqlite:///a.db erp serve",
        "make merry",
        "GET /v1/partys",
        "DELETE /v1/parties",
        "GET /v1/parties?colour=red",
        "/v1/nowhere",
        "erp_pdf_secondz",
        "erp_jobs{weather}",
        "ERP_NO_SUCH_THING",
        "erp_core/erq.py",
        "sales.order.dance",
        "pdf.exploded",
        "mail.breaker_ajar",
        "sales.dance.*",
    ],
)
def test_a_name_that_is_not_there_is_found(name: str) -> None:
    assert wrong(name)


@pytest.mark.parametrize(
    "name",
    [
        "ERP_WORKERS=0 erp serve",
        "erp jobs list --state dead",
        "make bench ENGINE=sqlite",
        "GET /v1/parties?q=tea&limit=5",
        "POST /v1/invoices/{id}/validate",
        "/ready",
        "erp_pdf_seconds_bucket",
        "erp_jobs{state}",
        "ERP_SECRET_KEY_FILE",
        "sales.order.confirm",
        "sales.order.*",
        "insufficient_stock",
        "pdf.cancelled",
        "mail.breaker_opened",
        "erp_app.serving",
        "erp_sql/engine.py",
        "on_hand",
        "it's no shell",
    ],
)
def test_a_name_that_is_there_is_taken(name: str) -> None:
    assert wrong(name) == ""


def test_every_event_of_the_log_is_told() -> None:
    told = set(named(ROOT / "docs/monitoring.md"))
    assert len(events()) > 25
    assert sorted(events() - told) == []


def test_every_metric_is_told() -> None:
    told = {name.split("{")[0] for name in named(ROOT / "docs/monitoring.md")}
    assert len(metrics()) > 15
    assert sorted(metrics() - told) == []
