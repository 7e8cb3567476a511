"""Letterheads and printouts to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from typing import Any

from erp_core.documents.entities import (
    DocumentType,
    Letterhead,
    Paper,
    Printout,
    PrintoutKey,
)
from erp_core.kernel.context import CompanyId


def write_letterhead(company_id: CompanyId, letterhead: Letterhead) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "version": letterhead.version + 1,
        "paper": letterhead.paper.value,
        "accent": letterhead.accent,
        "phone": letterhead.phone,
        "email": letterhead.email,
        "website": letterhead.website,
        "footer": letterhead.footer,
        "payee": letterhead.payee,
        "city": letterhead.city,
        "pix_key": letterhead.pix_key,
        "iban": letterhead.iban,
        "bic": letterhead.bic,
        "template": letterhead.template,
        "logo": letterhead.logo,
    }


def read_letterhead(row: Any) -> Letterhead:
    return Letterhead(
        id=CompanyId(row.company_id),
        version=row.version,
        paper=Paper(row.paper),
        accent=row.accent,
        phone=row.phone,
        email=row.email,
        website=row.website,
        footer=row.footer,
        payee=row.payee,
        city=row.city,
        pix_key=row.pix_key,
        iban=row.iban,
        bic=row.bic,
        template=row.template,
        logo=row.logo,
    )


def write_printout_key(company_id: CompanyId, key: PrintoutKey) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "document_type": key.document_type,
        "document_id": key.document_id,
        "edition": key.edition,
        "locale": key.locale,
        "paper": key.paper.value,
    }


def write_printout(company_id: CompanyId, printout: Printout) -> dict[str, Any]:
    key = write_printout_key(company_id, printout.key)
    return key | {"digest": printout.digest, "made_at": printout.made_at}


def read_printout(row: Any) -> Printout:
    return Printout(
        key=PrintoutKey(
            document_type=DocumentType(row.document_type),
            document_id=row.document_id,
            edition=row.edition,
            locale=row.locale,
            paper=Paper(row.paper),
        ),
        digest=row.digest,
        made_at=row.made_at,
    )
