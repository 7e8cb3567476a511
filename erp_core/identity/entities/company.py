"""The company whose books these are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self, TypedDict
from zoneinfo import ZoneInfo

from erp_core.kernel.context import CompanyId
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate
from erp_core.kernel.errors import ensure
from erp_core.kernel.exact import PLACES, exact, plain
from erp_core.kernel.money import require_currency
from erp_core.kernel.text import require_text

TAX_IDS_MAX: Final = 16
MONTHS: Final = 12

_LOCALE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_TIME_ZONE: Final = re.compile(r"[A-Za-z0-9_+-]{1,30}(/[A-Za-z0-9_+-]{1,30}){0,2}")


class Rounding(StrEnum):
    """Where the tax of a document is rounded."""

    PER_LINE = "per_line"
    PER_DOCUMENT = "per_document"


class StockLeavesAt(StrEnum):
    """Which paper takes the goods out of the warehouse."""

    SHIPMENT = "shipment"
    ORDER = "order"
    INVOICE = "invoice"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanySettings:
    """How the company writes its documents and moves its stock."""

    rounding: Rounding = Rounding.PER_LINE
    cash_step: Decimal | None = None  # major units, such as 0.05; None: paid to the last cent
    stock_leaves_at: StockLeavesAt = StockLeavesAt.SHIPMENT

    def __post_init__(self) -> None:
        if self.cash_step is not None:
            step = plain(exact(self.cash_step, PLACES, "identity.company.cash_step"))
            ensure(
                step > 0,
                "identity.company.cash_step",
                "a cash step is more than zero; leave it out to pay to the last cent",
                field="settings/cash_step",
            )
            object.__setattr__(self, "cash_step", step)


class CompanyChanges(TypedDict, total=False):
    """What of a company may be changed; what is absent stays. Its currency never changes."""

    name: str
    trade_name: str
    tax_ids: tuple[str, ...]
    address: str
    locale: str
    time_zone: str
    fiscal_month: int


class SettingsChanges(TypedDict, total=False):
    """What of its settings may be changed; what is absent stays."""

    rounding: Rounding
    cash_step: Decimal | None
    stock_leaves_at: StockLeavesAt


def require_locale(locale: str) -> None:
    """Raise InvariantError unless *locale* is spelled like one."""
    ensure(
        bool(_LOCALE.fullmatch(locale)),
        "identity.locale",
        "a locale is a language and perhaps a country (BCP 47), such as pt-BR",
        field="locale",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Company(Aggregate):
    """A legal person: every document is one company's, in its currency and its time."""

    id: CompanyId
    name: str
    trade_name: str = ""
    tax_ids: tuple[str, ...] = ()
    address: str = ""
    currency: str  # ISO 4217; what the books are kept in, for good
    locale: str  # BCP 47; of users who choose none
    time_zone: str  # IANA; where a business date begins and ends
    fiscal_month: int = 1  # the first month of the fiscal year, 1 to 12
    settings: CompanySettings = CompanySettings()

    def __post_init__(self) -> None:
        require_text(self.name, "identity.company.name", shortest=1, longest=200, field="name")
        require_text(
            self.trade_name, "identity.company.trade_name", longest=200, field="trade_name"
        )
        require_text(self.address, "identity.company.address", longest=500, field="address")
        ensure(
            len(self.tax_ids) <= TAX_IDS_MAX and len(set(self.tax_ids)) == len(self.tax_ids),
            "identity.company.tax_ids",
            f"at most {TAX_IDS_MAX} tax ids, each of them once",
            field="tax_ids",
        )
        for index, tax_id in enumerate(self.tax_ids):
            require_text(
                tax_id,
                "identity.company.tax_ids",
                shortest=1,
                longest=40,
                field=f"tax_ids/{index}",
            )
        require_currency(self.currency)
        require_locale(self.locale)
        ensure(
            _is_time_zone(self.time_zone),
            "identity.company.time_zone",
            "name a time zone as the IANA does, such as America/Sao_Paulo",
            field="time_zone",
        )
        ensure(
            1 <= self.fiscal_month <= MONTHS,
            "identity.company.fiscal_month",
            "the fiscal year begins in a month from 1 to 12",
            field="fiscal_month",
        )

    def change(self, changes: CompanyChanges, settings: SettingsChanges) -> Self:
        """Return the company with *changes* made, those of its *settings* too.

        Raises:
            InvariantError: what would come of it is no company.
        """
        return replace(self, settings=replace(self.settings, **settings), **changes)

    def day(self, moment: datetime) -> date:
        """Return the business date at *moment*: the date on the company's own wall."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    def end_of(self, day: date) -> datetime:
        """Return the moment at which the business date *day* is over, and the next begins."""
        midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(self.time_zone))
        return midnight.astimezone(UTC)


def _is_time_zone(name: str) -> bool:
    if not _TIME_ZONE.fullmatch(name):
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; not of its data's form; a folder of zones
        return False
    return True
