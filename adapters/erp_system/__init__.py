"""The machine itself: its clock, and whatever else it can do better than we."""

from erp_system.clock import SystemClock

__all__ = ["SystemClock"]
