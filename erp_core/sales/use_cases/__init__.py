"""What a person can do with quotes and orders."""

from dataclasses import dataclass

from erp_core.sales.use_cases.drafting import DraftChanges, SoldLine
from erp_core.sales.use_cases.merging import carry_sales
from erp_core.sales.use_cases.order_drafts import (
    AddOrder,
    AddOrderCommand,
    ChangeOrder,
    ChangeOrderCommand,
    DeleteOrder,
    OrderCommand,
)
from erp_core.sales.use_cases.orders import (
    CancelOrder,
    CancelOrderCommand,
    ConfirmOrder,
    GetOrder,
    ListOrders,
)
from erp_core.sales.use_cases.quote_drafts import (
    AddQuote,
    AddQuoteCommand,
    ChangeQuote,
    ChangeQuoteCommand,
    DeleteQuote,
    QuoteCommand,
)
from erp_core.sales.use_cases.quotes import (
    EXPIRED_AT_ONCE,
    AcceptQuote,
    ExpiredQuotes,
    ExpireQuotes,
    ExpireQuotesCommand,
    GetQuote,
    ListQuotes,
    OrderQuote,
    OrderQuoteCommand,
    RefuseQuote,
    RefuseQuoteCommand,
    SendQuote,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesUseCases:
    """Everything one can ask of sales."""

    add_quote: AddQuote
    get_quote: GetQuote
    list_quotes: ListQuotes
    change_quote: ChangeQuote
    delete_quote: DeleteQuote
    send_quote: SendQuote
    accept_quote: AcceptQuote
    refuse_quote: RefuseQuote
    expire_quotes: ExpireQuotes
    order_quote: OrderQuote
    add_order: AddOrder
    get_order: GetOrder
    list_orders: ListOrders
    change_order: ChangeOrder
    delete_order: DeleteOrder
    confirm_order: ConfirmOrder
    cancel_order: CancelOrder


__all__ = [
    "EXPIRED_AT_ONCE",
    "AcceptQuote",
    "AddOrder",
    "AddOrderCommand",
    "AddQuote",
    "AddQuoteCommand",
    "CancelOrder",
    "CancelOrderCommand",
    "ChangeOrder",
    "ChangeOrderCommand",
    "ChangeQuote",
    "ChangeQuoteCommand",
    "ConfirmOrder",
    "DeleteOrder",
    "DeleteQuote",
    "DraftChanges",
    "ExpireQuotes",
    "ExpireQuotesCommand",
    "ExpiredQuotes",
    "GetOrder",
    "GetQuote",
    "ListOrders",
    "ListQuotes",
    "OrderCommand",
    "OrderQuote",
    "OrderQuoteCommand",
    "QuoteCommand",
    "RefuseQuote",
    "RefuseQuoteCommand",
    "SalesUseCases",
    "SendQuote",
    "SoldLine",
    "carry_sales",
]
