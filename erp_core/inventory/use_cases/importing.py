"""Many products at once, with what of them lies in the warehouses already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, Self

from erp_core.catalog.entities import TaxClassId, standard_units
from erp_core.catalog.ports import UnitQuery
from erp_core.inventory.entities import (
    LockedStock,
    MovementId,
    Posting,
    Reason,
    StockedProduct,
    StockKey,
    Warehouse,
    opened,
)
from erp_core.inventory.ports import InventoryUnitOfWork, WarehouseQuery
from erp_core.inventory.use_cases.posting import posting_of
from erp_core.inventory.use_cases.product_rows import ProductColumns, ProductRow, ReadRows, fault
from erp_core.kernel.context import Context
from erp_core.kernel.csv_table import Line
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import new_ids
from erp_core.kernel.errors import (
    AlreadyExistsError,
    ErpError,
    InvariantError,
    NotFoundError,
    RowsRefusedError,
    StaleVersionError,
    ensure,
)
from erp_core.kernel.page import PageRequest
from erp_core.kernel.use_case import UseCase

BATCH_ROWS_MAX: Final = 10_000  # in one transaction
WAREHOUSES_MAX: Final = 100  # that one batch may name: each is a question to the store


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProductsCommand:
    """One batch of a file: its columns, and some of its lines."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    label: str = ""  # of the movements
    read: ReadRows | None = None  # what the lines say, where that is known already

    def ahead(self, currency: str) -> Self:
        """Return the command with its lines read; whoever has time to does that beforehand.

        Raises:
            MalformedError: a column nobody knows, or one that is missing.
        """
        return replace(self, read=ProductColumns(self.columns, currency).read(self.lines))

    def __post_init__(self) -> None:
        ensure(
            1 <= len(self.lines) <= BATCH_ROWS_MAX,
            "import.rows",
            f"1 to {BATCH_ROWS_MAX} rows are stored at once: split the file",
            most=BATCH_ROWS_MAX,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How much a batch has brought."""

    products: int
    movements: int


@dataclass(frozen=True, kw_only=True)
class ImportProducts(UseCase[InventoryUnitOfWork, ImportProductsCommand, Imported]):
    """Enter a batch of new products with their opening stock: all of them, or none.

    Nobody else can know of a product before the batch is committed, so that nothing is locked.

    Raises:
        PermissionDeniedError: who asks may not add products.
        MalformedError: a column nobody knows, or one that is missing.
        RowsRefusedError: a row breaks a rule, or says what another or the company has already.
    """

    permission = "inventory.product.import"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: ImportProductsCommand
    ) -> Imported:
        ctx.require("catalog.product.add")  # whoever keeps stock may not add what is sold
        rows, faults = command.read or ProductColumns(command.columns, ctx.currency).read(
            command.lines
        )
        faults = [*faults, *_repeated(rows), *_unknown(ctx, uow, rows)]
        posting = posting_of(ctx, self.clock, Reason.RECEIPT, command.label)
        stocks, wrong = _opened(ctx, uow, rows, posting)
        faults += wrong
        # What is taken, the store itself finds out in no time; it is asked where something is.
        if faults or not _are_new(ctx, uow, rows):
            faults += _taken(ctx, uow, rows)
            if not faults:  # whoever had it is gone again
                raise StaleVersionError("another import was first")
            raise RowsRefusedError(sorted(faults, key=_line_of), rows=len(command.lines))
        uow.stock.add_many(ctx, stocks)
        return Imported(products=len(rows), movements=len(stocks))


def _are_new(ctx: Context, uow: InventoryUnitOfWork, rows: Sequence[ProductRow]) -> bool:
    """Add the products of *rows*, and say whether that could be done."""
    try:
        uow.products.add_many(ctx, [row.product for row in rows])
    except AlreadyExistsError:
        return False
    return True


def _line_of(error: ErpError) -> int:
    line = error.details["line"]
    return line if isinstance(line, int) else 0


def _repeated(rows: Iterable[ProductRow]) -> list[ErpError]:
    """Return the rows whose SKU or barcode an earlier one has."""
    faults: list[ErpError] = []
    skus: dict[str, int] = {}
    barcodes: dict[str, int] = {}
    for row in rows:
        for first, field, said in (
            (skus, "sku", row.product.sku),
            (barcodes, "barcode", row.product.barcode),
        ):
            before = first.setdefault(said, row.line) if said else row.line
            if before != row.line:
                error = InvariantError(
                    f"line {before} says {said} already",
                    code="import.twice",
                    field=field,
                    before=before,
                )
                faults.append(fault(row.line, error))
    return faults


def _taken(ctx: Context, uow: InventoryUnitOfWork, rows: Iterable[ProductRow]) -> list[ErpError]:
    """Return the rows whose SKU or barcode a product of the company has."""
    skus = {row.product.sku for row in rows}
    barcodes = {row.product.barcode for row in rows} - {""}
    taken = uow.products.taken(ctx, skus, barcodes)
    faults: list[ErpError] = []
    for row in rows if taken.skus or taken.barcodes else ():
        if row.product.sku in taken.skus:
            error = AlreadyExistsError(
                f"there is a product {row.product.sku} already",
                code="catalog.product.sku_taken",
                field="sku",
            )
            faults.append(fault(row.line, error))
        if row.product.barcode in taken.barcodes:
            error = AlreadyExistsError(
                f"another product has the barcode {row.product.barcode}",
                code="catalog.product.barcode_taken",
                field="barcode",
            )
            faults.append(fault(row.line, error))
    return faults


def _unknown(ctx: Context, uow: InventoryUnitOfWork, rows: Iterable[ProductRow]) -> list[ErpError]:
    """Return the rows whose unit or tax class the company does not have."""
    units = {row.product.unit for row in rows}
    if not uow.units.page(ctx, UnitQuery(page=PageRequest(limit=1))).items:
        uow.units.add_absent(ctx, standard_units())
    strange = {unit for unit in sorted(units) if uow.units.coded(ctx, unit) is None}
    classes = {row.product.tax_class_id for row in rows} - {None}
    refused = {each for each in classes if each and _is_refused(ctx, uow, each)}
    faults: list[ErpError] = []
    for row in rows if strange or refused else ():
        if row.product.unit in strange:
            error = NotFoundError(
                f"no unit {row.product.unit}: add it first, or choose another",
                code="catalog.unit.unknown",
                field="unit",
            )
            faults.append(fault(row.line, error))
        if row.product.tax_class_id in refused:
            unusable = InvariantError(
                "there is no such tax class, or it is archived",
                code="import.tax_class",
                field="tax_class_id",
            )
            faults.append(fault(row.line, unusable))
    return faults


def _is_refused(ctx: Context, uow: InventoryUnitOfWork, tax_class_id: TaxClassId) -> bool:
    """Say whether the tax class cannot be used."""
    try:
        return uow.tax_classes.get(ctx, tax_class_id).archived_at is not None
    except NotFoundError:
        return True


def _opened(
    ctx: Context, uow: InventoryUnitOfWork, rows: Sequence[ProductRow], posting: Posting
) -> tuple[list[LockedStock], list[ErpError]]:
    """Return the stock of the rows that have some, each row's by itself."""
    stocks: list[LockedStock] = []
    faults: list[ErpError] = []
    codes = {row.opening.warehouse_code for row in rows if row.opening}
    ensure(
        len(codes) <= WAREHOUSES_MAX,
        "import.warehouses",
        f"a batch names at most {WAREHOUSES_MAX} warehouses: split the file",
        most=WAREHOUSES_MAX,
    )
    warehouses = {code: _warehouse(ctx, uow, code) for code in sorted(codes)}
    for row, movement_id in zip(rows, new_ids(len(rows)), strict=True):
        if row.opening is not None:
            try:
                warehouse = warehouses[row.opening.warehouse_code]
                stocks.append(_received(row, warehouse, posting, MovementId(movement_id)))
            except ErpError as error:
                faults.append(fault(row.line, error))
    return stocks, faults


def _warehouse(ctx: Context, uow: InventoryUnitOfWork, code: str) -> Warehouse | None:
    page = PageRequest(limit=1, sort="code")  # the shortest of those that begin so comes first
    found = uow.warehouses.page(ctx, WarehouseQuery(page=page, code=code)).items
    return next((each for each in found if each.code == code), None)


def _received(
    row: ProductRow, warehouse: Warehouse | None, posting: Posting, movement_id: MovementId
) -> LockedStock:
    opening, product = row.opening, row.product
    if opening is None or warehouse is None:
        raise NotFoundError(
            "there is no warehouse of this code",
            code="import.warehouse_unknown",
            field="warehouse_code",
        )
    return opened(
        StockKey(product.id, warehouse.id, opening.lot),
        StockedProduct(
            sku=product.sku, stock_managed=product.stock_managed, tracking=product.tracking
        ),
        warehouse,
        opening.quantity,
        opening.unit_cost,
        posting,
        movement_id,
        opening.dates,
    )
