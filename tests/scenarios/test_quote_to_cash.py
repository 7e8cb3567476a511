"""From the quote to the money, as a shopkeeper lives it, wherever his books are kept."""

from tests.scenarios.shopkeepers import Shopkeeper, Story, lots, part, totals


def test_all_goes_well_in_the_end(keeper: Shopkeeper) -> None:
    it = Story()
    the_shop_is_stocked(keeper, it)
    a_cafe_has_its_terms(keeper, it)
    a_quote_is_accepted(keeper, it)
    it_is_ordered_in_two_parts(keeper, it)
    the_goods_are_kept(keeper, it)
    a_deposit_is_paid(keeper, it)
    the_goods_go_out_in_parcels(keeper, it)
    each_parcel_is_billed(keeper, it)
    a_part_is_paid_and_the_rest_is_late(keeper, it)
    one_is_given_back(keeper, it)
    a_round_sum_leaves_a_surplus(keeper, it)
    the_cheque_bounces(keeper, it)
    all_is_paid(keeper, it)


def the_shop_is_stocked(keeper: Shopkeeper, it: Story) -> None:
    """The shop sells tea by the lot, pots, and lessons."""
    food, full = keeper.has_a_tax("Food", "5.5"), keeper.has_a_tax("VAT", "20")
    it.tea = keeper.sells("TEA", "10.00", food, tracking="lot")
    it.pot = keeper.sells("POT", "40.00", full)
    it.lesson = keeper.sells("LESSON", "100.00", full, kind="service", stock_managed=False)
    keeper.receives(it.tea, "8", "3.50", lot="autumn", expires_on="2024-12-31")
    keeper.receives(it.tea, "8", "3.00", lot="spring", expires_on="2024-06-30")
    keeper.receives(it.pot, "5", "15.00")


def a_cafe_has_its_terms(keeper: Shopkeeper, it: Story) -> None:
    """Ada's café pays after 30 days, gets a tenth off, and tea for nine euros from ten on."""
    month = keeper.creates(
        "payment-terms", name="30 days", instalments=[{"percent": "100", "days": 30}]
    )
    it.ada = keeper.creates(
        "parties",
        kind="company",
        name="Ada's Café",
        roles=["prospect"],
        payment_term_id=month["id"],
        discount_percent="10",
    )
    keeper.creates(
        "price-lists",
        name="Cafés",
        currency="EUR",
        party_id=it.ada["id"],
        entries=[{"product_id": it.tea["id"], "price": "9.00", "minimum_quantity": "10"}],
    )


def a_quote_is_accepted(keeper: Shopkeeper, it: Story) -> None:
    """A quote: 12 teas, 5 pots and a lesson. Ada says yes."""
    wanted = [keeper.line(it.tea, "12"), keeper.line(it.pot, "5"), keeper.line(it.lesson, "1")]
    it.quote = keeper.creates(
        "quotes", party_id=it.ada["id"], lines=wanted, valid_until="2024-03-31"
    )
    assert [each["unit_price"]["amount"] for each in it.quote["lines"]] == ["9", "40", "100"]
    assert totals(it.quote) == ("367.20", "59.35", "426.55")
    assert (it.quote["state"], it.quote["number"]) == ("draft", "")
    sent = keeper.does(it.quote, "quotes", "send", 202)
    assert (sent["state"], sent["number"], sent["customer"]["name"]) == (
        "sent",
        "QUO2024-00001",
        "Ada's Café",
    )
    assert keeper.does(it.quote, "quotes", "accept")["state"] == "accepted"


