"""What a document must find before it locks: goods to take, to give free, to take back."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import Candidate, Load, Place, Reach, Reservation, StillOut
from erp_core.kernel.context import Context
from erp_core.kernel.money import UnitPrice


class Picking(Protocol):
    """Finds the stock rows a document will touch, so that it can lock them all at once.

    Nothing is locked here: what is found is looked at again under the lock. Each question is one
    statement, whatever the number of lines. Proved by
    ``erp_core.testing.picking.PickingContract``.
    """

    @abstractmethod
    def candidates(self, ctx: Context, places: Collection[Place]) -> tuple[Candidate, ...]:
        """Return the rows of these products in these warehouses of which some is available.

        Of each place at most ``CANDIDATES_MAX``, those that expire first; they are also found of
        the places that the products and warehouses asked for can be combined to.
        """

    @abstractmethod
    def reserved(self, ctx: Context, origins: Sequence[str]) -> tuple[Reservation, ...]:
        """Return what is kept for these lines, in the order of the rows' keys."""

    @abstractmethod
    def average_costs(
        self, ctx: Context, product_ids: Collection[ProductId]
    ) -> Mapping[ProductId, UnitPrice]:
        """Return what one unit of these products costs; those never received are left out."""

    @abstractmethod
    def still_out(self, ctx: Context, origin: str) -> tuple[StillOut, ...]:
        """Return what went out for this document and has not come back whole, in order."""


def reach_of(ctx: Context, picking: Picking, loads: Sequence[Load], today: date) -> Reach:
    """Find the rows that *loads* may have to take, before anything is locked: one statement."""
    places = {each.want.place for each in loads if not each.is_chosen}
    return Reach.over(loads, picking.candidates(ctx, places) if places else (), today)
