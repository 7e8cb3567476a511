"""Many mails through every fault of a server: none lost, and twice only what was ambiguous."""

import logging
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from erp_core.documents.entities import MailCause, MailMessageId, MailPaper, MailState
from erp_core.documents.ports import queue_mail
from erp_core.testing import MovableClock, context
from erp_core.testing.documents import a_content, a_mail
from erp_smtp import SmtpSender, SmtpServer
from tests.mail.server import DROP, HANG, OK, Post, a_server
from tests.mail.test_papers import PostOffice

# Mixed so that five in a row seldom fail: else the breaker lets one try in half a minute.
FAULTS = (
    [OK],
    ["451 late", OK],
    [DROP, OK],
    ["550 no such tea"],
    ["421 busy", "452 full", OK],
    [DROP, "451 late", DROP, OK],
)
ROUNDS_MAX = 200  # of three minutes each
OPENED, TRIED, CLOSED = "mail.breaker_opened", "mail.breaker_half_open", "mail.breaker_closed"


def sent_through_all_faults(many: int, hanging: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="erp.mail")
    post = Post()
    with a_server(post) as controller:
        port = controller.port
    server = SmtpServer(host="127.0.0.1", port=port)
    house = PostOffice(
        SmtpSender(server, sender="shop@example.org", clock=MovableClock(), seconds=2)
    )
    plans = queued(house, post, many, hanging)
    house.works()
    assert told(caplog) == [OPENED]  # nobody listens: five were tried, and all others wait
    assert sum(house.found(each).tries for each in plans) == 5
    with a_server(post, port=port):
        for _ in range(ROUNDS_MAX):
            house.works(seconds=180)
            if not any(house.found(each).open for each in plans):
                break
    taken = Counter(post.ids)
    for key, plan in plans.items():
        mail = house.found(key)
        refused = plan == ["550 no such tea"]
        assert mail.state is (MailState.DEAD if refused else MailState.SENT), mail
        assert taken[mail.message_id] == (0 if refused else 1 + plan.count(DROP))
    assert sum(taken.values()) == len(post.taken)
    assert len(house.paper.rendered) == 1  # one paper was set, and went with all of them
    attached = {mail.get_payload()[-1].get_payload() for mail, _ in post.taken}
    assert len(attached) == 1
    opens_and_closes(told(caplog))


def queued(
    house: PostOffice, post: Post, many: int, hanging: int
) -> dict[MailMessageId, list[str]]:
    """Queue mails that bring one invoice, and say what the server does to each."""
    invoice = house.desk.office.issued()
    paper = MailPaper(document=MailCause(kind="invoicing.invoice", id=invoice.id), locale="en")
    content = replace(a_content(), paper=paper)
    plans = {}
    for index in range(many):
        mail = replace(a_mail(), subject=f"tea {index}")
        hangs = index % (many // hanging) == 0
        plan = [HANG, OK] if hangs else FAULTS[index % len(FAULTS)]
        with house.store(context()) as uow:
            now = house.clock.now(context())
            plans[queue_mail(context(), uow, now, mail, content).id] = plan
        post.plan[mail.subject] = list(plan)
    return plans


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    events = (getattr(each, "event", "") for each in caplog.records)
    return [each for each in events if "breaker" in each]


def opens_and_closes(events: list[str]) -> None:
    """See that it opened, let one try at a time, and was closed in the end."""
    follows = {OPENED: {TRIED}, TRIED: {OPENED, CLOSED}, CLOSED: {OPENED}}
    assert events[0] == OPENED
    assert all(after in follows[before] for before, after in pairwise(events))
    assert events[-1] == CLOSED


def test_forty_mails_are_neither_lost_nor_doubled_without_cause(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sent_through_all_faults(40, 2, caplog)


@pytest.mark.torture
@pytest.mark.timeout(900)
def test_a_thousand_mails_are_neither_lost_nor_doubled_without_cause(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sent_through_all_faults(1000, 20, caplog)
