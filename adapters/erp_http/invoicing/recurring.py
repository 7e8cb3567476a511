"""Recurring invoices over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from erp_core.invoicing.entities import RecurringInvoiceId
from erp_core.invoicing.use_cases import InvoicingUseCases, RecurringInvoiceCommand
from erp_http.dto import NothingDto, PageDto
from erp_http.invoicing.recurring_requests import (
    AddRecurringInvoiceDto,
    ChangeRecurringInvoiceDto,
    ListMadeInvoicesDto,
    ListRecurringInvoicesDto,
    RunRecurringInvoicesDto,
)
from erp_http.invoicing.recurring_responses import MADE, RECURRING, RECURRING_HEAD, RUN
from erp_http.routing import Route

_ONE: Final = NothingDto(
    lambda key, version: RecurringInvoiceCommand(id=RecurringInvoiceId(key), version=version)
)


def routes(invoicing: InvoicingUseCases) -> tuple[Route, ...]:
    return (*_kept(invoicing), *_stepped(invoicing))


def _kept(invoicing: InvoicingUseCases) -> tuple[Route, ...]:
    """Writing and reading."""
    return (
        Route(
            on="POST /v1/recurring-invoices",
            call=invoicing.add_recurring_invoice,
            accepts=AddRecurringInvoiceDto(),
            returns=RECURRING,
            status=HTTPStatus.CREATED,
            location="/v1/recurring-invoices/{id}",
        ),
        Route(
            on="GET /v1/recurring-invoices",
            call=invoicing.list_recurring_invoices,
            accepts=ListRecurringInvoicesDto(),
            returns=PageDto(RECURRING_HEAD),
        ),
        Route(
            on="GET /v1/recurring-invoices/<uuid:id>",
            call=invoicing.get_recurring_invoice,
            accepts=_ONE,
            returns=RECURRING,
        ),
        Route(
            on="PATCH /v1/recurring-invoices/<uuid:id>",
            call=invoicing.change_recurring_invoice,
            accepts=ChangeRecurringInvoiceDto(),
            returns=RECURRING,
        ),
        Route(
            on="GET /v1/recurring-invoices/<uuid:id>/invoices",
            call=invoicing.list_made_invoices,
            accepts=ListMadeInvoicesDto(),
            returns=PageDto(MADE),
        ),
    )


def _stepped(invoicing: InvoicingUseCases) -> tuple[Route, ...]:
    """Letting it go on, or not."""
    return (
        Route(
            on="POST /v1/recurring-invoices/run",
            call=invoicing.run_recurring_invoices,
            accepts=RunRecurringInvoicesDto(),
            returns=RUN,
        ),
        Route(
            on="POST /v1/recurring-invoices/<uuid:id>/pause",
            call=invoicing.pause_recurring_invoice,
            accepts=_ONE,
            returns=RECURRING,
        ),
        Route(
            on="POST /v1/recurring-invoices/<uuid:id>/resume",
            call=invoicing.resume_recurring_invoice,
            accepts=_ONE,
            returns=RECURRING,
        ),
        Route(
            on="POST /v1/recurring-invoices/<uuid:id>/end",
            call=invoicing.end_recurring_invoice,
            accepts=_ONE,
            returns=RECURRING,
        ),
    )
