"""Whether everything that can be derived is what it is derived from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final
from uuid import UUID

from erp_app.composition import core
from erp_app.database import require_file
from erp_app.errands import companies, errand
from erp_app.settings import Settings
from erp_core.documents.use_cases import VerifyFilesQuery, VerifyNumbersQuery
from erp_core.erp import Erp
from erp_core.inventory.use_cases import ALL_DIFFERENCES_MAX, VerifyStockQuery
from erp_core.invoicing.use_cases import VerifyInvoicesQuery
from erp_core.kernel.context import Context
from erp_core.treasury.use_cases import VerifyPaymentsQuery

Difference = Mapping[str, str]
Tell = Callable[[str], None]


def differences(settings: Settings, company: UUID | None, tell: Tell) -> Iterator[Difference]:
    """Yield what differs, of one company or of all; *tell* hears what is looked at.

    Each says its ``area`` and what of it, and nothing is changed.

    Raises:
        ProgramError: there is no such company.
    """
    require_file(settings)
    with core(settings) as house:
        for company_id in companies(house.erp, company):
            ctx = errand(company_id)
            for area, look in _AREAS.items():
                tell(f"verifying {area} of company {company_id}")
                for found in look(house.erp, ctx):
                    yield {"company_id": str(company_id), "area": area, **found}


def shown(difference: Difference) -> str:
    """Return it as a line for a person."""
    said = dict(difference)
    where = f"company {said.pop('company_id')} {said.pop('area')}:"
    return " ".join([where, *(f"{name}={value or '-'}" for name, value in said.items())])


def _stock(erp: Erp, ctx: Context) -> Iterator[Difference]:
    verified = erp.inventory.verify_stock(ctx, VerifyStockQuery(most=ALL_DIFFERENCES_MAX))
    for found in verified.differences:
        yield {
            "product_id": str(found.key.product_id),
            "warehouse_id": str(found.key.warehouse_id),
            "lot": found.key.lot,
            "rule": found.rule.value,
            "found": str(found.found),
            "expected": str(found.expected),
        }
    if verified.more:
        yield {"more": str(verified.more)}


def _invoices(erp: Erp, ctx: Context) -> Iterator[Difference]:
    for each in erp.invoicing.verify_invoices(ctx, VerifyInvoicesQuery()).differing:
        yield {"invoice_id": str(each), "rule": "settled"}


def _payments(erp: Erp, ctx: Context) -> Iterator[Difference]:
    for each in erp.treasury.verify_payments(ctx, VerifyPaymentsQuery()).differing:
        yield {"payment_id": str(each), "rule": "allocated"}


def _numbers(erp: Erp, ctx: Context) -> Iterator[Difference]:
    for found in erp.documents.verify_numbers(ctx, VerifyNumbersQuery()).differences:
        yield {
            "document_type": found.document_type,
            "period": found.period,
            "rule": found.rule.value,
            "first": str(found.first),
            "last": str(found.last),
        }


def _files(erp: Erp, ctx: Context) -> Iterator[Difference]:
    after: str | None = ""
    while after is not None:  # each page begins behind the one before: it ends
        some = erp.documents.verify_files(ctx, VerifyFilesQuery(after=after))
        for found in some.differences:
            yield {"digest": found.digest, "rule": found.rule.value}
        after = some.next


_AREAS: Final[Mapping[str, Callable[[Erp, Context], Iterator[Difference]]]] = {
    "stock": _stock,
    "invoices": _invoices,
    "payments": _payments,
    "numbers": _numbers,
    "files": _files,
}
