"""Products by the file: read, cut into batches, and stored by two at a time."""

from __future__ import annotations

import gc
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any, BinaryIO, Final
from uuid import UUID

from erp_app.composition import core
from erp_app.database import require_file
from erp_app.errands import companies, errand
from erp_app.errors import ProgramError
from erp_app.settings import Settings
from erp_core.inventory.use_cases import Imported, ImportProducts, ImportProductsCommand
from erp_core.kernel.context import Context
from erp_core.kernel.csv_table import CsvTable, Line
from erp_core.kernel.errors import ErpError, RowsRefusedError

_LANES: Final = 2  # one batch is worked out while the database stores another
_FIRST: Final = 1000  # rows of the first batch, at most: it goes alone
_TURN_SECONDS: Final = 0.0005  # how long a lane that could go on waits for the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a row could not be stored."""

    line: int
    column: str
    code: str
    reason: str


@dataclass(slots=True, kw_only=True)
class Done:
    """What came of a file."""

    rows: int = 0
    stored: int = 0
    movements: int = 0
    seconds: float = 0.0
    problems: list[Problem] = field(default_factory=list)
    not_stored: list[tuple[int, int]] = field(default_factory=list)  # first and last line

    def as_json(self) -> dict[str, Any]:
        """Return it as a program reads it."""
        return {**asdict(self), "seconds": round(self.seconds, 3)}


def import_products(  # noqa: PLR0913  # what an operator may say, each by its name
    settings: Settings,
    file: BinaryIO,
    *,
    company: UUID | None,
    batch: int,
    label: str,
    tell: Callable[[int], None] | None = None,
) -> Done:
    """Store the products of *file*, a batch a transaction; *tell* hears of the rows done.

    Raises:
        ProgramError: there is no such company, or there are several and none is named.
        MalformedError: the file cannot be read, or a column is unknown; what came before the
            place that cannot be read is stored.
    """
    require_file(settings)
    started = time.monotonic()
    with core(settings) as house, _without_collector(), _in_short_turns():
        meant = companies(house.erp, company)
        if len(meant) > 1:
            listed = ", ".join(str(each) for each in meant)
            raise ProgramError(f"there are several companies: name one with --company ({listed})")
        ctx = errand(meant[0])
        ctx = replace(ctx, currency=house.erp.identity.get_company(ctx, None).currency)
        done = Done()
        for each in stored_batches(
            house.erp.inventory.import_products, ctx, CsvTable(file), batch, label
        ):
            _count(done, each)
            if tell is not None:
                tell(done.rows)
        done.seconds = time.monotonic() - started
        return done


@contextmanager
def _without_collector() -> Iterator[None]:
    """Let nobody look for cycles among hundreds of thousands of values that have none.

    They are gone with their batch; looking for others took a third of the time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _in_short_turns() -> Iterator[None]:
    """Let whoever has an answer of the database give it the next statement soon.

    Between two of a batch's statements its lane needs the interpreter for a moment; by default
    the lane that works out the next batch keeps it for ten times as long, and the database waits.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def stored_batches(
    store: ImportProducts, ctx: Context, table: CsvTable, size: int, label: str
) -> Iterator[tuple[tuple[Line, ...], Imported | RowsRefusedError]]:
    """Yield each batch with what came of it, in the order of the file."""
    lines = iter(table)
    waiting: deque[tuple[tuple[Line, ...], Future[Imported]]] = deque()

    def oldest() -> tuple[tuple[Line, ...], Imported | RowsRefusedError]:
        some, future = waiting.popleft()
        try:
            return some, future.result()
        except RowsRefusedError as error:
            return some, error

    # One alone, and a small one: until it is committed, PostgreSQL's statistics know of no rows
    # for the others, and each row's foreign keys would be sought among all of the company's.
    alone = True
    with ThreadPoolExecutor(_LANES) as lanes:
        while some := tuple(islice(lines, min(size, _FIRST) if alone else size)):
            command = ImportProductsCommand(columns=table.columns, lines=some, label=label)
            # Read here, which takes a third of our time, while both lanes wait for the database.
            waiting.append((some, lanes.submit(store, ctx, command.ahead(ctx.currency))))
            if alone or len(waiting) > _LANES:
                told = oldest()
                alone = alone and isinstance(told[1], RowsRefusedError)
                yield told
        while waiting:
            yield oldest()


def _count(done: Done, batch: tuple[tuple[Line, ...], Imported | RowsRefusedError]) -> None:
    lines, result = batch
    done.rows += len(lines)
    if isinstance(result, RowsRefusedError):
        done.problems += map(_problem, result.faults)
        done.not_stored.append((lines[0].number, lines[-1].number))
    else:
        done.stored += result.products
        done.movements += result.movements


def _problem(fault: ErpError) -> Problem:
    _, line, *column = fault.field.split("/", 2)
    return Problem(line=int(line), column="".join(column), code=fault.code, reason=str(fault))
