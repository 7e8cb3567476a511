"""Processes that validate documents at the same time, and give some of them up."""

import multiprocessing
import random
import time
from dataclasses import dataclass
from datetime import date
from multiprocessing.synchronize import Barrier
from queue import Queue
from typing import Final

from erp_core.documents.ports import DocumentsUnitOfWork
from erp_core.kernel.context import Context
from erp_core.kernel.ports import Observation, Observer
from erp_core.kernel.use_case import UseCase
from erp_core.testing import context
from erp_sql.engine import make_engine
from erp_sql.unit_of_work import SqlStore
from erp_system.clock import SystemClock

INVOICE: Final = "invoicing.invoice"
VALIDATE: Final = "invoicing.trial.validate"
LEAP_DAY: Final = date(2024, 2, 29)
GIVEN_UP: Final = 0.1  # of all validations
PATIENCE_SECONDS: Final = 500


class GaveUpError(Exception):
    """What fails after its number was taken."""


@dataclass(frozen=True, kw_only=True)
class Validate(UseCase[DocumentsUnitOfWork, bool, str]):
    """Number an invoice, whose record in the audit trail stands for itself."""

    permission = VALIDATE

    def execute(self, ctx: Context, uow: DocumentsUnitOfWork, command: bool) -> str:
        number = uow.numbering.take(ctx, INVOICE, LEAP_DAY)
        if command:
            raise GaveUpError
        uow.journal.note("trial", number, {}, {})
        return number


@dataclass(slots=True)
class Share(Observer):
    """What came of one process's validations."""

    numbers: list[str]
    given_up: int = 0
    retried: int = 0
    began: float = 0.0  # seconds, on the clock that all processes share
    ended: float = 0.0

    def observe(self, ctx: Context, observation: Observation) -> None:
        self.retried += observation.attempts - 1


def crowd(address: str, processes: int, validations: int, seed: int) -> list[Share]:
    """Let *processes* do so many *validations* each; return what came of it."""
    spawning = multiprocessing.get_context("spawn")
    start, said = spawning.Barrier(processes), spawning.Queue()
    crew = [
        spawning.Process(
            target=_work, args=(address, validations, f"{seed}/{n}", start, said), daemon=True
        )
        for n in range(processes)
    ]
    for each in crew:
        each.start()
    shares = [said.get(timeout=PATIENCE_SECONDS) for _ in crew]
    for each in crew:
        each.join(PATIENCE_SECONDS)
    failed = [each for each in shares if isinstance(each, str)]
    assert failed == []
    return shares


def _work(
    address: str, validations: int, seed: str, start: Barrier, said: "Queue[Share | str]"
) -> None:
    try:
        said.put(_validated(address, validations, seed, start))
    except Exception as error:  # noqa: BLE001  # told to the process that asked, which fails
        said.put(repr(error))


def _validated(address: str, validations: int, seed: str, start: Barrier) -> Share:
    dice, share = random.Random(seed), Share(numbers=[])
    engine = make_engine(address, max_open=1)
    validate = Validate(unit_of_work=SqlStore(engine), clock=SystemClock(), observer=share)
    start.wait(timeout=60)
    share.began = time.monotonic()
    for _ in range(validations):
        try:
            share.numbers.append(validate(context(VALIDATE), dice.random() < GIVEN_UP))
        except GaveUpError:
            share.given_up += 1
    share.ended = time.monotonic()
    engine.dispose()
    return share
