"""How long one waits before trying again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.kernel.errors import InvariantError
from erp_core.kernel.retry import RetryPolicy

MAIL = RetryPolicy(pauses_seconds=(10, 60, 300, 1800, 7200), attempts_max=8)


def test_pauses_come_in_their_order_and_the_last_one_stays() -> None:
    pauses = [MAIL.pause_seconds(attempts, 0.5) for attempts in range(1, 9)]

    assert pauses == [10, 60, 300, 1800, 7200, 7200, 7200, None]


def test_exponential_pauses_double_up_to_the_longest() -> None:
    policy = RetryPolicy.exponential(1, longest_seconds=10, attempts_max=9)

    assert policy.pauses_seconds == (1, 2, 4, 8, 10)


def test_where_one_attempt_is_all_nothing_is_tried_again() -> None:
    policy = RetryPolicy.exponential(1, longest_seconds=10, attempts_max=1)

    assert policy.pause_seconds(1, 0.5) is None


@given(
    attempts=st.integers(0, 20),
    chance=st.floats(0, 1),
    jitter=st.floats(0, 1, exclude_max=True),
)
def test_chance_moves_a_pause_by_no_more_than_its_share(
    attempts: int, chance: float, jitter: float
) -> None:
    policy = RetryPolicy(pauses_seconds=(1, 2, 4), attempts_max=9, jitter=jitter)
    pause = policy.pause_seconds(attempts, chance)
    plain = policy.pause_seconds(attempts, 0.5)

    assert (pause is None) == (attempts >= 9) == (plain is None)
    if pause is not None and plain is not None:
        assert abs(pause - plain) <= plain * (jitter + 1e-9)  # which floats lose
        assert pause >= 0


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"pauses_seconds": ()}, "retry.pauses"),
        ({"pauses_seconds": (-1.0,)}, "retry.pauses"),
        ({"attempts_max": 0}, "retry.attempts"),
        ({"jitter": 1.0}, "retry.jitter"),
    ],
)
def test_a_policy_that_is_none_is_refused(wrong: dict[str, object], code: str) -> None:
    fine = {"pauses_seconds": (1.0,), "attempts_max": 2}
    with pytest.raises(InvariantError) as refused:
        RetryPolicy(**(fine | wrong))
    assert refused.value.code == code
