"""The papers that go with mails, and the mails that are sent without anybody's asking."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from erp_core.documents.entities import (
    Job,
    MailContent,
    MailMessageId,
    MailPaper,
    MailWish,
    PaperRequest,
    PlainMap,
    Printed,
    new_job,
)
from erp_core.erp import Erp
from erp_core.invoicing.entities import InvoiceId
from erp_core.invoicing.use_cases import SendInvoice, SendInvoiceCommand
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError
from erp_core.kernel.ports import Message
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import PartyId
from erp_core.treasury.use_cases import PrintStatement, StatementRequest
from erp_workers import Report, Task

SEND_INVOICE: Final = "invoicing.send_invoice"  # the kind of job


class Papers:
    """Has any document set that a mail may bring."""

    def __init__(self, erp: Erp) -> None:
        self._printers: Mapping[str, UseCase[Any, PaperRequest, Printed]] = {
            "invoicing.invoice": erp.invoicing.print_invoice,
            "sales.order": erp.sales.print_order,
            "sales.quote": erp.sales.print_quote,
            "sales.shipment": erp.sales.print_shipment,
        }
        self._statement: PrintStatement = erp.treasury.print_statement

    @property
    def grants(self) -> frozenset[str]:
        """What whoever has them set may do."""
        asked = {each.permission for each in self._printers.values()}
        return frozenset(asked | {self._statement.permission})

    def attached(
        self, ctx: Context, mail: MailMessageId, content: MailContent, paper: MailPaper
    ) -> MailContent:
        """Return the *content* of a mail with its *paper* as an attachment. It may take seconds.

        Raises:
            ErpError: as those do who print.
        """
        printed = self._printed(ctx, mail, paper)
        return content.with_paper(printed.place.name, printed.content)

    def _printed(self, ctx: Context, mail: MailMessageId, paper: MailPaper) -> Printed:
        document = paper.document
        if document.kind == "treasury.statement":
            request = StatementRequest(
                party_id=PartyId(document.id),
                currency=paper.currency,
                since=paper.since,
                until=paper.until,
                locale=paper.locale,
                mail=mail,
            )
            return self._statement(ctx, request)
        printer = self._printers.get(document.kind)
        if printer is None:
            raise NotFoundError(f"nobody prints {document.kind}", kind="paper", id=document.kind)
        return printer(ctx, PaperRequest(id=document.id, locale=paper.locale))


def invoice_to_send(ctx: Context, message: Message, now: datetime) -> Sequence[Job]:
    """Make the job that sends a recurring invoice, where that is asked for: one for each invoice.

    The mail has its id before the job begins, so that the job, begun twice, queues one mail.
    """
    if message.payload["send"] != "True":
        return ()
    invoice_id = message.payload["invoice_id"]
    payload = {"invoice": invoice_id, "mail_message": str(new_id())}
    return (new_job(ctx, now, SEND_INVOICE, payload, unique_key=f"{SEND_INVOICE}:{invoice_id}"),)


def sending_invoices(send: SendInvoice) -> Task:
    """Return the task that does such a job."""
    return Task(kind=SEND_INVOICE, do=_handler(send), grants=frozenset({send.permission}))


def _handler(send: SendInvoice) -> Callable[[Context, Job, Report], PlainMap]:
    def do(ctx: Context, job: Job, report: Report) -> PlainMap:
        mail_id = MailMessageId(UUID(str(job.payload["mail_message"])))
        command = SendInvoiceCommand(
            id=InvoiceId(UUID(str(job.payload["invoice"]))), mail=MailWish(mail_id=mail_id)
        )
        with suppress(AlreadyExistsError):  # this job has been done before: the mail is queued
            send(ctx, command)
        return {"link": f"/v1/mail-messages/{mail_id}"}

    return do
