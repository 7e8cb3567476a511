"""Two ERPs that are told the same: one in memory, one in a database. They must answer the same."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from erp_core.kernel import entity
from erp_core.kernel.entity import Ids
from erp_core.kernel.errors import ErpError
from erp_core.testing import MovableClock, Witness, context
from erp_memory.store import MemoryStore
from erp_sql.unit_of_work import SqlStore
from tests.databases import database

CLERK: Final = context("inventory.*", "catalog.*")

_START: Final = 1_709_208_000_000  # milliseconds since 1970, of the first id


@dataclass(frozen=True)
class Refusal:
    """What a caller can tell of an error."""

    kind: type[ErpError]
    code: str
    field: str

    @classmethod
    def of(cls, error: ErpError) -> "Refusal":
        return cls(kind=type(error), code=error.code, field=error.field)


@dataclass(kw_only=True)
class Twins:
    """Both ERPs, on one clock; also the ids they make are the same."""

    kind: str
    folder: Path
    clock: MovableClock = field(default_factory=MovableClock)
    turn: int = 0
    refused: list[str] = field(default_factory=list)  # codes, in the order of refusing

    def __post_init__(self) -> None:
        self._database: AbstractContextManager = database(self.kind, self.folder)
        self.stores = {
            "memory": MemoryStore(),
            self.kind: SqlStore(self._database.__enter__()),
        }

    def close(self) -> None:
        self._database.__exit__(None, None, None)

    def ask(self, use_case: type, command: object) -> Any:
        """Ask both; return their one answer, or None where both refuse."""
        answer = self.both(lambda store: self._called(store, use_case, command))
        if isinstance(answer, Refusal):
            self.refused.append(answer.code)
            return None
        return answer

    def both(self, act: Callable[[Any], Any]) -> Any:
        """Do the same with both stores, and compare what comes of it."""
        self.turn += 1
        (_, expected), (kind, found) = [
            (name, self._alike(act, store)) for name, store in self.stores.items()
        ]
        assert found == expected, f"{kind} answers {found}, and memory {expected}"
        return found

    def _called(self, store: Any, use_case: Callable[..., Any], command: object) -> Any:
        wired = use_case(unit_of_work=store, clock=self.clock, observer=Witness())
        try:
            return wired(CLERK, command)
        except ErpError as error:
            return Refusal.of(error)

    def _alike(self, act: Callable[[Any], Any], store: Any) -> Any:
        """Let each of them make the same ids in the same turn."""
        dice, moment = random.Random(self.turn), (_START + self.turn) * 1_000_000  # ns
        before, entity._ids = entity._ids, Ids(lambda: moment, dice.getrandbits)  # noqa: SLF001  # there is no other way to have two stores agree on them
        try:
            return act(store)
        finally:
            entity._ids = before  # noqa: SLF001
