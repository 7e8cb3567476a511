"""Parties and payment terms over HTTP."""

from __future__ import annotations

from typing import Any

from erp_core.parties.use_cases import PartiesUseCases
from erp_http.parties import parties, payment_terms
from erp_http.routing import Route

__all__ = ["routes"]


def routes(area: PartiesUseCases[Any]) -> tuple[Route, ...]:
    return (*parties.routes(area), *payment_terms.routes(area))
