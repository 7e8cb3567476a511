"""The batches of a file: which of them are stored at the same time, and how large they are."""

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
    """Stores nothing, and sees who is there at the same time: others, once one is stored."""

    def __init__(self, refused: tuple[int, ...] = ()) -> None:
        self.lock = threading.Lock()
        self.pair = threading.Barrier(2)
        self.here = 0
        self.stored = 0
        self.refused = refused

    def __call__(self, ctx: Context, command: ImportProductsCommand) -> Imported:
        line = command.lines[0].number
        with self.lock:
            self.here += 1
            alone = not self.stored
            assert not alone or self.here == 1, "none is committed yet"
        assert command.read is not None, "the lines are read before"
        if not alone:
            self.pair.wait(30)  # two of the others are here together, or this breaks
        with self.lock:
            self.here -= 1
            self.stored += line not in self.refused
        if line in self.refused:
            raise RowsRefusedError([InvariantError("bad", code="bad", line=line)], rows=1)
        return Imported(products=len(command.lines), movements=0)


@pytest.mark.parametrize("refused", [(), (4,), (2, 3)])
def test_one_batch_is_stored_alone_then_two_at_once_and_told_in_order(
    refused: tuple[int, ...],
) -> None:
    rows = 9 if 2 in refused else 7  # an even number of those that may come in pairs
    table = CsvTable(BytesIO(b"sku,name\n" + b"A,A\n" * rows))
    store = cast("ImportProducts", Watched(refused))
    told = list(stored_batches(store, context(), table, 1, ""))

    assert [lines[0].number for lines, _ in told] == list(range(2, 2 + rows))
    bad = [lines[0].number for lines, what in told if isinstance(what, RowsRefusedError)]
    assert bad == list(refused)


def test_the_batch_that_goes_alone_is_small() -> None:
    table = CsvTable(BytesIO(b"sku,name\n" + b"A,A\n" * 6000))
    store = cast("ImportProducts", Watched())
    told = list(stored_batches(store, context(), table, 2500, ""))

    assert [len(lines) for lines, _ in told] == [1000, 2500, 2500]
