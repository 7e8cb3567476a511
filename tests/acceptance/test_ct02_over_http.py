"""CT-02 over the network: many clients, one shelf, nothing lost and nothing sold twice."""

import random
from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest

from tests.acceptance.houses import Answer, Asks, House, open_house, receipt
from tests.databases import KINDS

CLIENTS = 8
ISSUES = 50  # of one piece, by each client
HOT = 20  # rows that everybody wants
LINES = 5  # of each document, in no order
DOCUMENTS = 25  # by each client

# Two processes share nothing but the database, and the locks in it.
HOUSES = [*((kind, 1) for kind in KINDS), ("postgresql", 2)]


@pytest.fixture(scope="module", params=HOUSES, ids=lambda each: f"{each[0]}-{each[1]}")
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    kind, processes = request.param
    folder = tmp_path_factory.mktemp("house")
    with open_house(kind, folder, ERP_PROCESSES=str(processes)) as opened:
        yield opened


def tally(answers: list[Answer]) -> Counter[tuple[int, str]]:
    """Count the answers by status and code."""
    return Counter((status, said.get("code", "")) for status, said in answers)


def issued(house: House, shelf: dict[str, str]) -> Counter[tuple[int, str]]:
    """Let every client take one piece after the other, all at once."""
    body = shelf | {"quantity": "1"}

    def story(asks: Asks) -> list[Answer]:
        return [asks("POST", "/v1/stock/issues", body) for _ in range(ISSUES)]

    return tally(house.together([story] * CLIENTS))


def assert_explained(house: House) -> None:
    assert house.get("/v1/stock/verify") == {"consistent": True, "differences": [], "more": 0}


def test_of_a_thousand_exactly_six_hundred_are_left(house: House) -> None:
    shelf = house.shelf(1000)

    assert issued(house, shelf) == {(201, ""): 400}
    assert house.on_hand(shelf) == "600"
    assert house.moved(shelf) == 401
    assert_explained(house)


def test_of_a_hundred_exactly_a_hundred_are_sold(house: House) -> None:
    shelf = house.shelf(100)

    assert issued(house, shelf) == {(201, ""): 100, (409, "insufficient_stock"): 300}
    assert house.on_hand(shelf) == "0"
    assert house.moved(shelf) == 101
    assert_explained(house)


def test_transfers_in_opposite_directions_neither_deadlock_nor_lose_a_unit(house: House) -> None:
    here = house.shelf(100)
    there = here | {"warehouse_id": house.warehouse()}
    house.post("/v1/stock/receipts", there | receipt(100))

    def story(asks: Asks, ends: tuple[str, str]) -> list[Answer]:
        body = {"product_id": here["product_id"], "quantity": "1"}
        body |= dict(zip(("from_warehouse_id", "to_warehouse_id"), ends, strict=True))
        return [asks("POST", "/v1/stock/transfers", body) for _ in range(10)]

    ends = (here["warehouse_id"], there["warehouse_id"])
    forth = [lambda asks: story(asks, ends)] * (CLIENTS // 2)
    back = [lambda asks: story(asks, ends[::-1])] * (CLIENTS // 2)

    assert tally(house.together([*forth, *back])) == {(201, ""): 10 * CLIENTS}
    assert (house.on_hand(here), house.on_hand(there)) == ("100", "100")
    assert_explained(house)


def test_documents_of_many_rows_in_any_order_are_never_refused_for_each_other(
    house: House,
) -> None:
    shelves = [house.shelf(1000) for _ in range(HOT)]

    def story(asks: Asks, client: int) -> list[Answer]:
        chance = random.Random(client)
        documents = [chance.sample(shelves, LINES) for _ in range(DOCUMENTS)]
        lines = [[each | {"quantity": "1"} for each in some] for some in documents]
        return [asks("POST", "/v1/stock/goods-issues", {"lines": each}) for each in lines]

    clients = [partial(story, client=client) for client in range(CLIENTS)]

    assert tally(house.together(clients)) == {(201, ""): CLIENTS * DOCUMENTS}
    left = sum(int(house.on_hand(each)) for each in shelves)
    assert left == HOT * 1000 - CLIENTS * DOCUMENTS * LINES
    assert_explained(house)


def test_first_receipts_of_a_new_product_at_once_all_count(house: House) -> None:
    for _ in range(5):
        shelf = house.shelf()

        def story(asks: Asks, shelf: dict[str, str] = shelf) -> list[Answer]:
            return [asks("POST", "/v1/stock/receipts", shelf | receipt(3))]

        assert tally(house.together([story, story])) == {(201, ""): 2}
        assert house.on_hand(shelf) == "6"
        assert house.moved(shelf) == 2
    assert_explained(house)
