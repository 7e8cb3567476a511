"""Writing quotes and orders, and making orders of quotes."""

from datetime import date
from decimal import Decimal

import pytest

from erp_core.catalog.entities import Discount, LineKind, LineRequest
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    InvariantError,
    NotFoundError,
    PreconditionFailedError,
    TransitionError,
)
from erp_core.kernel.money import Rate, UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.parties.entities import PartyRole
from erp_core.parties.use_cases import MergePartiesCommand
from erp_core.sales.entities import Order, OrderId, Part, Quote, QuoteState
from erp_core.sales.ports import OrderQuery, QuoteQuery
from erp_core.sales.use_cases import (
    ChangeOrderCommand,
    ChangeQuoteCommand,
    DraftChanges,
    ExpireQuotesCommand,
    OrderCommand,
    OrderQuoteCommand,
    QuoteCommand,
    RefuseQuoteCommand,
    SendQuoteCommand,
    SoldLine,
)
from erp_core.testing import MovableClock
from erp_core.testing.parties import another_party
from tests.failing import FailingStore, fails_everywhere
from tests.sales.shops import SELLER, Shop, a_shop, of

DAY_SECONDS = 24 * 60 * 60


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def change(shop: Shop, order: Order, **changes: object) -> Order:
    said: DraftChanges = changes  # type: ignore[assignment]  # by name
    command = ChangeOrderCommand(id=order.id, version=order.version, changes=said)
    return shop.erp.sales.change_order(SELLER, command)


def ordered(shop: Shop, quote: Quote, *parts: tuple[int, object]) -> Order:
    """Order so much of each line of a quote, or all that is left."""
    wanted = tuple(
        Part(line_id=quote.lines[place].id, quantity=of(quantity)) for place, quantity in parts
    )
    command = OrderQuoteCommand(id=quote.id, order_id=OrderId(new_id()), parts=wanted or None)
    return shop.erp.sales.order_quote(SELLER, command)


def left(shop: Shop, quote: Quote) -> list[str]:
    return [str(line.left) for line in shop.erp.sales.get_quote(SELLER, quote.id).lines]


def test_what_a_line_leaves_out_the_catalogue_says(shop: Shop) -> None:
    tea = shop.product(on_hand=5, cost_price=UnitPrice(Decimal(9), "EUR"))
    order = shop.order(shop.line(tea, 3), shop.line(shop.service(), 1))
    line = order.lines[0]

    assert (line.line.description, line.line.unit_price) == (tea.name, Decimal(10))
    assert line.line.unit_cost == UnitPrice(Decimal("2.5"), "EUR")
    assert [each.goods for each in order.lines] == [True, False]
    assert order.on == date(2024, 2, 29)
    assert str(order.totals.total) == "40.00 EUR"


def test_the_customers_discount_and_currency_hold_where_nothing_is_said(shop: Shop) -> None:
    shop.has_party(discount_percent=Rate(Decimal(10)))
    tea = shop.product()
    assert str(shop.order(shop.line(tea)).totals.total) == "9.00 EUR"
    whole = shop.order(shop.line(tea), discount=Discount())
    assert str(whole.totals.total) == "10.00 EUR"
    with pytest.raises(NotFoundError):  # nobody has set a price in yen
        shop.order(shop.line(tea), currency="JPY")


def test_nothing_is_sold_to_a_mere_supplier(shop: Shop) -> None:
    shop.has_party(roles=(PartyRole.SUPPLIER,), supplier_code="S1")
    with pytest.raises(InvariantError) as refusal:
        shop.order()
    assert (refusal.value.code, refusal.value.field) == ("sales.party.no_customer", "party_id")


def test_a_service_lies_in_no_warehouse(shop: Shop) -> None:
    line = SoldLine(request=shop.line(shop.service()).request, warehouse_id=shop.where)
    with pytest.raises(InvariantError) as refusal:
        shop.order(line)
    assert refusal.value.field == "lines/0/warehouse_id"


def test_a_draft_is_changed_in_part(shop: Shop) -> None:
    tea = shop.product()
    order = shop.order(shop.line(tea, 3), reference="7")
    changed = change(shop, order, discount=Discount(percent=Rate(Decimal(50))))
    assert (str(changed.totals.total), changed.reference) == ("15.00 EUR", "7")
    assert changed.lines[0].id == order.lines[0].id
    lined = change(shop, changed, lines=(shop.line(tea, 1), shop.line(tea, 1)))
    assert (len(lined.lines), str(lined.totals.total)) == (2, "10.00 EUR")
    noted = change(shop, lined, note="x", until=date(2024, 3, 1), payment_term_id=None)
    assert (noted.note, noted.deliver_on) == ("x", date(2024, 3, 1))
    with pytest.raises(PreconditionFailedError):
        change(shop, order, note="y")
    with pytest.raises(InvariantError) as refusal:
        change(shop, noted, currency="BRL")
    assert refusal.value.code == "sales.document.currency"


