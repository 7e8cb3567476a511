"""What a person can do with price lists, and how he learns a price."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from erp_core.catalog.entities import (
    PRICE_OVERRIDE,
    FoundPrice,
    PriceList,
    PriceListChanges,
    PriceListId,
    PriceQuestion,
    Product,
    ProductId,
    TaxComponent,
    find_price,
    require_minimum,
)
from erp_core.catalog.ports import CatalogUnitOfWork, PriceListQuery, PriceSearch
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import NotFoundError, at
from erp_core.kernel.page import Page
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import Party, PartyId


@dataclass(frozen=True, kw_only=True)
class AddPriceList(UseCase[CatalogUnitOfWork, PriceList, PriceList]):
    """Enter a new price list.

    Raises:
        AlreadyExistsError: its id is taken.
        NotFoundError: a price is that of no product, or it is agreed with nobody we know.
        TransitionError: it is agreed with a party that was merged into another.
    """

    permission = "catalog.price_list.add"

    def execute(self, ctx: Context, uow: CatalogUnitOfWork, command: PriceList) -> PriceList:
        if command.party_id is not None:
            with at("party_id"):
                uow.parties.hold(ctx, command.party_id).require_unmerged()
        return uow.price_lists.add(ctx, command)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceListCommand:
    """Names a price list, and the version of it that the caller has seen (None: any)."""

    id: PriceListId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class GetPriceList(UseCase[CatalogUnitOfWork, PriceListCommand, PriceList]):
    """Read one price list with all its prices.

    Raises:
        NotFoundError: no such price list.
    """

    permission = "catalog.price_list.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: CatalogUnitOfWork, command: PriceListCommand
    ) -> PriceList:
        return uow.price_lists.get(ctx, command.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePriceListCommand:
    id: PriceListId
    version: int | None
    changes: PriceListChanges


@dataclass(frozen=True, kw_only=True)
class ChangePriceList(UseCase[CatalogUnitOfWork, ChangePriceListCommand, PriceList]):
    """Change a price list; its prices are replaced as a whole.

    Raises:
        NotFoundError: no such price list, or a price is that of no product.
        PreconditionFailedError: it is not at the version the caller saw.
        InvariantError: what would come of it is no price list.
    """

    permission = "catalog.price_list.change"

    def execute(
        self, ctx: Context, uow: CatalogUnitOfWork, command: ChangePriceListCommand
    ) -> PriceList:
        price_list = uow.price_lists.get(ctx, command.id).expect(command.version)
        return uow.price_lists.save(ctx, price_list.change(command.changes))


@dataclass(frozen=True, kw_only=True)
class ListPriceLists(UseCase[CatalogUnitOfWork, PriceListQuery, Page[PriceList]]):
    """Read price lists a page at a time, without their prices.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "catalog.price_list.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: CatalogUnitOfWork, command: PriceListQuery
    ) -> Page[PriceList]:
        return uow.price_lists.page(ctx, command)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPriceCommand:
    product_id: ProductId
    quantity: Quantity
    party_id: PartyId | None = None
    price_list_id: PriceListId | None = None
    on: date | None = None  # None: today (UTC)
    currency: str = ""  # empty: whichever the price is in


@dataclass(frozen=True, kw_only=True)
class FindPrice(UseCase[CatalogUnitOfWork, FindPriceCommand, FoundPrice]):
    """Find what a product costs this customer: agreed, by a list, by his level, or its own price.

    Raises:
        NotFoundError: no such product, party or price list, or nobody has set a price.
        InvariantError: the price is below the minimum, and the caller may not go there.
    """

    permission = "catalog.price.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: CatalogUnitOfWork, command: FindPriceCommand
    ) -> FoundPrice:
        product = uow.products.get(ctx, command.product_id)
        question = PriceQuestion(
            product_id=product.id,
            on=command.on or self.clock.now(ctx).date(),
            quantity=command.quantity,
            party_id=command.party_id,
            price_list_id=command.price_list_id,
            price_level=_level(ctx, uow, command.party_id),
            currency=command.currency,
        )
        found = find_price(product, question, _lists(ctx, uow, question))
        if not ctx.principal.may(PRICE_OVERRIDE):
            require_minimum(product, found, _components(ctx, uow, product))
        return found


def _level(ctx: Context, uow: CatalogUnitOfWork, party_id: PartyId | None) -> int | None:
    if party_id is None:
        return None
    with at("party_id"):
        return uow.parties.get(ctx, party_id).price_level


def _lists(ctx: Context, uow: CatalogUnitOfWork, question: PriceQuestion) -> Sequence[PriceList]:
    if question.party_id is None and question.price_list_id is None:
        return ()
    search = PriceSearch(
        product_ids=(question.product_id,),
        party_id=question.party_id,
        price_list_id=question.price_list_id,
        price_level=question.price_level,
    )
    lists = uow.price_lists.search(ctx, search)
    if question.price_list_id and question.price_list_id not in [each.id for each in lists]:
        raise NotFoundError(
            f"no price list {question.price_list_id}",
            code="catalog.price_list.unknown",
            field="price_list_id",
        )
    return lists


def _components(
    ctx: Context, uow: CatalogUnitOfWork, product: Product
) -> tuple[TaxComponent, ...]:
    if product.minimum_price is None or product.tax_class_id is None:
        return ()
    return uow.tax_classes.get(ctx, product.tax_class_id).components


def carry_price_lists(
    ctx: Context, uow: CatalogUnitOfWork, survivor: Party, absorbed: Party
) -> None:
    """When two parties become one, what was agreed with the one is agreed with the other."""
    uow.price_lists.reassign(ctx, absorbed.id, survivor.id)
