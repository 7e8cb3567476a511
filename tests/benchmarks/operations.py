"""What is measured: what the clients ask of the ERP, and of the floor."""

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from erp_app.composition import House
from erp_core.catalog.entities import ProductId
from erp_core.catalog.use_cases import ProductCommand
from erp_core.inventory.entities import StockKey, WarehouseId
from erp_core.inventory.use_cases import (
    IssueGoodsCommand,
    IssueLine,
    IssueStockCommand,
    TransferStockCommand,
)
from erp_core.kernel.context import Context
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.parties.ports import PartyQuery

Request = tuple[str, str, str]  # method, path, body
Call = Request | list[Request]  # of several, one after the other: @U@ is a new id in each call

ONE = Quantity.of("1")
CHOICES = 500  # requests from which each client takes one at random
HOT = 20
GOALS = {"reads": 0.45, "stock": 0.55, "documents": 0.60}


def slug(name: str) -> str:
    """Return a name as a path may say it."""
    return name.replace(",", "").replace(" ", "_")


@dataclass(frozen=True, kw_only=True)
class Operation:
    name: str
    requests: Sequence[Call]
    floor: Sequence[Call] | None = None  # None: nothing to compare with
    once: bool = False  # each request can be made only once
    samples: tuple[UUID, ...] = ()  # the ids that stand in the recording
    record: Callable[[], object] | None = None  # does it once, so that it can be played back
    goal: float | None = None


@dataclass(frozen=True, kw_only=True)
class Shelves:
    """What there is to move."""

    products: list[UUID]
    here: UUID
    there: UUID


def masters(house: House, ctx: Context, products: list[UUID]) -> list[Operation]:
    """Return what is read and written of products and parties."""
    first = ProductId(products[0])
    get, page = house.erp.catalog.get_product, PageRequest(limit=100)
    party = {"kind": "company", "name": "Padaria @N@ Ltda", "roles": ["customer"]}
    product = {"sku": "NEW-@N@", "name": "Parafuso @N@ M6", "kind": "goods", "sale_price": "1.25"}
    return [
        Operation(
            name="get a product",
            requests=[("GET", f"/v1/products/{each}", "") for each in products],
            floor=[("POST", "/get_a_product", json.dumps([each.hex])) for each in products],
            samples=(first,),
            record=lambda: get(ctx, ProductCommand(id=first)),
            goal=GOALS["reads"],
        ),
        Operation(name="create a party", requests=[("POST", "/v1/parties", json.dumps(party))]),
        Operation(
            name="list 100 parties",
            requests=[("GET", "/v1/parties?limit=100", "")],
            floor=[("POST", "/list_100_parties", "[]")],
            record=lambda: house.erp.parties.list_parties(ctx, PartyQuery(page=page)),
            goal=GOALS["reads"],
        ),
        Operation(
            name="create a product", requests=[("POST", "/v1/products", json.dumps(product))]
        ),
    ]


def movements(house: House, ctx: Context, shelves: Shelves) -> list[Operation]:
    """Return what moves stock."""
    stock, products, here = house.erp.inventory, shelves.products, shelves.here
    first = products[0]

    def key(product: UUID) -> StockKey:
        return StockKey(ProductId(product), WarehouseId(here))

    def issue() -> object:
        return stock.issue_stock(ctx, IssueStockCommand(key=key(first), quantity=ONE))

    def document(number: int) -> Callable[[], object]:
        lines = tuple(IssueLine(key=key(each), quantity=ONE) for each in products[:number])
        return lambda: stock.issue_goods(ctx, IssueGoodsCommand(lines=lines))

    chance = random.Random(20)
    hot = [chance.sample(products[:HOT], 5) for _ in range(CHOICES)]
    broad = [chance.sample(products, HOT) for _ in range(CHOICES)]
    return [
        _stock("issue, one hot row", [[first]], here, issue, (first,)),
        _stock("issue, 1,000 rows", [[each] for each in products], here, issue, (first,)),
        _transfers(house, ctx, shelves),
        _stock("document of 20 lines", broad, here, document(HOT), products[:HOT]),
        _stock("5 of 20 hot rows", hot, here, document(5), products[:5]),
    ]


def _transfers(house: House, ctx: Context, shelves: Shelves) -> Operation:
    """Return what carries one piece to where there are some already, of a thousand products."""
    stock, places = house.erp.inventory, (shelves.here, shelves.there)
    here, there = (WarehouseId(each) for each in places)

    def moved(product: UUID) -> object:
        command = TransferStockCommand(
            product_id=ProductId(product),
            from_warehouse_id=here,
            to_warehouse_id=there,
            quantity=ONE,
        )
        return stock.transfer_stock(ctx, command)

    for each in shelves.products:
        moved(each)
    said = {"from_warehouse_id": str(here), "to_warehouse_id": str(there), "quantity": "1"}
    bodies = [json.dumps({"product_id": str(each), **said}) for each in shelves.products]
    name = "transfer, 1,000 rows"
    return Operation(
        name=name,
        requests=[("POST", "/v1/stock/transfers", body) for body in bodies],
        floor=[("POST", f"/{slug(name)}", json.dumps([each.hex])) for each in shelves.products],
        samples=(shelves.products[0],),
        record=lambda: moved(shelves.products[0]),
        goal=GOALS["stock"],
    )


def _stock(
    name: str,
    chosen: Iterable[list[UUID]],
    warehouse: UUID,
    record: Callable[[], object],
    samples: Iterable[UUID],
) -> Operation:
    chosen = list(chosen)
    single = len(chosen[0]) == 1
    path = "/v1/stock/issues" if single else "/v1/stock/goods-issues"
    bodies = []
    for some in chosen:
        lines = [
            {"product_id": str(each), "warehouse_id": str(warehouse), "quantity": "1"}
            for each in some
        ]
        bodies.append(json.dumps(lines[0] if single else {"lines": lines}))
    return Operation(
        name=name,
        requests=[("POST", path, body) for body in bodies],
        floor=[
            ("POST", "/" + slug(name), json.dumps([each.hex for each in some])) for some in chosen
        ],
        samples=tuple(samples),
        record=record,
        goal=GOALS["stock"],
    )
