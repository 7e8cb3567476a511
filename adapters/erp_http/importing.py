"""Many things at once, over HTTP: the body is the table."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from erp_core.inventory.use_cases import (
    BATCH_ROWS_MAX,
    Imported,
    ImportProductsCommand,
    InventoryUseCases,
)
from erp_core.kernel.context import Context
from erp_core.kernel.csv_table import CsvTable
from erp_http.body import CSV
from erp_http.dto import RequestDto, ResponseDto
from erp_http.fields import Table, Whole
from erp_http.routing import Route

FILE_BYTES_MAX: Final = 25 * 1024 * 1024


class ImportProductsDto(RequestDto):
    table = Table(
        required=True,
        metadata={
            "description": f"At most {BATCH_ROWS_MAX} rows below the names of the columns; UTF-8."
        },
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> ImportProductsCommand:
        table = CsvTable(BytesIO(given["table"]))
        # One more than may be stored is enough to see that there are too many.
        lines = [line for line, _ in zip(table, range(BATCH_ROWS_MAX + 1), strict=False)]
        return ImportProductsCommand(columns=table.columns, lines=tuple(lines))


class ImportedDto(ResponseDto[Imported]):
    products = Whole(required=True, metadata={"description": "that are new"})
    movements = Whole(required=True, metadata={"description": "of their opening stock"})

    def show(self, thing: Imported) -> dict[str, Any]:
        return {"products": thing.products, "movements": thing.movements}


def routes(inventory: InventoryUseCases) -> tuple[Route, ...]:
    return (
        Route(
            on="POST /v1/products/import",
            call=inventory.import_products,
            accepts=ImportProductsDto(),
            returns=ImportedDto(),
            media=CSV,
            bytes_max=FILE_BYTES_MAX,
        ),
    )
