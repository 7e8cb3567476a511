"""Quotes, orders and delivery notes on paper: what stands on them, and that it stays."""

from dataclasses import replace
from decimal import Decimal

import pytest

from erp_core.catalog.entities import Discount, LineKind, LineRequest, PricedLine, TaxComponent
from erp_core.documents.entities import (
    Paper,
    PaperRequest,
    PrintedDocument,
    RowKind,
    Wording,
)
from erp_core.documents.use_cases import SetLogoCommand
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import NotFoundError, PermissionDeniedError, UnavailableError
from erp_core.kernel.money import Money, Rate
from erp_core.kernel.quantity import Quantity
from erp_core.sales.entities import Order, ShipmentId, line_table, totals_of
from erp_core.sales.use_cases import (
    AddShipmentCommand,
    SendQuoteCommand,
    ShipmentCommand,
    SoldLine,
)
from erp_core.testing import at_once, context, expect
from erp_core.testing.documents import PNG
from erp_memory.documents import MemoryFiles, PlainPaper
from tests.sales.shops import SELLER, Shop, a_shop

CLERK = context("documents.*", "sales.*")


class Office:
    """A shop whose papers can be looked at before they are set."""

    def __init__(self) -> None:
        self.renderer = PlainPaper()
        self.files = MemoryFiles()
        self.shop: Shop = a_shop(renderer=self.renderer, files=self.files)

    def order(self, *lines: SoldLine) -> Order:
        some = lines or (self.shop.line(None, 3, description="tea", unit_price=Decimal(10)),)
        return self.shop.order(*some, reference="PO-1", note="Handle with care")

    def print(self, order: Order, ctx: Context = SELLER, **said: object):
        return self.shop.erp.sales.print_order(ctx, PaperRequest(id=order.id, **said))

    @property
    def document(self) -> PrintedDocument:
        """What was set last."""
        return self.renderer.rendered[-1]


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_confirmed_order_is_made_once_and_then_the_same_ever_after(office: Office) -> None:
    order = office.shop.confirm(office.order())
    first = office.print(order)
    office.shop.has_party(name="Renamed Ltd")
    office.shop.erp.documents.set_logo(CLERK, SetLogoCommand(version=None, image=PNG))
    assert office.print(order) == replace(first, document=None, logo="")
    assert len(office.renderer.rendered) == 1


def test_a_draft_is_made_each_time_and_marked(office: Office) -> None:
    order = office.order()
    first, second = office.print(order), office.print(order)
    assert len(office.renderer.rendered) == 2
    assert office.document.watermark == "DRAFT"
    assert first.place.key is None
    assert not office.files.exists(SELLER, second.digest)


def test_a_cancelled_order_is_another_edition(office: Office) -> None:
    order = office.shop.confirm(office.order())
    before = office.print(order)
    office.shop.cancel(order)
    after = office.print(order)
    assert office.document.watermark == "CANCELLED"
    assert before.digest != after.digest


def test_each_language_and_each_paper_has_a_file_of_its_own(office: Office) -> None:
    order = office.shop.confirm(office.order())
    made = {
        office.print(order, locale=locale, paper=paper).digest
        for locale in ("en", "pt-BR", "es", "fr")
        for paper in Paper
    }
    assert len(made) == 8


def test_the_reader_is_written_to_in_his_own_language(office: Office) -> None:
    office.shop.has_party(language="pt-PT")
    order = office.order()
    office.print(order)
    assert (office.document.language, office.document.title) == ("pt-BR", "Confirmação de pedido")
    office.print(order, locale="fr")
    assert office.document.title == "Confirmation de commande"
    office.shop.has_party(language="ja")
    office.print(order)
    assert office.document.language == "en"  # the company's


def test_of_two_who_print_at_once_one_file_is_kept(office: Office) -> None:
    order = office.shop.confirm(office.order())
    made = at_once(*[lambda: office.print(order)] * 4)
    assert len({each.digest for each in made}) == 1
    assert len({each.content for each in made}) == 1


def test_a_kept_file_that_is_lost_is_said_and_not_made_anew(office: Office) -> None:
    order = office.shop.confirm(office.order())
    office.print(order)
    use = office.shop.erp.sales.print_order
    lost = replace(use, press=replace(use.press, files=MemoryFiles()))
    with expect(UnavailableError, "files.missing"):
        lost(SELLER, PaperRequest(id=order.id))


def test_nobody_prints_what_he_may_not_read(office: Office) -> None:
    order = office.order()
    with expect(PermissionDeniedError):
        office.print(order, context("sales.quote.read"))
    with expect(NotFoundError):
        office.print(replace(order, id=office.shop.buyer.id))
    assert office.renderer.rendered == []


def test_an_order_says_all_that_its_reader_needs(office: Office) -> None:
    office.shop.erp.documents.set_logo(CLERK, SetLogoCommand(version=None, image=PNG))
    quote = office.shop.accepted(
        office.shop.line(None, 3, description="tea", unit_price=Decimal(10))
    )
    order = office.shop.order(
        office.shop.line(None, 2, description="tea", unit_price=Decimal("12.5")),
        reference="PO-1",
        note="Handle with care",
        discount=Discount(percent=Rate(Decimal(5))),
    )
    with office.shop.store(SELLER) as uow:
        uow.orders.save(SELLER, replace(uow.orders.get(SELLER, order.id), quote_id=quote.id))
    office.print(order)
    said = office.document
    facts = {each.label: each.text for each in said.facts}
    assert facts["Your reference"] == "PO-1"
    assert facts["Quote"] == quote.number
    assert facts["Discount"] == "5%"
    assert [each.label for each in said.receivers] == ["Bill to", "Ship to"]
    assert [each.text for each in said.notes] == ["Handle with care"]
    assert said.totals[-1].amount == "€23.75"
    assert said.style.logo == PNG
    assert said.page == "Page {page} of {pages}"


