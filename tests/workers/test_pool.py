"""The pool and the beat: bounded, and not to be stopped by a mistake."""

import threading
import time

import pytest

from erp_core.kernel.errors import UnavailableError
from erp_workers import Beat, Pool

PATIENCE_SECONDS = 20


def soon() -> float:
    return time.monotonic() + PATIENCE_SECONDS


def test_all_that_is_submitted_is_done_by_no_more_threads_than_allowed() -> None:
    seen: list[int] = []
    at_work = threading.Semaphore(3)

    def work(item: int) -> None:
        assert at_work.acquire(blocking=False)
        seen.append(item)
        at_work.release()

    pool = Pool(work, threads=3, waiting=50)
    for each in range(50):
        pool.submit(each)
    assert pool.wait_idle(soon())
    assert sorted(seen) == list(range(50))
    pool.close()


def test_a_full_pool_says_so() -> None:
    let_go = threading.Event()
    pool: Pool[int] = Pool(lambda _: bool(let_go.wait(PATIENCE_SECONDS)), threads=1, waiting=2)
    for each in range(3):
        pool.submit(each)
    assert pool.free == 0
    with pytest.raises(OverflowError):
        pool.submit(4)
    let_go.set()
    assert pool.wait_idle(soon())
    assert pool.free == 3
    pool.close()
    assert pool.free == 0


def test_what_has_not_begun_can_be_taken_back() -> None:
    let_go, begun = threading.Event(), threading.Event()

    def work(item: str) -> None:
        begun.set()
        let_go.wait(PATIENCE_SECONDS)

    pool = Pool(work, threads=1, waiting=2)
    for each in ("a", "b", "c"):
        pool.submit(each)
    assert begun.wait(PATIENCE_SECONDS)
    assert pool.withdraw() == ["b", "c"]
    assert not pool.wait_idle(time.monotonic())
    let_go.set()
    assert pool.wait_idle(soon())


def test_a_thread_survives_what_it_does() -> None:
    done: list[str] = []

    def work(item: str) -> None:
        if item == "bad":
            raise ZeroDivisionError
        done.append(item)

    pool = Pool(work, threads=1, waiting=2)
    pool.submit("bad")
    pool.submit("good")
    assert pool.wait_idle(soon())
    assert done == ["good"]


def test_a_beat_goes_on_whatever_a_step_does() -> None:
    errors = [UnavailableError("down"), ZeroDivisionError()]
    reached = threading.Event()

    def step() -> int:
        if errors:
            raise errors.pop()
        reached.set()
        return 0

    beat = Beat("test", [step], seconds=0.001)
    beat.start()
    assert reached.wait(PATIENCE_SECONDS)
    assert beat.stop(PATIENCE_SECONDS)


def test_a_beat_is_woken_and_a_step_that_did_something_is_called_again() -> None:
    called, work = threading.Semaphore(0), [0]

    def step() -> int:
        called.release()
        work[0] -= 1
        return max(0, work[0])

    beat = Beat("test", [step], seconds=3600)
    beat.start()
    assert called.acquire(timeout=PATIENCE_SECONDS)
    work[0] = 3
    beat.wake()
    assert all(called.acquire(timeout=PATIENCE_SECONDS) for _ in range(3))
    assert beat.stop(PATIENCE_SECONDS)


def test_a_beat_that_never_began_has_ended() -> None:
    assert Beat("test", [], seconds=1).stop(0)
