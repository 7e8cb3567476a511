"""Price lists, and how the price of a product is found."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, NewType, Self, TypedDict
from uuid import UUID

from erp_core.catalog.entities.product import Product, ProductId
from erp_core.catalog.entities.tax import net_price
from erp_core.catalog.entities.tax_class import TaxComponent
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate
from erp_core.kernel.errors import NotFoundError, ensure
from erp_core.kernel.money import UnitPrice, require_currency
from erp_core.kernel.page import SortKey
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.kernel.text import require_text
from erp_core.parties.entities import PRICE_LEVEL_MAX, PartyId

PriceListId = NewType("PriceListId", UUID)

ENTRIES_MAX: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEntry:
    """The price of one unit of a product, from some quantity on."""

    product_id: ProductId
    minimum_quantity: Quantity = ZERO
    price: UnitPrice

    def __post_init__(self) -> None:
        ensure(
            self.minimum_quantity >= ZERO,
            "catalog.price_entry.minimum_quantity",
            "a price begins at a quantity of zero or more",
            field="minimum_quantity",
        )

    @property
    def key(self) -> tuple[ProductId, Quantity]:
        """What a list says once, and the order in which it says it."""
        return self.product_id, self.minimum_quantity


class PriceListChanges(TypedDict, total=False):
    """What of a price list may be changed; entries are replaced as a whole."""

    name: str
    includes_tax: bool
    valid_from: date | None
    valid_to: date | None
    level: int | None
    entries: tuple[PriceEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList(Aggregate):
    """Prices agreed with one customer, of a level that several share, or asked for by name.

    A level may have several lists, for other periods and currencies.
    """

    id: PriceListId
    name: str
    currency: str  # ISO 4217 alphabetic code, of every entry
    includes_tax: bool = False
    valid_from: date | None = None  # the first day; None: since ever
    valid_to: date | None = None  # the last day; None: until further notice
    party_id: PartyId | None = None  # with whom they are agreed
    level: int | None = None  # 1 to 99: of the customers of this price level
    entries: tuple[PriceEntry, ...] = ()  # in order of product and minimum quantity

    def __post_init__(self) -> None:
        require_text(self.name, "catalog.price_list.name", shortest=1, longest=120, field="name")
        require_currency(self.currency)
        ensure(
            self.valid_from is None or self.valid_to is None or self.valid_from <= self.valid_to,
            "catalog.price_list.period",
            "a list is valid to a day that is not before the first",
            field="valid_to",
        )
        ensure(
            self.level is None or 1 <= self.level <= PRICE_LEVEL_MAX,
            "catalog.price_list.level",
            f"a price level is from 1 to {PRICE_LEVEL_MAX}",
            field="level",
        )
        ensure(
            self.level is None or self.party_id is None,
            "catalog.price_list.party_or_level",
            "a list is agreed with one customer or is that of a level: leave one of them out",
            field="level",
        )
        self._require_entries()

    def _require_entries(self) -> None:
        entries = tuple(sorted(self.entries, key=lambda entry: entry.key))
        object.__setattr__(self, "entries", entries)
        ensure(
            len(entries) <= ENTRIES_MAX,
            "catalog.price_list.entries",
            f"a list has at most {ENTRIES_MAX} prices",
            field="entries",
        )
        ensure(
            len({entry.key for entry in entries}) == len(entries),
            "catalog.price_list.entry_twice",
            "a product has one price from each quantity on",
            field="entries",
        )
        ensure(
            all(entry.price.currency == self.currency for entry in entries),
            "catalog.price_list.currency",
            f"every price of this list is in {self.currency}",
            field="entries",
        )

    def change(self, changes: PriceListChanges) -> Self:
        """Return the list with *changes* made.

        Raises:
            InvariantError: what would come of it is no price list.
        """
        return replace(self, **changes)

    def valid_on(self, day: date) -> bool:
        """Say whether the list counts on that day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)

    def entry(self, product_id: ProductId, quantity: Quantity) -> PriceEntry | None:
        """Return the price for so much of a product: that of the largest step reached."""
        after = bisect_right(self.entries, (product_id, quantity), key=lambda entry: entry.key)
        last = self.entries[after - 1] if after else None
        return last if last is not None and last.product_id == product_id else None


