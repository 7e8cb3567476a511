"""The transaction as the documents area sees it."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from erp_core.documents.ports.numbering import Numbering, NumberLedger, NumberSeriesRepository
from erp_core.documents.ports.printing import LetterheadRepository, PrintoutRepository
from erp_core.kernel.ports import UnitOfWork


class DocumentsUnitOfWork(UnitOfWork, Protocol):
    """The transaction as the documents area sees it."""

    @property
    @abstractmethod
    def numbering(self) -> Numbering: ...

    @property
    @abstractmethod
    def number_series(self) -> NumberSeriesRepository: ...

    @property
    @abstractmethod
    def number_ledger(self) -> NumberLedger: ...

    @property
    @abstractmethod
    def letterheads(self) -> LetterheadRepository: ...

    @property
    @abstractmethod
    def printouts(self) -> PrintoutRepository: ...