def test_a_quote_says_until_when_it_holds_and_is_signed(office: Office) -> None:
    quote = office.shop.quote(office.shop.line(None, 3, description="tea", unit_price=Decimal(10)))
    office.shop.erp.sales.print_quote(SELLER, PaperRequest(id=quote.id))
    assert office.document.watermark == "DRAFT"
    sent = office.shop.erp.sales.send_quote(SELLER, SendQuoteCommand(id=quote.id))
    printed = office.shop.erp.sales.print_quote(SELLER, PaperRequest(id=quote.id))
    assert (printed.place.name, office.document.watermark) == (sent.number, "")
    assert office.document.signatures == ("Accepted: place, date, signature",)


def test_a_delivery_note_names_lots_and_no_prices(office: Office) -> None:
    shop = office.shop
    clerk = context("sales.*", "inventory.*", "parties.*", "identity.*")
    product = shop.product(on_hand=5)
    order = shop.confirm(shop.order(shop.line(product, 2)))
    command = AddShipmentCommand(
        id=ShipmentId(new_id()), order_id=order.id, warehouse_id=shop.where
    )
    shipment = shop.erp.sales.add_shipment(clerk, command)
    printing = shop.erp.sales.print_shipment
    printing(clerk, PaperRequest(id=shipment.id))
    assert office.document.watermark == "DRAFT"
    validated = shop.erp.sales.validate_shipment(clerk, ShipmentCommand(id=shipment.id))
    printing(clerk, PaperRequest(id=shipment.id))
    said = office.document
    assert (said.number, said.totals, said.tables) == (validated.number, (), ())
    assert {each.label: each.text for each in said.facts}["Order"] == order.number
    (row,) = said.lines.rows
    assert row.cells[1].startswith("2")


def lines_of(shop: Shop, *requests: LineRequest) -> tuple[PricedLine, ...]:
    order = shop.order(*(SoldLine(request=each) for each in requests))
    return order.document.lines


def advice(**said: object) -> LineRequest:
    return LineRequest(
        description="advice",
        quantity=Quantity.of("1"),
        **{"unit_price": Decimal(100), **said},
    )


VAT = (TaxComponent(name="VAT", rate=Rate(Decimal(20))),)


def test_columns_that_would_be_empty_are_left_out(office: Office) -> None:
    plain = line_table(lines_of(office.shop, advice()), Wording("en"))
    assert [each.heading for each in plain.columns] == [
        "Description",
        "Quantity",
        "Unit price",
        "Amount",
    ]
    full = line_table(
        lines_of(
            office.shop,
            advice(components=VAT, discount=Discount(percent=Rate(Decimal(10)))),
            advice(discount=Discount(amount=Decimal(7))),
        ),
        Wording("en"),
    )
    assert [each.heading for each in full.columns][3:] == ["Discount", "Tax", "Amount"]
    assert [row.cells[3:] for row in full.rows] == [
        ("10%", "20%", "90.00"),
        ("7.00", "", "93.00"),
    ]


def test_amounts_contain_their_taxes_where_every_price_does(office: Office) -> None:
    def gross() -> LineRequest:
        return advice(components=VAT, price_includes_tax=True)

    whole = line_table(lines_of(office.shop, gross()), Wording("en"))
    assert whole.columns[-1].heading == "Amount incl. tax"
    assert whole.rows[0].cells[2:] == ("100.00", "20%", "100.00")
    mixed = line_table(lines_of(office.shop, gross(), advice(components=VAT)), Wording("en"))
    assert mixed.columns[-1].heading == "Amount"
    assert [row.cells[2] for row in mixed.rows] == ["100.00 incl.", "100.00"]
    assert [row.cells[-1] for row in mixed.rows] == ["83.33", "100.00"]


def test_headings_notes_and_subtotals_stand_where_they_were_put(office: Office) -> None:
    found = line_table(
        lines_of(
            office.shop,
            LineRequest(kind=LineKind.HEADING, description="Part one"),
            advice(),
            LineRequest(kind=LineKind.NOTE, description="by the hour"),
            LineRequest(kind=LineKind.SUBTOTAL),
        ),
        Wording("es"),
    )
    assert [row.kind for row in found.rows] == [
        RowKind.HEADING,
        RowKind.ITEM,
        RowKind.NOTE,
        RowKind.SUBTOTAL,
    ]
    assert found.rows[-1].cells == ("Subtotal", "100,00")


def test_what_is_withheld_rounded_and_deducted_is_told_before_what_is_to_be_paid(
    office: Office,
) -> None:
    kept = (*VAT, TaxComponent(name="ISS", rate=Rate(Decimal(5)), withheld=True))
    order = office.shop.order(SoldLine(request=advice(components=kept)))
    deposit = Money(Decimal(15), "EUR")
    found = totals_of(order.totals, Wording("en"), [("Deposit D1", deposit)])
    assert [(each.label, each.amount, each.strong) for each in found] == [
        ("Net total", "€100.00", False),
        ("Tax", "€20.00", False),
        ("Total", "€120.00", False),
        ("Tax withheld", "-€5.00", False),
        ("Deposit D1", "-€15.00", False),
        ("To pay", "€100.00", True),
    ]
