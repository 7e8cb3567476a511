"""What a person can do with warehouses, stock and stock counts."""

from erp_core.inventory.use_cases.corrections import (
    ReturnStock,
    ReturnStockCommand,
    RevalueReceipt,
    RevalueReceiptCommand,
)
from erp_core.inventory.use_cases.counts import (
    COUNT_ENTRIES_MAX,
    AddCount,
    CancelCount,
    CloseCount,
    CloseCountCommand,
    CountCommand,
    CountSummary,
    EnterCounts,
    EnterCountsCommand,
    Found,
    GetCount,
    ListCountLines,
    ListCounts,
    StartCount,
)
from erp_core.inventory.use_cases.goods import (
    GoodsMovements,
    IssueGoods,
    IssueGoodsCommand,
    IssueLine,
    ReceiptLine,
    ReceiveGoods,
    ReceiveGoodsCommand,
)
from erp_core.inventory.use_cases.importing import (
    BATCH_ROWS_MAX,
    Imported,
    ImportProducts,
    ImportProductsCommand,
)
from erp_core.inventory.use_cases.lots import ChangeLot, ChangeLotCommand, GetLot, ListLots
from erp_core.inventory.use_cases.reports import (
    ForecastStock,
    ListExpiringLots,
    ListSlowMovers,
    RankByValue,
    Ranked,
    ReportStock,
    SuggestReorders,
)
from erp_core.inventory.use_cases.reservations import (
    ListReservations,
    ReleaseStock,
    ReservationCommand,
    ReserveStock,
)
from erp_core.inventory.use_cases.stock import (
    ALL_DIFFERENCES_MAX,
    DIFFERENCES_MAX,
    AdjustStock,
    AdjustStockCommand,
    GetMovement,
    IssueStock,
    IssueStockCommand,
    ListMovements,
    ListStock,
    ReceiveStock,
    ReceiveStockCommand,
    Transfer,
    TransferStock,
    TransferStockCommand,
    Verification,
    VerifyStock,
    VerifyStockQuery,
)
from erp_core.inventory.use_cases.transfers import (
    ArriveTransfer,
    ArriveTransferCommand,
    CancelTransfer,
    CloseTransfer,
    DispatchTransfer,
    DispatchTransferCommand,
    EndTransferCommand,
    GetTransfer,
    ListTransfers,
)
from erp_core.inventory.use_cases.warehouses import (
    AddWarehouse,
    ArchiveWarehouse,
    ChangeWarehouse,
    ChangeWarehouseCommand,
    GetWarehouse,
    ListWarehouses,
    RestoreWarehouse,
    WarehouseCommand,
)
from erp_core.kernel.dataclass import dataclass

__all__ = [
    "ALL_DIFFERENCES_MAX",
    "BATCH_ROWS_MAX",
    "COUNT_ENTRIES_MAX",
    "DIFFERENCES_MAX",
    "AddCount",
    "AddWarehouse",
    "AdjustStock",
    "AdjustStockCommand",
    "ArchiveWarehouse",
    "ArriveTransfer",
    "ArriveTransferCommand",
    "CancelCount",
    "CancelTransfer",
    "ChangeLot",
    "ChangeLotCommand",
    "ChangeWarehouse",
    "ChangeWarehouseCommand",
    "CloseCount",
    "CloseCountCommand",
    "CloseTransfer",
    "CountCommand",
    "CountSummary",
    "DispatchTransfer",
    "DispatchTransferCommand",
    "EndTransferCommand",
    "EnterCounts",
    "EnterCountsCommand",
    "ForecastStock",
    "Found",
    "GetCount",
    "GetLot",
    "GetMovement",
    "GetTransfer",
    "GetWarehouse",
    "GoodsMovements",
    "ImportProducts",
    "ImportProductsCommand",
    "Imported",
    "InventoryUseCases",
    "IssueGoods",
    "IssueGoodsCommand",
    "IssueLine",
    "IssueStock",
    "IssueStockCommand",
    "ListCountLines",
    "ListCounts",
    "ListExpiringLots",
    "ListLots",
    "ListMovements",
    "ListReservations",
    "ListSlowMovers",
    "ListStock",
    "ListTransfers",
    "ListWarehouses",
    "RankByValue",
    "Ranked",
    "ReceiptLine",
    "ReceiveGoods",
    "ReceiveGoodsCommand",
    "ReceiveStock",
    "ReceiveStockCommand",
    "ReleaseStock",
    "ReportStock",
    "ReservationCommand",
    "ReserveStock",
    "RestoreWarehouse",
    "ReturnStock",
    "ReturnStockCommand",
    "RevalueReceipt",
    "RevalueReceiptCommand",
    "StartCount",
    "SuggestReorders",
    "Transfer",
    "TransferStock",
    "TransferStockCommand",
    "Verification",
    "VerifyStock",
    "VerifyStockQuery",
    "WarehouseCommand",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryUseCases:
    """All of the inventory, wired: what HTTP, the CLI and an embedding program call."""

    add_warehouse: AddWarehouse
    get_warehouse: GetWarehouse
    change_warehouse: ChangeWarehouse
    archive_warehouse: ArchiveWarehouse
    restore_warehouse: RestoreWarehouse
    list_warehouses: ListWarehouses
    receive_stock: ReceiveStock
    issue_stock: IssueStock
    transfer_stock: TransferStock
    adjust_stock: AdjustStock
    list_stock: ListStock
    get_movement: GetMovement
    list_movements: ListMovements
    verify_stock: VerifyStock
    receive_goods: ReceiveGoods
    issue_goods: IssueGoods
    return_stock: ReturnStock
    revalue_receipt: RevalueReceipt
    reserve_stock: ReserveStock
    release_stock: ReleaseStock
    list_reservations: ListReservations
    get_lot: GetLot
    list_lots: ListLots
    change_lot: ChangeLot
    dispatch_transfer: DispatchTransfer
    arrive_transfer: ArriveTransfer
    close_transfer: CloseTransfer
    cancel_transfer: CancelTransfer
    get_transfer: GetTransfer
    list_transfers: ListTransfers
    add_count: AddCount
    get_count: GetCount
    list_counts: ListCounts
    list_count_lines: ListCountLines
    start_count: StartCount
    enter_counts: EnterCounts
    close_count: CloseCount
    cancel_count: CancelCount
    report_stock: ReportStock
    forecast_stock: ForecastStock
    suggest_reorders: SuggestReorders
    list_expiring_lots: ListExpiringLots
    list_slow_movers: ListSlowMovers
    rank_by_value: RankByValue
    import_products: ImportProducts
