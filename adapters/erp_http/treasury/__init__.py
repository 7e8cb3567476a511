"""Payments, bank accounts, balances and statements over HTTP."""

from __future__ import annotations

from erp_core.treasury.use_cases import TreasuryUseCases
from erp_http.routing import Route
from erp_http.treasury import bank_accounts, payments, statements


def routes(treasury: TreasuryUseCases) -> tuple[Route, ...]:
    return (
        *bank_accounts.routes(treasury),
        *payments.routes(treasury),
        *statements.routes(treasury),
    )
