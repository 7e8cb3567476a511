"""The whole ERP over a store of one's choice, with the plain ports of the kit."""

from erp_core.erp import Erp, ErpUnitOfWork, assemble
from erp_core.kernel.ports import Clock, UnitOfWorkFactory
from erp_core.testing import FixedClock, Witness
from erp_core.testing.parties import KnownTaxIds
from erp_memory.store import MemoryStore


def an_erp(
    store: UnitOfWorkFactory[ErpUnitOfWork] | None = None, clock: Clock | None = None
) -> Erp:
    """Wire an ERP; without a store, over an empty one in memory."""
    return assemble(
        unit_of_work=store or MemoryStore(),
        clock=clock or FixedClock(),
        observer=Witness(),
        tax_ids=KnownTaxIds(),
    )
