"""Parties, how they are known and reached, and when they pay."""

from erp_core.parties.entities.address import Address, AddressKind, BankAccount
from erp_core.parties.entities.contact import Contact, DocumentKind
from erp_core.parties.entities.iban import bare_iban, is_iban
from erp_core.parties.entities.naming import NAME_KEY_LENGTH_MAX, finds, name_key
from erp_core.parties.entities.party import (
    PARTY_LIFECYCLE,
    PARTY_SORTS,
    PRICE_LEVEL_MAX,
    CodeSeries,
    Party,
    PartyChanges,
    PartyId,
    PartyKind,
    PartyMerged,
    PartyRole,
    PartyState,
)
from erp_core.parties.entities.party_rules import (
    CODE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    NOTES_LENGTH_MAX,
    SITE_LENGTH_MAX,
    TAG_LENGTH_MAX,
)
from erp_core.parties.entities.payment_term import (
    PAYMENT_TERM_LIFECYCLE,
    PAYMENT_TERM_SORTS,
    Instalment,
    PaymentTerm,
    PaymentTermChanges,
    PaymentTermId,
    PaymentTermState,
    due_date,
    instalments,
)
from erp_core.parties.entities.snapshot import PartySnapshot
from erp_core.parties.entities.tax_id import TaxId, TaxIdKind
from erp_core.parties.entities.vat import VAT_COUNTRIES, vat_number, vat_prefix

__all__ = [
    "CODE_LENGTH_MAX",
    "NAME_KEY_LENGTH_MAX",
    "NAME_LENGTH_MAX",
    "NOTES_LENGTH_MAX",
    "PARTY_LIFECYCLE",
    "PARTY_SORTS",
    "PAYMENT_TERM_LIFECYCLE",
    "PAYMENT_TERM_SORTS",
    "PRICE_LEVEL_MAX",
    "SITE_LENGTH_MAX",
    "TAG_LENGTH_MAX",
    "VAT_COUNTRIES",
    "Address",
    "AddressKind",
    "BankAccount",
    "CodeSeries",
    "Contact",
    "DocumentKind",
    "Instalment",
    "Party",
    "PartyChanges",
    "PartyId",
    "PartyKind",
    "PartyMerged",
    "PartyRole",
    "PartySnapshot",
    "PartyState",
    "PaymentTerm",
    "PaymentTermChanges",
    "PaymentTermId",
    "PaymentTermState",
    "TaxId",
    "TaxIdKind",
    "bare_iban",
    "due_date",
    "finds",
    "instalments",
    "is_iban",
    "name_key",
    "vat_number",
    "vat_prefix",
]
