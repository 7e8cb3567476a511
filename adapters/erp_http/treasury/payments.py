"""Payments, and what stands with a party, over HTTP."""

from __future__ import annotations

from http import HTTPStatus

from erp_core.parties.entities import PartyId
from erp_core.treasury.entities import PaymentId
from erp_core.treasury.use_cases import TreasuryUseCases
from erp_http.dto import NothingDto, PageDto
from erp_http.routing import Route
from erp_http.treasury.requests import (
    AllocatePaymentDto,
    ListPaymentsDto,
    RecordPaymentDto,
    ReversePaymentDto,
    VerifyPaymentsDto,
)
from erp_http.treasury.responses import BALANCE, HEAD, PAYMENT, VERIFICATION


def routes(treasury: TreasuryUseCases) -> tuple[Route, ...]:
    return (
        Route(
            on="POST /v1/payments",
            call=treasury.record_payment,
            accepts=RecordPaymentDto(),
            returns=PAYMENT,
            status=HTTPStatus.CREATED,
            location="/v1/payments/{id}",
        ),
        Route(
            on="GET /v1/payments",
            call=treasury.list_payments,
            accepts=ListPaymentsDto(),
            returns=PageDto(HEAD),
        ),
        Route(
            on="GET /v1/payments/verify",
            call=treasury.verify_payments,
            accepts=VerifyPaymentsDto(),
            returns=VERIFICATION,
        ),
        Route(
            on="GET /v1/payments/<uuid:id>",
            call=treasury.get_payment,
            accepts=NothingDto(lambda key, _: PaymentId(key)),
            returns=PAYMENT,
        ),
        Route(
            on="POST /v1/payments/<uuid:id>/allocate",
            call=treasury.allocate_payment,
            accepts=AllocatePaymentDto(),
            returns=PAYMENT,
        ),
        Route(
            on="POST /v1/payments/<uuid:id>/reverse",
            call=treasury.reverse_payment,
            accepts=ReversePaymentDto(),
            returns=PAYMENT,
        ),
        Route(
            on="GET /v1/parties/<uuid:id>/balance",
            call=treasury.get_party_balance,
            accepts=NothingDto(lambda key, _: PartyId(key)),
            returns=BALANCE,
        ),
    )
