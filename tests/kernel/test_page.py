"""Places in a list."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from erp_core.kernel.errors import MalformedError
from erp_core.kernel.page import PageRequest, SortKey, moment, number, sort_key, whole

ID = UUID(int=7)


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (str, "Chá"),
        (whole, 7),
        (number, Decimal("1.20")),
        (moment, datetime(2024, 2, 29, 12, tzinfo=UTC)),
    ],
)
def test_a_cursor_says_the_value_it_was_made_of(read, value) -> None:
    key = SortKey(of=lambda thing: thing, read=read)

    assert key.read(key.cursor(value, ID).value) == value
    assert key.cursor(value, ID).id == ID


@pytest.mark.parametrize("read", [whole, number, moment])
def test_a_cursor_of_another_list_is_malformed(read) -> None:
    with pytest.raises(MalformedError) as refusal:
        read("Chá")

    assert refusal.value.code == "page.cursor"


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_a_page_has_a_size(limit: int) -> None:
    with pytest.raises(MalformedError):
        PageRequest(limit=limit)


def test_an_unknown_order_is_answered_with_the_known_ones() -> None:
    keys = {"name": SortKey(of=str)}

    assert sort_key(keys, PageRequest()) is None
    assert sort_key(keys, PageRequest(sort="name")) is keys["name"]
    with pytest.raises(MalformedError, match="id, name"):
        sort_key(keys, PageRequest(sort="colour"))
