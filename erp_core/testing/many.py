"""What every keeper of products and of stock must do with many new ones at once."""

from __future__ import annotations

from dataclasses import replace

from erp_core.catalog.entities import Product, ProductKind
from erp_core.catalog.ports import ProductQuery, Taken
from erp_core.inventory.entities import (
    LockedStock,
    StockedProduct,
    StockItem,
    StockKey,
    Valuation,
    WarehouseId,
)
from erp_core.inventory.ports import StockQuery
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.testing import RIVAL, context, expect
from erp_core.testing.catalog import a_full_product, a_product, a_tax_class
from erp_core.testing.catalog.builders import GTIN
from erp_core.testing.catalog.contract import CatalogContract
from erp_core.testing.stock import COST, RECEIPT, TEN, StockContract

PAGE = PageRequest()


class ManyProductsContract(CatalogContract):
    """Many products at once are no other products than one by one."""

    def many(self, *products: Product) -> None:
        with self.unit_of_work(context()) as uow:
            uow.products.add_many(context(), products)

    def test_every_field_of_many_survives_the_round_trip(self) -> None:
        self.begin()
        tax_class = self.tax_class(a_tax_class())
        odd = 'a\\tab\there, a\nline, a\rreturn, "quotes", \\N and \\\\.'
        service = replace(a_product(), kind=ProductKind.SERVICE, stock_managed=False)
        products = (
            a_full_product(tax_class.id),
            a_product(),
            service,
            replace(a_product(), name=odd, description=odd, tags=(odd[:20],)),
        )
        self.many(*products)
        self.many()
        for product in products:
            assert self.found(product.id) == product.stored(1)

    def test_many_are_found_by_their_words_and_counted_in_the_journal(self) -> None:
        self.begin()
        with self.unit_of_work(context()) as uow:
            tea = replace(a_product(), name="Chá verde")
            uow.products.add_many(context(), [a_product(), tea])
            (change,) = uow.journal.take()
        with self.unit_of_work(context(), read_only=True) as uow:
            found = uow.products.page(context(), ProductQuery(page=PAGE, text="cha ver")).items
        assert (change.kind, change.after) == ("catalog.product", {"count": "2"})
        assert [each.id for each in found] == [tea.id]

    def test_of_many_one_that_is_taken_stops_all(self) -> None:
        self.begin()
        known = self.product(replace(a_product(), barcode=GTIN))
        twice = a_product()
        for wrong in (
            [replace(a_product(), sku=known.sku)],
            [replace(a_product(), barcode=GTIN)],
            [replace(a_product(), id=known.id)],
            [twice, replace(a_product(), sku=twice.sku)],
        ):
            with expect(AlreadyExistsError):
                self.many(a_product(), *wrong)
        for unknown in (
            replace(a_product(), unit="dozen12"),
            replace(a_product(), tax_class_id=a_tax_class().id),
        ):
            with expect(NotFoundError):
                self.many(a_product(), unknown)
        with expect(AlreadyExistsError):
            self.many(replace(a_product(), sku=known.sku))
        assert self.listed(PAGE) == [known.sku]

    def test_after_many_were_refused_the_unit_of_work_goes_on(self) -> None:
        self.begin()
        known, new = self.product(a_product()), a_product()
        with self.unit_of_work(context()) as uow:
            with expect(AlreadyExistsError):
                uow.products.add_many(context(), [new, replace(a_product(), sku=known.sku)])
            taken = uow.products.taken(context(), {new.sku, known.sku}, ())
            uow.products.add_many(context(), [new])
        assert taken == Taken(skus=frozenset({known.sku}), barcodes=frozenset())
        assert sorted(self.listed(PAGE)) == sorted([known.sku, new.sku])

    def test_what_is_taken_is_found_among_many_and_in_this_company_alone(self) -> None:
        self.begin()
        known = self.product(replace(a_product(), barcode=GTIN))
        skus = {f"NO-{n}" for n in range(10_000)} | {known.sku}
        with self.unit_of_work(context(), read_only=True) as uow:
            taken = uow.products.taken(context(), skus, {GTIN, "96385074"})
            nothing = uow.products.taken(context(), (), ())
            theirs = uow.products.taken(context(company=RIVAL), skus, {GTIN})
        assert taken == Taken(skus=frozenset({known.sku}), barcodes=frozenset({GTIN}))
        assert nothing == theirs == Taken(skus=frozenset(), barcodes=frozenset())


class OpeningStockContract(StockContract):
    """The first stock of products that were added in the same unit of work."""

    def opened(self, product: Product, warehouse: WarehouseId) -> LockedStock:
        key = StockKey(product.id, warehouse)
        stock = LockedStock(
            items={key: StockItem(key=key, product=StockedProduct(sku=product.sku))},
            valuations={product.id: Valuation(product_id=product.id, on_hand=ZERO)},
        )
        return stock.receive(key, TEN, COST, RECEIPT)

    def test_opening_stock_is_stock_as_any_other(self) -> None:
        self.a_stored_product()
        warehouse = self.a_stored_warehouse()
        products = [a_product(), a_product()]
        stocks = [self.opened(each, warehouse) for each in products]
        with self.unit_of_work(context()) as uow:
            uow.products.add_many(context(), products)
            uow.journal.take()
            uow.stock.add_many(context(), stocks)
            uow.stock.add_many(context(), [])
            (change,) = uow.journal.take()
        key = StockKey(products[0].id, warehouse)
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key], receiving=True)
            uow.stock.save(context(), stock.receive(key, TEN, COST, RECEIPT))
        with self.unit_of_work(context(), read_only=True) as uow:
            items = uow.stock.items(context(), StockQuery(page=PAGE)).items
            moved = uow.stock.movement(context(), stocks[1].movements[0].id)
            assert uow.stock.differences(context(), 10) == ()
        assert (change.kind, change.after) == ("inventory.stock_item", {"count": "2"})
        assert sorted(each.item.on_hand for each in items) == [TEN, Quantity.of("20")]
        assert {each.average_cost for each in items} == {COST}
        assert moved == stocks[1].movements[0]

    def test_stock_that_is_there_or_of_nothing_that_is_there_stops_all(self) -> None:
        known, warehouse = self.a_stored_product(), self.a_stored_warehouse()
        with self.unit_of_work(context()) as uow:
            uow.stock.add_many(context(), [self.opened(known, warehouse)])
        with expect(AlreadyExistsError), self.unit_of_work(context()) as uow:
            uow.stock.add_many(context(), [self.opened(known, warehouse)])
        for product, place in (
            (a_product(), warehouse),
            (self.a_stored_product(), WarehouseId(new_id())),
        ):
            with expect(NotFoundError), self.unit_of_work(context()) as uow:
                uow.stock.add_many(context(), [self.opened(product, place)])
        with self.unit_of_work(context(), read_only=True) as uow:
            assert len(uow.stock.items(context(), StockQuery(page=PAGE)).items) == 1
