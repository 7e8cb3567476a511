"""What is asked of recurring invoices."""

from __future__ import annotations

from typing import Any, Final

from erp_core.catalog.entities import LINES_MAX, Discount, PriceListId
from erp_core.inventory.entities import WarehouseId
from erp_core.invoicing.entities import (
    COUNT_MAX,
    INTERVAL_MAX,
    MADE_SORTS,
    RECURRING_NAME_MAX,
    RECURRING_NOTE_MAX,
    RECURRING_SORTS,
    REFERENCE_LENGTH_MAX,
    Frequency,
    RecurringChanges,
    RecurringInvoiceId,
    RecurringLine,
    RecurringState,
)
from erp_core.invoicing.ports import MadeQuery, RecurringQuery
from erp_core.invoicing.use_cases import (
    RUN_AT_ONCE,
    AddRecurringInvoiceCommand,
    ChangeRecurringInvoiceCommand,
    Ending,
    Rescheduling,
    RunRecurringInvoicesCommand,
)
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.parties.entities import PartyId, PaymentTermId
from erp_http.catalog.lines import (
    DiscountFields,
    LineRequestDto,
    discount_of,
    line_request,
    made_lines,
)
from erp_http.dto import ListDto, RequestDto
from erp_http.fields import (
    Choice,
    Choices,
    Day,
    Exact,
    Flag,
    Id,
    List,
    Moment,
    Nested,
    Text,
    Whole,
)


class RecurringLineRequestDto(LineRequestDto):
    """A line of each invoice: with a price, at that price; else at the catalogue's of the day."""

    warehouse_id = Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "where goods leave, if they leave by the invoice"},
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> RecurringLine:
        place = given["warehouse_id"]
        return RecurringLine(
            request=line_request(given),
            warehouse_id=None if place is None else WarehouseId(place),
        )


_LINE: Final = RecurringLineRequestDto()
_INTERVAL: Final = {"minimum": 1, "maximum": INTERVAL_MAX}
_COUNT: Final = {"minimum": 1, "maximum": COUNT_MAX, "description": "so many invoices in all"}


class AddRecurringInvoiceDto(DiscountFields, RequestDto):
    id = Id(load_default=None)  # a client may choose it, so that it can ask again safely
    name = Text(required=True, length=RECURRING_NAME_MAX)
    party_id = Id(required=True)
    lines = List(Nested(RecurringLineRequestDto), required=True, most=LINES_MAX)
    frequency = Choice(Frequency, required=True)
    interval = Whole(load_default=1, metadata=_INTERVAL)
    start_date = Day(
        load_default=None,
        allow_none=True,
        metadata={"description": "the first period begins; today when absent"},
    )
    end_date = Day(
        load_default=None, allow_none=True, metadata={"description": "no period begins after it"}
    )
    count = Whole(load_default=None, allow_none=True, metadata=_COUNT)
    currency = Text(
        load_default="",
        length=3,
        metadata={"description": "the customer's, or the company's, when absent"},
    )
    price_list_id = Id(load_default=None, allow_none=True)
    payment_term_id = Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "the customer's, each time, when absent"},
    )
    reference = Text(load_default="", length=REFERENCE_LENGTH_MAX)
    note = Text(load_default="", length=RECURRING_NOTE_MAX)
    auto_validate = Flag(load_default=False, metadata={"description": "what is made; else drafts"})
    auto_send = Flag(load_default=False, metadata={"description": "what is validated"})

    def make(self, ctx: Context, given: dict[str, Any]) -> AddRecurringInvoiceCommand:
        return AddRecurringInvoiceCommand(
            id=RecurringInvoiceId(given["id"] or new_id()),
            name=given["name"],
            party_id=PartyId(given["party_id"]),
            currency=given["currency"] or None,
            lines=made_lines(_LINE, ctx, given["lines"]),
            discount=discount_of(given),
            price_list_id=_key(given, "price_list_id", PriceListId),
            payment_term_id=_key(given, "payment_term_id", PaymentTermId),
            reference=given["reference"],
            note=given["note"],
            frequency=given["frequency"],
            interval=given["interval"],
            start_on=given["start_date"],
            ends_on=given["end_date"],
            count=given["count"],
            validates=given["auto_validate"],
            sends=given["auto_send"],
        )


