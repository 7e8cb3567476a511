"""A company is seeded, saved while others write, restored elsewhere, and is what it was."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Self

import pytest
from sqlalchemy import select, text

from erp_core.catalog.ports import ProductQuery
from erp_core.inventory.entities import StockKey
from erp_core.inventory.ports import WarehouseQuery
from erp_core.inventory.use_cases import ReceiveStockCommand
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_sql.engine import make_engine
from erp_sql.invoicing.models import InvoiceRow
from erp_sql.treasury.models import PaymentRow
from tests.apps.programs import until
from tests.apps.seeded import UNTIL, Place, place
from tests.databases import KINDS

FACTS: dict[str, object] = {}  # of the first company that was seeded


@dataclass(frozen=True, slots=True)
class Seeded:
    """A place where a small company has traded for a year."""

    place: Place
    said: dict[str, object]


@pytest.fixture(scope="module", params=KINDS)
def seeded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Seeded:
    where = place(request.param, tmp_path_factory.mktemp("seeded"), "source")
    return Seeded(where, where.told("seed", "demo", "--until", UNTIL))


@pytest.fixture
def elsewhere(seeded: Seeded, tmp_path: Path) -> Place:
    return place(seeded.place.kind, tmp_path, "elsewhere")


def test_a_seeded_company_is_proved_and_the_same_on_every_database(seeded: Seeded) -> None:
    assert seeded.place.told("verify") == {"consistent": True, "differences": []}
    facts = seeded.place.facts()
    assert all(facts.values())
    assert seeded.said["movements"] == len(facts["movements"]) >= 300
    assert seeded.said["sales"] == 50
    assert FACTS.setdefault("first", facts) == facts  # the same seed, another database


def test_a_company_that_trades_is_not_seeded(seeded: Seeded) -> None:
    refused = seeded.place.erp("seed", "demo")
    assert (refused.returncode, "has data already" in refused.stderr) == (1, True)


def test_what_is_saved_under_load_is_restored_elsewhere_to_the_last_byte(
    seeded: Seeded, elsewhere: Place, tmp_path: Path
) -> None:
    paper = seeded.place.paper()
    with Writer(seeded.place) as writer:
        before = until(lambda: writer.done)
        archive = tmp_path / "erp.zip"
        saved = seeded.place.told("backup", str(archive))
        assert until(lambda: writer.done > before)
    assert (saved["companies"], saved["files"]) == (1, 1)
    assert archive.stat().st_mode & 0o077 == 0

    restored = elsewhere.told("restore", str(archive))
    assert (restored["consistent"], restored["migrations"]) == (True, [])
    assert elsewhere.told("verify")["consistent"]
    assert elsewhere.paper() == paper
    kept = [
        each.read_bytes() for each in (elsewhere.folder / "files").rglob("*") if each.is_file()
    ]
    assert kept == [paper]

    again = elsewhere.erp("restore", str(archive))
    assert (again.returncode, "--replace" in again.stderr) == (1, True)
    facts = elsewhere.facts()
    assert elsewhere.told("restore", str(archive), "--replace")["consistent"]
    assert elsewhere.facts() == facts

    wanted = damage(elsewhere)
    verified = elsewhere.erp("verify", "--json")
    found = json.loads(verified.stdout)["differences"]
    assert verified.returncode == 1
    assert {each["area"] for each in found} == set(wanted)
    for area, value in wanted.items():
        assert any(value in each.values() for each in found if each["area"] == area), area


def damage(where: Place) -> dict[str, str]:
    """Change behind everybody's back one thing of each area; return a word of each difference."""
    engine = make_engine(where.address)
    with engine.begin() as connection:
        for statement in (
            "UPDATE inventory_stock_item SET on_hand = on_hand + 1",
            "UPDATE invoicing_invoice SET settled = 0 WHERE state = 'paid'",
            "UPDATE treasury_payment SET unallocated = amount WHERE number = 'PAY2026-00001'",
            "UPDATE sales_quote SET number = 'QUO2026-90000' WHERE number = 'QUO2026-00001'",
        ):
            assert connection.execute(text(statement)).rowcount
        (invoice, *_) = connection.execute(
            select(InvoiceRow.id).where(InvoiceRow.state == "paid").order_by(InvoiceRow.id)
        ).scalars()
        (payment,) = connection.execute(
            select(PaymentRow.id).where(PaymentRow.number == "PAY2026-00001")
        ).scalars()
    engine.dispose()
    (kept,) = [each for each in (where.folder / "files").rglob("*") if each.is_file()]
    kept.write_bytes(b"another paper")
    return {
        "stock": "on_hand",
        "invoices": str(invoice),
        "payments": str(payment),
        "numbers": "90000",
        "files": kept.name,
    }


class Writer:
    """Receives goods, one piece after the other, until the block ends."""

    def __init__(self, where: Place) -> None:
        self.done = 0
        self._where = where
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join()

    def _write(self) -> None:
        page = PageRequest(limit=1)
        with self._where.house() as (house, ctx):
            use = house.erp.inventory
            (product,) = house.erp.catalog.list_products(
                ctx, ProductQuery(page=page, text="erva")
            ).items
            (shop, *_) = use.list_warehouses(ctx, WarehouseQuery(page=page)).items
            while not self._enough.is_set():
                use.receive_stock(
                    ctx,
                    ReceiveStockCommand(
                        key=StockKey(product.id, shop.id),
                        quantity=Quantity(Decimal(1)),
                        unit_cost=UnitPrice(Decimal("2.50"), "BRL"),
                    ),
                )
                self.done += 1


@pytest.fixture(scope="module", autouse=True)
def _forget() -> Iterator[None]:
    yield
    FACTS.clear()
