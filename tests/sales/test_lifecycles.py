"""Every command in every state: done, or refused by name. And what parts add up to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.catalog.entities import (
    Discount,
    DocumentLine,
    DocumentTerms,
    LineId,
    LineKind,
    price_document,
)
from erp_core.identity.entities import StockLeavesAt
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import InvariantError, NotFoundError, TransitionError
from erp_core.kernel.money import Money
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import (
    OPEN_ORDERS,
    Invoiced,
    Order,
    OrderId,
    OrderLine,
    OrderState,
    Part,
    Quote,
    QuoteId,
    QuoteLine,
    QuoteState,
    Taken,
    excerpt,
)
from erp_core.testing import NOON
from erp_core.testing.sales import CUSTOMER

TODAY = date(2024, 2, 29)
TERMS = DocumentTerms(currency="EUR")


def items(*quantities: str, **said: object) -> tuple[DocumentLine, ...]:
    return tuple(
        DocumentLine(
            id=LineId(new_id()),
            description="tea",
            quantity=Quantity.of(each),
            unit_price=Decimal("9.99"),
            **said,
        )
        for each in quantities
    )


def an_order(*, goods: bool = True) -> Order:
    heading = DocumentLine(id=LineId(new_id()), kind=LineKind.HEADING, description="Teas")
    document = price_document((heading, *items("4", "6")), TERMS)
    return Order(
        id=OrderId(new_id()),
        party_id=PartyId(UUID(int=7)),
        on=TODAY,
        terms=TERMS,
        lines=tuple(
            OrderLine(priced=each, goods=goods and each.line.kind.is_priced)
            for each in document.lines
        ),
        totals=document.totals,
    )


def all_of(order: Order) -> tuple[Part, ...]:
    return tuple(
        Part(line_id=each.id, quantity=each.quantity)
        for each in order.lines
        if each.quantity > ZERO
    )


def one_of(order: Order | Quote) -> tuple[Part, ...]:
    return (Part(line_id=order.lines[1].id, quantity=Quantity.of("1")),)


def one_issued(order: Order) -> dict[LineId, Quantity]:
    return {order.lines[1].id: Quantity.of("1")}


def confirmed() -> Order:
    return an_order().confirm(
        number="O1", customer=CUSTOMER, stock_leaves_at=StockLeavesAt.SHIPMENT, now=NOON
    )


ORDERS: dict[OrderState, Callable[[], Order]] = {
    OrderState.DRAFT: an_order,
    OrderState.CONFIRMED: confirmed,
    OrderState.IN_SHIPMENT: lambda: (o := confirmed()).ship(one_of(o)),
    OrderState.SHIPPED: lambda: (o := confirmed()).ship(all_of(o)),
    OrderState.CANCELLED: lambda: confirmed().cancel("", NOON),
}
ORDER_COMMANDS: dict[str, Callable[[Order], Order]] = {
    "change": lambda o: o.change({"note": "x"}),
    "confirm": lambda o: o.confirm(
        number="O1", customer=CUSTOMER, stock_leaves_at=StockLeavesAt.SHIPMENT, now=NOON
    ),
    "cancel": lambda o: o.cancel("why", NOON),
    "ship": lambda o: o.ship(one_of(o)),
    "unship": lambda o: o.unship(one_of(o)),
    "bill": lambda o: o.bill(one_of(o)),
    "unbill": lambda o: o.bill(one_of(o)).unbill(one_of(o)),
    "issue": lambda o: o.issue(one_issued(o)),
    "unissue": lambda o: o.issue(one_issued(o)).unissue(one_issued(o)),
}
# Where each command leads; what is not here is refused by TransitionError, what is None by rule.
ORDER_STEPS: dict[tuple[OrderState, str], OrderState | None] = {
    (OrderState.DRAFT, "change"): OrderState.DRAFT,
    (OrderState.DRAFT, "confirm"): OrderState.CONFIRMED,
    (OrderState.CONFIRMED, "cancel"): OrderState.CANCELLED,
    (OrderState.CONFIRMED, "ship"): OrderState.IN_SHIPMENT,
    (OrderState.CONFIRMED, "unship"): None,
    (OrderState.CONFIRMED, "bill"): OrderState.CONFIRMED,
    (OrderState.CONFIRMED, "unbill"): OrderState.CONFIRMED,
    **{(state, step): state for state in OPEN_ORDERS for step in ("issue", "unissue")},
    (OrderState.IN_SHIPMENT, "ship"): OrderState.IN_SHIPMENT,
    (OrderState.IN_SHIPMENT, "unship"): OrderState.CONFIRMED,
    (OrderState.IN_SHIPMENT, "bill"): OrderState.IN_SHIPMENT,
    (OrderState.IN_SHIPMENT, "unbill"): OrderState.IN_SHIPMENT,
    (OrderState.SHIPPED, "ship"): None,
    (OrderState.SHIPPED, "unship"): OrderState.IN_SHIPMENT,
    (OrderState.SHIPPED, "bill"): OrderState.SHIPPED,
    (OrderState.SHIPPED, "unbill"): OrderState.SHIPPED,
}


@pytest.mark.parametrize("command", ORDER_COMMANDS)
@pytest.mark.parametrize("state", OrderState)
def test_an_order_takes_a_command_in_the_states_that_allow_it(
    state: OrderState, command: str
) -> None:
    order = ORDERS[state]()
    assert order.state is state
    step, wanted = ORDER_COMMANDS[command], ORDER_STEPS.get((state, command), "refused")
    if isinstance(wanted, OrderState):
        assert step(order).state is wanted
        return
    with pytest.raises(InvariantError if wanted is None else TransitionError):
        step(order)


def a_quote() -> Quote:
    order = an_order()
    return Quote(
        id=QuoteId(new_id()),
        party_id=order.party_id,
        on=TODAY,
        valid_until=TODAY,
        terms=TERMS,
        lines=tuple(QuoteLine(priced=each.priced) for each in order.lines),
        totals=order.totals,
    )


def sent() -> Quote:
    return a_quote().send(number="Q1", customer=CUSTOMER, now=NOON)


def accepted() -> Quote:
    return sent().accept(today=TODAY, now=NOON)


QUOTES: dict[QuoteState, Callable[[], Quote]] = {
    QuoteState.DRAFT: a_quote,
    QuoteState.SENT: sent,
    QuoteState.ACCEPTED: accepted,
    QuoteState.REFUSED: lambda: sent().refuse("", NOON),
    QuoteState.EXPIRED: lambda: sent().expire(today=date(2024, 3, 1), now=NOON),
    QuoteState.INVOICED: lambda: (q := accepted()).bill(q.left),
}
QUOTE_COMMANDS: dict[str, Callable[[Quote], Quote]] = {
    "change": lambda q: q.change({"note": "x"}),
    "send": lambda q: q.send(number="Q1", customer=CUSTOMER, now=NOON),
    "accept": lambda q: q.accept(today=TODAY, now=NOON),
    "refuse": lambda q: q.refuse("why", NOON),
    "expire": lambda q: q.expire(today=date(2024, 3, 1), now=NOON),
    "order": lambda q: q.order(one_of(q)),
    "unorder": lambda q: q.order(one_of(q)).unorder(one_of(q)),
    "bill": lambda q: q.bill(one_of(q)),
    "unbill": lambda q: q.unbill(one_of(q)),
    "bill_ordered": lambda q: q.order(one_of(q)).bill_ordered(one_of(q)),
    "unbill_ordered": lambda q: (
        q.order(one_of(q)).bill_ordered(one_of(q)).unbill_ordered(one_of(q))
    ),
}
_A = QuoteState.ACCEPTED
QUOTE_STEPS: dict[tuple[QuoteState, str], QuoteState | None] = {
    (QuoteState.DRAFT, "change"): QuoteState.DRAFT,
    (QuoteState.DRAFT, "send"): QuoteState.SENT,
    (QuoteState.SENT, "accept"): _A,
    (QuoteState.SENT, "refuse"): QuoteState.REFUSED,
    (QuoteState.SENT, "expire"): QuoteState.EXPIRED,
    (_A, "order"): _A,
    (_A, "unorder"): _A,
    (_A, "bill"): _A,
    (_A, "unbill"): None,
    (_A, "bill_ordered"): _A,
    (_A, "unbill_ordered"): _A,
    (QuoteState.INVOICED, "order"): None,
    (QuoteState.INVOICED, "unorder"): None,
    (QuoteState.INVOICED, "bill"): None,
    (QuoteState.INVOICED, "unbill"): _A,
    (QuoteState.INVOICED, "bill_ordered"): None,
    (QuoteState.INVOICED, "unbill_ordered"): None,
}


@pytest.mark.parametrize("command", QUOTE_COMMANDS)
@pytest.mark.parametrize("state", QuoteState)
def test_a_quote_takes_a_command_in_the_states_that_allow_it(
    state: QuoteState, command: str
) -> None:
    quote = QUOTES[state]()
    assert quote.state is state
    step, wanted = QUOTE_COMMANDS[command], QUOTE_STEPS.get((state, command), "refused")
    if isinstance(wanted, QuoteState):
        assert step(quote).state is wanted
        return
    with pytest.raises(InvariantError if wanted is None else TransitionError):
        step(quote)


def test_an_order_that_is_invoiced_in_part_is_not_cancelled() -> None:
    order = confirmed()
    billed = order.bill(one_of(order))
    assert billed.invoiced is Invoiced.PARTLY
    with pytest.raises(TransitionError) as refusal:
        billed.cancel("", NOON)
    assert refusal.value.code == "sales.order.is_invoiced"


def test_an_order_of_which_goods_are_gone_by_an_invoice_is_not_cancelled() -> None:
    order = confirmed()
    with pytest.raises(TransitionError) as refusal:
        order.issue(one_issued(order)).cancel("", NOON)
    assert refusal.value.code == "sales.order.is_issued"
    at_once = replace(order, stock_leaves_at=StockLeavesAt.ORDER).issue(one_issued(order))
    assert all(each.issued == ZERO for each in at_once.cancel("", NOON).lines)


@pytest.mark.parametrize("quantity", ["5", "-1"])
def test_no_more_leaves_for_a_line_than_was_ordered_and_no_less_than_nothing(
    quantity: str,
) -> None:
    order = confirmed()
    with pytest.raises(InvariantError) as refusal:
        order.issue({order.lines[1].id: Quantity.of(quantity)})
    assert refusal.value.code in {"sales.order_line.progress", "sales.parts.quantity"}
    service = replace(order, lines=tuple(replace(each, goods=False) for each in order.lines))
    with pytest.raises(InvariantError):
        service.issue(one_issued(service))


def test_who_ships_too_much_is_told_the_line_and_what_is_left() -> None:
    order = confirmed()
    parts = (*one_of(order), Part(line_id=order.lines[2].id, quantity=Quantity.of("7")))
    with pytest.raises(InvariantError) as refusal:
        order.ship(parts)
    details = refusal.value.details
    assert (refusal.value.code, refusal.value.field) == (
        "sales.order.over_shipped",
        "lines/1/quantity",
    )
    assert (details["line_id"], str(details["wanted"]), str(details["left"])) == (
        order.lines[2].id,
        "7",
        "6",
    )


def test_text_and_what_is_no_goods_is_not_shipped_and_nothing_strange_is() -> None:
    order = confirmed()
    heading = (Part(line_id=order.lines[0].id, quantity=Quantity.of("1")),)
    nothing = (Part(line_id=order.lines[1].id, quantity=ZERO),)
    for parts, code in (
        (heading, "sales.line.text"),
        (nothing, "sales.parts.quantity"),
        ((), "sales.parts.none"),
    ):
        with pytest.raises(InvariantError) as refusal:
            order.ship(parts)
        assert refusal.value.code == code
    with pytest.raises(NotFoundError):
        order.ship((Part(line_id=LineId(new_id()), quantity=Quantity.of("1")),))
    service = an_order(goods=False).confirm(
        number="O1", customer=CUSTOMER, stock_leaves_at=StockLeavesAt.SHIPMENT, now=NOON
    )
    with pytest.raises(InvariantError) as refusal:
        service.ship(one_of(service))
    assert refusal.value.code == "sales.order_line.not_goods"


def test_a_quote_is_invoiced_once_its_orders_and_its_own_invoices_say_so() -> None:
    quote = accepted()
    four, six = quote.left
    quote = quote.order((four,)).bill((six,))
    assert (quote.state, quote.left) == (QuoteState.ACCEPTED, ())
    quote = quote.bill_ordered((four,))
    assert quote.state is QuoteState.INVOICED
    with pytest.raises(InvariantError):
        quote.unorder((four,))
    assert quote.unbill_ordered((four,)).unorder((four,)).left == (four,)


def test_a_quote_is_accepted_on_its_last_day_and_not_after() -> None:
    assert sent().accept(today=TODAY, now=NOON).state is QuoteState.ACCEPTED
    with pytest.raises(TransitionError) as refusal:
        sent().accept(today=date(2024, 3, 1), now=NOON)
    assert refusal.value.code == "sales.quote.is_over"
    with pytest.raises(TransitionError):
        sent().expire(today=TODAY, now=NOON)
    assert replace(sent(), valid_until=None).accept(today=date.max, now=NOON)


quantities = st.decimals("0.001", "1000", places=3).map(Quantity)
amounts = st.decimals("0", "9", places=2)


@given(st.lists(quantities, min_size=1, max_size=4), amounts, amounts, st.data())
def test_the_parts_of_a_document_take_its_discounts_to_the_last_cent(
    wanted: list[Quantity], of_line: Decimal, of_document: Decimal, data: st.DataObject
) -> None:
    """However a document is cut, what is taken off its parts is what is taken off the whole."""
    lines = items(*(str(each) for each in wanted))
    dear = tuple(
        replace(each, unit_price=Decimal(100_000), discount=Discount(amount=of_line))
        for each in lines
    )
    terms = DocumentTerms(currency="EUR", discount=Discount(amount=of_document))
    priced = price_document(dear, terms).lines
    taken = [ZERO] * len(priced)
    off_lines, off_document = Decimal(0), Decimal(0)
    while any(part < each.line.quantity for part, each in zip(taken, priced, strict=True)):
        now = [
            data.draw(st.sampled_from([ZERO, each.line.quantity - part, _half(each, part)]))
            for part, each in zip(taken, priced, strict=True)
        ]
        if not any(each > ZERO for each in now):
            now = [each.line.quantity - part for part, each in zip(taken, priced, strict=True)]
        cut, of_part = excerpt(
            [
                Taken(priced=each, before=part, now=more)
                for each, part, more in zip(priced, taken, now, strict=True)
            ],
            terms,
        )
        assert [each.quantity for each in cut] == [each for each in now if each > ZERO]
        off_lines += sum(each.discount.amount or Decimal(0) for each in cut)
        off_document += of_part.discount.amount or Decimal(0)
        taken = [part + more for part, more in zip(taken, now, strict=True)]
    assert off_lines == of_line * len(priced)
    assert off_document == of_document


def _half(each: object, part: Quantity) -> Quantity:
    rest = each.line.quantity - part  # type: ignore[attr-defined]  # of a priced line
    return Quantity((rest.value / 2).quantize(Decimal("0.001")))


@given(st.lists(st.tuples(quantities, st.booleans()), min_size=1, max_size=5))
def test_what_is_left_to_invoice_is_never_more_than_the_whole(
    lines: list[tuple[Quantity, bool]],
) -> None:
    document = price_document(items(*(str(each) for each, _ in lines)), TERMS)
    order = replace(
        an_order(),
        lines=tuple(OrderLine(priced=each) for each in document.lines),
        totals=document.totals,
    ).confirm(number="O1", customer=CUSTOMER, stock_leaves_at=StockLeavesAt.SHIPMENT, now=NOON)
    assert order.to_invoice == order.totals.total
    parts = tuple(
        Part(line_id=line.id, quantity=line.quantity)
        for line, (_, whole) in zip(order.lines, lines, strict=True)
        if whole
    )
    billed = order.bill(parts) if parts else order
    assert Money.zero("EUR") <= billed.to_invoice <= order.totals.total
    done = billed.bill(billed.left_to_invoice) if billed.left_to_invoice else billed
    assert (done.to_invoice, done.invoiced) == (Money.zero("EUR"), Invoiced.FULLY)
