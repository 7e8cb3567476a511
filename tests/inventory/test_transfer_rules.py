"""What a transfer is, and that whatever happens it knows what is under way."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import (
    STOCK_TRANSFER_LIFECYCLE,
    StockTransferState,
    WarehouseId,
)
from erp_core.inventory.use_cases import (
    VerifyStockQuery,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    InvariantError,
    TransitionError,
)
from erp_core.kernel.quantity import ZERO
from erp_core.testing import NOON
from erp_core.testing.transfers import a_transfer
from tests.inventory.firms import CLERK, a_firm, line, of, refusal_of


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quantity": ZERO}, "inventory.quantity"),
        ({"arrived": of("11")}, "inventory.stock_transfer.too_much"),
        ({"arrived": of("-1")}, "inventory.stock_transfer.too_much"),
        ({"lot": "x" * 65}, "inventory.stock_transfer.lot"),
        ({"lot": "\0"}, "text.unstorable"),
    ],
)
def test_what_is_no_line_cannot_exist(changes: dict, code: str) -> None:
    good = line(ProductId(new_id()), "10")

    assert refusal_of(lambda: replace(good, **changes)).code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"label": "x" * 201}, "inventory.posting.label"),
        ({"reason": "x" * 201}, "inventory.posting.label"),
        ({"ended_at": NOON}, "inventory.stock_transfer.moments"),
        ({"dispatched_at": NOON.replace(tzinfo=None)}, "inventory.stock_transfer.moments"),
        ({"state": StockTransferState.ARRIVED}, "inventory.stock_transfer.moments"),
    ],
)
def test_what_is_no_transfer_cannot_exist(changes: dict, code: str) -> None:
    one = line(ProductId(new_id()), "10")
    good = a_transfer(WarehouseId(new_id()), WarehouseId(new_id()), one)

    assert refusal_of(lambda: replace(good, **changes)).code == code
    twice = refusal_of(lambda: replace(good, lines=(one, one)))
    assert twice.code == "inventory.stock_transfer.line_twice"
    early = refusal_of(lambda: replace(good, lines=(replace(one, arrived=of("1")),)))
    assert early.code == "inventory.stock_transfer.arrived"


@pytest.mark.parametrize("source", StockTransferState)
@pytest.mark.parametrize("target", StockTransferState)
def test_every_step_is_allowed_or_refused_by_name(
    source: StockTransferState, target: StockTransferState
) -> None:
    if target in STOCK_TRANSFER_LIFECYCLE.steps[source]:
        assert STOCK_TRANSFER_LIFECYCLE.step(source, target) is target
        return
    refusal = refusal_of(lambda: STOCK_TRANSFER_LIFECYCLE.step(source, target), TransitionError)
    assert refusal.details == {"source": source, "target": target}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["send", "arrive", "arrive", "close", "cancel"]),
        st.integers(0, 5),
        st.decimals("0.000001", "6", places=6),
    ),
    max_size=12,
)


@given(STEPS)
def test_whatever_happens_the_lines_say_what_is_under_way(steps: list) -> None:
    firm = a_firm()
    tea, sent = firm.product("20"), []
    for step, number, quantity in [("send", 0, Decimal(1)), *steps]:
        chosen = sent[number % len(sent)] if sent else None
        try:
            if chosen is None or step == "send":
                made = firm.send(line(tea, str(quantity)), line(tea, "1"))
                sent.append(made)
            elif step == "arrive":
                firm.arrive(chosen, str(quantity))
            else:
                getattr(firm, step)(chosen)
        except (InvariantError, TransitionError):
            pass  # refused, so that nothing has changed: which is what is checked below

    now = [firm.erp.inventory.get_transfer(CLERK, each.id) for each in sent]
    under_way = sum((each.quantity for one in now for each in one.under_way), ZERO)
    arrived = sum((each.arrived for one in now for each in one.lines), ZERO)
    here, transit, there = firm.on_hand(tea)
    assert (transit, there) == (under_way.value, arrived.value)
    closed = [one for one in now if one.state is StockTransferState.ARRIVED]
    lost = sum((each.rest for one in closed for each in one.lines), ZERO)
    assert here == 20 - transit - there - lost.value
    with firm.store(CLERK, read_only=True) as uow:
        assert uow.stock_transfers.differences(CLERK, 10) == ()
    assert firm.erp.inventory.verify_stock(CLERK, VerifyStockQuery()).consistent
