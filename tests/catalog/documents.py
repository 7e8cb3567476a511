"""Lines and documents to be priced, fixed ones and any."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from erp_core.catalog.entities import (
    Discount,
    DocumentLine,
    DocumentTerms,
    LineId,
    LineKind,
    PricedDocument,
    TaxComponent,
)
from erp_core.identity.entities import Rounding
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Money, Rate, UnitPrice
from erp_core.kernel.quantity import Quantity

TERMS: Final = DocumentTerms(currency="BRL")


def rate(digits: str) -> Rate:
    return Rate(Decimal(digits))


def vat(digits: str, **more: Any) -> tuple[TaxComponent, ...]:
    return (TaxComponent(name="VAT", rate=rate(digits), **more),)


def money(digits: str, currency: str = "BRL") -> Money:
    return Money(Decimal(digits), currency)


def percent(digits: str) -> Discount:
    return Discount(percent=rate(digits))


def off(digits: str) -> Discount:
    return Discount(amount=Decimal(digits))


def a_line(quantity: str = "1", price: str = "100", **more: Any) -> DocumentLine:
    said = {"description": "something", "components": vat("20")} | more
    return DocumentLine(
        id=LineId(new_id()), quantity=Quantity.of(quantity), unit_price=Decimal(price), **said
    )


def a_text(kind: LineKind, description: str = "text") -> DocumentLine:
    return DocumentLine(id=LineId(new_id()), kind=kind, description=description)


def mirrored(line: DocumentLine) -> DocumentLine:
    return replace(line, quantity=-line.quantity)


def adds_up(document: PricedDocument) -> None:
    """Fail unless every sum of the document holds, to the last cent."""
    items = [each for each in document.lines if each.line.kind.is_priced]
    for name in ("net", "tax", "total", "withheld"):
        summed = sum((getattr(each, name).amount for each in items), Decimal(0))
        assert getattr(document, name).amount == summed
    for each in items:
        added = [tax.amount.amount for tax in each.taxes if not tax.component.withheld]
        assert each.net.amount + sum(added, Decimal(0)) == each.total.amount
    added = [each.amount.amount for each in document.taxes if not each.withheld]
    kept = [each.amount.amount for each in document.taxes if each.withheld]
    assert sum(added, Decimal(0)) == document.tax.amount
    assert sum(kept, Decimal(0)) == document.withheld.amount
    paid = document.total - document.withheld + document.cash_rounding
    assert document.payable == paid


RATES: Final = st.decimals(0, 100, places=4).map(Rate)
COMPONENTS: Final = st.lists(
    st.tuples(RATES, st.booleans(), st.booleans(), st.booleans()), max_size=4
).map(
    lambda rows: tuple(
        TaxComponent(name=f"T{n}", rate=each, included=inside, compound=compound, withheld=kept)
        for n, (each, inside, compound, kept) in enumerate(rows)
    )
)
DISCOUNTS: Final = st.builds(Discount, percent=RATES)
QUANTITIES: Final = st.decimals("0.001", 9999, places=3).map(Quantity)
LINES: Final = st.builds(
    DocumentLine,
    id=st.builds(lambda: LineId(new_id())),
    description=st.just("something"),
    quantity=QUANTITIES,
    unit_price=st.decimals(0, 9999, places=4),
    price_includes_tax=st.booleans(),
    discount=DISCOUNTS,
    components=COMPONENTS,
    unit_cost=st.none() | st.decimals(0, 999, places=4).map(lambda each: UnitPrice(each, "BRL")),
)
SIGNED: Final = st.builds(
    lambda line, back: mirrored(line) if back else line, LINES, st.booleans()
)
ROUNDINGS: Final = st.sampled_from(Rounding)
ANY_TERMS: Final = st.builds(
    DocumentTerms,
    currency=st.sampled_from(["BRL", "JPY", "KWD"]),
    discount=DISCOUNTS,
    rounding=ROUNDINGS,
    cash_step=st.sampled_from([None, Decimal(1), Decimal(5), Decimal(10)]),
)
