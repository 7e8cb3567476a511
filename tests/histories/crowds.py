"""What a crowd does in a stockroom: anything, at random, at a few hot rows."""

import os
import random
import secrets
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from erp_core.testing import at_once
from erp_core.testing.histories.stock import Issue, Receive, Shelf
from tests.histories.stockroom import Stockroom


def seed_of_this_run() -> int:
    """Return the seed a person gave, or a new one; either way it is printed."""
    given = os.environ.get("ERP_TEST_SEED")
    seed = int(given) if given else secrets.randbits(32)
    print(f"ERP_TEST_SEED={seed}")  # noqa: T201  # pytest shows it where a test fails
    return seed


def crowd(room: Stockroom, seed: int, operations: int, threads: int) -> None:
    """Let *threads* callers do *operations* in all, each its own random share of them."""
    shares = [operations // threads + (each < operations % threads) for each in range(threads)]
    scripts = [partial(_work, room, f"{seed}/{n}", share) for n, share in enumerate(shares)]
    at_once(*scripts)


def _work(room: Stockroom, seed: str, operations: int) -> None:
    dice = random.Random(seed)  # to be repeated, not to be kept secret
    for _ in range(operations):
        one_of(room, dice)()


def one_of(room: Stockroom, dice: random.Random) -> Callable[[], object]:
    """Choose an operation; small numbers mostly, so that states come again and confuse."""
    choices, weights = zip(*_CHOICES.items(), strict=True)
    return dice.choices(choices, weights)[0](room, dice)


def _quantity(dice: random.Random) -> Decimal:
    return Decimal(dice.choice(["1", "1", "2", "3", "5", "0.333333"]))


def _cost(dice: random.Random) -> Decimal:
    return Decimal(dice.choice(["0", "1", "2.5", "3.333333", "7"]))


def _shelf(room: Stockroom, dice: random.Random) -> Shelf:
    return dice.choice(list(room.keys))


def _beside(room: Stockroom, dice: random.Random, shelf: Shelf) -> Shelf:
    """Choose another shelf of the same product."""
    return dice.choice([x for x in room.keys if x.product == shelf.product and x != shelf])


def _receive(room: Stockroom, dice: random.Random) -> Callable[[], object]:
    return partial(room.receive, _shelf(room, dice), _quantity(dice), _cost(dice))


def _issue(room: Stockroom, dice: random.Random) -> Callable[[], object]:
    return partial(room.issue, _shelf(room, dice), _quantity(dice))


def _transfer(room: Stockroom, dice: random.Random) -> Callable[[], object]:
    source = _shelf(room, dice)
    return partial(room.transfer, source, _beside(room, dice, source), _quantity(dice))


def _adjust(room: Stockroom, dice: random.Random) -> Callable[[], object]:
    return partial(room.adjust, _shelf(room, dice), Decimal(dice.randrange(6)))


def _look(room: Stockroom, dice: random.Random) -> Callable[[], object]:
    return partial(room.look, _shelf(room, dice).product)


def _promise(room: Stockroom, dice: random.Random) -> Callable[[], object]:
    what = dice.choice([room.reserve, room.release])
    return partial(what, _shelf(room, dice), _quantity(dice), dice.choice(["order:1", "order:2"]))


def _receive_goods(room: Stockroom, dice: random.Random) -> Callable[[], object]:
    lines = [(_shelf(room, dice), _quantity(dice), _cost(dice)) for _ in range(3)]
    return partial(room.receive_goods, lines)


def _issue_goods(room: Stockroom, dice: random.Random) -> Callable[[], object]:
    lines = [(_shelf(room, dice), _quantity(dice)) for _ in range(dice.choice([2, 5]))]
    return partial(room.issue_goods, lines)


def _take_back(room: Stockroom, dice: random.Random) -> Callable[[], object]:
    issues = [each for each in room.done[-20:] if isinstance(each.operation, Issue)]
    if not issues:
        return _issue(room, dice)
    issue = dice.choice(issues)
    shelf = dice.choice([issue.operation.shelf, _beside(room, dice, issue.operation.shelf)])
    return partial(room.take_back, issue, shelf, _quantity(dice))


def _revalue(room: Stockroom, dice: random.Random) -> Callable[[], object]:
    receipts = [each for each in room.done[-20:] if isinstance(each.operation, Receive)]
    if not receipts:
        return _receive(room, dice)
    return partial(room.revalue, dice.choice(receipts), _cost(dice))


_CHOICES: dict[Callable[[Stockroom, random.Random], Callable[[], object]], int] = {
    _receive: 20,
    _issue: 20,
    _transfer: 14,
    _adjust: 4,
    _look: 10,
    _promise: 14,
    _receive_goods: 4,
    _issue_goods: 8,
    _take_back: 4,
    _revalue: 2,
}


def hot_rows(room: Stockroom) -> None:
    """Two products in three warehouses, one of which may run ahead of its receipts."""
    places = [Shelf("", "north"), Shelf("", "south"), Shelf("", "ahead", may_go_negative=True)]
    for shelf in room.stock_up(["tea", "rum"], places):
        if shelf.place == "north":
            room.receive(shelf, Decimal(20), Decimal("1.5"))
