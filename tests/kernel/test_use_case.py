"""What no use case can forget, since it does none of it itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest

from erp_core.inventory.use_cases import AddWarehouse
from erp_core.kernel.context import Context
from erp_core.kernel.errors import (
    AlreadyExistsError,
    ContentionError,
    DeadlineExceededError,
    ErpError,
    InvariantError,
    OperationCancelledError,
    PermissionDeniedError,
    StaleVersionError,
    TransitionError,
    UnauthenticatedError,
)
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import AuditQuery, IdempotencyKey, UnitOfWork
from erp_core.kernel.use_case import UseCase
from erp_core.testing import NOON, FixedClock, Witness, context
from erp_core.testing.inventory import a_warehouse
from erp_memory.store import MemoryStore, MemoryUnitOfWork

CLERK = context("inventory.warehouse.add")
KEY = IdempotencyKey(key="k-1", fingerprint="f-1")


@dataclass
class House:
    """A store that may be told to lose races, and the witness of what happens in it."""

    store: MemoryStore = field(default_factory=MemoryStore)
    witness: Witness = field(default_factory=Witness)
    outcomes: list[ErpError] = field(default_factory=list)

    @contextmanager
    def __call__(self, ctx: Context, /, *, read_only: bool = False) -> Iterator[MemoryUnitOfWork]:
        with self.store(ctx, read_only=read_only) as uow:
            yield uow
            if self.outcomes and not read_only:
                raise self.outcomes.pop()

    @property
    def add(self) -> AddWarehouse:
        return AddWarehouse(unit_of_work=self, clock=FixedClock(), observer=self.witness)

    def audited(self) -> list[str]:
        with self.store(CLERK, read_only=True) as uow:
            query = AuditQuery(page=PageRequest())
            return [each.action for each in uow.audit.page(CLERK, query).items]


@pytest.fixture
def house() -> House:
    return House()


def test_a_command_is_audited_in_its_own_transaction(house: House) -> None:
    warehouse = house.add(CLERK, a_warehouse())
    with house.store(CLERK, read_only=True) as uow:
        (record,) = uow.audit.page(CLERK, AuditQuery(page=PageRequest())).items

    assert (record.at, record.by, record.request_id) == (NOON, "tester", "test")
    assert record.action == "inventory.warehouse.add"
    assert [(each.kind, each.id) for each in record.changes] == [
        ("inventory.warehouse", str(warehouse.id))
    ]
    assert record.changes[0].after["code"] == warehouse.code


def test_a_refused_command_leaves_no_trace(house: House) -> None:
    warehouse = house.add(CLERK, a_warehouse())
    with pytest.raises(AlreadyExistsError):
        house.add(CLERK, replace(a_warehouse(), code=warehouse.code))

    assert house.audited() == ["inventory.warehouse.add"]
    assert [each.outcome for each in house.witness.seen] == [
        "ok",
        "inventory.warehouse.code_taken",
    ]


def test_nobody_gets_in_without_the_permission(house: House) -> None:
    with pytest.raises(PermissionDeniedError):
        house.add(context("inventory.warehouse.read"), a_warehouse())

    assert house.witness.seen[0].outcome == "permission_denied"
    assert house.witness.seen[0].attempts == 0


@pytest.mark.parametrize("lost", [StaleVersionError, ContentionError])
def test_a_lost_race_is_run_again_but_not_for_ever(house: House, lost: type[ErpError]) -> None:
    house.outcomes += [lost("a rival was first"), lost("and another")]
    assert house.add(CLERK, a_warehouse()).version == 1
    assert house.witness.seen[-1].attempts == 3

    house.outcomes += [lost("a rival was first")] * 5
    with pytest.raises(lost):
        house.add(CLERK, a_warehouse())
    assert len(house.outcomes) == 1
    assert house.audited() == ["inventory.warehouse.add"]


def test_what_is_no_race_is_not_run_again(house: House) -> None:
    house.outcomes += [InvariantError("never twice")] * 2
    with pytest.raises(InvariantError):
        house.add(CLERK, a_warehouse())

    assert len(house.outcomes) == 1


def test_nothing_is_begun_for_a_caller_who_gave_up(house: House) -> None:
    with pytest.raises(DeadlineExceededError):
        house.add(CLERK.with_timeout(0), a_warehouse())
    gone = context("inventory.warehouse.add")
    gone.cancellation.cancel("closed the page")
    with pytest.raises(OperationCancelledError):
        house.add(gone, a_warehouse())


def test_an_error_nobody_foresaw_is_observed_too(house: House) -> None:
    with pytest.raises(AttributeError):
        house.add(CLERK, "no warehouse")

    assert house.witness.seen[0].outcome == "error"


def test_a_keyed_call_is_done_once(house: House) -> None:
    call = lambda: house.add.once(  # noqa: E731  # asked twice, word for word
        context("inventory.warehouse.add"), a_warehouse(), KEY, lambda made: made.code
    )
    first, again = call(), call()

    assert (first.replayed, again.replayed) == (False, True)
    assert first.text == again.text
    assert house.audited() == ["inventory.warehouse.add"]


def test_a_keyed_call_that_fails_may_be_made_again(house: House) -> None:
    house.outcomes.append(InvariantError("no"))
    with pytest.raises(InvariantError):
        house.add.once(CLERK, a_warehouse(), KEY, str)

    assert house.add.once(CLERK, a_warehouse(), KEY, str).replayed is False


def test_a_key_that_is_still_at_work_is_told() -> None:
    ctx = context("inventory.warehouse.add")
    store = MemoryStore()

    @contextmanager
    def busy(ctx: Context, /, *, read_only: bool = False) -> Iterator[MemoryUnitOfWork]:
        with store(ctx) as uow:
            uow.idempotency.claim = _waited_too_long
            yield uow

    def _waited_too_long(*_: object) -> str:
        raise ContentionError("a rival holds the key")

    add = AddWarehouse(unit_of_work=busy, clock=FixedClock(), observer=Witness())
    with pytest.raises(TransitionError) as refusal:
        add.once(ctx, a_warehouse(), KEY, str)
    assert refusal.value.code == "idempotency.running"


@dataclass(frozen=True, kw_only=True)
class Knock(UseCase[UnitOfWork, str, str]):
    """Stands in for those that prepare and conclude."""

    permission = "door.bell.ring"

    def prepare(self, ctx: Context, uow: UnitOfWork, command: str) -> str:
        return command.upper()

    def execute(self, ctx: Context, uow: UnitOfWork, command: str) -> str:
        uow.journal.note("door.bell", command, {}, {})
        return command

    def conclude(self, ctx: Context, result: str) -> str:
        if result == "STRANGER":
            raise UnauthenticatedError("go away")
        return f"come in, {result}"


def test_what_is_refused_in_conclusion_has_been_recorded(house: House) -> None:
    knock = Knock(unit_of_work=house.store, clock=FixedClock(), observer=house.witness)
    guest = context("door.bell.ring")

    assert knock(guest, "ada") == "come in, ADA"
    with pytest.raises(UnauthenticatedError):
        knock(guest, "stranger")
    assert house.audited() == ["door.bell.ring"] * 2
    assert house.witness.seen[-1].outcome == "unauthenticated"


def test_a_use_case_without_permission_is_refused_at_birth() -> None:
    with pytest.raises(TypeError, match="declares no permission"):

        class Careless(UseCase):
            def execute(self, ctx, uow, command):
                return command
