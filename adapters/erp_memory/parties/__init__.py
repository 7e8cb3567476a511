"""Parties, their codes and payment terms in dictionaries."""

from erp_memory.parties.parties import MemoryParties
from erp_memory.parties.party_codes import MemoryPartyCodes
from erp_memory.parties.payment_terms import MemoryPaymentTerms

__all__ = ["MemoryParties", "MemoryPartyCodes", "MemoryPaymentTerms"]
