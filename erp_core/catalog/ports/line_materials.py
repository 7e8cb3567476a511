"""Reads what the lines of a document need, for every area that writes documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from erp_core.catalog.entities import (
    LineMaterials,
    LineQuestion,
    LineRequest,
    PriceList,
    ProductId,
    Trade,
)
from erp_core.catalog.ports.price_lists import PriceSearch
from erp_core.catalog.ports.unit_of_work import CatalogUnitOfWork
from erp_core.kernel.context import Context
from erp_core.kernel.money import UnitPrice

T = TypeVar("T")


def read_line_materials(
    ctx: Context,
    uow: CatalogUnitOfWork,
    requests: Sequence[LineRequest],
    question: LineQuestion,
    unit_costs: Mapping[ProductId, UnitPrice] | None = None,
) -> LineMaterials:
    """Read what *requests* name, in a number of statements that does not grow with them.

    *unit_costs* are what the areas above know better than the product does, such as its average
    cost in stock. A purchase asks for no party: the prices agreed with one are those of sales.
    """
    product_ids = _distinct(each.product_id for each in requests)
    products = uow.products.some(ctx, product_ids) if product_ids else {}
    class_ids = _distinct(
        [
            *(each.tax_class_id for each in requests),
            *(each.tax_class_id for each in products.values()),
        ]
    )
    codes = {each.unit for each in requests} | {each.unit for each in products.values()}
    return LineMaterials(
        products=products,
        tax_classes=uow.tax_classes.some(ctx, class_ids) if class_ids else {},
        units=uow.units.some_coded(ctx, codes - {""}),
        price_lists=_price_lists(ctx, uow, product_ids, question),
        unit_costs=unit_costs or {},
    )


def _price_lists(
    ctx: Context,
    uow: CatalogUnitOfWork,
    product_ids: tuple[ProductId, ...],
    question: LineQuestion,
) -> Sequence[PriceList]:
    nobody = question.party_id is None and question.price_level is None
    if nobody and question.price_list_id is None:
        return ()
    if question.trade is Trade.PURCHASE:  # the prices agreed with a party are those of sales
        return ()
    search = PriceSearch(
        product_ids=product_ids,
        party_id=question.party_id,
        price_list_id=question.price_list_id,
        price_level=question.price_level,
    )
    return uow.price_lists.search(ctx, search)


def _distinct(ids: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(each for each in ids if each is not None))
