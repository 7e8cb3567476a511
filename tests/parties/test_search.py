"""Whatever people are called and whatever is asked: memory and the databases find the same."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import NotFoundError
from erp_core.kernel.page import Page, PageRequest
from erp_core.parties.entities import Party, PartyId
from erp_core.parties.ports import PartyQuery
from erp_core.testing import context
from erp_core.testing.parties import another_party
from erp_memory.store import MemoryStore
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database

# Letters that share beginnings, that fold (some into several), that sort apart, and separators.
LETTERS = st.text(
    "abÁáßæ\N{LATIN SMALL LIGATURE FI}茶\N{MATHEMATICAL DOUBLE-STRUCK CAPITAL A}"
    "\N{LATIN SMALL LETTER DOTLESS I}İ0 -_.'!\u0301\U0010fffd",
    min_size=1,
    max_size=8,
)
ANYTHING = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
NAMES = st.one_of(LETTERS, ANYTHING)


@pytest.fixture(params=KINDS)
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    with database(request.param, tmp_path) as engine:
        yield SqlStore(engine)


def found(
    store: MemoryStore | SqlStore, parties: list[Party], texts: list[str]
) -> list[Page[Party]]:
    """Enter *parties*, ask for *texts*, and leave nothing behind."""
    ctx = context()
    page = PageRequest(sort="name", limit=3, count=True)
    with suppress(NotFoundError), store(ctx) as uow:
        for party in parties:
            uow.parties.add(ctx, party)
        answers = [uow.parties.page(ctx, PartyQuery(page=page, text=text)) for text in texts]
        uow.parties.get(ctx, PartyId(new_id()))  # an error, so that nothing of it stays
    return answers


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(
    names=st.lists(NAMES.filter(lambda name: name.strip() != ""), max_size=6),
    texts=st.lists(NAMES, max_size=4),
)
def test_memory_and_the_databases_find_the_same(
    databases: SqlStore, names: list[str], texts: list[str]
) -> None:
    parties = [replace(another_party(name[:200]), trade_name=name[::-1][:200]) for name in names]
    texts += [name[:3] for name in names]

    assert found(databases, parties, texts) == found(MemoryStore(), parties, texts)