def it_is_ordered_in_two_parts(keeper: Shopkeeper, it: Story) -> None:
    """She orders most of it now, and what is left of it later."""
    it.teas, it.pots, _ = it.quote["lines"]
    now = [
        {"quote_line_id": it.teas["id"], "quantity": "10"},
        {"quote_line_id": it.pots["id"], "quantity": "3"},
    ]
    it.first = keeper.does(it.quote, "quotes", "order", 201, lines=now)
    it.rest = keeper.does(it.quote, "quotes", "order", 201)
    assert [each["quantity"] for each in it.rest["lines"]] == ["2", "2", "1"]
    assert totals(it.first) == ("189.00", "26.06", "215.06")
    assert totals(it.rest) == ("178.20", "33.29", "211.49")  # the two parts are the whole
    assert keeper.stock(it.tea) == {"spring": ("8", "0"), "autumn": ("8", "0")}
    assert (
        keeper.is_refused(f"quotes/{it.quote['id']}/order")["code"] == "sales.quote.nothing_left"
    )


def the_goods_are_kept(keeper: Shopkeeper, it: Story) -> None:
    """Confirmed, the goods are kept for her, first what expires first; and she is a customer."""
    confirmed = keeper.does(it.first, "orders", "confirm")
    keeper.does(it.rest, "orders", "confirm")
    assert (confirmed["state"], confirmed["number"]) == ("confirmed", "ORD2024-00001")
    assert keeper.stock(it.tea) == {"spring": ("8", "8"), "autumn": ("8", "4")}
    assert keeper.stock(it.pot) == {"": ("5", "5")}
    assert keeper.sees(f"parties/{it.ada['id']}")["roles"] == ["customer"]
    assert keeper.balance(it.ada)["to_invoice"] == "426.55"


def a_deposit_is_paid(keeper: Shopkeeper, it: Story) -> None:
    """A deposit of 30 percent is asked for and paid."""
    it.deposit = keeper.creates(
        "invoices", type="deposit", order_id=it.first["id"], deposit_percent="30"
    )
    it.deposit = keeper.does(it.deposit, "invoices", "validate")
    assert (it.deposit["number"], it.deposit["total"]["amount"]) == ("DEP2024-00001", "64.52")
    keeper.is_paid(it.ada, "64.52", (it.deposit, "64.52"))
    assert keeper.open(it.deposit) == ("paid", "0.00")


def the_goods_go_out_in_parcels(keeper: Shopkeeper, it: Story) -> None:
    """The goods go out in two parcels; the second empties one lot and begins the next."""
    it.teas, it.pots = it.first["lines"]
    parcel = keeper.ships(it.first, part(it.teas, "6"), part(it.pots, "3"))
    assert (parcel["state"], parcel["number"]) == ("validated", "SHP2024-00001")
    assert keeper.sees(f"orders/{it.first['id']}")["state"] == "in_shipment"
    assert keeper.stock(it.tea) == {"spring": ("2", "2"), "autumn": ("8", "4")}
    second = keeper.ships(it.first)
    assert lots(second) == [("spring", "2"), ("autumn", "2")]
    assert keeper.stock(it.tea) == {"spring": ("0", "0"), "autumn": ("6", "2")}
    assert keeper.does(second, "shipments", "deliver")["state"] == "delivered"
    order = keeper.sees(f"orders/{it.first['id']}")
    assert (order["state"], order["invoiced"], len(order["shipments"])) == ("shipped", "none", 2)
    keeper.ships(it.rest)
    assert keeper.stock(it.pot) == {"": ("0", "0")}


def each_parcel_is_billed(keeper: Shopkeeper, it: Story) -> None:
    """Each parcel has its invoice; the first takes the deposit off."""
    it.one = keeper.creates(
        "invoices", order_id=it.first["id"], lines=[part(it.teas, "6"), part(it.pots, "3")]
    )
    assert it.one["deposit_ids"] == [it.deposit["id"]]
    it.one = keeper.does(it.one, "invoices", "validate")
    assert (it.one["number"], it.one["due_dates"][0]["due_on"]) == ("INV2024-00001", "2024-03-30")
    assert (totals(it.one), it.one["open_amount"]["amount"]) == (
        ("156.60", "24.27", "180.87"),
        "116.35",
    )
    assert keeper.sees(f"orders/{it.first['id']}")["invoiced"] == "partly"
    it.two = keeper.bills(it.first)
    assert (totals(it.two), keeper.open(it.two)) == (
        ("32.40", "1.78", "34.18"),
        ("validated", "34.18"),
    )
    assert keeper.sees(f"orders/{it.first['id']}")["invoiced"] == "fully"
    it.three = keeper.bills(it.rest)
    assert totals(it.three) == ("178.20", "33.29", "211.49")
    assert keeper.sees(f"quotes/{it.quote['id']}")["state"] == "invoiced"
    assert keeper.balance(it.ada)["to_invoice"] == "0.00"


