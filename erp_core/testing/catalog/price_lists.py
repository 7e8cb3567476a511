"""What every keeper of price lists must do."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from erp_core.catalog.entities import (
    PriceEntry,
    PriceList,
    ProductId,
)
from erp_core.catalog.ports import (
    PriceListQuery,
    PriceSearch,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import PartyId
from erp_core.testing import RIVAL, context, expect
from erp_core.testing.catalog.builders import (
    a_price_list,
    a_product,
)
from erp_core.testing.catalog.contract import CatalogContract


class PriceListRepositoryContract(CatalogContract):
    """Price lists with their entries."""

    def price_list(self, price_list: PriceList) -> PriceList:
        with self.unit_of_work(context()) as uow:
            return uow.price_lists.add(context(), price_list)

    def entries(self, *steps: str) -> tuple[PriceEntry, ...]:
        """Store a product, and make a price for each quantity it begins at."""
        product = self.product(a_product())
        return tuple(
            PriceEntry(
                product_id=product.id,
                minimum_quantity=Quantity.of(step),
                price=UnitPrice(Decimal("7.123456"), "EUR"),
            )
            for step in steps
        )

    def test_every_field_survives_the_round_trip(self) -> None:
        self.begin()
        entries = self.entries("0", "10.5", "100") + self.entries("0")
        price_list = self.price_list(a_price_list(*entries))
        endless = replace(a_price_list(), valid_from=None, valid_to=None)
        of_level = replace(a_price_list(), level=99)
        for each in (price_list, self.price_list(endless), self.price_list(of_level)):
            with self.unit_of_work(context()) as uow:
                assert uow.price_lists.get(context(), each.id) == each

    def test_a_change_survives_the_round_trip(self) -> None:
        self.begin()
        price_list = self.price_list(a_price_list(*self.entries("0", "5")))
        for changed in (
            price_list.change({"entries": self.entries("1", "7")}),
            replace(price_list, version=2).change({"name": "B", "entries": ()}),
            replace(price_list, version=3, entries=()).change({"includes_tax": False, "level": 3}),
        ):
            with self.unit_of_work(context()) as uow:
                saved = uow.price_lists.save(context(), changed)
                (change,) = uow.journal.take()
            with self.unit_of_work(context()) as uow:
                assert uow.price_lists.get(context(), price_list.id) == saved
            assert change.kind == "catalog.price_list"

    def test_an_identity_is_taken_once(self) -> None:
        price_list = self.price_list(a_price_list())
        with expect(AlreadyExistsError):
            self.price_list(replace(price_list, version=0))

    def test_an_old_version_is_refused(self) -> None:
        price_list = self.price_list(a_price_list())
        with self.unit_of_work(context()) as uow:
            uow.price_lists.save(context(), price_list.change({"name": "A"}))
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.price_lists.save(context(), price_list.change({"name": "B"}))

    def test_a_price_is_that_of_a_product(self) -> None:
        self.begin()
        (entry,) = self.entries("0")
        unknown = replace(entry, product_id=ProductId(new_id()))
        with expect(NotFoundError):
            self.price_list(a_price_list(unknown))
        price_list = self.price_list(a_price_list(entry))
        with expect(NotFoundError), self.unit_of_work(context()) as uow:
            uow.price_lists.save(context(), price_list.change({"entries": (unknown,)}))
        rival = context(company=RIVAL)
        with expect(NotFoundError), self.unit_of_work(rival) as uow:
            uow.price_lists.add(rival, a_price_list(entry))

    def test_another_companys_price_list_does_not_exist(self) -> None:
        price_list, rival = self.price_list(a_price_list()), context(company=RIVAL)
        search = PriceSearch(product_ids=(), price_list_id=price_list.id)
        with self.unit_of_work(rival) as uow:
            with expect(NotFoundError):
                uow.price_lists.get(rival, price_list.id)
            with expect(NotFoundError):
                uow.price_lists.save(rival, price_list)
            assert uow.price_lists.search(rival, search) == ()
            assert uow.price_lists.page(rival, PriceListQuery(page=PageRequest())).items == ()

    def test_lists_are_searched_for_some_products(self) -> None:
        self.begin()
        wanted, other = self.entries("0", "10"), self.entries("0")
        level = self.price_list(a_price_list(*wanted, *other))
        agreed = self.price_list(replace(a_price_list(*wanted), party_id=PartyId(UUID(int=7))))
        self.price_list(replace(a_price_list(*wanted), party_id=PartyId(UUID(int=8))))
        self.price_list(a_price_list(*wanted))
        searched = (wanted[0].product_id,)
        for search, found in (
            (PriceSearch(product_ids=searched, price_list_id=level.id), [wanted]),
            (PriceSearch(product_ids=(), price_list_id=level.id), [()]),
            (PriceSearch(product_ids=searched), []),
            (PriceSearch(product_ids=searched, party_id=agreed.party_id), [wanted]),
            (
                PriceSearch(
                    product_ids=searched, party_id=agreed.party_id, price_list_id=level.id
                ),
                [wanted, wanted],
            ),
        ):
            with self.unit_of_work(context(), read_only=True) as uow:
                lists = uow.price_lists.search(context(), search)
            assert [each.entries for each in lists] == found

    def test_the_lists_of_a_level_are_searched_together(self) -> None:
        self.begin()
        entries = self.entries("0")
        two, also_two = (self.price_list(replace(a_price_list(*entries), level=2)) for _ in "ab")
        three = self.price_list(replace(a_price_list(*entries), level=3))
        agreed = self.price_list(replace(a_price_list(*entries), party_id=PartyId(UUID(int=7))))
        named = self.price_list(a_price_list(*entries))
        asked = PriceSearch(
            product_ids=(entries[0].product_id,),
            party_id=agreed.party_id,
            price_list_id=named.id,
            price_level=2,
        )
        with self.unit_of_work(context(), read_only=True) as uow:
            lists = uow.price_lists
            assert lists.search(context(), asked) == (two, also_two, agreed, named)
            only = replace(asked, party_id=None, price_list_id=None, price_level=3)
            assert lists.search(context(), only) == (three,)
            shown = lists.page(context(), PriceListQuery(page=PageRequest(), level=2)).items
        assert [each.id for each in shown] == [two.id, also_two.id]

    def test_what_was_agreed_with_one_party_is_agreed_with_another(self) -> None:
        self.begin()
        entries = self.entries("0")
        ours, theirs = PartyId(UUID(int=7)), PartyId(UUID(int=8))
        moved = self.price_list(replace(a_price_list(*entries), party_id=ours))
        others = self.price_list(replace(a_price_list(*entries), party_id=None))
        rival = context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            uow.price_lists.reassign(rival, ours, theirs)
        with self.unit_of_work(context()) as uow:
            uow.price_lists.reassign(context(), ours, theirs)
            (change,) = uow.journal.take()
        with self.unit_of_work(context()) as uow:
            assert uow.price_lists.get(context(), others.id) == others
            after = uow.price_lists.get(context(), moved.id)
        assert after == replace(moved, party_id=theirs, version=2)
        assert change.after == {"party_id": str(theirs)}

    def test_a_list_shows_the_lists_without_their_entries(self) -> None:
        self.begin()
        price_list = self.price_list(a_price_list(*self.entries("0")))
        with self.unit_of_work(context(), read_only=True) as uow:
            query = PriceListQuery(page=PageRequest(sort="name"))
            assert uow.price_lists.page(context(), query).items == (
                replace(price_list, entries=()),
            )
