"""Numbers of documents and their series, wherever they are kept."""

from erp_core.testing.documents import (
    ConcurrentNumberingContract,
    NumberingContract,
    NumberSeriesRepositoryContract,
)
from tests.contracts.stores import InDatabase, InMemory, OnServer


class TestNumberSeriesInMemory(InMemory, NumberSeriesRepositoryContract): ...


class TestNumberSeries(InDatabase, NumberSeriesRepositoryContract): ...


class TestNumberingInMemory(InMemory, NumberingContract): ...


class TestNumbering(InDatabase, NumberingContract): ...


class TestConcurrentNumbering(OnServer, ConcurrentNumberingContract): ...
