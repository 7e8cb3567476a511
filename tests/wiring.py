"""The whole system over a store of one's choice; what a test does not care about is made up."""

from erp_core.erp import Erp, ErpUnitOfWork, assemble
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing import FixedClock, Witness
from erp_core.testing.identity import FixedHasher
from erp_core.testing.parties import KnownTaxIds
from erp_memory.documents import MemoryFiles, PlainPaper
from erp_memory.store import MemoryStore


def an_erp(store: UnitOfWorkFactory[ErpUnitOfWork] | None = None, **ports: object) -> Erp:
    made_up = {
        "clock": FixedClock(),
        "observer": Witness(),
        "hasher": FixedHasher(),
        "tax_ids": KnownTaxIds(),
        "renderer": PlainPaper(),
        "files": MemoryFiles(),
    }
    return assemble(unit_of_work=store or MemoryStore(), **(made_up | ports))
