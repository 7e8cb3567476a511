"""The smaller parts of a product, and what each of them must look like."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.exact import PLACES, canonical
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.kernel.text import require_text

SKU_LENGTH_MAX: Final = 64
NAME_LENGTH_MAX: Final = 200
DESCRIPTION_LENGTH_MAX: Final = 2000
TRANSLATIONS_MAX: Final = 16
TAGS_MAX: Final = 32
TAG_LENGTH_MAX: Final = 40
CUSTOM_FIELDS_MAX: Final = 32
CUSTOM_NAME_LENGTH_MAX: Final = 64
CUSTOM_VALUE_LENGTH_MAX: Final = 500
LEAD_TIME_DAYS_MAX: Final = 3650

_SKU: Final = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,63}")
_LOCALE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")  # BCP 47
_CUSTOM_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_CUSTOMS_CODE: Final = re.compile(r"[0-9]{4,12}")  # HS has six digits, NCM and CN eight, TARIC ten
_COUNTRY: Final = re.compile(r"[A-Z]{2}")  # ISO 3166-1 alpha-2
_GTIN: Final = re.compile(r"[0-9]{8}|[0-9]{12,14}")
_GTIN_WEIGHT: Final = 3  # of every second digit, counted from the check digit leftwards


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A product's texts in another language."""

    locale: str  # BCP 47: "es", "pt-PT"
    name: str
    description: str = ""

    def __post_init__(self) -> None:
        ensure(
            bool(_LOCALE.fullmatch(self.locale)),
            "catalog.product.locale",
            "a language is written as in BCP 47: es, pt-PT",
            field="translations",
        )
        require_name(self.name, field=f"translations/{self.locale}/name")
        require_description(self.description, field=f"translations/{self.locale}/description")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomField:
    """A fact the company itself wants to keep of a product."""

    name: str
    value: str

    def __post_init__(self) -> None:
        ensure(
            bool(_CUSTOM_NAME.fullmatch(self.name)),
            "catalog.product.custom_name",
            "a custom field's name has 1 to 64 small letters, digits and underscores",
            field="custom_fields",
        )
        require_text(
            self.value,
            "catalog.product.custom_value",
            longest=CUSTOM_VALUE_LENGTH_MAX,
            field=f"custom_fields/{self.name}",
        )

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


def require_sku(sku: str) -> None:
    """Raise InvariantError unless *sku* is spelled like one."""
    ensure(
        bool(_SKU.fullmatch(sku)),
        "catalog.product.sku",
        "a SKU has 1 to 64 capital letters, digits, dots, dashes or underscores",
        field="sku",
    )


def require_name(name: str, field: str = "name") -> None:
    """Raise InvariantError unless *name* is there and fits."""
    require_text(name, "catalog.product.name", shortest=1, longest=NAME_LENGTH_MAX, field=field)


def require_description(description: str, field: str = "description") -> None:
    """Raise InvariantError unless *description* fits."""
    require_text(
        description, "catalog.product.description", longest=DESCRIPTION_LENGTH_MAX, field=field
    )


def require_barcode(barcode: str) -> None:
    """Raise InvariantError unless *barcode* is an EAN-8, UPC-A, EAN-13 or GTIN-14, or empty.

    The last digit checks the others (GS1 General Specifications, section 7.9).
    """
    if not barcode:
        return
    ensure(
        bool(_GTIN.fullmatch(barcode)),
        "catalog.product.barcode",
        "a barcode has 8, 12, 13 or 14 digits (EAN-8, UPC-A, EAN-13, GTIN-14)",
        field="barcode",
    )
    digits = [int(each) for each in reversed(barcode)]
    ensure(
        (sum(digits[::2]) + _GTIN_WEIGHT * sum(digits[1::2])) % 10 == 0,
        "catalog.product.barcode_check",
        "the barcode's last digit does not match the others: read it again",
        field="barcode",
    )


def require_tags(tags: tuple[str, ...]) -> None:
    """Raise InvariantError unless there are few *tags*, each a short text."""
    ensure(
        len(tags) <= TAGS_MAX,
        "catalog.product.tags",
        f"a product has at most {TAGS_MAX} tags",
        field="tags",
    )
    for index, tag in enumerate(tags):
        require_text(
            tag,
            "catalog.product.tag",
            shortest=1,
            longest=TAG_LENGTH_MAX,
            field=f"tags/{index}",
        )


def require_translations(translations: tuple[Translation, ...]) -> None:
    """Raise InvariantError unless there is at most one text per language, and few languages."""
    ensure(
        len(translations) <= TRANSLATIONS_MAX,
        "catalog.product.translations",
        f"a product is translated into at most {TRANSLATIONS_MAX} languages",
        field="translations",
    )
    ensure(
        len({each.locale for each in translations}) == len(translations),
        "catalog.product.translated_twice",
        "each language has one translation",
        field="translations",
    )


def require_custom_fields(custom_fields: tuple[CustomField, ...]) -> None:
    """Raise InvariantError unless there are few fields, each of another name."""
    ensure(
        len(custom_fields) <= CUSTOM_FIELDS_MAX,
        "catalog.product.custom_fields",
        f"a product has at most {CUSTOM_FIELDS_MAX} custom fields",
        field="custom_fields",
    )
    ensure(
        len({each.name for each in custom_fields}) == len(custom_fields),
        "catalog.product.custom_twice",
        "each custom field has one value",
        field="custom_fields",
    )


def require_trade_codes(customs_code: str, origin_country: str) -> None:
    """Raise InvariantError unless both are spelled as customs offices do, or empty."""
    if not customs_code and not origin_country:
        return
    ensure(
        not customs_code or bool(_CUSTOMS_CODE.fullmatch(customs_code)),
        "catalog.product.customs_code",
        "a customs code (HS, NCM) has 4 to 12 digits, without dots",
        field="customs_code",
    )
    ensure(
        not origin_country or bool(_COUNTRY.fullmatch(origin_country)),
        "catalog.product.origin_country",
        "a country is two capital letters (ISO 3166), such as BR",
        field="origin_country",
    )


def measured(value: Decimal, field: str) -> Decimal:
    """Return a weight or a length in its one spelling.

    Raises:
        InvariantError: it is below zero, too large or too fine.
    """
    ensure(
        value.is_finite() and value >= 0,
        "catalog.product.measure",
        "a weight or a length is never below zero",
        field=field,
    )
    return canonical(value, PLACES, "catalog.product.measure")


def require_levels(reorder_point: Quantity | None, desired_level: Quantity | None) -> None:
    """Raise InvariantError unless the levels are quantities one can have, the lower one below."""
    if reorder_point is None and desired_level is None:
        return
    for field, level in (("reorder_point", reorder_point), ("desired_level", desired_level)):
        ensure(
            level is None or level >= ZERO,
            "catalog.product.level",
            "a level of stock is never below zero",
            field=field,
        )
    ensure(
        reorder_point is None or desired_level is None or reorder_point <= desired_level,
        "catalog.product.levels",
        "what is desired is no less than the point at which more is ordered",
        field="desired_level",
    )
