"""The company's customers, suppliers, products, warehouses and terms."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Final

from erp_app.demo import words
from erp_app.demo.plan import Plan
from erp_core.catalog.entities import (
    PriceEntry,
    PriceList,
    PriceListId,
    Product,
    ProductId,
    ProductKind,
    TaxClass,
    TaxClassId,
    TaxComponent,
    Tracking,
)
from erp_core.erp import Erp
from erp_core.inventory.entities import Warehouse, WarehouseId
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Money, Rate, UnitPrice
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import (
    Address,
    AddressKind,
    Contact,
    Instalment,
    Party,
    PartyId,
    PartyKind,
    PartyRole,
    PaymentTerm,
    PaymentTermId,
)
from erp_core.treasury.entities import BankAccount, BankAccountId, BankAccountKind

_WHOLESALE: Final = 2  # the price level of those who buy much
_COST_SHARE: Final = (45, 65)  # percent of the price


@dataclass(frozen=True, slots=True, kw_only=True)
class Masters:
    """All that is there before the first day of trade."""

    customers: tuple[Party, ...]
    suppliers: tuple[Party, ...]
    goods: tuple[Product, ...]
    services: tuple[Product, ...]
    store: WarehouseId  # what is sent to customers leaves from here
    shop: WarehouseId  # what goes over the counter from here
    bank: BankAccountId


def entered(erp: Erp, ctx: Context, plan: Plan, chance: Random) -> Masters:
    """Enter all of them."""
    terms = _terms(erp, ctx)
    taxes = _taxes(erp, ctx)
    goods = tuple(
        erp.catalog.add_product(ctx, each)
        for each in _goods(plan, chance, ctx.currency, taxes["ICMS 18 %"])
    )
    services = tuple(
        erp.catalog.add_product(ctx, each) for each in _services(ctx.currency, taxes["ISS 5 %"])
    )
    _add_price_list(erp, ctx, goods)
    return Masters(
        customers=tuple(
            erp.parties.create_party(ctx, each).party for each in _customers(plan, chance, terms)
        ),
        suppliers=tuple(
            erp.parties.create_party(ctx, each).party for each in _suppliers(plan, chance, terms)
        ),
        goods=goods,
        services=services,
        store=_warehouse(erp, ctx, "CD", "Centro de distribuição"),
        shop=_warehouse(erp, ctx, "LOJA", "Loja da praça"),
        bank=_bank_account(erp, ctx),
    )


def _terms(erp: Erp, ctx: Context) -> list[PaymentTermId]:
    third, rest = Rate(Decimal("33.33")), Rate(Decimal("33.34"))
    parts = {
        "À vista": [(Rate(Decimal(100)), 0)],
        "30 dias": [(Rate(Decimal(100)), 30)],
        "30/60/90 dias": [(third, 30), (third, 60), (rest, 90)],
    }
    return [
        erp.parties.create_payment_term(
            ctx,
            PaymentTerm(
                id=PaymentTermId(new_id()),
                name=name,
                instalments=tuple(Instalment(percent=each, days=days) for each, days in said),
            ),
        ).id
        for name, said in parts.items()
    ]


def _taxes(erp: Erp, ctx: Context) -> dict[str, TaxClassId]:
    made = {}
    for tax, rate in (("ICMS", 18), ("ISS", 5)):
        component = TaxComponent(name=tax, rate=Rate(Decimal(rate)), included=True)
        name = f"{tax} {rate} %"
        tax_class = TaxClass(id=TaxClassId(new_id()), name=name, components=(component,))
        made[name] = erp.catalog.add_tax_class(ctx, tax_class).id
    return made


def _goods(plan: Plan, chance: Random, currency: str, tax: TaxClassId) -> list[Product]:
    made = []
    for number in range(plan.products):
        name, price, group, by_lots = words.GOODS[number % len(words.GOODS)]
        turn = number // len(words.GOODS)
        size = words.SIZES[turn % len(words.SIZES)]
        series = turn // len(words.SIZES)
        sale = Decimal(str(price)) * (10 + turn % 7) / 10
        cost = sale * chance.randint(*_COST_SHARE) / 100
        reorder = chance.randint(10, 40)
        made.append(
            Product(
                id=ProductId(new_id()),
                sku=f"{number + 1:05d}",
                name=f"{name}, {size}" + (f", nº {series + 1}" if series else ""),
                kind=ProductKind.GOODS,
                barcode=words.a_barcode(number + 1),
                sale_price=UnitPrice(sale.quantize(Decimal("0.01")), currency),
                cost_price=UnitPrice(cost.quantize(Decimal("0.01")), currency),
                price_includes_tax=True,
                tax_class_id=tax,
                tracking=Tracking.LOT if by_lots and not series else Tracking.NONE,
                reorder_point=Quantity(Decimal(reorder)),
                desired_level=Quantity(Decimal(reorder * 4)),
                lead_time_days=chance.randint(2, 15),
                tags=(group,),
            )
        )
    return made


def _services(currency: str, tax: TaxClassId) -> list[Product]:
    return [
        Product(
            id=ProductId(new_id()),
            sku=f"S{number:02d}",
            name=name,
            kind=ProductKind.SERVICE,
            stock_managed=False,
            sale_price=UnitPrice(Decimal(price), currency),
            price_includes_tax=True,
            tax_class_id=tax,
        )
        for number, (name, price) in enumerate(words.SERVICES, start=1)
    ]


def _add_price_list(erp: Erp, ctx: Context, goods: tuple[Product, ...]) -> None:
    entries = []
    for each in goods[:200]:
        usual = each.sale_price
        if usual is not None:
            less = (usual.amount * Decimal("0.92")).quantize(Decimal("0.01"))
            price = UnitPrice(less, usual.currency)
            ten = Quantity(Decimal(10))
            entries.append(PriceEntry(product_id=each.id, minimum_quantity=ten, price=price))
    wholesale = PriceList(
        id=PriceListId(new_id()),
        name="Atacado",
        currency=ctx.currency,
        includes_tax=True,
        level=_WHOLESALE,
        entries=tuple(entries),
    )
    erp.catalog.add_price_list(ctx, wholesale)


def _customers(plan: Plan, chance: Random, terms: list[PaymentTermId]) -> list[Party]:
    made = [_abroad(each, terms[1]) for each in words.ABROAD[: plan.customers // 6]]
    for number in range(plan.customers - len(made)):
        is_person = number % 4 == 3  # noqa: PLR2004  # one in four
        first, last = words.of(chance, words.FIRST), words.of(chance, words.LAST)
        name = f"{first} {last}" if is_person else f"{words.of(chance, words.SHOPS)} {last} Ltda."
        party = Party(
            id=PartyId(new_id()),
            kind=PartyKind.PERSON if is_person else PartyKind.COMPANY,
            name=name,
            roles=(PartyRole.CUSTOMER,),
            tax_ids=(words.a_cpf(chance) if is_person else words.a_cnpj(chance),),
            addresses=(_address(chance),),
            contacts=() if is_person else (Contact(name=f"{first} {last}"),),
            payment_term_id=terms[0] if is_person else terms[chance.randrange(len(terms))],
            price_level=None if is_person or number % 3 else _WHOLESALE,
        )
        made.append(party)
    return made


def _suppliers(plan: Plan, chance: Random, terms: list[PaymentTermId]) -> list[Party]:
    return [
        Party(
            id=PartyId(new_id()),
            kind=PartyKind.COMPANY,
            name=f"{words.of(chance, words.SUPPLIERS)} {words.of(chance, words.LAST)} S.A.",
            roles=(PartyRole.SUPPLIER,),
            tax_ids=(words.a_cnpj(chance),),
            addresses=(_address(chance),),
            payment_term_id=terms[1],
        )
        for _ in range(plan.suppliers)
    ]


def _abroad(customer: words.Abroad, term: PaymentTermId) -> Party:
    address = Address(
        kind=AddressKind.REGISTERED,
        street=customer.street,
        number="7",
        city=customer.city,
        postal_code=customer.postal,
        country=customer.tax_id.country,
    )
    return Party(
        id=PartyId(new_id()),
        kind=PartyKind.COMPANY,
        name=customer.name,
        roles=(PartyRole.CUSTOMER,),
        tax_ids=(customer.tax_id,),
        addresses=(address,),
        language=customer.language,
        payment_term_id=term,
    )


def _address(chance: Random) -> Address:
    city = words.CITIES[chance.randrange(len(words.CITIES))]
    return Address(
        kind=AddressKind.REGISTERED,
        street=words.of(chance, words.STREETS),
        number=str(chance.randint(1, 2400)),
        district=words.of(chance, words.DISTRICTS),
        city=city.name,
        state=city.state,
        postal_code=f"{city.postal}{chance.randrange(1000):03d}-{chance.randrange(1000):03d}",
        country="BR",
        ibge=city.ibge,
    )


def _warehouse(erp: Erp, ctx: Context, code: str, name: str) -> WarehouseId:
    made = Warehouse(id=WarehouseId(new_id()), code=code, name=name)
    return erp.inventory.add_warehouse(ctx, made).id


def _bank_account(erp: Erp, ctx: Context) -> BankAccountId:
    account = BankAccount(
        id=BankAccountId(new_id()),
        name="Conta corrente",
        kind=BankAccountKind.BANK,
        opening_balance=Money(Decimal(25_000), ctx.currency),
        bank="001",
        agency="1234-5",
        account="67890-1",
    )
    return erp.treasury.add_bank_account(ctx, account).id