def test_a_headings_place_is_kept(shop: Shop) -> None:
    heading = SoldLine(request=LineRequest(kind=LineKind.HEADING, description="Teas"))
    subtotal = SoldLine(request=LineRequest(kind=LineKind.SUBTOTAL))
    order = shop.order(heading, shop.line(shop.product(), 2), subtotal)
    noted = change(shop, order, note="x")

    assert noted.lines == order.lines
    assert str(order.lines[2].priced.total) == "20.00 EUR"


def test_a_draft_is_deleted_and_what_is_settled_is_not(shop: Shop) -> None:
    order = shop.order(shop.line(shop.product()))
    shop.erp.sales.delete_order(SELLER, OrderCommand(id=order.id))
    with pytest.raises(NotFoundError):
        shop.find(order)
    settled = shop.confirm(shop.order(shop.line(shop.product())))
    for refused in (
        lambda: shop.erp.sales.delete_order(SELLER, OrderCommand(id=settled.id)),
        lambda: change(shop, settled, note="x"),
    ):
        with pytest.raises(TransitionError) as refusal:
            refused()
        assert refusal.value.code == "sales.order.not_draft"


def test_a_quote_is_written_changed_and_deleted(shop: Shop) -> None:
    quote = shop.quote(shop.line(shop.product(), 2), valid_until=date(2024, 3, 9))
    changes: DraftChanges = {"until": None, "reference": "7", "on": date(2024, 2, 1)}
    command = ChangeQuoteCommand(id=quote.id, version=1, changes=changes)
    changed = shop.erp.sales.change_quote(SELLER, command)
    assert (changed.valid_until, changed.reference, changed.on) == (None, "7", date(2024, 2, 1))
    deleted = shop.erp.sales.delete_quote(SELLER, QuoteCommand(id=quote.id))
    assert deleted == changed
    with pytest.raises(NotFoundError):
        shop.erp.sales.get_quote(SELLER, quote.id)


def test_a_quote_is_numbered_when_it_is_sent(shop: Shop) -> None:
    quote = shop.quote(shop.line(shop.product(), 2))
    sent = shop.erp.sales.send_quote(SELLER, SendQuoteCommand(id=quote.id))
    assert (sent.number, sent.state) == ("QUO2024-00001", QuoteState.SENT)
    refused = shop.erp.sales.refuse_quote(SELLER, RefuseQuoteCommand(id=quote.id, reason="dear"))
    assert (refused.state, refused.reason) == (QuoteState.REFUSED, "dear")
    with pytest.raises(TransitionError):
        shop.erp.sales.accept_quote(SELLER, QuoteCommand(id=quote.id))
    with pytest.raises(InvariantError):
        shop.erp.sales.send_quote(SELLER, SendQuoteCommand(id=shop.quote().id))


def test_an_order_of_a_quote_keeps_its_prices_texts_and_links(shop: Shop) -> None:
    heading = SoldLine(request=LineRequest(kind=LineKind.HEADING, description="Teas"))
    tea = shop.product(9)
    quote = shop.accepted(heading, shop.line(tea, 3, unit_price=Decimal(7)))
    order = ordered(shop, quote)

    assert (order.quote_id, len(order.lines)) == (quote.id, 2)
    assert order.lines[1].quote_line_id == quote.lines[1].id
    assert order.lines[1].id != quote.lines[1].id
    assert order.totals == quote.totals
    assert left(shop, quote) == ["0", "0"]
    assert shop.stock(tea) == ("9", "0")
    shop.confirm(order)
    assert shop.stock(tea) == ("9", "3")


def test_a_quote_is_ordered_in_parts_and_never_beyond(shop: Shop) -> None:
    quote = shop.accepted(shop.line(shop.product(), 5), shop.line(shop.product(), 5))
    first = ordered(shop, quote, (0, 2))
    assert (len(first.lines), left(shop, quote)) == (1, ["3", "5"])
    with pytest.raises(InvariantError) as refusal:
        ordered(shop, quote, (1, 1), (0, 4))
    assert (refusal.value.code, refusal.value.field) == (
        "sales.quote.over_ordered",
        "lines/1/quantity",
    )
    assert str(ordered(shop, quote).totals.total) == "80.00 EUR"
    with pytest.raises(InvariantError) as refusal:
        ordered(shop, quote)
    assert refusal.value.code == "sales.quote.nothing_left"


def test_what_is_not_accepted_is_not_ordered(shop: Shop) -> None:
    quote = shop.quote(shop.line(shop.product()))
    with pytest.raises(TransitionError) as refusal:
        ordered(shop, quote)
    assert refusal.value.code == "sales.quote.not_accepted"


