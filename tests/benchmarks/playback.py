"""A recording made ready to be said again: what differs from call to call is found beforehand."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

from erp_sql.postgres_plans import Ready
from tests.benchmarks.recording import Recording, Transaction, columns

Words = dict[Any, Any]  # what was recorded, and what is said instead
Rows = dict[str, Any]  # of stock, as they were when they were locked
Taken = dict[str, tuple[Any, Any]]  # by row of stock: how much was put there, and reserved

_KINDS: Final = {  # what PostgreSQL calls a parameter; a text it finds out by itself
    UUID: "uuid",
    Decimal: "numeric",
    bool: "boolean",
    int: "bigint",
    datetime: "timestamptz",
    date: "date",
}
_CAUSES: Final = ("inventory_stock_movement", "inventory_reservation")
_NUMBER: Final = re.compile(r"[A-Z]{3}\d{4}-\d{5,}")  # of a document
_ASSIGNED: Final = re.compile(r"(\w+)\s*=\s*\?")
_STOCK: Final = re.compile(r"(UPDATE|INSERT INTO) inventory_stock_item\b")
# A statement that names its parameters calls those of its WHERE so.
_KEYS: Final = {"_product": "product_id", "_warehouse": "warehouse_id"}


class Playback:
    """A recording, in which the ids, the number and the stock of each call can be put."""

    def __init__(self, recorded: Recording, kind: str) -> None:
        self.samples = recorded.samples
        self.fresh = recorded.fresh
        spelled = [
            text
            for each in (*recorded.samples, *recorded.fresh)
            for text in (each, str(UUID(hex=each)))
        ]
        known = re.compile("|".join([*spelled, _NUMBER.pattern]))
        self.turns = []
        for each in recorded.transactions:
            taken = _taken(each)
            steps = [Step(*step, known, taken) for step in each.steps]
            for place, step in enumerate(steps):
                if step.statement.startswith("UPDATE documents_number_counter"):
                    step.counts = next(filter(None, (later.number for later in steps[place:])))
            self.turns.append(Turn(each.ends, steps))

    def words(self, ids: list[str]) -> Words:
        """Return what this call says instead of what was recorded."""
        pairs = [*zip(self.samples, ids, strict=True)]
        pairs += [(each, uuid4().hex) for each in self.fresh]
        words: Words = {}
        for before, now in pairs:
            old, new = UUID(hex=before), UUID(hex=now)
            words[old], words[before], words[str(old)] = new, new.hex, str(new)
        return words


@dataclass
class Turn:
    """A transaction: how it ends, and what is said in it."""

    ends: str
    steps: "list[Step]"


class Step:
    """A statement, and what its parameters are filled with."""

    def __init__(
        self,
        statement: str,
        given: Any,
        many: bool,
        known: re.Pattern[str],
        taken: Taken,
    ) -> None:
        self.statement = statement
        self.many = many
        self.reads = statement.startswith("SELECT")
        self.locks = self.reads and "inventory_stock_item.on_hand," in statement
        self.counts = ""  # the number, as it was recorded, that this statement finds
        self.sets = [(each, _blanks(each, known)) for each in (given if many else [given])]
        self.stock = _places(statement, self.sets[0][0]) if _STOCK.match(statement) else []
        self.ready = _ready(statement, self.sets[0][0])
        # Set by set, row by row: what was put there, and what was reserved of it.
        self.taken = [[taken[_row(each, place)] for place in self.stock] for each, _ in self.sets]

    @property
    def number(self) -> str:
        """The first parameter that is a document's number, if any is."""
        for given, _ in self.sets:
            values = given.values() if isinstance(given, dict) else given
            for each in values:
                if isinstance(each, str) and _NUMBER.fullmatch(each):
                    return each
        return ""

    def said(self, words: Words, locked: Rows) -> Any:
        """Return the parameters of one call; of many, a list of them."""
        filled = [_filled(given, blanks, words) for given, blanks in self.sets]
        if self.stock:
            for each, taken in zip(filled, self.taken, strict=True):
                self._take(each, taken, locked)
        return filled if self.many else filled[0]

    def _take(self, values: Any, taken: list[tuple[Any, Any]], locked: Rows) -> None:
        """Write what there is and as much more or less as was recorded, at its version."""
        for place, (put, reserved) in zip(self.stock, taken, strict=True):
            row = locked[_row(values, place)]
            values[place["version"]] = row[4] + 1
            values[place["on_hand"]] = row[5] + put
            values[place["reserved"]] = row[6] + reserved
            if "_version" in place:
                values[place["_version"]] = row[4]


def _ready(statement: str, given: Any) -> Ready | None:
    """Return the statement as PostgreSQL may keep it ready; None: its parameters have no names."""
    if not isinstance(given, dict):
        return None
    kinds = [_KINDS.get(type(each), "unknown") for each in given.values()]
    return Ready(statement, tuple(given), kinds)


def key(product: Any, warehouse: Any) -> str:
    """Return what a row of stock is known by, however the driver spells ids."""
    return f"{product}{warehouse}".replace("-", "")


def numbered(before: str, count: int) -> str:
    """Return a number like the one *before*, with another count."""
    return f"{before.partition('-')[0]}-{count:05d}"


def _row(values: Any, place: dict[str, Any]) -> str:
    return key(values[place["product_id"]], values[place["warehouse_id"]])


def _taken(recorded: Transaction) -> Taken:
    """Return what a transaction put on each row of stock, by its movements and reservations."""
    found: Taken = defaultdict(lambda: (0, 0))
    for statement, given, many in recorded.steps:
        moves, reserves = (statement.startswith(f"INSERT INTO {each} ") for each in _CAUSES)
        if not (moves or reserves):
            continue
        for values in given if many else [given]:
            for place in _places(statement, values):
                row, quantity = _row(values, place), values[place["quantity"]]
                put, reserved = found[row]
                found[row] = (put + quantity, reserved) if moves else (put, reserved + quantity)
    return found


def _blanks(given: Any, known: re.Pattern[str]) -> list[tuple[Any, list[str]]]:
    """Return which parameters differ: an id, or a text as constant and other pieces in turn."""
    some = given.items() if isinstance(given, dict) else enumerate(given)
    split = re.compile(f"({known.pattern})").split
    found: list[tuple[Any, list[str]]] = []
    for name, value in some:
        if isinstance(value, UUID):
            found += [(name, [])] if known.fullmatch(value.hex) else []
        elif isinstance(value, str) and known.search(value):
            found.append((name, split(value)))
    return found


def _filled(given: Any, blanks: list[tuple[Any, list[str]]], words: Words) -> Any:
    values = dict(given) if isinstance(given, dict) else list(given)
    for name, pieces in blanks:
        if pieces:
            values[name] = "".join([words.get(each, each) for each in pieces])
        else:
            values[name] = words[values[name]]
    return values


def _places(statement: str, given: Any) -> list[dict[str, Any]]:
    """Return, row by row of stock, where among the parameters each column stands."""
    if isinstance(given, dict):
        rows: dict[str, dict[str, Any]] = {}
        for name in given:
            column, _, row = name.partition("__")
            rows.setdefault(row, {})[_KEYS.get(column, column)] = name
        return list(rows.values())
    if statement.startswith("INSERT"):
        names = columns(statement)
        return [
            {name: start + place for place, name in enumerate(names)}
            for start in range(0, len(given), len(names))
        ]
    found: dict[str, Any] = {}
    for place, name in enumerate(_ASSIGNED.findall(statement)):
        found["_version" if name in found else name] = place
    return [found]
