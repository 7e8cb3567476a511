"""Orders and delivery notes sent by mail, over HTTP."""

from __future__ import annotations

from erp_core.sales.entities import OrderId, ShipmentId
from erp_core.sales.use_cases import SalesUseCases, SendOrderCommand, SendShipmentCommand
from erp_http.documents.posting import SendDto, sending
from erp_http.routing import Route


def routes(sales: SalesUseCases) -> tuple[Route, ...]:
    order = SendDto(
        lambda key, version, mail: SendOrderCommand(id=OrderId(key), version=version, mail=mail)
    )
    shipment = SendDto(
        lambda key, version, mail: SendShipmentCommand(
            id=ShipmentId(key), version=version, mail=mail
        )
    )
    return (
        sending("POST /v1/orders/<uuid:id>/send", sales.send_order, order),
        sending("POST /v1/shipments/<uuid:id>/send", sales.send_shipment, shipment),
    )
