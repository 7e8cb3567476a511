"""What an operator does through the core: as himself, for the house or for a company."""

from __future__ import annotations

from uuid import UUID

from erp_app.errors import ProgramError
from erp_core.erp import Erp
from erp_core.identity.use_cases import ListCompaniesQuery
from erp_core.kernel.access import Principal
from erp_core.kernel.context import NO_COMPANY, CompanyId, Context
from erp_core.kernel.entity import new_id


def errand(company_id: CompanyId = NO_COMPANY) -> Context:
    """Return the context of an errand for a company, or for the house."""
    operator = Principal(id="operator", grants=frozenset({"*"}))
    return Context(principal=operator, company_id=company_id, request_id=str(new_id()))


def companies(erp: Erp, meant: UUID | None = None) -> tuple[CompanyId, ...]:
    """Return the company that is *meant*, or all of them.

    Raises:
        ProgramError: there is none.
    """
    found = erp.identity.list_companies(errand(), ListCompaniesQuery())
    chosen = tuple(each for each in found if meant in (None, each))
    if not chosen:
        raise ProgramError("there is no such company; `erp init` makes the first one")
    return chosen
