"""The machine itself: its clock, and whatever else it can do better than we."""

from erp_system.clock import SystemClock
from erp_system.passwords import Argon2Hasher
from erp_system.tax_ids import StdnumTaxIds

__all__ = ["Argon2Hasher", "StdnumTaxIds", "SystemClock"]
