"""What goes wrong between an order and its money, and how a shopkeeper puts it right."""

from dataclasses import replace

from tests.scenarios.shopkeepers import Shopkeeper, Story, part


def test_much_goes_wrong_and_nothing_is_lost(keeper: Shopkeeper) -> None:
    it = Story()
    bob_has_credit(keeper, it)
    it_is_not_enough_for_eleven(keeper, it)
    it_is_for_ten_and_no_more(keeper, it)
    what_nobody_can_serve_is_cancelled(keeper, it)
    no_more_is_shipped_than_was_ordered(keeper, it)
    the_van_breaks_down(keeper, it)
    what_went_out_is_not_cancelled(keeper, it)
    nobody_pays_more_than_is_open(keeper, it)
    who_asks_twice_pays_once(keeper, it)
    only_what_is_open_is_given_up(keeper, it)
    it_is_billed_again(keeper, it)


def bob_has_credit(keeper: Shopkeeper, it: Story) -> None:
    """Ten pots of 48 euros with tax; Bob may owe 500."""
    it.pot = keeper.sells("POT", "40.00", keeper.has_a_tax("VAT", "20"))
    keeper.receives(it.pot, "10", "15.00")
    it.bob = keeper.creates(
        "parties", kind="person", name="Bob", roles=["customer"], credit_limit="500.00"
    )


def it_is_not_enough_for_eleven(keeper: Shopkeeper, it: Story) -> None:
    """Eleven are beyond his credit: nothing is kept for him, and the order has no number."""
    order = keeper.creates("orders", party_id=it.bob["id"], lines=[keeper.line(it.pot, "11")])
    refused = keeper.is_refused(f"orders/{order['id']}/confirm")
    assert (refused["code"], refused["limit"], refused["wanted"]) == (
        "credit_limit_exceeded",
        "500.00 EUR",
        "528.00 EUR",
    )
    assert keeper.stock(it.pot) == {"": ("10", "0")}
    assert keeper.sees(f"orders/{order['id']}")["number"] == ""


def it_is_for_ten_and_no_more(keeper: Shopkeeper, it: Story) -> None:
    """Ten are within it. One more is not, unless somebody who may says so."""
    it.ten = keeper.creates("orders", party_id=it.bob["id"], lines=[keeper.line(it.pot, "10")])
    keeper.does(it.ten, "orders", "confirm")
    assert keeper.stock(it.pot) == {"": ("10", "10")}
    assert keeper.balance(it.bob)["credit_left"] == "20.00"
    it.one = keeper.creates("orders", party_id=it.bob["id"], lines=[keeper.line(it.pot, "1")])
    assert keeper.is_refused(f"orders/{it.one['id']}/confirm")["code"] == "credit_limit_exceeded"
    boss = replace(keeper, grants="*")
    assert boss.does(it.one, "orders", "confirm")["state"] == "confirmed"
    assert keeper.balance(it.bob)["credit_left"] == "-28.00"
    assert keeper.stock(it.pot) == {"": ("10", "10")}  # there is none left to keep


def what_nobody_can_serve_is_cancelled(keeper: Shopkeeper, it: Story) -> None:
    """The order nobody can serve is cancelled; the other keeps its goods."""
    cancelled = keeper.does(it.one, "orders", "cancel", reason="sold out")
    assert (cancelled["state"], cancelled["reason"]) == ("cancelled", "sold out")
    assert keeper.stock(it.pot) == {"": ("10", "10")}
    assert keeper.balance(it.bob)["credit_left"] == "20.00"
    assert keeper.is_refused(f"orders/{it.one['id']}/confirm")["code"] == "transition"


def no_more_is_shipped_than_was_ordered(keeper: Shopkeeper, it: Story) -> None:
    """More than was ordered is not shipped, and of two parcels with all of it one goes."""
    (it.line,) = it.ten["lines"]
    it.where = keeper.warehouse["id"]
    it.twelve = keeper.creates(
        "shipments", order_id=it.ten["id"], warehouse_id=it.where, lines=[part(it.line, "10")]
    )
    changed = keeper.changes(f"shipments/{it.twelve['id']}", 422, lines=[part(it.line, "12")])
    assert (changed["code"], changed["wanted"], changed["left"]) == (
        "sales.order.over_shipped",
        "12",
        "10",
    )
    again = keeper.creates("shipments", order_id=it.ten["id"], warehouse_id=it.where)
    keeper.does(it.twelve, "shipments", "validate")
    assert keeper.stock(it.pot) == {"": ("0", "0")}
    refused = keeper.is_refused(f"shipments/{again['id']}/validate")
    assert (refused["code"], refused["left"]) == ("sales.order.over_shipped", "0")


