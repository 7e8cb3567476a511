"""Parties and payment terms to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from typing import Any

from erp_core.kernel.context import CompanyId
from erp_core.kernel.money import Rate
from erp_core.parties.entities import (
    Party,
    PartyId,
    PartyKind,
    PartyRole,
    PartyState,
    PaymentTerm,
    PaymentTermId,
    PaymentTermState,
)
from erp_sql.parties import documents as docs
from erp_sql.values import read_money, write_money


def write_payment_term(company_id: CompanyId, term: PaymentTerm) -> dict[str, Any]:
    deposit = term.deposit_percent
    return {
        "company_id": company_id,
        "id": term.id,
        "version": term.version + 1,
        "name": term.name,
        "name_key": term.name_key,
        "instalments": [docs.write_instalment(each) for each in term.instalments],
        "deposit_percent": None if deposit is None else deposit.percent,
        "state": term.state.value,
    }


def read_payment_term(row: Any) -> PaymentTerm:
    return PaymentTerm(
        id=PaymentTermId(row.id),
        version=row.version,
        name=row.name,
        instalments=tuple(docs.read_instalment(each) for each in row.instalments),
        deposit_percent=None if row.deposit_percent is None else Rate(row.deposit_percent),
        state=PaymentTermState(row.state),
    )


def write_party(company_id: CompanyId, party: Party) -> dict[str, Any]:
    credit_limit, credit_currency = write_money(party.credit_limit)
    return {
        "company_id": company_id,
        "id": party.id,
        "version": party.version + 1,
        "kind": party.kind.value,
        "name": party.name,
        "name_key": party.name_key,
        "trade_name": party.trade_name,
        "is_customer": PartyRole.CUSTOMER in party.roles,
        "is_supplier": PartyRole.SUPPLIER in party.roles,
        "is_prospect": PartyRole.PROSPECT in party.roles,
        "code": party.code,
        "customer_code": party.customer_code,
        "supplier_code": party.supplier_code,
        "prospect_code": party.prospect_code,
        "tax_ids": [docs.write_tax_id(each) for each in party.tax_ids],
        "addresses": [docs.write_address(each) for each in party.addresses],
        "contacts": [docs.write_contact(each) for each in party.contacts],
        "emails": list(party.emails),
        "phones": list(party.phones),
        "site": party.site,
        "language": party.language,
        "currency": party.currency,
        "payment_term_id": party.payment_term_id,
        "price_level": party.price_level,
        "discount_percent": party.discount_percent.percent,
        "credit_limit": credit_limit,
        "credit_currency": credit_currency,
        "representative_id": party.representative_id,
        "bank_accounts": [docs.write_bank_account(each) for each in party.bank_accounts],
        "tags": list(party.tags),
        "notes": party.notes,
        "custom_fields": dict(party.custom_fields),
        "state": party.state.value,
        "merged_into_id": party.merged_into_id,
    }


def read_party(row: Any) -> Party:
    roles = {
        PartyRole.CUSTOMER: row.is_customer,
        PartyRole.SUPPLIER: row.is_supplier,
        PartyRole.PROSPECT: row.is_prospect,
    }
    term_id, merged_into_id = row.payment_term_id, row.merged_into_id
    return Party(
        id=PartyId(row.id),
        version=row.version,
        kind=PartyKind(row.kind),
        name=row.name,
        trade_name=row.trade_name,
        roles=tuple(role for role, has in roles.items() if has),
        customer_code=row.customer_code,
        supplier_code=row.supplier_code,
        prospect_code=row.prospect_code,
        tax_ids=tuple(docs.read_tax_id(each) for each in row.tax_ids),
        addresses=tuple(docs.read_address(each) for each in row.addresses),
        contacts=tuple(docs.read_contact(each) for each in row.contacts),
        emails=tuple(row.emails),
        phones=tuple(row.phones),
        site=row.site,
        language=row.language,
        currency=row.currency,
        payment_term_id=None if term_id is None else PaymentTermId(term_id),
        price_level=row.price_level,
        discount_percent=Rate(row.discount_percent),
        credit_limit=read_money(row.credit_limit, row.credit_currency),
        representative_id=row.representative_id,
        bank_accounts=tuple(docs.read_bank_account(each) for each in row.bank_accounts),
        tags=tuple(row.tags),
        notes=row.notes,
        custom_fields=row.custom_fields,
        state=PartyState(row.state),
        merged_into_id=None if merged_into_id is None else PartyId(merged_into_id),
    )
