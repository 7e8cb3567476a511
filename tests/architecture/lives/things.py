"""The lives of masters, of what goes on in the warehouse, and of what is done later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from erp_core.catalog.entities import (
    Product,
    ProductId,
    ProductState,
)
from erp_core.documents.entities import Job, JobState, MailMessage, MailState, Problem
from erp_core.identity.entities import User, UserState
from erp_core.inventory.entities import (
    CountState,
    Parcel,
    StockCount,
    StockTransfer,
    StockTransferState,
    Warehouse,
    WarehouseId,
    WarehouseState,
)
from erp_core.parties.entities import (
    CodeSeries,
    Party,
    PartyState,
    PaymentTerm,
    PaymentTermState,
)
from erp_core.testing import NOON
from erp_core.testing.catalog import a_product
from erp_core.testing.counts.contract import a_count
from erp_core.testing.documents import a_job, a_running_job
from erp_core.testing.documents.mail import a_mail
from erp_core.testing.identity import a_user
from erp_core.testing.inventory import a_warehouse
from erp_core.testing.parties import a_payment_term, another_party
from erp_core.testing.transfers import a_line, a_transfer
from erp_core.testing.treasury import a_bank_account
from erp_core.treasury.entities import BankAccount, BankAccountState
from tests.architecture.lives.life import Life, always, archivable

LATER = NOON + timedelta(minutes=1)
PROBLEM = Problem(code="mail.silent", text="no answer")
ANYWHERE = WarehouseId(UUID(int=8))


def _counting() -> StockCount:
    return a_count(ANYWHERE).start(a_warehouse(), None, at=NOON, by="ana")


def _sent() -> StockTransfer:
    line = a_line(ProductId(UUID(int=9)))
    return a_transfer(ANYWHERE, WarehouseId(UUID(int=10)), line)


def _parcel(it: StockTransfer, part: int) -> tuple[Parcel, ...]:
    line = it.lines[0]
    rest = line.rest if part == 1 else replace(line.rest, value=line.rest.value / part)
    return (Parcel(line_id=line.id, quantity=rest),)


_SENT, _PARTLY, _ARRIVED, _OFF = StockTransferState

THINGS: dict[type, Life] = {
    BankAccount: archivable(
        BankAccountState, a_bank_account, change=lambda it: it.change({"name": "till"})
    ),
    Warehouse: archivable(
        WarehouseState, a_warehouse, change=lambda it: it.change({"name": "hall"})
    ),
    User: archivable(
        UserState,
        a_user,
        restore="enable",
        archive="disable",
        change=lambda it: it.change({"name": "Ana"}),
        with_password=lambda it: it.with_password("hash"),
        rehashed=lambda it: it.rehashed("hash"),
    ),
    Product: Life(
        made={
            ProductState.ACTIVE: a_product,
            ProductState.ARCHIVED: lambda: a_product().archive(NOON),
        },
        commands={
            "change": lambda it: it.change({"name": "tea"}),
            "translate": lambda it: it.translate({}),
            "customise": lambda it: it.customise({}),
            "archive": lambda it: it.archive(NOON),
            "restore": lambda it: it.restore(),
        },
        steps={
            (ProductState.ACTIVE, "archive"): ProductState.ARCHIVED,
            (ProductState.ARCHIVED, "restore"): ProductState.ACTIVE,
            **always(ProductState, "change", "translate", "customise"),
        },
    ),
    Party: Life(
        made={
            state: lambda state=state: replace(another_party("Ana"), state=state)
            for state in PartyState
        },
        commands={
            "change": lambda it: it.change({"name": "Bia"}),
            "with_custom_fields": lambda it: it.with_custom_fields({"a": "b"}),
            "with_code": lambda it: it.with_code(CodeSeries.SUPPLIER, "S1"),
            "archive": lambda it: it.archive(),
            "restore": lambda it: it.restore(),
            "as_customer": lambda it: it.as_customer(),
            "absorb": lambda it: it.absorb(another_party("Bia"), NOON)[0],
        },
        steps={
            (PartyState.ACTIVE, "archive"): PartyState.ARCHIVED,
            (PartyState.ACTIVE, "as_customer"): PartyState.ACTIVE,
            (PartyState.ACTIVE, "absorb"): PartyState.ACTIVE,
            (PartyState.ARCHIVED, "restore"): PartyState.ACTIVE,
            **always(PartyState, "change", "with_custom_fields", "with_code"),
        },
    ),
    PaymentTerm: Life(
        made={
            state: lambda state=state: replace(a_payment_term(), state=state)
            for state in PaymentTermState
        },
        commands={
            "change": lambda it: it.change({"name": "soon"}),
            "archive": lambda it: it.archive(),
        },
        steps={
            (PaymentTermState.ACTIVE, "archive"): PaymentTermState.ARCHIVED,
            **always(PaymentTermState, "change"),
        },
    ),
    StockCount: Life(
        made={
            CountState.DRAFT: lambda: a_count(ANYWHERE),
            CountState.COUNTING: _counting,
            CountState.CLOSED: lambda: _counting().close(at=NOON, by="ana"),
            CountState.CANCELLED: lambda: _counting().cancel(at=NOON, by="ana"),
        },
        commands={
            "start": lambda it: it.start(a_warehouse(), None, at=NOON, by="ana"),
            "close": lambda it: it.close(at=NOON, by="ana"),
            "cancel": lambda it: it.cancel(at=NOON, by="ana"),
        },
        steps={
            (CountState.DRAFT, "start"): CountState.COUNTING,
            (CountState.DRAFT, "cancel"): CountState.CANCELLED,
            (CountState.COUNTING, "close"): CountState.CLOSED,
            (CountState.COUNTING, "cancel"): CountState.CANCELLED,
        },
    ),
    StockTransfer: Life(
        made={
            _SENT: _sent,
            _PARTLY: lambda: (it := _sent()).arrive(_parcel(it, 2), NOON),
            _ARRIVED: lambda: (it := _sent()).arrive(_parcel(it, 1), NOON),
            _OFF: lambda: _sent().cancel("", NOON),
        },
        commands={
            "arrive": lambda it: it.arrive(_parcel(it, 1), NOON),
            "close": lambda it: it.close("lost", NOON),
            "cancel": lambda it: it.cancel("", NOON),
        },
        steps={
            (_SENT, "arrive"): _ARRIVED,
            (_SENT, "close"): _ARRIVED,
            (_SENT, "cancel"): _OFF,
            (_PARTLY, "arrive"): _ARRIVED,
            (_PARTLY, "close"): _ARRIVED,
            (_PARTLY, "cancel"): _OFF,
        },
    ),
    Job: Life(
        made={
            JobState.QUEUED: a_job,
            JobState.RUNNING: a_running_job,
            JobState.DONE: lambda: a_running_job().finish(NOON),
            JobState.FAILED: lambda: a_running_job().fail(NOON, PROBLEM, 0),
            JobState.DEAD: lambda: a_running_job().fail(NOON, PROBLEM, None),
            JobState.CANCELLED: lambda: a_job().request_cancel(NOON),
        },
        commands={
            "claim": lambda it: it.claim("other", LATER, LATER),
            "finish": lambda it: it.finish(NOON),
            "fail": lambda it: it.fail(NOON, PROBLEM, 60),
            "put_back": lambda it: it.put_back(NOON),
            "request_cancel": lambda it: it.request_cancel(NOON),
            "retry": lambda it: it.retry(NOON),
        },
        steps={
            (JobState.QUEUED, "claim"): JobState.RUNNING,
            (JobState.FAILED, "claim"): JobState.RUNNING,
            (JobState.RUNNING, "claim"): JobState.RUNNING,  # the lease has run out
            (JobState.RUNNING, "finish"): JobState.DONE,
            (JobState.RUNNING, "fail"): JobState.FAILED,
            (JobState.RUNNING, "put_back"): JobState.QUEUED,
            (JobState.QUEUED, "request_cancel"): JobState.CANCELLED,
            (JobState.FAILED, "request_cancel"): JobState.CANCELLED,
            (JobState.RUNNING, "request_cancel"): JobState.RUNNING,  # it is asked to stop
            (JobState.DEAD, "retry"): JobState.QUEUED,
        },
        kept=frozenset({"advance"}),  # what its runner has noted, under the claim
    ),
    MailMessage: Life(
        made={
            MailState.QUEUED: a_mail,
            MailState.SENT: lambda: a_mail().sent(NOON),
            MailState.FAILED: lambda: a_mail().failed(NOON, PROBLEM, 60),
            MailState.DEAD: lambda: a_mail().failed(NOON, PROBLEM, None),
        },
        commands={
            "sent": lambda it: it.sent(NOON),
            "failed": lambda it: it.failed(NOON, PROBLEM, 60),
            "retry": lambda it: it.retry(NOON),
        },
        steps={
            (MailState.QUEUED, "sent"): MailState.SENT,
            (MailState.QUEUED, "failed"): MailState.FAILED,
            (MailState.FAILED, "sent"): MailState.SENT,
            (MailState.FAILED, "failed"): MailState.FAILED,
            (MailState.DEAD, "retry"): MailState.QUEUED,
            (MailState.DEAD, "sent"): MailState.SENT,
        },
        kept=frozenset({"for_another_job"}),  # whose turn it is to send it
    ),
}
