"""Documents, promises and corrections, as the judge understands them."""

import pytest

from erp_core.testing.histories import Operation, explain
from erp_core.testing.histories.documents import Document, Release, Reserve, Return, Revalue
from erp_core.testing.histories.stock import Adjust, Issue, Look, Receive
from tests.histories.tales import AHEAD, NORTH, ONE, RUM, SOUTH, Serial, Tale


@pytest.fixture
def serial() -> Serial:
    """Ten of tea in the north, at 1.00."""
    made = Serial()
    made(Receive(NORTH, 10 * ONE, ONE))
    return made


def told(serial: Serial, *asked: Operation) -> list[str | list[int]]:
    """Ask one after the other; tell the refusals, and what the others say, in whole numbers."""
    answers = [serial(each) for each in asked]
    return [answer.refused or [value // ONE for _, value in answer.said] for answer in answers]


def test_what_is_reserved_is_not_available_to_others(serial: Serial) -> None:
    assert told(
        serial,
        Reserve(NORTH, 6 * ONE, "a"),
        Reserve(NORTH, 5 * ONE, "b"),
        Issue(NORTH, 5 * ONE),
        Adjust(NORTH, 5 * ONE),
        Adjust(NORTH, 6 * ONE),
        Reserve(AHEAD, 6 * ONE, "b"),
    ) == [[6], *["insufficient_stock"] * 3, [-4, 1, 6, 1], [6]]


def test_what_is_released_is_available_again(serial: Serial) -> None:
    assert told(
        serial,
        Reserve(NORTH, 6 * ONE, "a"),
        Release(NORTH, 4 * ONE, "a"),
        Release(NORTH, 3 * ONE, "a"),
        Release(NORTH, ONE, "b"),
        Look((NORTH,)),
    ) == [[6], [2], *["inventory.reservation_exceeded"] * 2, [10, 2, 1]]


def test_a_document_is_done_whole_or_not_at_all(serial: Serial) -> None:
    good = Document((Issue(NORTH, 6 * ONE), Receive(RUM, ONE, 2 * ONE), Issue(NORTH, 4 * ONE)))
    bad = Document((Receive(SOUTH, ONE, ONE), Issue(NORTH, ONE)))

    assert told(serial, good, bad, Look((NORTH, SOUTH)), Look((RUM,))) == [
        [-6, 1, 4, 1, 1, 2, 1, 2, -4, 1, 0, 1],
        "insufficient_stock",
        [0, 0, 1, 0, 0, 1],
        [1, 0, 2],
    ]
    assert str(bad) == "document: receipt of 1 tea in south at 1, issue of 1 tea in north"


def test_half_a_document_is_caught(serial: Serial) -> None:
    """It speaks of two products, so that both are judged as one."""
    tale, document = Tale(), Document((Issue(NORTH, ONE), Receive(RUM, ONE, ONE)))
    receipt = Receive(NORTH, 10 * ONE, ONE)
    tale(0, 1, receipt, Serial()(receipt))
    before = serial(Look((RUM,)))
    tale(2, 9, document, serial(document))
    tale(3, 4, Look((NORTH,)), serial(Look((NORTH,))))
    assert explain(tale.calls).explained

    tale(5, 6, Look((RUM,)), before)
    assert tale.fault().startswith("#4 (look at rum in north) was answered as if #2 (document:")


def test_no_more_comes_back_than_went_out(serial: Serial) -> None:
    back = Return(SOUTH, 2 * ONE, 3 * ONE, ONE, "m")

    assert told(serial, Issue(NORTH, 3 * ONE), back, back, Look((NORTH, SOUTH))) == [
        [-3, 1, 7, 1],
        [2, 1, 2, 1],
        "inventory.return.exceeded",
        [7, 0, 1, 2, 0, 1],
    ]
    assert str(back) == "return of 2 tea in south"


def test_a_receipt_may_turn_out_to_have_cost_more_or_less(serial: Serial) -> None:
    def at(cost: int) -> Revalue:
        return Revalue(NORTH, 10 * ONE, ONE, cost * ONE, "m")

    assert told(serial, at(3), Issue(NORTH, 9 * ONE), at(5), at(0), at(0)) == [
        [0, 3, 10, 3],
        [-9, 3, 1, 3],
        [0, 5, 1, 5],  # the two of difference, on the one that is left
        [0, 0, 1, 0],
        [0, 0, 1, 0],
    ]
    assert told(serial, Receive(NORTH, ONE, 4 * ONE)) == [[1, 4, 2, 2]]  # an average of 0 counts
    assert told(serial, Issue(NORTH, 2 * ONE), at(8)) == [[-2, 2, 0, 2], [0, 8, 0, 2]]
    assert str(at(8)) == "revaluation of 10 tea in north at 8"


def test_a_correction_that_would_change_nothing_yet_may_have_undone_another(
    serial: Serial,
) -> None:
    """Of two corrections at once, the second restores the cost: it is not done before its time."""
    tale, receipt = Tale(), Receive(NORTH, 10 * ONE, ONE)
    tale(0, 1, receipt, Serial()(receipt))
    seven = Revalue(NORTH, 10 * ONE, ONE, 7 * ONE, "m")
    back = Revalue(NORTH, 10 * ONE, ONE, ONE, "m")
    tale(2, 9, seven, serial(seven))
    tale(2, 8, back, serial(back))
    tale(10, 11, Issue(NORTH, ONE), serial(Issue(NORTH, ONE)))

    verdict = explain(tale.calls)
    assert verdict.explained, verdict.fault


def test_what_is_promised_twice_is_caught(serial: Serial) -> None:
    tale, receipt = Tale(), Receive(NORTH, 10 * ONE, ONE)
    tale(0, 1, receipt, Serial()(receipt))
    first, second = Reserve(NORTH, 6 * ONE, "a"), Reserve(NORTH, 6 * ONE, "b")
    other = Serial()
    other(receipt)
    tale(2, 5, first, serial(first))
    tale(3, 6, second, other(second))

    assert tale.fault() == (
        "#3 (reservation of 6 tea in north for b) was answered as if #2 (reservation of 6 tea in"
        " north for a) had not taken place, and the other way round no order explains both"
    )
    assert str(Release(NORTH, ONE, "a")) == "release of 1 tea in north for a"
