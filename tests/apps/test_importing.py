"""The batches of a file: which of them are stored at the same time."""

import threading
from io import BytesIO
from typing import cast

import pytest

from erp_app.importing import stored_batches
from erp_core.inventory.use_cases import Imported, ImportProducts, ImportProductsCommand
from erp_core.kernel.context import Context
from erp_core.kernel.csv_table import CsvTable
from erp_core.kernel.errors import InvariantError, RowsRefusedError
from erp_core.testing import context


class Watched:
    """Stores nothing, and sees who is there at the same time; others may come after the first."""

    def __init__(self, refused: int = 0) -> None:
        self.lock = threading.Lock()
        self.pair = threading.Barrier(2)
        self.first_done = False
        self.refused = refused

    def __call__(self, ctx: Context, command: ImportProductsCommand) -> Imported:
        line = command.lines[0].number
        with self.lock:
            assert self.first_done == (line > 2), "the first batch is not committed yet"
        if line > 2:
            self.pair.wait(30)  # two of the others are here together, or this breaks
        with self.lock:
            self.first_done = True
        if line == self.refused:
            raise RowsRefusedError([InvariantError("bad", code="bad", line=line)], rows=1)
        return Imported(products=1, movements=0)


@pytest.mark.parametrize("refused", [0, 4])
def test_the_first_batch_is_stored_alone_then_two_at_once_and_told_in_order(refused: int) -> None:
    table = CsvTable(BytesIO(b"sku,name\n" + b"A,A\n" * 7))
    store = cast("ImportProducts", Watched(refused))
    told = list(stored_batches(store, context(), table, 1, ""))

    assert [lines[0].number for lines, _ in told] == list(range(2, 9))
    bad = [lines[0].number for lines, what in told if isinstance(what, RowsRefusedError)]
    assert bad == ([refused] if refused else [])
