"""How units are kept."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Sequence
from typing import Protocol

from erp_core.catalog.entities import (
    Dimension,
    Unit,
    UnitId,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitQuery:
    """Which units: all, or those that measure one thing."""

    page: PageRequest
    dimension: Dimension | None = None


class UnitRepository(Protocol):
    """Keeps units. Proved by ``erp_core.testing.catalog.UnitRepositoryContract``."""

    @abstractmethod
    def add(self, ctx: Context, unit: Unit) -> Unit:
        """Store a new unit; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id or its code is taken in this company.
        """

    @abstractmethod
    def add_absent(self, ctx: Context, units: Sequence[Unit]) -> None:
        """Store those of *units* whose code is free, waiting for rivals who store the same."""

    @abstractmethod
    def get(self, ctx: Context, unit_id: UnitId) -> Unit:
        """Return the unit.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def coded(self, ctx: Context, code: str) -> Unit | None:
        """Return the unit of that code, if this company has one."""

    @abstractmethod
    def some_coded(self, ctx: Context, codes: Collection[str]) -> dict[str, Unit]:
        """Return those units of *codes* that this company has, by code, read at once."""

    @abstractmethod
    def save(self, ctx: Context, unit: Unit) -> Unit:
        """Store a changed unit; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``unit.version`` is not the stored one.
        """

    @abstractmethod
    def page(self, ctx: Context, query: UnitQuery) -> Page[Unit]:
        """Return one page of the company's units.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """
