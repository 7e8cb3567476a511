"""The numbers that documents bear, wherever their tables are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, Integer, Select, Table, bindparam, select

from erp_core.documents.entities import BorneNumber, DocumentType, NumberCounter
from erp_core.documents.ports import NumberLedger
from erp_core.invoicing.entities import InvoiceType
from erp_core.kernel.context import Context
from erp_sql.documents.models import NumberCounterRow
from erp_sql.invoicing.models import InvoiceRow
from erp_sql.sales.models import OrderRow, QuoteRow
from erp_sql.sales.shipment_models import ShipmentRow
from erp_sql.treasury.models import PaymentRow

_COUNTER: Final = cast("Table", NumberCounterRow.__table__)
_COUNTERS: Final = (
    select(_COUNTER)
    .where(_COUNTER.c.company_id == bindparam("company"))
    .order_by(_COUNTER.c.document_type, _COUNTER.c.period)
)


def _borne(model: type[Any], *conditions: ColumnElement[bool]) -> Select[Any]:
    columns = cast("Table", model.__table__).c
    return (
        select(columns.number, columns.day)
        .where(
            columns.company_id == bindparam("company"),
            columns.number > bindparam("after"),
            *conditions,
        )
        .order_by(columns.number)
        .limit(bindparam("most", type_=Integer))
    )


_BORNE: Final[Mapping[str, Select[Any]]] = {
    "sales.quote": _borne(QuoteRow),
    "sales.order": _borne(OrderRow),
    "sales.shipment": _borne(ShipmentRow),
    "treasury.payment": _borne(PaymentRow),
    **{
        each.document_type: _borne(InvoiceRow, InvoiceRow.type == each.value)
        for each in InvoiceType
    },
}


class SqlNumberLedger(NumberLedger):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counters(self, ctx: Context) -> tuple[NumberCounter, ...]:
        rows = self._connection.execute(_COUNTERS, {"company": ctx.company_id})
        return tuple(
            NumberCounter(
                document_type=DocumentType(row.document_type),
                period=row.period,
                last_number=row.last_number,
            )
            for row in rows
        )

    def borne(
        self, ctx: Context, document_type: str, after: str, limit: int
    ) -> tuple[BorneNumber, ...]:
        question = _BORNE.get(document_type)
        if question is None:
            return ()
        asked = {"company": ctx.company_id, "after": after, "most": limit}
        rows = self._connection.execute(question, asked)
        return tuple(BorneNumber(number=row.number, on=row.day) for row in rows)
