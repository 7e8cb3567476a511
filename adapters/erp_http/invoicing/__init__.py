"""Invoices, credit notes and deposits over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from erp_core.invoicing.entities import InvoiceId
from erp_core.invoicing.use_cases import InvoiceCommand, InvoicingUseCases, SendInvoiceCommand
from erp_http.documents.posting import SendDto, sending
from erp_http.dto import NothingDto, PageDto
from erp_http.invoicing import recurring, reports
from erp_http.invoicing.requests import (
    AbandonInvoiceDto,
    AddCreditNoteDto,
    AddInvoiceDto,
    ApplyCreditDto,
    ChangeInvoiceDto,
    ListInvoicesDto,
    UnapplyCreditDto,
    ValidateInvoiceDto,
    VerifyInvoicesDto,
)
from erp_http.invoicing.responses import HEAD, INVOICE, SHEET, VERIFICATION
from erp_http.papers import PaperRequestDto
from erp_http.routing import Route

_ONE: Final = NothingDto(lambda key, version: InvoiceCommand(id=InvoiceId(key), version=version))

_SENT: Final = SendDto(
    lambda key, version, mail: SendInvoiceCommand(id=InvoiceId(key), version=version, mail=mail)
)


def routes(invoicing: InvoicingUseCases) -> tuple[Route, ...]:
    return (
        *_kept(invoicing),
        *_settled(invoicing),
        *recurring.routes(invoicing),
        *reports.routes(invoicing),
    )


def _kept(invoicing: InvoicingUseCases) -> tuple[Route, ...]:
    """Writing and reading."""
    return (
        Route(
            on="POST /v1/invoices",
            call=invoicing.add_invoice,
            accepts=AddInvoiceDto(),
            returns=INVOICE,
            status=HTTPStatus.CREATED,
            location="/v1/invoices/{id}",
        ),
        Route(
            on="GET /v1/invoices",
            call=invoicing.list_invoices,
            accepts=ListInvoicesDto(),
            returns=PageDto(HEAD),
        ),
        Route(
            on="GET /v1/invoices/verify",
            call=invoicing.verify_invoices,
            accepts=VerifyInvoicesDto(),
            returns=VERIFICATION,
        ),
        Route(
            on="GET /v1/invoices/<uuid:id>",
            call=invoicing.get_invoice,
            accepts=_ONE,
            returns=SHEET,
        ),
        Route(
            on="GET /v1/invoices/<uuid:id>/pdf",
            call=invoicing.print_invoice,
            accepts=PaperRequestDto(),
            paper=True,
        ),
        Route(
            on="PATCH /v1/invoices/<uuid:id>",
            call=invoicing.change_invoice,
            accepts=ChangeInvoiceDto(),
            returns=INVOICE,
        ),
        Route(
            on="DELETE /v1/invoices/<uuid:id>",
            call=invoicing.delete_invoice,
            accepts=_ONE,
            returns=None,
        ),
    )


def _settled(invoicing: InvoicingUseCases) -> tuple[Route, ...]:
    """Validating, and what comes after it."""
    return (
        Route(
            on="POST /v1/invoices/<uuid:id>/validate",
            call=invoicing.validate_invoice,
            accepts=ValidateInvoiceDto(),
            returns=INVOICE,
        ),
        sending("POST /v1/invoices/<uuid:id>/send", invoicing.send_invoice, _SENT),
        sending("POST /v1/invoices/<uuid:id>/remind", invoicing.remind_of_invoice, _SENT),
        Route(
            on="POST /v1/invoices/<uuid:id>/abandon",
            call=invoicing.abandon_invoice,
            accepts=AbandonInvoiceDto(),
            returns=INVOICE,
        ),
        Route(
            on="POST /v1/invoices/<uuid:id>/credit-notes",
            call=invoicing.add_credit_note,
            accepts=AddCreditNoteDto(),
            returns=INVOICE,
            status=HTTPStatus.CREATED,
            location="/v1/invoices/{id}",
        ),
        Route(
            on="POST /v1/invoices/<uuid:id>/apply",
            call=invoicing.apply_credit,
            accepts=ApplyCreditDto(),
            returns=INVOICE,
        ),
        Route(
            on="POST /v1/invoices/<uuid:id>/unapply",
            call=invoicing.unapply_credit,
            accepts=UnapplyCreditDto(),
            returns=INVOICE,
        ),
    )
