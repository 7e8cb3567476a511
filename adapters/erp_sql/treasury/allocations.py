"""What payments say they have settled, beside what was settled by them."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import (
    BindParameter,
    Integer,
    Table,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    union_all,
)

from erp_core.invoicing.entities import SettlementSource
from erp_core.kernel.quantity import ZERO
from erp_core.treasury.entities import PaymentState
from erp_sql.invoicing.models import SettlementRow
from erp_sql.treasury.models import PaymentRow

_TABLE: Final = cast("Table", PaymentRow.__table__)
_PAYMENT: Final = _TABLE.c
_SETTLEMENT: Final = cast("Table", SettlementRow.__table__).c
_COMPANY: Final[BindParameter[Any]] = bindparam("company")
_SETTLED: Final = (
    select(
        _SETTLEMENT.source_id.label("id"),
        func.min(_SETTLEMENT.currency).label("currency"),
        func.max(_SETTLEMENT.currency).label("other_currency"),
        func.sum(_SETTLEMENT.amount).label("sum"),
    )
    .where(
        _SETTLEMENT.company_id == _COMPANY,
        _SETTLEMENT.source == SettlementSource.PAYMENT.value,
        _SETTLEMENT.reversed_at.is_(None),
    )
    .group_by(_SETTLEMENT.source_id)
    .subquery("settled")
)
_ALLOCATED: Final = case(
    (_PAYMENT.state == PaymentState.REVERSED.value, ZERO.value),
    else_=_PAYMENT.amount - _PAYMENT.unallocated,
)
_ALL: Final = union_all(
    select(_PAYMENT.id)
    .outerjoin(_SETTLED, _SETTLED.c.id == _PAYMENT.id)
    .where(
        _PAYMENT.company_id == _COMPANY,
        or_(
            func.coalesce(_SETTLED.c.sum, ZERO.value) != _ALLOCATED,
            _SETTLED.c.currency != _PAYMENT.currency,
            _SETTLED.c.other_currency != _PAYMENT.currency,
        ),
    ),
    select(_SETTLED.c.id)
    .outerjoin(_TABLE, and_(_PAYMENT.company_id == _COMPANY, _PAYMENT.id == _SETTLED.c.id))
    .where(_PAYMENT.id.is_(None)),
).subquery("differing")

# The payments of one company whose allocated amount is not the sum of what they settle.
DIFFERENCES: Final = select(_ALL.c.id).order_by(_ALL.c.id).limit(bindparam("most", type_=Integer))
