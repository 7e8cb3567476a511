"""The name of a stock row, and its place in the list of all."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities.warehouse import WarehouseId
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import MalformedError
from erp_core.kernel.page import Cursor


@dataclass(frozen=True, slots=True, order=True)
class StockKey:
    """Names one stock row. Its order is the order in which every store locks."""

    product_id: ProductId
    warehouse_id: WarehouseId
    lot: str = ""  # the number of a lot or a serial; empty where none is kept

    def __str__(self) -> str:
        return f"{self.product_id}/{self.warehouse_id}/{self.lot}"

    @property
    def cursor(self) -> Cursor:
        """The place after this row in the list of all rows."""
        return Cursor(f"{self.warehouse_id.hex}{self.lot}", self.product_id)

    @classmethod
    def at(cls, cursor: Cursor) -> Self:
        """Return the key whose place *cursor* is.

        Raises:
            MalformedError: it is the place of something else.
        """
        try:
            warehouse = UUID(hex=cursor.value[:32])
        except ValueError as error:
            raise MalformedError(
                "this cursor belongs to another list: begin again without it",
                code="page.cursor",
                field="cursor",
            ) from error
        return cls(ProductId(cursor.id), WarehouseId(warehouse), cursor.value[32:])
