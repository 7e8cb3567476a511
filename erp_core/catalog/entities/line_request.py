"""From what a person asks for to the lines of a document, with prices and taxes filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from erp_core.catalog.entities.discount import NO_DISCOUNT, Discount
from erp_core.catalog.entities.document_line import (
    LINES_MAX,
    DocumentLine,
    LineId,
    LineKind,
    require_some,
)
from erp_core.catalog.entities.document_terms import DocumentTerms
from erp_core.catalog.entities.price_list import (
    PriceList,
    PriceListId,
    PriceQuestion,
    find_price,
    require_net_minimum,
)
from erp_core.catalog.entities.pricing import line_values
from erp_core.catalog.entities.product import Product, ProductId, ProductState
from erp_core.catalog.entities.tax import factors_of
from erp_core.catalog.entities.tax_class import TaxClass, TaxClassId, TaxComponent
from erp_core.catalog.entities.unit import Unit
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import NotFoundError, at, ensure
from erp_core.kernel.exact import PLACES, rounded_ratio
from erp_core.kernel.money import UnitPrice, require_same_currency
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.parties.entities import PartyId

PRICE_OVERRIDE: Final = "catalog.price.override"  # who holds it may sell below the minimum price


class Trade(StrEnum):
    """Which way the goods go: it decides what may be traded, and whose price counts."""

    SALE = "sale"
    PURCHASE = "purchase"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRequest:
    """What a person says of a line; what he leaves out, the catalogue says."""

    id: LineId = field(default_factory=lambda: LineId(new_id()))
    kind: LineKind = LineKind.ITEM
    product_id: ProductId | None = None
    description: str = ""  # empty: the product's name
    quantity: Quantity = ZERO  # of an item never zero
    unit: str = ""  # empty: the product's
    unit_price: Decimal | None = None  # None: the catalogue's
    currency: str = ""  # of the unit price; empty: the document's
    price_includes_tax: bool | None = None  # None: as the catalogue's, or no
    discount: Discount = NO_DISCOUNT
    tax_class_id: TaxClassId | None = None  # None: the product's
    components: tuple[TaxComponent, ...] | None = None  # said outright; no class is asked then
    unit_cost: UnitPrice | None = None  # None: as known of the product


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMaterials:
    """What is known of what the lines name: all of it read beforehand, at once."""

    products: Mapping[ProductId, Product] = field(default_factory=dict)
    tax_classes: Mapping[TaxClassId, TaxClass] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)  # by code
    price_lists: Sequence[PriceList] = ()
    unit_costs: Mapping[ProductId, UnitPrice] = field(
        default_factory=dict
    )  # else the product's own


@dataclass(frozen=True, slots=True, kw_only=True)
class LineQuestion:
    """For whom the lines are written, when, on which terms, and with which liberties."""

    on: date
    terms: DocumentTerms
    trade: Trade = Trade.SALE
    party_id: PartyId | None = None
    price_list_id: PriceListId | None = None  # a list that is asked for by name
    price_level: int | None = None  # the party's
    may_undercut: bool = False  # the principal may sell below the minimum price
    may_give_back: bool = False  # quantities may be negative: a credit note, a return


def document_lines(
    requests: Sequence[LineRequest], materials: LineMaterials, question: LineQuestion
) -> tuple[DocumentLine, ...]:
    """Write the lines that *requests* ask for.

    A price is that of the request, else, in a sale, the one agreed with the customer, that of
    the list named or of his level by quantity, or the product's; in a purchase the product's cost
    price. A product's price less every discount is not below its minimum, unless the question
    allows it.

    Raises:
        NotFoundError: no such product, tax class, unit or price list, or nobody has set a price
            in this currency; a line is named by its place, ``lines/3``.
        InvariantError: a line that cannot be: archived, not for sale, too fine a quantity.
    """
    ensure(
        len(requests) <= LINES_MAX,
        "catalog.document.lines",
        f"a document has at most {LINES_MAX} lines",
        field="lines",
        most=LINES_MAX,
    )
    if question.trade is Trade.SALE:
        _require_price_list(materials, question)
    lines: list[DocumentLine] = []
    for index, request in enumerate(requests):
        with at(f"lines/{index}"):
            lines.append(_line(request, materials, question))
    if question.trade is Trade.SALE and not question.may_undercut:
        _require_minimums(lines, materials, question.terms)
    return tuple(lines)


def _line(request: LineRequest, materials: LineMaterials, question: LineQuestion) -> DocumentLine:
    if not request.kind.is_priced:
        return _text(request)
    require_some(request.quantity)
    ensure(
        question.may_give_back or request.quantity > ZERO,
        "catalog.line.negative_quantity",
        "a quantity is greater than zero here: what is given back has a document of its own",
        field="quantity",
    )
    if request.currency and request.unit_price is not None:
        with at("unit_price"):
            require_same_currency(question.terms.currency, request.currency)
    if request.product_id is None:
        return _described(request, materials)
    return _product_line(request, materials, question)


def _text(request: LineRequest) -> DocumentLine:
    return DocumentLine(
        id=request.id,
        kind=request.kind,
        product_id=request.product_id,
        description=request.description,
        quantity=request.quantity,
        unit=request.unit,
        unit_price=request.unit_price or Decimal(0),
        discount=request.discount,
        tax_class_id=request.tax_class_id,
        components=request.components or (),
        unit_cost=request.unit_cost,
    )


def _described(request: LineRequest, materials: LineMaterials) -> DocumentLine:
    ensure(
        request.unit_price is not None,
        "catalog.line.unit_price",
        "what is no product has no price of its own: say one",
        field="unit_price",
    )
    if request.unit:
        _unit(materials, request.unit).require_countable(request.quantity)
    return DocumentLine(
        id=request.id,
        description=request.description,
        quantity=request.quantity,
        unit=request.unit,
        unit_price=request.unit_price or Decimal(0),
        price_includes_tax=bool(request.price_includes_tax),
        discount=request.discount,
        tax_class_id=request.tax_class_id,
        components=_components(request, materials, None),
        unit_cost=request.unit_cost,
    )


def _product_line(
    request: LineRequest, materials: LineMaterials, question: LineQuestion
) -> DocumentLine:
    product = _product(request, materials, question.trade)
    _unit(materials, product.unit).require_countable(request.quantity)
    price, includes_tax = _price(request, product, materials, question)
    return DocumentLine(
        id=request.id,
        product_id=product.id,
        description=request.description or product.name,
        quantity=request.quantity,
        unit=product.unit,
        unit_price=price,
        price_includes_tax=includes_tax,
        discount=request.discount,
        tax_class_id=request.tax_class_id or product.tax_class_id,
        components=_components(request, materials, product),
        unit_cost=request.unit_cost or materials.unit_costs.get(product.id, product.cost_price),
    )


def _product(request: LineRequest, materials: LineMaterials, trade: Trade) -> Product:
    product = materials.products.get(request.product_id) if request.product_id else None
    if product is None:
        raise NotFoundError(
            f"no product {request.product_id}",
            kind="product",
            id=request.product_id,
            field="product_id",
        )
    ensure(
        product.state is ProductState.ACTIVE,
        "catalog.line.product_archived",
        f"{product.sku} is archived: restore it, or choose another",
        field="product_id",
        sku=product.sku,
    )
    if trade is Trade.SALE:
        ensure(
            product.for_sale,
            "catalog.line.not_for_sale",
            f"{product.sku} is not for sale",
            field="product_id",
            sku=product.sku,
        )
    else:
        ensure(
            product.for_purchase,
            "catalog.line.not_for_purchase",
            f"{product.sku} is not for purchase",
            field="product_id",
            sku=product.sku,
        )
    ensure(
        request.unit in ("", product.unit),
        "catalog.line.unit",
        f"{product.sku} is counted in {product.unit}: say its quantity and price for that unit",
        field="unit",
        sku=product.sku,
        unit=product.unit,
    )
    return product


def _price(
    request: LineRequest, product: Product, materials: LineMaterials, question: LineQuestion
) -> tuple[Decimal, bool]:
    """Return the price of one unit, and whether it contains the taxes."""
    said = request.price_includes_tax
    if request.unit_price is not None:
        own = product.price_includes_tax and question.trade is Trade.SALE
        return request.unit_price, own if said is None else said
    if question.trade is Trade.PURCHASE:
        return _cost_price(product, question.terms.currency), bool(said)
    asked = PriceQuestion(
        product_id=product.id,
        on=question.on,
        quantity=request.quantity if request.quantity > ZERO else -request.quantity,
        party_id=question.party_id,
        price_list_id=question.price_list_id,
        price_level=question.price_level,
        currency=question.terms.currency,
    )
    found = find_price(product, asked, materials.price_lists)
    return found.price.amount, found.includes_tax if said is None else said


def _cost_price(product: Product, currency: str) -> Decimal:
    cost = product.cost_price
    if cost is None or cost.currency != currency:
        raise NotFoundError(
            f"{product.sku} has no cost price in {currency}: say what it costs",
            code="catalog.price.unknown",
            field="unit_price",
            sku=product.sku,
        )
    return cost.amount


def _components(
    request: LineRequest, materials: LineMaterials, product: Product | None
) -> tuple[TaxComponent, ...]:
    """Return the taxes: those said outright, of the class asked for, or the product's."""
    if request.components is not None:
        return request.components
    asked = request.tax_class_id
    class_id = asked or (product.tax_class_id if product else None)
    if class_id is None:
        return ()
    tax_class = materials.tax_classes.get(class_id)
    if tax_class is None:
        raise NotFoundError(
            f"no tax class {class_id}", kind="tax_class", id=class_id, field="tax_class_id"
        )
    ensure(
        asked is None or tax_class.archived_at is None,
        "catalog.product.tax_class_archived",
        "the tax class is archived: choose another",
        field="tax_class_id",
    )
    return tax_class.components


