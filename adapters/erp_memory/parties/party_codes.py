"""The counters of party codes in a dictionary."""

from __future__ import annotations

from erp_core.kernel.context import Context
from erp_core.parties.entities import CodeSeries, Party
from erp_core.parties.ports import PartyCodes
from erp_memory.tables import Tables


class MemoryPartyCodes(PartyCodes):
    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def next(self, ctx: Context, series: CodeSeries) -> str:
        taken = {
            _given(each, series)
            for (owner, _), each in self._tables.parties.items()
            if owner == ctx.company_id
        }
        number = self._tables.party_codes.get((ctx.company_id, series), 0) + 1
        while series.code(number) in taken:
            number += 1
        self._tables.party_codes[ctx.company_id, series] = number
        return series.code(number)

    def hold(self, ctx: Context, series: CodeSeries) -> None:
        """One writer at a time: he holds every series."""


def _given(party: Party, series: CodeSeries) -> str | None:
    return {
        CodeSeries.CUSTOMER: party.customer_code,
        CodeSeries.SUPPLIER: party.supplier_code,
        CodeSeries.PROSPECT: party.prospect_code,
    }[series]