def test_a_deleted_cancelled_or_smaller_order_gives_its_quote_back(shop: Shop) -> None:
    tea = shop.product()
    quote = shop.accepted(shop.line(tea, 5))
    deleted = ordered(shop, quote)
    shop.erp.sales.delete_order(SELLER, OrderCommand(id=deleted.id))
    assert left(shop, quote) == ["5"]
    cancelled = shop.confirm(ordered(shop, quote))
    shop.cancel(cancelled)
    assert left(shop, quote) == ["5"]
    smaller = ordered(shop, quote)
    line = shop.line(tea, 2, id=smaller.lines[0].id)
    smaller = change(shop, smaller, lines=(line,))
    assert (left(shop, quote), smaller.lines[0].quote_line_id) == (["3"], quote.lines[0].id)
    again = change(shop, smaller, lines=(shop.line(tea, 4, id=line.request.id),))
    assert left(shop, quote) == ["1"]
    with pytest.raises(InvariantError):
        change(shop, again, lines=(shop.line(tea, 6, id=line.request.id),))
    change(shop, again, lines=(shop.line(tea, 9),))  # a line of its own
    assert left(shop, quote) == ["5"]


def test_an_order_of_a_quote_stays_its_customers(shop: Shop) -> None:
    order = ordered(shop, shop.accepted(shop.line(shop.product())))
    with shop.store(SELLER) as uow:
        other = uow.parties.add(SELLER, another_party("Bob"))
    with pytest.raises(InvariantError) as refusal:
        change(shop, order, party_id=other.id)
    assert (refusal.value.code, refusal.value.field) == ("sales.order.of_quote", "party_id")


def test_a_customer_orders_at_the_prices_of_his_level(shop: Shop) -> None:
    tea = shop.product()
    shop.level(2, tea, 8, since=10)
    shop.level(3, tea, 1)
    shop.has_party(price_level=2)
    order, quote = shop.order(shop.line(tea, 10)), shop.quote(shop.line(tea, 10))
    few = shop.order(shop.line(tea, 9))
    assert [str(each.totals.net) for each in (order, quote)] == ["80.00 EUR"] * 2
    assert str(few.totals.net) == "90.00 EUR"
    more = change(shop, few, lines=(shop.line(tea, 20),))
    assert str(more.totals.net) == "160.00 EUR"


def test_an_order_of_a_quote_is_made_once(shop: Shop) -> None:
    quote = shop.accepted(shop.line(shop.product(), 5))
    order = ordered(shop, quote, (0, 1))
    command = OrderQuoteCommand(id=quote.id, order_id=order.id)
    with pytest.raises(AlreadyExistsError):
        shop.erp.sales.order_quote(SELLER, command)
    assert left(shop, quote) == ["4"]


def test_quotes_expire_the_oldest_first_and_only_those_that_wait() -> None:
    clock = MovableClock()
    shop = a_shop(clock=clock)
    tea = shop.product()

    def waiting(until: date | None) -> Quote:
        return shop.quote(shop.line(tea), valid_until=until)

    quotes = [waiting(date(2024, 3, day)) for day in (3, 1, 2)]
    ever, draft = waiting(None), waiting(date(2024, 3, 1))
    for quote in (*quotes, ever):
        shop.erp.sales.send_quote(SELLER, SendQuoteCommand(id=quote.id))
    clock.move(2 * DAY_SECONDS)  # it is the second of March
    first = shop.erp.sales.expire_quotes(SELLER, ExpireQuotesCommand())
    assert [each.id for each in first.quotes] == [quotes[1].id]
    clock.move(9 * DAY_SECONDS)
    second = shop.erp.sales.expire_quotes(SELLER, ExpireQuotesCommand(most=1))
    third = shop.erp.sales.expire_quotes(SELLER, ExpireQuotesCommand())
    assert [each.id for each in (*second.quotes, *third.quotes)] == [quotes[2].id, quotes[0].id]
    assert shop.erp.sales.expire_quotes(SELLER, ExpireQuotesCommand()).quotes == ()
    states = [shop.erp.sales.get_quote(SELLER, each.id).state for each in (ever, draft)]
    assert states == [QuoteState.SENT, QuoteState.DRAFT]
    with pytest.raises(InvariantError):
        ExpireQuotesCommand(most=101)


def test_when_two_parties_become_one_so_do_their_documents(shop: Shop) -> None:
    tea = shop.product()
    shop.quote(shop.line(tea))
    order = shop.order(shop.line(tea))
    absorbed = shop.buyer
    with shop.store(SELLER) as uow:
        survivor = uow.parties.add(SELLER, another_party("Ada & Bob"))
    command = MergePartiesCommand(id=survivor.id, version=None, from_id=absorbed.id)
    shop.erp.parties.merge_parties(SELLER, command)

    page = PageRequest()
    orders = shop.erp.sales.list_orders(SELLER, OrderQuery(page=page, party_id=survivor.id))
    quotes = shop.erp.sales.list_quotes(SELLER, QuoteQuery(page=page, party_id=survivor.id))
    assert (len(orders.items), len(quotes.items)) == (1, 1)
    assert shop.confirm(order).customer.name == "Ada & Bob"


@pytest.mark.parametrize("many", [1, 3])
def test_a_failure_anywhere_leaves_nothing_of_an_order_made_of_a_quote(many: int) -> None:
    def prepare(store: FailingStore):
        shop = a_shop(store)
        quote = shop.accepted(*(shop.line(shop.product()) for _ in range(many)))
        return lambda: ordered(shop, quote)

    assert fails_everywhere(prepare) == 6
