"""What every keeper of stock counts must do, alone and in a crowd."""

from erp_core.testing.counts.contract import a_count
from erp_core.testing.counts.crowd import StockCountLockingContract, StockCountRowLockContract
from erp_core.testing.counts.queries import StockCountQueriesContract
from erp_core.testing.counts.repository import StockCountRepositoryContract

__all__ = [
    "StockCountLockingContract",
    "StockCountQueriesContract",
    "StockCountRepositoryContract",
    "StockCountRowLockContract",
    "a_count",
]
