"""What every keeper of parties and payment terms, and every checker of tax ids, must do."""

from erp_core.testing.parties.builders import a_party, a_payment_term, another_party
from erp_core.testing.parties.codes import ConcurrentPartyCodesContract, PartyCodesContract
from erp_core.testing.parties.parties import (
    ConcurrentPartyContract,
    PartyRepositoryContract,
)
from erp_core.testing.parties.payment_terms import (
    ConcurrentPaymentTermContract,
    PaymentTermRepositoryContract,
)
from erp_core.testing.parties.search import PartySearchContract
from erp_core.testing.parties.tax_ids import VALID_VAT, KnownTaxIds, TaxIdCheckerContract

__all__ = [
    "VALID_VAT",
    "ConcurrentPartyCodesContract",
    "ConcurrentPartyContract",
    "ConcurrentPaymentTermContract",
    "KnownTaxIds",
    "PartyCodesContract",
    "PartyRepositoryContract",
    "PartySearchContract",
    "PaymentTermRepositoryContract",
    "TaxIdCheckerContract",
    "a_party",
    "a_payment_term",
    "another_party",
]
