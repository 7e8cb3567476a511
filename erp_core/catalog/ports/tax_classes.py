"""How tax classes are kept."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from erp_core.catalog.entities import (
    TaxClass,
    TaxClassId,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxClassQuery:
    """Which tax classes: those in use, those archived, or all."""

    page: PageRequest
    archived: bool | None = None  # None: all


class TaxClassRepository(Protocol):
    """Keeps tax classes. Proved by ``erp_core.testing.catalog.TaxClassRepositoryContract``."""

    @abstractmethod
    def add(self, ctx: Context, tax_class: TaxClass) -> TaxClass:
        """Store a new tax class; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id is taken in this company.
        """

    @abstractmethod
    def get(self, ctx: Context, tax_class_id: TaxClassId) -> TaxClass:
        """Return the tax class.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def some(
        self, ctx: Context, tax_class_ids: Sequence[TaxClassId]
    ) -> dict[TaxClassId, TaxClass]:
        """Return those of *tax_class_ids* that this company has, read at once."""

    @abstractmethod
    def save(self, ctx: Context, tax_class: TaxClass) -> TaxClass:
        """Store a changed tax class; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``tax_class.version`` is not the stored one.
        """

    @abstractmethod
    def page(self, ctx: Context, query: TaxClassQuery) -> Page[TaxClass]:
        """Return one page of the company's tax classes.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """
