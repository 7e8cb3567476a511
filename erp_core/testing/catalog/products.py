"""What every keeper of products must do."""

from __future__ import annotations

from dataclasses import replace

from erp_core.catalog.entities import (
    ProductId,
    ProductKind,
    ProductState,
    TaxClassId,
    standard_units,
)
from erp_core.catalog.ports import (
    ProductQuery,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.page import PageRequest
from erp_core.testing import NOON, RIVAL, at_once, context, expect
from erp_core.testing.catalog.builders import (
    GTIN,
    a_full_product,
    a_product,
    a_tax_class,
)
from erp_core.testing.catalog.contract import CatalogContract


class ProductRepositoryContract(CatalogContract):
    """One writer at a time, or several who do not know of each other."""

    def test_every_field_survives_the_round_trip(self) -> None:
        self.begin()
        tax_class = self.tax_class(a_tax_class())
        product = self.product(a_full_product(tax_class.id).archive(NOON))
        assert self.found(product.id) == product
        assert (product.version, product.events) == (1, ())

    def test_nearly_nothing_survives_the_round_trip(self) -> None:
        self.begin()
        service = replace(a_product(), kind=ProductKind.SERVICE, stock_managed=False)
        for product in (self.product(a_product()), self.product(service)):
            assert self.found(product.id) == product

    def test_a_change_survives_the_round_trip(self) -> None:
        self.begin()
        product = self.product(a_full_product().archive(NOON))
        with self.unit_of_work(context()) as uow:
            seen = uow.products.get(context(), product.id)
            changed = seen.restore().change(
                {"name": "Sencha", "barcode": "", "minimum_price": None, "tags": ()}
            )
            saved = uow.products.save(context(), changed)
        assert self.found(product.id) == saved
        assert (saved.version, saved.state, saved.tags) == (2, ProductState.ACTIVE, ())

    def test_a_change_is_noted_in_the_journal(self) -> None:
        self.begin()
        product = self.product(a_product())
        with self.unit_of_work(context()) as uow:
            seen = uow.products.get(context(), product.id)
            uow.products.save(context(), seen.change({"name": "Sencha"}))
            (change,) = uow.journal.take()
        assert (change.kind, change.id) == ("catalog.product", str(product.id))
        assert (change.before, change.after) == ({"name": "Tea"}, {"name": "Sencha"})

    def test_an_identity_a_sku_and_a_barcode_are_taken_once(self) -> None:
        self.begin()
        product = self.product(replace(a_product(), barcode=GTIN))
        for twin, field in (
            (replace(a_product(), id=product.id), "id"),
            (replace(a_product(), sku=product.sku), "sku"),
            (replace(a_product(), barcode=GTIN), "barcode"),
        ):
            with expect(AlreadyExistsError) as refusal:
                self.product(twin)
            assert refusal[0].field == field

    def test_neither_sku_nor_barcode_can_be_taken_over(self) -> None:
        self.begin()
        product = self.product(replace(a_product(), barcode=GTIN))
        other = self.product(a_product())
        for twin in (replace(other, sku=product.sku), replace(other, barcode=GTIN)):
            with expect(AlreadyExistsError), self.unit_of_work(context()) as uow:
                uow.products.save(context(), twin)

    def test_of_many_rivals_for_a_sku_and_a_barcode_one_wins(self) -> None:
        self.begin()
        wanted = a_product()

        def adds() -> bool:
            mine = ProductId(new_id())
            try:
                self.product(replace(wanted, id=mine, barcode=GTIN))
            except AlreadyExistsError:
                return False
            return True

        assert sum(at_once(*[adds] * 6)) == 1
        assert self.listed(PageRequest()) == [wanted.sku]

    def test_what_a_product_refers_to_must_be_there(self) -> None:
        self.begin()
        for product in (
            replace(a_product(), unit="bag"),
            replace(a_product(), tax_class_id=TaxClassId(new_id())),
        ):
            with expect(NotFoundError):
                self.product(product)
        product = self.product(a_product())
        with expect(NotFoundError), self.unit_of_work(context()) as uow:
            uow.products.save(context(), replace(product, unit="bag"))

    def test_an_unknown_product_is_not_found(self) -> None:
        self.begin()
        with self.unit_of_work(context()) as uow:
            with expect(NotFoundError):
                uow.products.get(context(), ProductId(new_id()))
            with expect(NotFoundError):
                uow.products.save(context(), a_product())

    def test_another_companys_product_does_not_exist(self) -> None:
        self.begin()
        product, rival = self.product(a_product()), context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            with expect(NotFoundError):
                uow.products.get(rival, product.id)
            with expect(NotFoundError):
                uow.products.save(rival, product)
            assert uow.products.some(rival, [product.id]) == {}
            query = ProductQuery(page=PageRequest(), text="tea")
            assert uow.products.page(rival, query).items == ()
            uow.units.add_absent(rival, standard_units())
            assert uow.products.add(rival, replace(product, version=0)).sku == product.sku

    def test_another_companys_tax_class_cannot_be_referred_to(self) -> None:
        tax_class, rival = self.tax_class(a_tax_class()), context(company=RIVAL)
        with expect(NotFoundError), self.unit_of_work(rival) as uow:
            uow.units.add_absent(rival, standard_units())
            uow.products.add(rival, replace(a_product(), tax_class_id=tax_class.id))

    def test_a_failed_unit_of_work_leaves_no_trace(self) -> None:
        self.begin()
        with expect(NotFoundError), self.unit_of_work(context()) as uow:
            uow.products.add(context(), a_product().archive(NOON))
            uow.products.get(context(), ProductId(new_id()))
        assert self.listed(PageRequest()) == []
        with self.unit_of_work(context()) as uow:
            assert not uow.outbox.pending(context(), 10)

    def test_events_are_told_with_the_change_that_caused_them(self) -> None:
        self.begin()
        product = self.product(a_product().archive(NOON))
        with self.unit_of_work(context()) as uow:
            (message,) = uow.outbox.pending(context(), 10)
        assert message.name == "catalog.product_archived"
        assert message.payload["product_id"] == str(product.id)

    def test_of_many_writers_who_saw_the_same_version_one_wins(self) -> None:
        self.begin()
        seen = self.product(a_product())

        def archives() -> bool:
            try:
                with self.unit_of_work(context()) as uow:
                    uow.products.save(context(), seen.archive(NOON))
            except StaleVersionError:
                return False
            return True

        assert sum(at_once(*[archives] * 6)) == 1

    def test_several_are_read_at_once(self) -> None:
        self.begin()
        first, second, _ = (self.product(a_product()) for _ in range(3))
        with self.unit_of_work(context(), read_only=True) as uow:
            found = uow.products.some(context(), [second.id, first.id, ProductId(new_id())])
            assert uow.products.some(context(), []) == {}
        assert found == {first.id: first, second.id: second}

    def test_pages_follow_one_another_in_every_order(self) -> None:
        self.begin()
        for name in ("b", "a", "B", "Á", "a"):
            self.product(replace(a_product(), name=name))
        for sort in ("id", "name", "sku"):
            up = self.listed(PageRequest(limit=2, sort=sort))
            down = self.listed(PageRequest(limit=2, sort=sort, descending=True))
            assert len(set(up)) == 5
            assert up == down[::-1]

    def test_an_unknown_order_is_malformed(self) -> None:
        with self.unit_of_work(context(), read_only=True) as uow, expect(MalformedError):
            uow.products.page(context(), ProductQuery(page=PageRequest(sort="colour")))

    def test_products_are_found_by_the_beginnings_of_words(self) -> None:
        self.begin()
        tea = replace(a_product(), sku="CHA-7", name="Chá verde", barcode=GTIN)
        oil = replace(a_product(), sku="OIL", name="Azeite verde-claro")
        for product in (tea, oil):
            self.product(product)
        for text, skus in (
            ("ver", ["CHA-7", "OIL"]),
            ("VERDE cha", ["CHA-7"]),
            ("cha-7", ["CHA-7"]),
            ("400638", ["CHA-7"]),
            ("claro", ["OIL"]),
            ("laro", []),
            ("verde tinto", []),
            ("", ["CHA-7", "OIL"]),
        ):
            assert self.listed(PageRequest(limit=1, sort="sku"), text=text) == skus, text

    def test_a_renamed_product_is_found_by_its_new_words_alone(self) -> None:
        self.begin()
        product = self.product(a_product())
        with self.unit_of_work(context()) as uow:
            seen = uow.products.get(context(), product.id)
            uow.products.save(context(), seen.change({"name": "Coffee"}))
        assert self.listed(PageRequest(), text="coffee") == [product.sku]
        assert self.listed(PageRequest(), text="verde") == []

    def test_a_list_is_filtered_and_counted(self) -> None:
        self.begin()
        archived = self.product(a_product().archive(NOON))
        service = replace(a_product(), kind=ProductKind.SERVICE, stock_managed=False)
        self.product(service)
        assert self.listed(PageRequest(), states=(ProductState.ARCHIVED,)) == [archived.sku]
        assert self.listed(PageRequest(), kind=ProductKind.SERVICE) == [service.sku]
        with self.unit_of_work(context(), read_only=True) as uow:
            query = ProductQuery(page=PageRequest(limit=1, count=True), text="tea")
            assert uow.products.page(context(), query).total == 2


class ConcurrentProductContract(CatalogContract):
    """For stores that admit several writers: the version is checked as the row is written."""

    def test_the_slower_of_two_writers_is_told(self) -> None:
        self.begin()
        product = self.product(a_product())
        with expect(StaleVersionError), self.unit_of_work(context()) as slow:
            seen = slow.products.get(context(), product.id)
            with self.unit_of_work(context()) as fast:
                found = fast.products.get(context(), product.id)
                fast.products.save(context(), found.change({"name": "Sencha"}))
            slow.products.save(context(), seen.archive(NOON))
        assert self.found(product.id).name == "Sencha"
