"""Many mails through every fault of a server: none lost, and twice only what was ambiguous."""

from collections import Counter
from dataclasses import replace

import pytest

from erp_core.documents.entities import MailState
from erp_core.testing import MovableClock
from erp_core.testing.documents import a_mail
from erp_smtp import SmtpSender, SmtpServer
from tests.mail.server import DROP, HANG, OK, Post, a_server
from tests.mail.test_mailing import House

FAULTS = (
    [OK],
    ["451 late", OK],
    [DROP, OK],
    ["550 no such tea"],
    ["421 busy", "452 full", "421 busy", OK],
    [DROP, "451 late", DROP, OK],
)
ROUNDS_MAX = 200  # of three minutes each


def sent_through_all_faults(many: int, hanging: int) -> None:
    post = Post()
    with a_server(post) as controller:
        server = SmtpServer(host="127.0.0.1", port=controller.port)
        house = House(
            SmtpSender(server, sender="shop@example.org", clock=MovableClock(), seconds=2)
        )
        plans = {}
        for index in range(many):
            mail = replace(a_mail(), subject=f"tea {index}")
            plan = [HANG, OK] if index < hanging else FAULTS[index % len(FAULTS)]
            plans[house.queued(mail)] = plan
            post.plan[mail.subject] = list(plan)
        for _ in range(ROUNDS_MAX):
            house.worked(minutes=3)
            if not any(house.found(each).open for each in plans):
                break
    taken = Counter(post.ids)
    for key, plan in plans.items():
        mail = house.found(key)
        refused = plan == FAULTS[3]
        assert mail.state is (MailState.DEAD if refused else MailState.SENT), mail
        assert taken[mail.message_id] == (0 if refused else 1 + plan.count(DROP))
    assert sum(taken.values()) == len(post.taken)


def test_forty_mails_are_neither_lost_nor_doubled_without_cause() -> None:
    sent_through_all_faults(40, hanging=2)


@pytest.mark.torture
@pytest.mark.timeout(900)
def test_a_thousand_mails_are_neither_lost_nor_doubled_without_cause() -> None:
    sent_through_all_faults(1000, hanging=20)
