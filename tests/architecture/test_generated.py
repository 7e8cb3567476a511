"""What is made of the code is as the code has it: ``python -m tests.regenerate`` makes it anew."""

from pathlib import Path

import pytest

from tests.regenerate import generated


@pytest.mark.parametrize("path", list(generated()), ids=lambda path: path.name)
def test_what_is_made_of_the_code_is_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == generated()[path], (
        f"{path.name} is out of date: python -m tests.regenerate"
    )
