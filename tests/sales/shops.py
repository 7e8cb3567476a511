"""A shop in memory or in a database, and short words for what is sold in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from erp_core.catalog.entities import (
    LineRequest,
    PriceEntry,
    PriceList,
    PriceListId,
    Product,
    ProductId,
    ProductKind,
    standard_units,
)
from erp_core.erp import Erp, ErpUnitOfWork
from erp_core.identity.entities import Company, StockLeavesAt
from erp_core.inventory.entities import LotDates, StockItem, StockKey, WarehouseId
from erp_core.inventory.ports import StockQuery
from erp_core.inventory.use_cases import ReceiveStockCommand, VerifyStockQuery
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Money, UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import Party, PartyRole
from erp_core.sales.entities import Order, OrderId, Quote, QuoteId
from erp_core.sales.use_cases import (
    AddOrderCommand,
    AddQuoteCommand,
    CancelOrderCommand,
    OrderCommand,
    QuoteCommand,
    SendQuoteCommand,
    SoldLine,
)
from erp_core.testing import ACME, context
from erp_core.testing.catalog import a_product
from erp_core.testing.inventory import a_warehouse
from erp_core.testing.parties import another_party
from erp_memory.store import MemoryStore
from tests.wiring import an_erp

SELLER = context("sales.order.*", "sales.quote.*", "inventory.*", "parties.*", "identity.*")
PAGE = PageRequest(limit=200)


def of(value: object) -> Quantity:
    return Quantity.of(str(value))


@dataclass
class Shop:
    """A company that sells, and short words for it."""

    erp: Erp
    store: UnitOfWorkFactory[ErpUnitOfWork]
    where: WarehouseId
    buyer: Party

    def product(self, on_hand: object = 0, **changes: object) -> Product:
        with self.store(SELLER) as uow:
            product = uow.products.add(SELLER, replace(a_plain_product(), **changes))
        if of(on_hand).value:
            self.receive(product.id, on_hand)
        return product

    def service(self) -> Product:
        return self.product(kind=ProductKind.SERVICE, stock_managed=False, reorder_point=None)

    def receive(
        self, product_id: ProductId, quantity: object, lot: str = "", until: date | None = None
    ) -> StockKey:
        key = StockKey(product_id, self.where, lot)
        command = ReceiveStockCommand(
            key=key,
            quantity=of(quantity),
            unit_cost=UnitPrice(Decimal("2.50"), "EUR"),
            dates=LotDates(expires_on=until) if lot else None,
        )
        self.erp.inventory.receive_stock(SELLER, command)
        return key

    def line(self, product: Product | None, quantity: object = 1, **said: object) -> SoldLine:
        request = LineRequest(
            product_id=None if product is None else product.id, quantity=of(quantity), **said
        )
        is_goods = product is not None and product.kind is ProductKind.GOODS
        return SoldLine(request=request, warehouse_id=self.where if is_goods else None)

    def order(self, *lines: SoldLine, **changes: object) -> Order:
        command = AddOrderCommand(id=OrderId(new_id()), party_id=self.buyer.id, lines=lines)
        return self.erp.sales.add_order(SELLER, replace(command, **changes))

    def quote(self, *lines: SoldLine, **changes: object) -> Quote:
        command = AddQuoteCommand(id=QuoteId(new_id()), party_id=self.buyer.id, lines=lines)
        return self.erp.sales.add_quote(SELLER, replace(command, **changes))

    def accepted(self, *lines: SoldLine) -> Quote:
        quote = self.quote(*lines)
        self.erp.sales.send_quote(SELLER, SendQuoteCommand(id=quote.id))
        return self.erp.sales.accept_quote(SELLER, QuoteCommand(id=quote.id))

    def confirm(self, order: Order, ctx: Context = SELLER) -> Order:
        return self.erp.sales.confirm_order(ctx, OrderCommand(id=order.id))

    def cancel(self, order: Order, reason: str = "") -> Order:
        command = CancelOrderCommand(id=order.id, reason=reason)
        return self.erp.sales.cancel_order(SELLER, command)

    def find(self, order: Order) -> Order:
        return self.erp.sales.get_order(SELLER, order.id).order

    def items(self, product: Product) -> dict[str, StockItem]:
        """Return the product's rows by their lots."""
        query = StockQuery(page=PAGE, product_id=product.id)
        found = self.erp.inventory.list_stock(SELLER, query).items
        return {each.item.key.lot: each.item for each in found}

    def stock(self, product: Product) -> tuple[str, str]:
        """Say how much is on hand, and how much of it reserved."""
        items = self.items(product).values()
        on_hand = sum((each.on_hand.value for each in items), Decimal(0))
        return str(on_hand), str(sum((each.reserved.value for each in items), Decimal(0)))

    def has_party(self, **changes: object) -> Party:
        with self.store(SELLER) as uow:
            party = uow.parties.get(SELLER, self.buyer.id)
            self.buyer = uow.parties.save(SELLER, replace(party, **changes))
        return self.buyer

    def level(self, level: int, product: Product, price: object, since: object = 0) -> PriceList:
        """Say what the customers of a level pay for a product, from a quantity on."""
        entry = PriceEntry(
            product_id=product.id,
            minimum_quantity=of(since),
            price=UnitPrice(Decimal(str(price)), "EUR"),
        )
        made = PriceList(
            id=PriceListId(new_id()),
            name=f"Level {level}",
            currency="EUR",
            level=level,
            entries=(entry,),
        )
        with self.store(SELLER) as uow:
            return uow.price_lists.add(SELLER, made)

    def limit(self, amount: object, currency: str = "EUR") -> None:
        self.has_party(credit_limit=Money(Decimal(str(amount)), currency))

    def leaves_at(self, paper: StockLeavesAt) -> None:
        with self.store(SELLER) as uow:
            company = uow.companies.get(SELLER)
            uow.companies.save(SELLER, company.change({}, {"stock_leaves_at": paper}))

    def is_consistent(self) -> bool:
        return self.erp.inventory.verify_stock(SELLER, VerifyStockQuery()).consistent


def a_plain_product() -> Product:
    """Make goods that are sold for ten euros, without tax."""
    return replace(
        a_product(),
        tax_class_id=None,
        sale_price=UnitPrice(Decimal(10), "EUR"),
        price_includes_tax=False,
        minimum_price=None,
    )


def a_shop(store: UnitOfWorkFactory[ErpUnitOfWork] | None = None, **ports: object) -> Shop:
    store = store or MemoryStore()
    erp = an_erp(store, **ports)
    with store(SELLER) as uow:
        company = Company(
            id=ACME, name="Acme", currency="EUR", locale="en", time_zone="America/Sao_Paulo"
        )
        uow.companies.add(SELLER, company)
        uow.units.add_absent(SELLER, standard_units())
        place = replace(a_warehouse(), may_go_negative=False)
        where = uow.warehouses.add(SELLER, place).id
        buyer = uow.parties.add(SELLER, another_party("Ada"))
    return Shop(erp, store, where, buyer)


def a_prospect(shop: Shop) -> Party:
    return shop.has_party(roles=(PartyRole.PROSPECT,), customer_code=None, prospect_code="P000007")
