"""The account of a party on paper."""

from datetime import date, timedelta

import pytest

from erp_core.documents.entities import Printed, PrintedDocument, RowKind
from erp_core.kernel.errors import InvariantError, NotFoundError
from erp_core.parties.entities import PartyId
from erp_core.testing import context, expect
from erp_core.testing.treasury import a_payment
from erp_core.treasury.entities import EntryKind, Statement, StatementEntry
from erp_core.treasury.use_cases import StatementRequest
from erp_memory.documents import PlainPaper
from tests.invoicing.offices import CLERK, Office, eur
from tests.sales.shops import a_shop

READER = context("treasury.balance.read")
TODAY = date(2024, 2, 29)


class CountingHouse(Office):
    def __init__(self) -> None:
        self.renderer = PlainPaper()
        super().__init__(a_shop(renderer=self.renderer))

    def print(self, **said: object) -> Printed:
        request = StatementRequest(**{"party_id": self.shop.buyer.id, **said})
        return self.shop.erp.treasury.print_statement(READER, request)

    def printed(self, **said: object) -> PrintedDocument:
        self.print(**said)
        return self.renderer.rendered[-1]

    def is_paid(self, amount: str, number: str) -> None:
        with self.shop.store(CLERK) as uow:
            uow.payments.add(CLERK, a_payment(self.shop.buyer.id, amount, number=number))


@pytest.fixture
def house() -> CountingHouse:
    return CountingHouse()


def test_each_movement_is_told_with_what_is_owed_after_it(house: CountingHouse) -> None:
    first, second = house.issued(), house.issued()
    house.credit(second)
    said = house.printed()
    assert said.title == "Account statement"
    brought, *rows = said.lines.rows
    assert (brought.kind, brought.cells) == (
        RowKind.SUBTOTAL,
        ("Balance brought forward", "0.00"),
    )
    assert [row.cells[1:] for row in rows] == [
        (f"Invoice {first.number}", "", "100.00", "", "100.00"),
        (f"Invoice {second.number}", "", "100.00", "", "200.00"),
        ("Credit note CRN2024-00001", "", "", "100.00", "100.00"),
    ]
    assert said.totals[-1].amount == "€100.00"


def test_what_was_before_is_brought_forward(house: CountingHouse) -> None:
    house.issued()
    tomorrow = TODAY + timedelta(days=1)
    said = house.printed(since=tomorrow, until=tomorrow)
    (brought,) = said.lines.rows
    assert brought.cells == ("Balance brought forward", "100.00")


def test_it_is_made_anew_each_time(house: CountingHouse) -> None:
    before = house.print()
    house.issued()
    assert house.print().digest != before.digest


def test_another_currency_is_another_account(house: CountingHouse) -> None:
    house.issued()
    said = house.printed(currency="JPY", locale="fr")
    assert said.totals[-1].amount == "0\u00a0¥"


def test_days_that_are_turned_round_are_refused(house: CountingHouse) -> None:
    with expect(InvariantError, "treasury.statement.period"):
        house.print(since=TODAY, until=TODAY - timedelta(days=1))


def test_nobody_has_the_account_of_a_stranger(house: CountingHouse) -> None:
    with expect(NotFoundError):
        house.print(party_id=PartyId(house.shop.where))


def test_every_kind_either_charges_or_does_not() -> None:
    owed = [
        Statement(
            since=TODAY,
            until=TODAY,
            opening=eur(10),
            entries=(StatementEntry(on=TODAY, kind=kind, number="1", amount=eur(1)),),
        ).closing
        for kind in EntryKind
    ]
    assert sorted({each.amount for each in owed}) == [9, 11]
    empty = Statement(since=TODAY, until=TODAY, opening=eur(10), entries=())
    assert empty.closing == eur(10)