def _unit(materials: LineMaterials, code: str) -> Unit:
    unit = materials.units.get(code)
    if unit is None:
        raise NotFoundError(
            f"no unit {code}: add it first, or choose another",
            code="catalog.unit.unknown",
            field="unit",
        )
    return unit


def _require_price_list(materials: LineMaterials, question: LineQuestion) -> None:
    asked = question.price_list_id
    if asked is not None and asked not in [each.id for each in materials.price_lists]:
        raise NotFoundError(
            f"no price list {asked}", code="catalog.price_list.unknown", field="price_list_id"
        )


def _require_minimums(
    lines: Sequence[DocumentLine], materials: LineMaterials, terms: DocumentTerms
) -> None:
    """Refuse what is sold too low once every discount is taken off, the document's too."""
    guarded = {
        index: product
        for index, line in enumerate(lines)
        if line.product_id is not None
        and line.quantity > ZERO
        and (product := materials.products[line.product_id]).minimum_price is not None
    }
    if not guarded:
        return
    values = line_values(lines, terms)
    for index, product in guarded.items():
        line = lines[index]
        price = values[index] / Fraction(line.quantity.value)
        factors = factors_of(line.components, includes_tax=line.price_includes_tax)
        shown = rounded_ratio(price.numerator, price.denominator, PLACES)
        with at(f"lines/{index}"):
            require_net_minimum(
                product,
                price / (1 + factors.contained),
                UnitPrice(shown, terms.currency),
                line.components,
            )
