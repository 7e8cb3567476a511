"""A company with a year of trade, on each kind of database, and what can be told of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from erp_app.composition import House, core
from erp_app.errands import companies, errand
from erp_app.settings import Settings
from erp_core.documents.entities import PaperRequest
from erp_core.invoicing.entities import InvoiceState
from erp_core.invoicing.use_cases import ListInvoicesCommand
from erp_core.kernel.context import Context
from erp_core.kernel.page import PageRequest
from erp_sql.engine import make_engine
from tests import servers
from tests.apps.programs import Ran, erp, spelled
from tests.databases import RUN

UNTIL: Final = "2026-10-31"
KEY: Final = "k" * 32

# Ids are drawn anew each time; what a person would read is not.
_FACTS: Final = {
    "parties": "SELECT name, customer_code, supplier_code FROM parties_party",
    "products": "SELECT sku, name, sale_price FROM catalog_product",
    "quotes": "SELECT number, state, day, total FROM sales_quote",
    "orders": "SELECT number, state, day, total FROM sales_order",
    "shipments": "SELECT number, state, day, carrier FROM sales_shipment",
    "invoices": "SELECT number, type, state, day, total, settled FROM invoicing_invoice",
    "payments": "SELECT number, day, method, amount, unallocated FROM treasury_payment",
    "movements": "SELECT p.sku, m.reason, m.quantity, m.on_hand_after,"
    " substr(cast(m.moved_at AS char(10)), 1, 10) FROM inventory_stock_movement m"
    " JOIN catalog_product p ON p.company_id = m.company_id AND p.id = m.product_id",
    "lots": "SELECT number, expires_on FROM inventory_lot",
}
_SCALED: Final = 1_000_000  # SQLite keeps decimals as whole numbers of so many parts


@dataclass(frozen=True, slots=True)
class Place:
    """Where an installation is."""

    kind: str
    folder: Path
    address: str

    @property
    def given(self) -> dict[str, str]:
        return {
            "ERP_DATABASE_URL": self.address,
            "ERP_STORAGE_DIR": str(self.folder / "files"),
            "ERP_SECRET_KEY": KEY,
        }

    def erp(self, *arguments: str, **more: str) -> Ran:
        return erp(*arguments, folder=self.folder, **(self.given | more))

    def told(self, *arguments: str) -> Any:
        """Return what a command says in JSON, once it has ended well."""
        ran = self.erp(*arguments, "--json")
        assert ran.returncode == 0, ran.stderr + ran.stdout
        return json.loads(ran.stdout)

    @contextmanager
    def house(self) -> Iterator[tuple[House, Context]]:
        with core(Settings.read(self.given)) as house:
            yield house, errand(companies(house.erp)[0])

    def paper(self) -> bytes:
        """Return the first invoice that was paid, on paper."""
        with self.house() as (house, ctx):
            page = house.erp.invoicing.list_invoices(ctx, paid_invoices())
            request = PaperRequest(id=page.items[0].summary.id)
            return house.erp.invoicing.print_invoice(ctx, request).content

    def facts(self) -> dict[str, list[tuple[str, ...]]]:
        """Return the business, in no words of the database's own."""
        engine = make_engine(self.address)
        with engine.connect() as connection:
            found = {
                name: sorted(
                    tuple(_spelled(each, sqlite=self.kind == "sqlite") for each in row)
                    for row in connection.execute(text(question))
                )
                for name, question in _FACTS.items()
            }
        engine.dispose()
        return found


def paid_invoices() -> ListInvoicesCommand:
    return ListInvoicesCommand(page=PageRequest(limit=1), states=(InvoiceState.PAID,))


def place(kind: str, folder: Path, name: str) -> Place:
    """Return a place with an empty database of its own, called *name*."""
    folder = folder / f"{kind}-{name}"
    folder.mkdir()
    if kind == "sqlite":
        return Place(kind, folder, f"sqlite:///{folder}/{name}.db")
    suffix = f"_{os.getpid()}_{name}"
    made = servers.create(RUN.server(kind), RUN.database(suffix))
    return Place(kind, folder, spelled(made.render_as_string(hide_password=False)))


def _spelled(value: object, *, sqlite: bool) -> str:
    if sqlite and type(value) is int:
        return f"{value / _SCALED:.6f}"
    return f"{value:.6f}" if isinstance(value, Decimal) else str(value)
