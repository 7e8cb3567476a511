"""What documents look for before they lock, in dictionaries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import (
    CANDIDATES_MAX,
    Candidate,
    Place,
    Reservation,
    StillOut,
)
from erp_core.inventory.ports import Picking
from erp_core.kernel.context import Context
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import ZERO, Quantity
from erp_memory.tables import Tables


class MemoryPicking(Picking):
    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def candidates(self, ctx: Context, places: Collection[Place]) -> tuple[Candidate, ...]:
        products = {product_id for product_id, _ in places}
        warehouses = {warehouse_id for _, warehouse_id in places}
        expiry = {
            (lot.product_id, lot.number): lot.expires_on
            for (owner, _), lot in self._tables.lots.items()
            if owner == ctx.company_id
        }
        shelves: dict[Place, list[Candidate]] = defaultdict(list)
        for (owner, key), item in self._tables.stock.items():
            wanted = key.product_id in products and key.warehouse_id in warehouses
            if owner == ctx.company_id and wanted and item.available > ZERO:
                expires_on = expiry.get((key.product_id, key.lot))
                found = Candidate(key=key, available=item.available, expires_on=expires_on)
                shelves[found.place].append(found)
        return tuple(
            each
            for place in sorted(shelves)
            for each in sorted(shelves[place], key=_first_out)[:CANDIDATES_MAX]
        )

    def reserved(self, ctx: Context, origins: Sequence[str]) -> tuple[Reservation, ...]:
        wanted = set(origins)
        found = [
            each
            for (owner, _, origin), each in self._tables.reservations.items()
            if owner == ctx.company_id and origin in wanted
        ]
        return tuple(sorted(found, key=lambda each: (each.key, each.origin)))

    def average_costs(
        self, ctx: Context, product_ids: Collection[ProductId]
    ) -> Mapping[ProductId, UnitPrice]:
        found = (
            (each, self._tables.valuations.get((ctx.company_id, each))) for each in product_ids
        )
        costs = {each: valuation.average_cost for each, valuation in found if valuation}
        return {each: cost for each, cost in costs.items() if cost is not None}

    def still_out(self, ctx: Context, origin: str) -> tuple[StillOut, ...]:
        ours = [
            each for (owner, _), each in self._tables.movements.items() if owner == ctx.company_id
        ]
        returned: dict[object, Quantity] = defaultdict(Quantity)
        for each in ours:
            returned[each.posting.reference_id] += each.quantity
        out = [
            StillOut(movement=each, returned=returned[each.id])
            for each in sorted(ours, key=lambda each: each.id)
            if each.posting.origin == origin and each.quantity < ZERO
        ]
        return tuple(each for each in out if each.rest > ZERO)


def _first_out(each: Candidate) -> tuple[date, str]:
    return (each.expires_on or date.max, each.key.lot)