def the_van_breaks_down(keeper: Shopkeeper, it: Story) -> None:
    """The van breaks down: the goods come back, and are Bob's as before."""
    back = keeper.does(it.twelve, "shipments", "cancel", reason="breakdown")
    assert back["state"] == "cancelled"
    assert keeper.stock(it.pot) == {"": ("10", "10")}
    assert keeper.sees(f"orders/{it.ten['id']}")["state"] == "confirmed"


def what_went_out_is_not_cancelled(keeper: Shopkeeper, it: Story) -> None:
    """Four go out and are billed. From now on the order cannot be cancelled."""
    keeper.ships(it.ten, part(it.line, "4"))
    it.four = keeper.bills(it.ten, part(it.line, "4"))
    assert it.four["open_amount"]["amount"] == "192.00"
    assert keeper.is_refused(f"orders/{it.ten['id']}/cancel")["code"] == "transition"
    assert keeper.sees(f"orders/{it.ten['id']}")["state"] == "in_shipment"


def nobody_pays_more_than_is_open(keeper: Shopkeeper, it: Story) -> None:
    """Nobody pays more than is open, and what is refused leaves nothing behind."""
    it.payment = {"party_id": it.bob["id"], "direction": "in", "method": "card"}
    over = [{"invoice_id": it.four["id"], "amount": "192.01"}]
    refused = keeper.is_refused("payments", **it.payment, amount="200.00", allocations=over)
    assert (refused["code"], refused["open_amount"]) == ("invoicing.exceeds_open", "192.00")
    assert keeper.sees(f"payments?party_id={it.bob['id']}")["items"] == []


def who_asks_twice_pays_once(keeper: Shopkeeper, it: Story) -> None:
    """The line drops and Bob's till asks again: he has paid once."""
    part_of_it = [{"invoice_id": it.four["id"], "amount": "100.00"}]
    said = {**it.payment, "amount": "100.00", "allocations": part_of_it, "key": "till-7-0001"}
    it.paid = keeper.creates("payments", **said)
    assert keeper.creates("payments", **said) == it.paid
    assert keeper.open(it.four) == ("validated", "92.00")
    assert len(keeper.sees(f"payments?party_id={it.bob['id']}")["items"]) == 1


def only_what_is_open_is_given_up(keeper: Shopkeeper, it: Story) -> None:
    """Of what is partly paid nothing is given up; once it is open again, it is."""
    it.where = f"invoices/{it.four['id']}/abandon"
    refused = keeper.is_refused(it.where, reason="a mistake")
    assert refused["code"] == "invoicing.invoice.settled"
    keeper.does(it.paid, "payments", "reverse", reason="wrong card")
    assert keeper.is_refused(it.where, reason=" ")["code"] == "invoicing.abandon.reason"
    gone = keeper.does(it.four, "invoices", "abandon", reason="a mistake", reopens_order=True)
    assert (gone["state"], gone["number"]) == ("abandoned", it.four["number"])
    assert keeper.open(it.four) == ("abandoned", "0.00")
    assert keeper.sees(f"orders/{it.ten['id']}")["invoiced"] == "none"
    assert (
        keeper.is_refused(f"payments/{it.paid['id']}/reverse")["code"]
        == "treasury.payment.reversed"
    )


def it_is_billed_again(keeper: Shopkeeper, it: Story) -> None:
    """It is billed again under the next number, paid, and the books are in order."""
    right = keeper.bills(it.ten, part(it.line, "4"))
    assert right["number"] == "INV2024-00002"
    keeper.is_paid(it.bob, "192.00", (right, "192.00"))
    assert keeper.open(right) == ("paid", "0.00")
    assert (
        keeper.balance(it.bob)["credit_used"] == keeper.balance(it.bob)["to_invoice"] == "288.00"
    )
    assert keeper.stock(it.pot) == {"": ("6", "6")}
    keeper.finds_his_books_in_order()
