"""Whatever is done with stock, in whatever order: memory and every database answer the same."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.contracts.side_by_side_counts import WithCounts
from tests.databases import KINDS


def run(kind: str, folder: Path, *, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        lambda: WithCounts(kind, folder),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            # Without the explanation, for which every line that runs is traced on Python 3.11.
            phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


@pytest.mark.timeout(600)  # it takes seconds; to make a failure small takes longer
@pytest.mark.parametrize("kind", KINDS)
def test_memory_and_a_database_do_not_diverge(kind: str, tmp_path: Path) -> None:
    run(kind, tmp_path, examples=20 if kind == "sqlite" else 6, steps=40)


@pytest.mark.torture
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", KINDS)
def test_memory_and_a_database_do_not_diverge_for_long(kind: str, tmp_path: Path) -> None:
    run(kind, tmp_path, examples=200, steps=60)
