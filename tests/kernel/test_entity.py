"""Identities, versions and what the audit trail says of a change."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest

from erp_core.kernel.audit import SECRET, Journal
from erp_core.kernel.entity import Aggregate, Ids, new_id
from erp_core.kernel.errors import PreconditionFailedError
from erp_core.kernel.money import Money


def test_ids_grow_within_a_process_and_never_repeat() -> None:
    ids = [new_id() for _ in range(20_000)]

    assert ids == sorted(set(ids))
    assert {(each.version, each.variant) for each in ids} == {(7, "specified in RFC 4122")}


def test_ids_of_many_threads_are_all_different() -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = [
            each
            for some in pool.map(lambda _: [new_id() for _ in range(500)], range(8))
            for each in some
        ]

    assert len(set(ids)) == len(ids)


def test_an_id_tells_its_millisecond() -> None:
    made = (Ids().next().int >> 80) / 1000

    assert abs(datetime.now(UTC).timestamp() - made) < 60


def test_a_full_millisecond_borrows_from_the_next() -> None:
    drawn = iter([(1 << 73) - 1, 1 << 74, 5])  # the second spills over the brim
    ids = Ids(nanoseconds=lambda: 7_000_000, randbits=lambda _: next(drawn))
    first, second = ids.next(), ids.next()

    assert second > first
    assert [each.int >> 80 for each in (first, second)] == [7, 8]


def test_a_clock_that_was_set_back_changes_nothing() -> None:
    hours = iter([9_000_000, 3_000_000, 3_000_000])
    ids = Ids(nanoseconds=lambda: next(hours))
    found = [ids.next() for _ in range(3)]

    assert found == sorted(set(found))


def _one_id(pipe) -> None:
    pipe.send(new_id())


def test_a_forked_process_has_ids_of_its_own() -> None:
    new_id()
    fork, ids = multiprocessing.get_context("fork"), []
    for _ in range(2):
        ours, theirs = fork.Pipe()
        child = fork.Process(target=_one_id, args=[theirs])
        child.start()
        ids.append(ours.recv())
        child.join()

    assert len({*ids, new_id()}) == 3


class Colour(StrEnum):
    GREEN = "green"


@dataclass(frozen=True, slots=True)
class Size:
    width: int
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kettle(Aggregate):
    id: UUID
    name: str = "Kettle"
    price: Money | None = None
    colour: Colour = Colour.GREEN
    tags: tuple[str, ...] = ()
    parts: frozenset[str] = frozenset()
    sizes: tuple[Size, ...] = ()
    notes: dict[str, str] = field(default_factory=dict)
    made_at: datetime | None = None
    sold_on: date | None = None
    password: str = field(default="", metadata=SECRET)


FULL = Kettle(
    id=UUID(int=7),
    name="Chaleira",
    price=Money(Decimal(10), "BRL"),
    tags=("a", "b"),
    parts=frozenset({"lid", "body"}),
    sizes=(Size(1, 2), Size(3)),
    notes={"b": "2", "a": "1"},
    made_at=datetime(2024, 2, 29, 12, tzinfo=UTC),
    sold_on=date(2024, 3, 1),
    password="s3cret",  # to be masked
)


def test_a_new_thing_is_told_whole_but_for_its_secrets() -> None:
    journal = Journal()
    journal.note_entity("kitchen.kettle", None, FULL)
    (change,) = journal.take()

    assert (change.kind, change.id, change.before) == ("kitchen.kettle", str(FULL.id), {})
    assert change.after == {
        "id": str(FULL.id),
        "name": "Chaleira",
        "price": "10.00 BRL",
        "colour": "green",
        "tags": "a; b",
        "parts": "body; lid",
        "sizes": "width=1, height=2; width=3",
        "notes": "a=1; b=2",
        "made_at": "2024-02-29T12:00:00+00:00",
        "sold_on": "2024-03-01",
        "password": "***",
    }
    assert journal.take() == ()


def test_of_a_change_only_what_differs_is_told() -> None:
    journal = Journal()
    journal.note_entity("kitchen.kettle", Kettle(id=FULL.id), FULL.stored(3))
    (change,) = journal.take()

    assert set(change.before) == set(change.after) == set(change.after) - {"id", "colour"}
    assert (change.before["price"], change.after["price"]) == ("", "10.00 BRL")


def test_of_what_is_gone_the_last_state_is_told() -> None:
    journal = Journal()
    journal.note_entity("kitchen.kettle", FULL, None)
    journal.note_entity("kitchen.kettle", None, None)
    (change,) = journal.take()

    assert (change.after, change.before["name"]) == ({}, "Chaleira")


def test_a_caller_who_means_an_older_version_is_told() -> None:
    kettle = FULL.stored(3)

    assert kettle.expect(3) is kettle.expect(None) is kettle
    with pytest.raises(PreconditionFailedError) as refusal:
        kettle.expect(2)
    assert refusal.value.details == {"expected": 2, "version": 3}


def test_many_ids_at_once_grow_and_so_does_the_next() -> None:
    ids = Ids(nanoseconds=lambda: 7_000_000)
    made = [ids.next(), *ids.many(1000), ids.next(), *ids.many(0)]
    assert made == sorted(set(made))
    assert {each.version for each in made} == {7}
    assert {each.int >> 80 for each in made} == {7}