def a_part_is_paid_and_the_rest_is_late(keeper: Shopkeeper, it: Story) -> None:
    """She pays a part, and forgets the rest."""
    keeper.is_paid(it.ada, "50.00", (it.one, "50.00"))
    assert keeper.open(it.one) == ("validated", "66.35")
    keeper.waits(days=30)
    assert keeper.overdue(it.ada) == []
    keeper.waits(days=1)
    assert keeper.overdue(it.ada) == ["INV2024-00001", "INV2024-00002", "INV2024-00003"]
    assert keeper.balance(it.ada)["overdue"] == keeper.balance(it.ada)["open_amount"] == "312.02"
    assert keeper.aged(it.ada) == {
        "days_1_30": "312.02",
        "open_amount": "312.02",
        "balance": "312.02",
    }


def one_is_given_back(keeper: Shopkeeper, it: Story) -> None:
    """One of the pots was broken: it is given back on paper."""
    broken = {"invoice_line_id": it.one["lines"][1]["id"], "quantity": "1"}
    note = keeper.does(it.one, "invoices", "credit-notes", 201, lines=[broken], reason="broken")
    note = keeper.does(note, "invoices", "validate")
    assert (note["number"], totals(note)) == ("CRN2024-00001", ("36.00", "7.20", "43.20"))
    assert keeper.open(it.one) == ("validated", "23.15")
    assert keeper.open(note) == ("paid", "0.00")


def a_round_sum_leaves_a_surplus(keeper: Shopkeeper, it: Story) -> None:
    """She sends a round sum: two invoices are paid, and the surplus is hers."""
    it.round_sum = keeper.is_paid(it.ada, "100.00", (it.one, "23.15"), (it.two, "34.18"))
    assert it.round_sum["unallocated"]["amount"] == "42.67"
    assert keeper.open(it.one) == keeper.open(it.two) == ("paid", "0.00")
    told = keeper.balance(it.ada)
    assert (told["open_amount"], told["credit"], told["balance"]) == ("211.49", "42.67", "168.82")
    used = keeper.does(it.round_sum, "payments", "allocate", allocate="oldest")
    assert used["unallocated"]["amount"] == "0.00"
    assert keeper.open(it.three) == ("validated", "168.82")


def the_cheque_bounces(keeper: Shopkeeper, it: Story) -> None:
    """The cheque bounces: everything it paid is open again."""
    bounced = keeper.does(it.round_sum, "payments", "reverse", reason="no cover")
    assert (bounced["state"], bounced["allocations"]) == ("reversed", [])
    assert [keeper.open(each)[1] for each in (it.one, it.two, it.three)] == [
        "23.15",
        "34.18",
        "211.49",
    ]
    assert keeper.overdue(it.ada) == ["INV2024-00001", "INV2024-00002", "INV2024-00003"]


def all_is_paid(keeper: Shopkeeper, it: Story) -> None:
    """She pays all of it, and nothing is open any more."""
    last = keeper.creates(
        "payments",
        party_id=it.ada["id"],
        direction="in",
        amount="268.82",
        method="cash",
        allocate="oldest",
    )
    assert last["unallocated"]["amount"] == "0.00"
    assert {keeper.open(each) for each in (it.one, it.two, it.three)} == {("paid", "0.00")}
    assert keeper.overdue(it.ada) == []
    told = keeper.balance(it.ada)
    assert {told[name] for name in ("open_amount", "overdue", "credit", "balance")} == {"0.00"}
    assert keeper.aged(it.ada) == {}
    assert keeper.stock(it.tea) == {"spring": ("0", "0"), "autumn": ("4", "0")}
    keeper.finds_his_books_in_order()
