"""Parties, their codes and payment terms, wherever they are kept; tax ids, whoever checks them."""

import pytest

from erp_core.testing.parties import (
    ConcurrentPartyCodesContract,
    ConcurrentPartyContract,
    ConcurrentPaymentTermContract,
    KnownTaxIds,
    PartyCodesContract,
    PartyRepositoryContract,
    PartySearchContract,
    PaymentTermRepositoryContract,
    TaxIdCheckerContract,
)
from erp_system.tax_ids import StdnumTaxIds
from tests.contracts.stores import InDatabase, InMemory, OnServer


class TestKnownTaxIds(TaxIdCheckerContract):
    @pytest.fixture(autouse=True)
    def _tax_ids(self) -> None:
        self.tax_ids = KnownTaxIds()


class TestStdnumTaxIds(TaxIdCheckerContract):
    @pytest.fixture(autouse=True)
    def _tax_ids(self) -> None:
        self.tax_ids = StdnumTaxIds()


class TestPartiesInMemory(InMemory, PartyRepositoryContract): ...


class TestParties(InDatabase, PartyRepositoryContract): ...


class TestConcurrentParties(OnServer, ConcurrentPartyContract): ...


class TestPartySearchInMemory(InMemory, PartySearchContract): ...


class TestPartySearch(InDatabase, PartySearchContract): ...


class TestPartyCodesInMemory(InMemory, PartyCodesContract): ...


class TestPartyCodes(InDatabase, PartyCodesContract): ...


class TestConcurrentPartyCodes(OnServer, ConcurrentPartyCodesContract): ...


class TestPaymentTermsInMemory(InMemory, PaymentTermRepositoryContract): ...


class TestPaymentTerms(InDatabase, PaymentTermRepositoryContract): ...


class TestConcurrentPaymentTerms(OnServer, ConcurrentPaymentTermContract): ...
