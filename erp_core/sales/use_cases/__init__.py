"""What a person can do with quotes, orders and shipments."""

from erp_core.kernel.dataclass import dataclass
from erp_core.sales.use_cases.drafting import DraftChanges, SoldLine
from erp_core.sales.use_cases.mailing import (
    SendOrder,
    SendOrderCommand,
    SendShipment,
    SendShipmentCommand,
)
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
    OrderFile,
)
from erp_core.sales.use_cases.printing import PrintOrder, PrintQuote, PrintShipment
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
    SendQuoteCommand,
)
from erp_core.sales.use_cases.shipment_drafts import (
    AddShipment,
    AddShipmentCommand,
    ChangeShipment,
    ChangeShipmentCommand,
    DeleteShipment,
    ShipmentCommand,
    ShipmentDraftChanges,
)
from erp_core.sales.use_cases.shipments import (
    CancelShipment,
    CancelShipmentCommand,
    DeliverShipment,
    DeliverShipmentCommand,
    GetShipment,
    ListShipments,
    ValidateShipment,
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
    add_shipment: AddShipment
    get_shipment: GetShipment
    list_shipments: ListShipments
    change_shipment: ChangeShipment
    delete_shipment: DeleteShipment
    validate_shipment: ValidateShipment
    deliver_shipment: DeliverShipment
    cancel_shipment: CancelShipment
    send_order: SendOrder
    send_shipment: SendShipment
    print_quote: PrintQuote
    print_order: PrintOrder
    print_shipment: PrintShipment


__all__ = [
    "EXPIRED_AT_ONCE",
    "AcceptQuote",
    "AddOrder",
    "AddOrderCommand",
    "AddQuote",
    "AddQuoteCommand",
    "AddShipment",
    "AddShipmentCommand",
    "CancelOrder",
    "CancelOrderCommand",
    "CancelShipment",
    "CancelShipmentCommand",
    "ChangeOrder",
    "ChangeOrderCommand",
    "ChangeQuote",
    "ChangeQuoteCommand",
    "ChangeShipment",
    "ChangeShipmentCommand",
    "ConfirmOrder",
    "DeleteOrder",
    "DeleteQuote",
    "DeleteShipment",
    "DeliverShipment",
    "DeliverShipmentCommand",
    "DraftChanges",
    "ExpireQuotes",
    "ExpireQuotesCommand",
    "ExpiredQuotes",
    "GetOrder",
    "GetQuote",
    "GetShipment",
    "ListOrders",
    "ListQuotes",
    "ListShipments",
    "OrderCommand",
    "OrderFile",
    "OrderQuote",
    "OrderQuoteCommand",
    "PrintOrder",
    "PrintQuote",
    "PrintShipment",
    "QuoteCommand",
    "RefuseQuote",
    "RefuseQuoteCommand",
    "SalesUseCases",
    "SendOrder",
    "SendOrderCommand",
    "SendQuote",
    "SendQuoteCommand",
    "SendShipment",
    "SendShipmentCommand",
    "ShipmentCommand",
    "ShipmentDraftChanges",
    "SoldLine",
    "ValidateShipment",
    "carry_sales",
]
