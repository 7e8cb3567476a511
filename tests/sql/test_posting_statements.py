"""What sending and printing cost the database: as many statements for many lines as for one."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from erp_core.documents.entities import MailMessageId, PaperRequest
from erp_core.documents.use_cases import (
    MailMessageCommand,
    MailTemplateCommand,
    NoteMailAttemptCommand,
)
from erp_core.invoicing.use_cases import SendInvoiceCommand
from erp_core.testing import context
from erp_core.treasury.use_cases import StatementRequest
from tests.databases import KINDS, database
from tests.invoicing.offices import CLERK
from tests.mail.desks import KEEPER, Desk, a_desk
from tests.sql.test_statements import House

ONE, MANY = 1, 200
Steps = dict[str, int]
# A paper that is made is noted in a second transaction; one that was made before is only found.
ONCE: Steps = {
    "print": 8,
    "print again": 6,
    "print a draft": 5,
    "print a statement": 5,
    "send": 13,
    "read": 1,
    "note": 3,
    "template": 1,
}


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with database(request.param, tmp_path) as engine:
        yield House(engine)


def said(house: House, step: Callable[[], object]) -> int:
    """Return how many statements a step takes."""
    house.said.clear()
    step()
    return len(house.said)


def steps(house: House, desk: Desk, lines: int) -> Steps:
    office = desk.office
    invoice = office.issued(*(office.line() for _ in range(lines)))
    order = office.shop.order(
        *(
            office.shop.line(None, 1, description="tea", unit_price=Decimal(1))
            for _ in range(lines)
        )
    )
    documents, paper = office.shop.erp.documents, PaperRequest(id=invoice.id)
    send = SendInvoiceCommand(id=invoice.id)
    one = MailMessageCommand(id=MailMessageId(send.mail.mail_id))
    statement = StatementRequest(party_id=office.shop.buyer.id, currency="EUR")
    treasurer = context("treasury.*")
    return {
        "print": said(house, lambda: office.use.print_invoice(CLERK, paper)),
        "print again": said(house, lambda: office.use.print_invoice(CLERK, paper)),
        "print a draft": said(
            house, lambda: office.shop.erp.sales.print_order(CLERK, PaperRequest(id=order.id))
        ),
        "print a statement": said(
            house, lambda: office.shop.erp.treasury.print_statement(treasurer, statement)
        ),
        "send": said(house, lambda: office.use.send_invoice(CLERK, send)),
        "read": said(house, lambda: documents.get_mail_content(KEEPER, one)),
        "note": said(
            house, lambda: documents.note_mail_attempt(KEEPER, NoteMailAttemptCommand(id=one.id))
        ),
        "template": said(
            house,
            lambda: documents.get_mail_template(
                KEEPER, MailTemplateCommand(kind="invoice", locale="en")
            ),
        ),
    }


def test_sending_and_printing_cost_as_much_for_many_lines_as_for_one(house: House) -> None:
    desk = a_desk(house.store)
    steps(house, desk, ONE)  # the first number of a year makes its counter
    one, many = steps(house, desk, ONE), steps(house, desk, MANY)
    assert many == one
    assert one == ONCE, one
