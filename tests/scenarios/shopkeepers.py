"""A shopkeeper at his counter: what he does and sees, in plain words, over HTTP."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask.testing import FlaskClient

from erp_core.catalog.entities import standard_units
from erp_core.erp import ErpUnitOfWork
from erp_core.identity.entities import Company
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing import ACME, MovableClock, context
from tests.http.clients import authenticate, described
from tests.http.served import an_app
from tests.wiring import an_erp

Thing = dict[str, Any]

# All that selling needs, but going beyond a credit limit.
SELLER = ",".join(
    f"{each}.*"
    for each in (
        "catalog",
        "inventory",
        "invoicing",
        "parties",
        "sales.order",
        "sales.quote",
        "sales.shipment",
        "treasury",
    )
)


class Story(SimpleNamespace):
    """What its chapters speak of, each by its name."""


@dataclass
class Shopkeeper:
    """He may do ``grants``; his clock stands still until days pass."""

    client: FlaskClient
    clock: MovableClock
    grants: str = SELLER
    warehouse: Thing = field(default_factory=dict)

    def creates(self, path: str, **body: Any) -> Thing:
        """Make something, and see that it is found where the answer says."""
        reply = self._post(path, body)
        assert reply.status_code == 201, reply.json
        found = self.sees(reply.headers["Location"].removeprefix("/v1/"))
        assert {name: reply.json.get(name, told) for name, told in found.items()} == found
        return reply.json

    def does(self, thing: Thing, kind: str, verb: str, status: int = 200, **body: Any) -> Thing:
        reply = self._post(f"{kind}/{thing['id']}/{verb}", body)
        assert reply.status_code == status, reply.json
        return reply.json

    def is_refused(self, path: str, **body: Any) -> Thing:
        """Ask for what cannot be; return the answer that says why."""
        reply = self._post(path, body)
        assert reply.status_code in (409, 422), reply.json
        assert reply.json["detail"]
        return reply.json

    def sees(self, path: str) -> Thing:
        reply = self.client.get(f"/v1/{path}", headers=self._headers())
        assert reply.status_code == 200, reply.json
        return reply.json

    def changes(self, path: str, status: int = 200, **body: Any) -> Thing:
        reply = self.client.patch(f"/v1/{path}", json=body, headers=self._headers())
        assert reply.status_code == status, reply.json
        return reply.json

    def _post(self, path: str, body: Thing) -> Any:
        headers = self._headers()
        key = body.pop("key", None)
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.client.post(f"/v1/{path}", json=body, headers=headers)

    def _headers(self) -> dict[str, str]:
        return {"X-Grants": self.grants}

    def waits(self, days: int) -> None:
        self.clock.move(timedelta(days=days).total_seconds())

    def opens(self) -> None:
        self.warehouse = self.creates("warehouses", code="SHOP", name="Shop")

    def sells(self, sku: str, price: str, tax: Thing, **more: Any) -> Thing:
        said = {"kind": "goods", "name": sku.title(), "sale_price": price} | more
        return self.creates("products", sku=sku, tax_class_id=tax["id"], **said)

    def has_a_tax(self, name: str, rate: str) -> Thing:
        return self.creates("tax-classes", name=name, components=[{"name": name, "rate": rate}])

    def receives(self, product: Thing, quantity: str, cost: str, **lot: str) -> None:
        body = {"quantity": quantity, "unit_cost": cost, "warehouse_id": self.warehouse["id"]}
        self.creates("stock/receipts", product_id=product["id"], **body, **lot)

    def line(self, product: Thing, quantity: str, **more: Any) -> Thing:
        said = {"product_id": product["id"], "quantity": quantity} | more
        if product["kind"] == "goods":
            said |= {"warehouse_id": self.warehouse["id"]}
        return said

    def ships(self, order: Thing, *parts: Thing) -> Thing:
        """Send parts of an order, or all that is left of it."""
        said = {"lines": list(parts)} if parts else {}
        draft = self.creates(
            "shipments", order_id=order["id"], warehouse_id=self.warehouse["id"], **said
        )
        return self.does(draft, "shipments", "validate")

    def bills(self, order: Thing, *parts: Thing) -> Thing:
        """Invoice parts of an order, or all that is left of it."""
        said = {"lines": list(parts)} if parts else {}
        draft = self.creates("invoices", order_id=order["id"], **said)
        return self.does(draft, "invoices", "validate")

    def stock(self, product: Thing) -> dict[str, tuple[str, str]]:
        """Say of each lot how much there is, and how much of it is kept for somebody."""
        items = self.sees(f"stock/items?product_id={product['id']}")["items"]
        return {each["lot"]: (each["on_hand"], each["reserved"]) for each in items}

    def balance(self, party: Thing) -> Thing:
        """Say what stands with a customer, in euros."""
        told = self.sees(f"parties/{party['id']}/balance")
        (euros,) = told["currencies"] or [{}]
        amounts = {name: each for name, each in euros.items() if isinstance(each, dict)}
        limits = {name: told[name] for name in ("credit_used", "credit_left") if told[name]}
        found = {name: each["amount"] for name, each in (amounts | limits).items()}
        return defaultdict(lambda: "0.00", found)  # of what is nothing, nothing is said

    def overdue(self, party: Thing) -> list[str]:
        """Say the numbers of what a customer should have paid by now."""
        listed = self.sees(f"invoices?party_id={party['id']}&overdue=true")["items"]
        return [each["number"] for each in listed]

    def aged(self, party: Thing) -> dict[str, str]:
        """Say what a customer owes by how late it is, as far as it is anything."""
        rows = self.sees(f"reports/aged-receivables?party_id={party['id']}")["items"]
        amounts = {
            name: told["amount"]
            for row in rows
            for name, told in row.items()
            if isinstance(told, dict)
        }
        return {name: amount for name, amount in amounts.items() if amount != "0.00"}

    def open(self, invoice: Thing) -> tuple[str, str]:
        found = self.sees(f"invoices/{invoice['id']}")
        return found["state"], found["open_amount"]["amount"]

    def is_paid(self, party: Thing, amount: str, *invoices: tuple[Thing, str]) -> Thing:
        allocations = [{"invoice_id": one["id"], "amount": part} for one, part in invoices]
        body = {"party_id": party["id"], "direction": "in", "amount": amount, "method": "transfer"}
        return self.creates("payments", **body, allocations=allocations)

    def finds_his_books_in_order(self) -> None:
        assert self.sees("stock/verify") == {"consistent": True, "differences": [], "more": 0}
        assert self.sees("invoices/verify") == {"consistent": True, "differing": []}


def a_shopkeeper(store: UnitOfWorkFactory[ErpUnitOfWork]) -> Shopkeeper:
    """Found a company, and stand somebody at its counter."""
    with store(context()) as uow:
        uow.units.add_absent(context(), standard_units())
        company = Company(id=ACME, name="Tea Ltd", currency="EUR", locale="en", time_zone="UTC")
        uow.companies.add(context(), company)
    clock = MovableClock()
    client = described(an_app(an_erp(store, clock=clock), authenticate))
    keeper = Shopkeeper(client, clock)
    keeper.opens()
    return keeper


def part(line: Thing, quantity: str) -> Thing:
    """Name so much of an order's line."""
    return {"order_line_id": line["id"], "quantity": quantity}


def totals(document: Thing) -> tuple[str, str, str]:
    return tuple(document[name]["amount"] for name in ("net", "tax", "total"))


def lots(shipment: Thing) -> list[tuple[str, str]]:
    """Say which lots went out by a shipment."""
    return [(lot["lot"], lot["quantity"]) for line in shipment["lines"] for lot in line["lots"]]
