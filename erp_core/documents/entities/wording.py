"""The words and forms in which one reader is written to."""

from __future__ import annotations

from typing import Self

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.formats import Formats
from erp_core.kernel.translations import ENGLISH, known, translate


@dataclass(frozen=True, slots=True)
class Wording:
    """Words and forms of one language that we speak."""

    locale: str

    @classmethod
    def of(cls, *wanted: str | None) -> Self:
        """Return the wording of the first language we speak of those *wanted*, else English."""
        found = (known(each) for each in wanted if each)
        return cls(next((each for each in found if each), ENGLISH))

    @property
    def formats(self) -> Formats:
        """How dates and amounts are written."""
        return Formats(self.locale)

    def __call__(self, code: str, **details: object) -> str:
        """Say *code*, of the catalogue's section ``print``."""
        return translate(code, self.locale, details, section="print")