class PriceSource(StrEnum):
    """Where a price comes from; the first that has one is asked."""

    AGREED = "agreed"  # with this customer
    PRICE_LIST = "price_list"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceQuestion:
    """How much of something, for whom, when, and in which currency."""

    product_id: ProductId
    on: date
    quantity: Quantity
    party_id: PartyId | None = None
    price_list_id: PriceListId | None = None  # a list that is asked for by name
    price_level: int | None = None  # the customer's
    currency: str = ""  # empty: whichever it is

    def __post_init__(self) -> None:
        ensure(
            self.quantity > ZERO,
            "catalog.price.quantity",
            "ask for a quantity greater than zero",
            field="quantity",
        )
        if self.currency:
            require_currency(self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPrice:
    """The price of one unit, and where it stands."""

    product_id: ProductId
    price: UnitPrice
    includes_tax: bool
    source: PriceSource
    price_list_id: PriceListId | None = None
    minimum_quantity: Quantity = ZERO  # from which the price counts


def find_price(
    product: Product, question: PriceQuestion, lists: Sequence[PriceList]
) -> FoundPrice:
    """Find the price that *question* asks for.

    It is the one agreed with the customer, of the list named, of his level, or the product's. Of
    several lists agreed with a customer, or of a level, the one that began last counts, then the
    newest.

    Raises:
        NotFoundError: nobody has set a price (in the currency asked for).
    """
    for each in sorted(lists, key=lambda each: _precedence(each, question), reverse=True):
        found = _listed_price(each, question)
        if found is not None:
            return found
    own = product.sale_price
    if own is None or question.currency not in ("", own.currency):
        raise NotFoundError(
            f"{product.sku} has no price{question.currency and ' in ' + question.currency}",
            code="catalog.price.unknown",
            field="product_id",
            sku=product.sku,
        )
    return FoundPrice(
        product_id=product.id,
        price=own,
        includes_tax=product.price_includes_tax,
        source=PriceSource.PRODUCT,
    )


def require_minimum(
    product: Product, found: FoundPrice, components: Sequence[TaxComponent]
) -> None:
    """Raise InvariantError where *found* is below the product's minimum price.

    The two are compared without the tax they contain; in two currencies they are not compared.
    """
    price = found.price
    net = net_price(price, components, includes_tax=found.includes_tax)
    require_net_minimum(product, net, price, components)


def require_net_minimum(
    product: Product, net: Fraction, price: UnitPrice, components: Sequence[TaxComponent]
) -> None:
    """Raise InvariantError where *net*, the *price* without tax, is below the minimum."""
    minimum = product.minimum_price
    if minimum is None or minimum.currency != price.currency:
        return
    ensure(
        net >= net_price(minimum, components, includes_tax=product.price_includes_tax),
        "catalog.price.below_minimum",
        f"{product.sku} is not sold below {minimum}",
        field="unit_price",
        sku=product.sku,
        minimum_price=minimum,
        price=price,
    )


def _precedence(price_list: PriceList, question: PriceQuestion) -> tuple[bool, bool, date, UUID]:
    return (
        price_list.party_id is not None,
        price_list.id == question.price_list_id,
        price_list.valid_from or date.min,
        price_list.id,
    )


def _listed_price(price_list: PriceList, question: PriceQuestion) -> FoundPrice | None:
    if not (_is_asked(price_list, question) and price_list.valid_on(question.on)):
        return None
    if question.currency not in ("", price_list.currency):
        return None
    entry = price_list.entry(question.product_id, question.quantity)
    if entry is None:
        return None
    return FoundPrice(
        product_id=entry.product_id,
        price=entry.price,
        includes_tax=price_list.includes_tax,
        source=PriceSource.AGREED if price_list.party_id else PriceSource.PRICE_LIST,
        price_list_id=price_list.id,
        minimum_quantity=entry.minimum_quantity,
    )


def _is_asked(price_list: PriceList, question: PriceQuestion) -> bool:
    if price_list.party_id is not None:
        return price_list.party_id == question.party_id
    of_level = price_list.level is not None and price_list.level == question.price_level
    return of_level or price_list.id == question.price_list_id


PRICE_LIST_SORTS: Final[Mapping[str, SortKey[PriceList]]] = {
    "name": SortKey(of=lambda price_list: price_list.name),
}
