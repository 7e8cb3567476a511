"""What a sale costs the database from the order to the money: 500 lines ask no more than five.

Rows that are written together are one statement here, however the driver cuts them up.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import KINDS, database
from tests.scenarios.shopkeepers import SELLER, Shopkeeper, Thing, a_shopkeeper
from tests.sql.test_statements import House

FEW, MANY = 5, 500
TABLE = {"Content-Type": "text/csv; charset=utf-8", "X-Grants": SELLER}

COSTS = {
    "create the order": 9,
    "confirm it": 17,
    "draw up the shipment": 8,
    "ship it": 24,
    "draw up the invoice": 8,
    "validate it": 18,
    "take the payment": 12,
}


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with database(request.param, tmp_path) as engine:
        yield House(engine)


def stocked(keeper: Shopkeeper, prefix: str, count: int) -> list[Thing]:
    """Bring in *count* products, ten of each, and return the lines of an order of all of them."""
    rows = "".join(f"{prefix}{n:03},Thing,10.00,SHOP,10,2.50\n" for n in range(count))
    body = "sku,name,sale_price,warehouse_code,quantity,unit_cost\n" + rows
    told = keeper.client.post("/v1/products/import", data=body, headers=TABLE)
    assert told.json == {"products": count, "movements": count}
    lines, page = [], f"products?q={prefix}&limit=200"
    found = keeper.sees(page)
    while True:
        lines += [keeper.line(each, "2") for each in found["items"]]
        if found["next"] is None:
            return lines
        found = keeper.sees(f"{page}&cursor={found['next']}")


def sale(house: House, keeper: Shopkeeper, lines: list[Thing], party: str) -> dict[str, int]:
    """Sell *lines* from the order to the money; say how many statements each step took."""
    costs: dict[str, int] = {}

    def step(name: str, path: str, **body: object) -> Thing:
        house.said.clear()
        reply = keeper.client.post(f"/v1/{path}", json=body, headers={"X-Grants": SELLER})
        assert reply.status_code in (200, 201), reply.json
        costs[name] = len(house.said)
        return reply.json

    order = step("create the order", "orders", party_id=party, lines=lines)
    assert len(order["lines"]) == len(lines)
    step("confirm it", f"orders/{order['id']}/confirm")
    where = keeper.warehouse["id"]
    draft = step("draw up the shipment", "shipments", order_id=order["id"], warehouse_id=where)
    step("ship it", f"shipments/{draft['id']}/validate")
    invoice = step("draw up the invoice", "invoices", order_id=order["id"])
    invoice = step("validate it", f"invoices/{invoice['id']}/validate")
    owed = invoice["open_amount"]["amount"]
    paid = {"amount": owed, "allocations": [{"invoice_id": invoice["id"], "amount": owed}]}
    step("take the payment", "payments", party_id=party, direction="in", method="card", **paid)
    assert keeper.open(invoice) == ("paid", "0.00")
    return costs


def test_a_sale_of_500_lines_costs_the_statements_of_one_of_five(house: House) -> None:
    keeper = a_shopkeeper(house.store)
    party = keeper.creates("parties", kind="person", name="Bob", roles=["customer"])["id"]
    sale(house, keeper, stocked(keeper, "A", 1), party)  # the first of a year makes its counters
    few = sale(house, keeper, stocked(keeper, "B", FEW), party)
    many = sale(house, keeper, stocked(keeper, "C", MANY), party)
    assert many == few
    assert many == COSTS
    keeper.finds_his_books_in_order()
