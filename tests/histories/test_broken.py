"""What a mistake in the keeping of stock looks like to the judge: it is caught every time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from erp_core.testing import at_once
from erp_core.testing.histories.stock import Shelf
from tests.databases import SERVERS, database
from tests.histories import broken
from tests.histories.broken import Appointment, BrokenStore
from tests.histories.stockroom import Stockroom

NORTH, SOUTH = Shelf("tea", "north"), Shelf("tea", "south")
ONE, FIVE, TEN = Decimal(1), Decimal(5), Decimal(10)
AGAIN = 10  # histories of each mistake on each engine

on_servers = pytest.mark.parametrize("kind", SERVERS)


@contextmanager
def histories(
    kind: str, folder: Path, keeper: Callable[..., broken.BrokenStock], *, times: int = 1
) -> Iterator[Callable[..., tuple[Stockroom, Appointment]]]:
    """Open a database; each call of what is yielded makes a room with tea, kept by *keeper*."""
    with database(kind, folder) as engine:
        store = BrokenStore(engine, keeper, Appointment(0))

        def a_room(*filled: Shelf) -> tuple[Stockroom, Appointment]:
            room = Stockroom(store=store)
            room.stock_up(["tea"], [NORTH, SOUTH])
            for shelf in filled or [NORTH]:
                room.receive(shelf, TEN, ONE)
            place = store.place = Appointment(times)
            return room, place

        yield a_room


@on_servers
def test_reading_and_then_writing_without_a_lock_is_caught_every_time(
    kind: str, tmp_path: Path
) -> None:
    with histories(kind, tmp_path, broken.NeitherLockNorVersion, times=3) as a_room:
        for _ in range(AGAIN):
            room, _ = a_room()

            def issues(room: Stockroom = room) -> None:
                for _ in range(3):
                    room.issue(NORTH, ONE)

            at_once(issues, issues)
            fault = room.judge().fault
            assert "(issue of 1 tea in north) was answered as if #" in fault
            assert "(issue of 1 tea in north) had not taken place" in fault


@on_servers
def test_a_crowd_that_writes_without_a_lock_is_caught_without_an_appointment(
    kind: str, tmp_path: Path
) -> None:
    """Eight of them, 240 times at two rows: that nothing ever goes wrong does not happen."""
    with histories(kind, tmp_path, broken.NeitherLockNorVersion, times=0) as a_room:
        for _ in range(3):
            room, _ = a_room(NORTH, SOUTH)

            def works(room: Stockroom = room) -> None:
                for _ in range(15):
                    room.receive(NORTH, ONE, ONE)
                    room.issue(SOUTH, ONE)

            at_once(*[works] * 8)
            assert " had not taken place" in room.judge().fault


@on_servers
def test_a_version_without_a_lock_loses_nothing_but_time(kind: str, tmp_path: Path) -> None:
    """The judge does not mind how it is done: this is right, and it is not what we promise."""
    with histories(kind, tmp_path, broken.VersionButNoLock) as a_room:
        for _ in range(AGAIN):
            room, _ = a_room()
            at_once(*[partial(room.issue, NORTH, ONE)] * 2)
            verdict = room.judge()
            assert verdict.explained, verdict.fault
            assert room.contended() == ["inventory.stock.issue"]


@on_servers
def test_deciding_by_what_was_read_before_the_lock_is_caught_every_time(
    kind: str, tmp_path: Path
) -> None:
    with histories(kind, tmp_path, broken.ReadsBeforeItLocks) as a_room:
        for _ in range(AGAIN):
            room, _ = a_room()
            at_once(*[partial(room.issue, NORTH, ONE)] * 2)
            assert "(issue of 1 tea in north) had not taken place" in room.judge().fault


@on_servers
def test_locking_in_the_order_asked_is_caught_every_time(kind: str, tmp_path: Path) -> None:
    """The database ends the deadlock, and no answer is wrong: it shows in its victim."""
    with histories(kind, tmp_path, broken.LocksInTheOrderAsked) as a_room:
        for _ in range(2):  # PostgreSQL looks for deadlocks after a second
            room, _ = a_room(NORTH, SOUTH)
            at_once(
                partial(room.transfer, NORTH, SOUTH, ONE),
                partial(room.transfer, SOUTH, NORTH, ONE),
            )
            victims = room.contended()  # sometimes both of them, one after the other
            assert victims
            assert all("transfer" in each for each in victims)
            assert room.judge().explained


@on_servers
def test_a_transfer_in_two_transactions_is_caught_every_time(kind: str, tmp_path: Path) -> None:
    with histories(kind, tmp_path, broken.CommitsHalfWay, times=2) as a_room:
        for _ in range(AGAIN):
            room, place = a_room()

            def looks(room: Stockroom = room, place: Appointment = place) -> None:
                place.wait()
                room.look("tea")
                place.wait()

            at_once(partial(room.transfer, NORTH, SOUTH, FIVE), looks)
            fault = room.judge().fault
            assert "was told that on hand of tea in south was 0, which it never was" in fault
            assert "it is 5 since #" in fault
            assert "(transfer of 5 tea in north to south)" in fault


@on_servers
def test_an_average_of_what_is_not_locked_is_caught_every_time(kind: str, tmp_path: Path) -> None:
    with histories(kind, tmp_path, broken.AveragesWhatIsNotLocked) as a_room:
        for _ in range(AGAIN):
            room, _ = a_room()
            at_once(
                partial(room.receive, NORTH, TEN, Decimal(2)),
                partial(room.receive, SOUTH, TEN, Decimal(4)),
            )
            fault = room.judge().fault
            assert "was answered as if #" in fault
            assert fault.count("(receipt of 10 tea in ") == 2
            assert room.consistent()  # the quantities are right, and `erp verify` sees no more


@on_servers
def test_a_memory_of_what_was_read_once_is_caught_every_time(kind: str, tmp_path: Path) -> None:
    with histories(kind, tmp_path, broken.Remembers) as a_room:
        for _ in range(AGAIN):
            room, _ = a_room()
            room.issue(NORTH, ONE)
            assert room.judge().fault == (
                "#2 (issue of 1 tea in north) was answered as if #1 (receipt of 10 tea in north"
                " at 1) had not taken place, which had been answered before it was asked"
            )
