"""The judge himself: good histories pass, and each kind of lie is caught and named."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

import pytest

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import (
    InsufficientStockError,
    StockedProduct,
    StockItem,
    StockKey,
    StockMovement,
    WarehouseId,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import ContentionError, UnavailableError
from erp_core.kernel.quantity import Quantity
from erp_core.testing.histories import (
    Answer,
    Cell,
    Operation,
    Recorder,
    Said,
    World,
    explain,
    search,
)
from erp_core.testing.histories.stock import (
    Adjust,
    Issue,
    Look,
    Receive,
    Shelf,
    Transfer,
    stock_answer,
)
from tests.histories.tales import AHEAD, NORTH, ONE, RUM, SOUTH, Serial, Tale, assert_is_an_order

KEY = StockKey(ProductId(new_id()), WarehouseId(new_id()))


@pytest.fixture
def tale() -> Tale:
    return Tale()


@pytest.fixture
def serial() -> Serial:
    return Serial()


@pytest.fixture
def stocked(tale: Tale, serial: Serial) -> Serial:
    """Ten of tea in the north, at 1.00, before all else."""
    receipt = Receive(NORTH, 10 * ONE, ONE)
    tale(0, 1, receipt, serial(receipt))
    return serial


def test_an_empty_history_is_explained() -> None:
    assert explain([]).explained


def test_what_was_done_one_after_the_other_is_explained(tale: Tale, serial: Serial) -> None:
    one_by_one = [
        Receive(NORTH, 10 * ONE, 2 * ONE),
        Look((NORTH, SOUTH)),
        Issue(NORTH, 11 * ONE),
        Issue(NORTH, 4 * ONE),
        Transfer(NORTH, SOUTH, 3 * ONE),
        Transfer(NORTH, SOUTH, 4 * ONE),
        Adjust(SOUTH, 5 * ONE),
        Issue(AHEAD, 20 * ONE),
        Receive(SOUTH, ONE, 5 * ONE),
        Receive(SOUTH, ONE, 0),
        Receive(RUM, ONE, 7 * ONE),
        Adjust(NORTH, 0),
        Look((NORTH, SOUTH, AHEAD)),
    ]
    for moment, operation in enumerate(one_by_one):
        tale(moment * 2, moment * 2 + 1, operation, serial(operation))

    verdict = explain(tale.calls)
    assert verdict.explained, verdict.fault
    assert_is_an_order(verdict.order, tale.calls)
    assert [str(call) for call in verdict.order[:2]] == [
        "#1 (receipt of 10 tea in north at 2)",
        "#2 (look at tea in north, tea in south)",
    ]


def test_an_order_is_found_that_is_not_that_of_asking(tale: Tale, serial: Serial) -> None:
    late, early = Receive(NORTH, 5 * ONE, ONE), Issue(NORTH, 5 * ONE)
    came, went = serial(late), serial(early)
    tale(0, 10, early, went)
    tale(1, 9, late, came)

    verdict = explain(tale.calls)
    assert [call.operation for call in verdict.order] == [late, early]


def test_a_reader_may_see_the_past_or_the_present_while_a_writer_is_at_work(
    tale: Tale, stocked: Serial
) -> None:
    past, move = stocked(Look((NORTH, SOUTH))), stocked(Transfer(NORTH, SOUTH, ONE))
    present = stocked(Look((NORTH, SOUTH)))
    tale(2, 9, Transfer(NORTH, SOUTH, ONE), move)
    tale(3, 4, Look((NORTH, SOUTH)), past)
    tale(5, 6, Look((NORTH, SOUTH)), present)
    tale(5, 6, Look((NORTH, SOUTH)), past)
    assert explain(tale.calls).explained

    tale(7, 8, Look((NORTH, SOUTH)), past)  # one who asks later sees the present or the future
    assert "as if #2 (transfer of 1 tea in north to south) had not taken place" in tale.fault()


def test_movements_that_look_alike_are_told_apart(tale: Tale, stocked: Serial) -> None:
    """One goes out and one comes in, over and over: each state is met many times."""
    for _ in range(6):
        tale(10, 90, Issue(NORTH, ONE), stocked(Issue(NORTH, ONE)))
        tale(10, 90, Adjust(NORTH, 10 * ONE), stocked(Adjust(NORTH, 10 * ONE)))
    verdict = explain(tale.calls)
    assert verdict.explained
    assert_is_an_order(verdict.order, tale.calls)

    tale(10, 90, Issue(NORTH, ONE), stocked(Issue(NORTH, ONE)))
    tale(10, 90, Issue(NORTH, ONE), tale.calls[1].answer)
    assert not explain(tale.calls).explained


def test_a_call_of_unknown_outcome_may_have_been_done_or_not(tale: Tale, stocked: Serial) -> None:
    before = stocked(Look((NORTH,)))
    stocked(Issue(NORTH, 3 * ONE))
    after = stocked(Look((NORTH,)))
    tale(2, None, Issue(NORTH, 3 * ONE), None)
    tale(3, 4, Look((NORTH,)), before)
    assert explain(tale.calls).explained
    tale(5, 6, Look((NORTH,)), after)
    assert explain(tale.calls).explained
    tale(7, 8, Look((NORTH,)), before)  # it does not come undone
    assert not explain(tale.calls).explained


def test_a_lost_update_is_caught(tale: Tale, stocked: Serial) -> None:
    answer = stocked(Issue(NORTH, ONE))
    tale(2, 5, Issue(NORTH, ONE), answer)
    tale(3, 6, Issue(NORTH, ONE), answer)

    assert tale.fault() == (
        "#3 (issue of 1 tea in north) was answered as if #2 (issue of 1 tea in north) had not"
        " taken place, and the other way round no order explains both"
    )


def test_a_dirty_read_is_caught(tale: Tale, stocked: Serial) -> None:
    """Somebody saw the nine that an issue would have left, which was rolled back."""
    issued = Serial()
    issued(Receive(NORTH, 10 * ONE, ONE))
    issued(Issue(NORTH, ONE))
    tale(2, 3, Look((NORTH,)), issued(Look((NORTH,))))

    assert tale.fault() == (
        "#2 (look at tea in north) was told that on hand of tea in north was 9, which it never"
        " was: it is 10 since #1 (receipt of 10 tea in north at 1)"
    )


def test_a_half_transfer_is_caught(tale: Tale, stocked: Serial) -> None:
    tale(2, 9, Transfer(NORTH, SOUTH, 4 * ONE), stocked(Transfer(NORTH, SOUTH, 4 * ONE)))
    half = stocked(Look((NORTH, SOUTH)))
    half = Answer(tuple(Said(c, 0 if c == SOUTH.on_hand else v) for c, v in half.said))
    tale(3, 4, Look((NORTH, SOUTH)), half)

    assert tale.fault() == (
        "#3 (look at tea in north, tea in south) was told that on hand of tea in south was 0,"
        " which it never was: it is 4 since #2 (transfer of 4 tea in north to south)"
    )


def test_a_transfer_that_tells_of_one_side_only_is_caught(tale: Tale, stocked: Serial) -> None:
    both = stocked(Transfer(NORTH, SOUTH, ONE))
    tale(2, 3, Transfer(NORTH, SOUTH, ONE), Answer(both.said[:4]))

    assert tale.fault().endswith("was told 4 numbers where 8 are due: half of it")


def test_a_refusal_that_lies_is_caught(tale: Tale, stocked: Serial) -> None:
    refused = Serial()(Issue(NORTH, ONE))
    tale(2, 3, Issue(NORTH, ONE), refused)
    assert tale.fault() == (
        "#2 (issue of 1 tea in north) was answered as if #1 (receipt of 10 tea in north at 1)"
        " had not taken place, which had been answered before it was asked"
    )

    (available,) = refused.said
    tale.calls[1] = replace(
        tale.calls[1], answer=replace_said(refused, available._replace(value=5 * ONE))
    )
    assert tale.fault() == (
        "#2 (issue of 1 tea in north) was refused (insufficient_stock: available of tea in"
        " north 5), and nothing on the way speaks against it"
    )


def replace_said(answer: Answer, *said: Said) -> Answer:
    return answer._replace(said=said)


def test_a_refusal_that_tells_a_wrong_number_or_reason_is_caught(
    tale: Tale, stocked: Serial
) -> None:
    refused = stocked(Issue(NORTH, 11 * ONE))
    tale(2, 3, Issue(NORTH, 11 * ONE), replace_said(refused, refused.said[0]._replace(value=ONE)))
    assert tale.fault().endswith(
        "was told that available of tea in north was 1, which it never was: it is 10"
    )
    tale.calls[1] = replace(tale.calls[1], answer=refused._replace(refused="not_today"))
    assert tale.fault().endswith("was refused as not_today, and the reason is insufficient_stock")


def test_what_had_to_be_refused_is_caught(tale: Tale, stocked: Serial) -> None:
    rich = Serial()
    rich(Receive(NORTH, 12 * ONE, ONE))
    tale(2, 3, Issue(NORTH, 11 * ONE), rich(Issue(NORTH, 11 * ONE)))

    assert tale.fault().endswith(
        "was done, and at every instant it had to be refused (insufficient_stock)"
    )


def test_a_stale_average_is_caught(tale: Tale, stocked: Serial) -> None:
    """Two receipts in two warehouses, each weighed against the stock without the other."""
    other = Serial()
    other(Receive(NORTH, 10 * ONE, ONE))
    tale(2, 5, Receive(NORTH, 10 * ONE, 2 * ONE), stocked(Receive(NORTH, 10 * ONE, 2 * ONE)))
    tale(3, 6, Receive(SOUTH, 10 * ONE, 4 * ONE), other(Receive(SOUTH, 10 * ONE, 4 * ONE)))

    assert tale.fault().startswith(
        "#3 (receipt of 10 tea in south at 4) was answered as if #2 (receipt of 10 tea in north"
        " at 2) had not taken place"
    )


def test_an_average_that_was_reckoned_wrongly_is_caught(tale: Tale, stocked: Serial) -> None:
    right = stocked(Receive(NORTH, 10 * ONE, 2 * ONE))
    *said, average = right.said
    wrong = average._replace(value=average.value + 1)
    tale(2, 3, Receive(NORTH, 10 * ONE, 2 * ONE), replace_said(right, *said, wrong))

    assert "average cost of tea was 1.500001, which it never was: it is 1.5" in tale.fault()


def test_who_comes_later_sees_what_was_answered_before(tale: Tale, stocked: Serial) -> None:
    """The numbers form a chain, but its order is not that of time."""
    first, second = stocked(Issue(NORTH, ONE)), stocked(Issue(NORTH, ONE))
    tale(2, 3, Issue(NORTH, ONE), second)
    tale(4, 5, Issue(NORTH, ONE), first)

    assert tale.fault().startswith("#2 (issue of 1 tea in north) was told that on hand of tea")


def test_a_number_from_before_the_beginning_is_named(tale: Tale, serial: Serial) -> None:
    answer = serial(Look((SOUTH,)))
    tale(
        0,
        1,
        Look((SOUTH,)),
        replace_said(answer, Said(SOUTH.on_hand, -2_500_000), *answer.said[1:]),
    )

    assert tale.fault() == (
        "#1 (look at tea in south) was told that on hand of tea in south was -2.5, which it"
        " never was: it is 0 from the beginning"
    )


def test_a_wrong_quantity_is_named_though_no_cell_holds_it(tale: Tale, stocked: Serial) -> None:
    right = stocked(Issue(NORTH, ONE))
    moved, *said = right.said
    tale(2, 3, Issue(NORTH, ONE), replace_said(right, moved._replace(value=ONE), *said))

    assert tale.fault().endswith("moved of tea in north was 1, which it never was: it is -1")


def test_a_history_may_begin_with_stock(tale: Tale, stocked: Serial) -> None:
    tale(2, 3, Issue(NORTH, ONE), stocked(Issue(NORTH, ONE)))
    begun = {NORTH.on_hand: 10 * ONE, NORTH.total: 10 * ONE, NORTH.average: ONE}

    assert explain(tale.calls[1:], begun).explained
    assert not explain(tale.calls[1:]).explained


@dataclass(frozen=True)
class Burn(Operation):
    """An operation that somebody else adds: this is all it takes."""

    shelf: Shelf

    def __str__(self) -> str:
        return f"fire: {self.shelf}"

    @property
    def cells(self) -> Sequence[Cell]:
        return self.shelf.cells

    def run(self, world: World) -> Answer:
        return Answer(tuple(self.shelf.moved(world, -world[self.shelf.on_hand])))


def test_an_operation_may_be_brought_in(tale: Tale, stocked: Serial) -> None:
    burnt = stocked(Burn(NORTH))
    tale(2, 3, Burn(NORTH), burnt)
    assert explain(tale.calls).explained

    tale(4, 5, Burn(NORTH), burnt)
    assert tale.fault().startswith("#3 (fire: tea in north) was answered as if #2 (fire:")


def test_beyond_a_limit_it_gives_up_and_says_so(
    tale: Tale, stocked: Serial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "CONFIGURATIONS_MAX", 5)
    for quantity in range(1, 9):
        tale(2, 9, Adjust(NORTH, quantity * ONE), stocked(Adjust(NORTH, quantity * ONE)))

    assert tale.fault().startswith("undecided after 6 configurations, at the answer of #")


def test_a_refusal_must_say_what_is_lacking() -> None:
    refusal = InsufficientStockError(
        StockItem(key=KEY, product=StockedProduct(sku="TEA")), wanted=Quantity.of("1")
    )

    def refuses() -> Sequence[StockMovement]:
        raise refusal

    assert stock_answer({KEY: NORTH}, refuses) == Serial()(Issue(NORTH, ONE))
    del refusal.details["available"]
    with pytest.raises(InsufficientStockError):
        stock_answer({KEY: NORTH}, refuses)


def test_a_recorder_tells_answers_from_failures_and_from_what_nobody_knows() -> None:
    ticks = count()
    recorder = Recorder(clock=lambda: next(ticks))

    def fails(error: Exception) -> Answer:
        raise error

    answer = Serial()(Issue(NORTH, ONE))
    asked = Issue(NORTH, ONE)
    assert recorder.call(asked, lambda: answer) == answer
    assert recorder.call(asked, lambda: fails(ContentionError("busy"))) is None
    assert recorder.call(asked, lambda: fails(UnavailableError("the line was cut"))) is None

    known, unknown = recorder.calls
    assert (known.number, known.invoked, known.responded, known.answer) == (1, 0, 1, answer)
    assert (unknown.number, unknown.responded, unknown.answer) == (3, None, None)
    assert [failure.code for failure in recorder.failures] == ["contention"]
    with pytest.raises(ZeroDivisionError):
        recorder.call(asked, lambda: fails(ZeroDivisionError()))
