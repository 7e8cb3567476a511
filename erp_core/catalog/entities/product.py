"""The product and its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final, NewType, Self, TypedDict
from uuid import UUID

from erp_core.catalog.entities.product_details import (
    LEAD_TIME_DAYS_MAX,
    CustomField,
    Translation,
    measured,
    require_barcode,
    require_custom_fields,
    require_description,
    require_levels,
    require_name,
    require_sku,
    require_tags,
    require_trade_codes,
    require_translations,
)
from erp_core.catalog.entities.tax_class import TaxClassId
from erp_core.catalog.entities.unit import STANDARD_UNIT, require_unit_code
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, Event, Lifecycle
from erp_core.kernel.errors import ensure
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import SortKey
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.text import words

ProductId = NewType("ProductId", UUID)

_MEASURES: Final = ("weight_kg", "length_cm", "width_cm", "height_cm")
_UNMEASURED: Final = (None,) * len(_MEASURES)


class ProductKind(StrEnum):
    GOODS = "goods"
    SERVICE = "service"

    @property
    def keeps_stock(self) -> bool:
        """Say whether stock is kept of it unless somebody decides otherwise."""
        return self is ProductKind.GOODS


class Tracking(StrEnum):
    """How closely stock is told apart."""

    NONE = "none"
    LOT = "lot"  # what was made together
    SERIAL = "serial"  # every piece by itself


class ProductState(StrEnum):
    ACTIVE = "active"
    ARCHIVED = "archived"


PRODUCT_LIFECYCLE: Final = Lifecycle[ProductState](
    {
        ProductState.ACTIVE: {ProductState.ARCHIVED},
        ProductState.ARCHIVED: {ProductState.ACTIVE},
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductArchived(Event):
    """Nothing more is bought, moved or sold of it."""

    name: ClassVar[str] = "catalog.product_archived"

    product_id: ProductId


class ProductChanges(TypedDict, total=False):
    """What of a product may be changed; what is absent stays."""

    sku: str
    name: str
    kind: ProductKind
    description: str
    translations: tuple[Translation, ...]
    unit: str
    barcode: str
    sale_price: UnitPrice | None
    price_includes_tax: bool
    tax_class_id: TaxClassId | None
    minimum_price: UnitPrice | None
    cost_price: UnitPrice | None
    stock_managed: bool
    tracking: Tracking
    reorder_point: Quantity | None
    desired_level: Quantity | None
    lead_time_days: int | None
    weight_kg: Decimal | None
    length_cm: Decimal | None
    width_cm: Decimal | None
    height_cm: Decimal | None
    customs_code: str
    origin_country: str
    for_sale: bool
    for_purchase: bool
    tags: tuple[str, ...]
    custom_fields: tuple[CustomField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Aggregate):
    """Goods or a service: what stands on a line of every document.

    Prices are those of one ``unit``. Lists are kept in one order, without repetition.
    """

    id: ProductId
    sku: str  # upper case; unique in the company
    name: str
    kind: ProductKind
    description: str = ""
    translations: tuple[Translation, ...] = ()  # in order of language
    unit: str = STANDARD_UNIT  # the code of one of the company's units
    barcode: str = ""  # GTIN digits; unique in the company unless empty
    sale_price: UnitPrice | None = None
    price_includes_tax: bool = False  # said of the sale price and of the minimum price
    tax_class_id: TaxClassId | None = None
    minimum_price: UnitPrice | None = None
    cost_price: UnitPrice | None = None
    stock_managed: bool = True
    tracking: Tracking = Tracking.NONE
    reorder_point: Quantity | None = None
    desired_level: Quantity | None = None
    lead_time_days: int | None = None
    weight_kg: Decimal | None = None
    length_cm: Decimal | None = None
    width_cm: Decimal | None = None
    height_cm: Decimal | None = None
    customs_code: str = ""
    origin_country: str = ""  # ISO 3166-1 alpha-2
    for_sale: bool = True
    for_purchase: bool = True
    tags: tuple[str, ...] = ()
    custom_fields: tuple[CustomField, ...] = ()
    state: ProductState = ProductState.ACTIVE
    archived_at: datetime | None = None  # aware, UTC

    def __post_init__(self) -> None:
        require_sku(self.sku)
        require_name(self.name)
        if self.description:
            require_description(self.description)
        require_unit_code(self.unit, field="unit")
        if self.barcode:
            require_barcode(self.barcode)
        if self.customs_code or self.origin_country:
            require_trade_codes(self.customs_code, self.origin_country)
        if self.tags or self.translations or self.custom_fields:
            self._require_lists()
        self._require_stock_rules()
        self._require_prices()
        ensure(
            (self.state is ProductState.ARCHIVED) == (self.archived_at is not None),
            "catalog.product.archived_at",
            "archived, and since when?",
        )
        measures = (self.weight_kg, self.length_cm, self.width_cm, self.height_cm)
        if measures != _UNMEASURED:
            for field, value in zip(_MEASURES, measures, strict=True):
                if value is not None:
                    object.__setattr__(self, field, measured(value, field))

    @property
    def search_words(self) -> frozenset[str]:
        """The words by whose beginnings the product is found."""
        return words(self.sku, self.barcode, self.name)

    def named(self, locale: str) -> str:
        """Return the name in the reader's language, or in the company's own."""
        return next((each.name for each in self.translations if each.locale == locale), self.name)

    def change(self, changes: ProductChanges) -> Self:
        """Return the product with *changes* made.

        Raises:
            InvariantError: what would come of it breaks a rule.
        """
        return replace(self, **changes)

    def translate(self, changes: Mapping[str, Translation | None]) -> Self:
        """Return the product with its texts in some languages replaced, or dropped by None.

        Raises:
            InvariantError: there would be too many.
        """
        kept = [each for each in self.translations if each.locale not in changes]
        new = [each for each in changes.values() if each is not None]
        return replace(self, translations=(*kept, *new))

    def customise(self, changes: Mapping[str, CustomField | None]) -> Self:
        """Return the product with some of its custom fields set, or dropped by None.

        Raises:
            InvariantError: there would be too many.
        """
        kept = [each for each in self.custom_fields if each.name not in changes]
        new = [each for each in changes.values() if each is not None]
        return replace(self, custom_fields=(*kept, *new))

    def archive(self, now: datetime) -> Self:
        """Retire the product; its stock and history stay.

        Raises:
            TransitionError: it is archived already.
        """
        return replace(
            self,
            state=PRODUCT_LIFECYCLE.step(self.state, ProductState.ARCHIVED),
            archived_at=now,
            events=(*self.events, ProductArchived(product_id=self.id, occurred_at=now)),
        )

    def restore(self) -> Self:
        """Bring the product back.

        Raises:
            TransitionError: it is not archived.
        """
        state = PRODUCT_LIFECYCLE.step(self.state, ProductState.ACTIVE)
        return replace(self, state=state, archived_at=None)

    def _require_lists(self) -> None:
        object.__setattr__(self, "tags", tuple(sorted(set(self.tags))))
        require_tags(self.tags)
        by_locale = sorted(self.translations, key=lambda each: each.locale)
        object.__setattr__(self, "translations", tuple(by_locale))
        require_translations(self.translations)
        by_name = sorted(self.custom_fields, key=lambda each: each.name)
        object.__setattr__(self, "custom_fields", tuple(by_name))
        require_custom_fields(self.custom_fields)

    def _require_stock_rules(self) -> None:
        ensure(
            not self.stock_managed or self.kind.keeps_stock,
            "catalog.product.service_stock",
            "no stock is kept of a service: set stock_managed to false",
            field="stock_managed",
        )
        ensure(
            self.tracking is Tracking.NONE or self.stock_managed,
            "catalog.product.tracking",
            "lots and serials are told apart only where stock is kept",
            field="tracking",
        )
        if self.reorder_point is not None or self.desired_level is not None:
            require_levels(self.reorder_point, self.desired_level)
        if self.lead_time_days is not None:
            ensure(
                0 <= self.lead_time_days <= LEAD_TIME_DAYS_MAX,
                "catalog.product.lead_time_days",
                f"a lead time is from 0 to {LEAD_TIME_DAYS_MAX} days",
                field="lead_time_days",
            )

    def _require_prices(self) -> None:
        if self.sale_price is None or self.minimum_price is None:
            return
        ensure(
            self.sale_price.currency == self.minimum_price.currency,
            "catalog.product.minimum_currency",
            "the minimum price is in the currency of the sale price",
            field="minimum_price",
        )
        ensure(
            self.minimum_price.amount <= self.sale_price.amount,
            "catalog.product.minimum_price",
            "the minimum price is not above the sale price",
            field="minimum_price",
        )


PRODUCT_SORTS: Final[Mapping[str, SortKey[Product]]] = {
    "sku": SortKey(of=lambda product: product.sku),
    "name": SortKey(of=lambda product: product.name),
}
