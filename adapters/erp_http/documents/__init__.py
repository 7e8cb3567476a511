"""What all documents have in common, and the work done for them later, over HTTP."""

from __future__ import annotations

from erp_core.documents.use_cases import DocumentsUseCases
from erp_http.documents import (
    jobs,
    letterhead,
    mail,
    mail_templates,
    number_series,
    verifying,
)
from erp_http.routing import Route

__all__ = ["routes"]


def routes(area: DocumentsUseCases) -> tuple[Route, ...]:
    return (
        *number_series.routes(area),
        *jobs.routes(area),
        *mail.routes(area),
        *mail_templates.routes(area),
        *letterhead.routes(area),
        *verifying.routes(area),
    )