class ChangeRecurringInvoiceDto(RequestDto):
    """A merge patch (RFC 7396): what is absent stays; lines are replaced as a whole."""

    name = Text(length=RECURRING_NAME_MAX)
    lines = List(Nested(RecurringLineRequestDto), most=LINES_MAX)
    discount_percent = Exact(allow_none=True)
    discount_amount = Exact(allow_none=True)
    price_list_id = Id(allow_none=True)
    payment_term_id = Id(allow_none=True)
    reference = Text(length=REFERENCE_LENGTH_MAX)
    note = Text(length=RECURRING_NOTE_MAX)
    frequency = Choice(Frequency)
    interval = Whole(metadata=_INTERVAL)
    start_date = Day(
        metadata={
            "description": "the periods are counted from it; with another rhythm alone, from the "
            "next period"
        }
    )
    end_date = Day(
        allow_none=True, metadata={"description": "of `end_date` and `count` the absent one goes"}
    )
    count = Whole(allow_none=True, metadata=_COUNT)
    auto_validate = Flag()
    auto_send = Flag()

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangeRecurringInvoiceCommand:
        ends = "end_date" in given or "count" in given
        return ChangeRecurringInvoiceCommand(
            id=RecurringInvoiceId(given["id"]),
            version=given["if_match"],
            changes=_changes(ctx, given),
            rescheduling=Rescheduling(
                frequency=given.get("frequency"),
                interval=given.get("interval"),
                start_on=given.get("start_date"),
            ),
            ending=Ending(ends_on=given.get("end_date"), count=given.get("count"))
            if ends
            else None,
        )


def _changes(ctx: Context, given: dict[str, Any]) -> RecurringChanges:
    changes: RecurringChanges = {}
    if "name" in given:
        changes["name"] = given["name"]
    if "lines" in given:
        changes["lines"] = made_lines(_LINE, ctx, given["lines"])
    if "discount_percent" in given or "discount_amount" in given:
        changes["discount"] = _discount(given)
    if "price_list_id" in given:
        changes["price_list_id"] = _key(given, "price_list_id", PriceListId)
    if "payment_term_id" in given:
        changes["payment_term_id"] = _key(given, "payment_term_id", PaymentTermId)
    if "reference" in given:
        changes["reference"] = given["reference"]
    if "note" in given:
        changes["note"] = given["note"]
    if "auto_validate" in given:
        changes["validates"] = given["auto_validate"]
    if "auto_send" in given:
        changes["sends"] = given["auto_send"]
    return changes


def _discount(given: dict[str, Any]) -> Discount | None:
    said = {name: given.get(name) for name in ("discount_percent", "discount_amount")}
    return discount_of(said)


def _key(given: dict[str, Any], name: str, kind: Any) -> Any:
    found = given.get(name)
    return None if found is None else kind(found)


class RunRecurringInvoicesDto(RequestDto):
    most = Whole(
        load_default=RUN_AT_ONCE,
        metadata={
            "minimum": 1,
            "maximum": RUN_AT_ONCE,
            "description": "recurring invoices that are due",
        },
    )
    tried_before = Moment(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "what was tried since is left out; while `more` is true, send the "
            "moment of your first call again. Now when absent"
        },
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> RunRecurringInvoicesCommand:
        return RunRecurringInvoicesCommand(most=given["most"], tried_before=given["tried_before"])


class ListRecurringInvoicesDto(ListDto):
    sorts = tuple(RECURRING_SORTS)

    state = Choices(RecurringState, load_default=())
    party_id = Id(load_default=None)
    problem = Flag(load_default=None, metadata={"description": "true: the last attempt failed"})
    q = Text(
        load_default="",
        length=RECURRING_NAME_MAX,
        metadata={"description": "how the name begins"},
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> RecurringQuery:
        return RecurringQuery(
            page=self.page(given),
            states=given["state"],
            party_id=_key(given, "party_id", PartyId),
            has_problem=given["problem"],
            name=given["q"],
        )


class ListMadeInvoicesDto(ListDto):
    sorts = tuple(MADE_SORTS)

    def make(self, ctx: Context, given: dict[str, Any]) -> MadeQuery:
        return MadeQuery(page=self.page(given), id=RecurringInvoiceId(given["id"]))
