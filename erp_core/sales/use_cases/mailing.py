"""Sending orders and shipments by mail; quotes are sent where they are settled."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from erp_core.documents.entities import MailMessage, MailWish
from erp_core.documents.ports import mail_stationery, post
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.use_case import UseCase
from erp_core.sales.entities import (
    OrderId,
    Quote,
    ShipmentId,
    mailed_order,
    mailed_quote,
    mailed_shipment,
)
from erp_core.sales.ports import SalesUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOrderCommand:
    id: OrderId
    version: int | None = None  # that the caller has seen; None: any
    mail: MailWish = field(default_factory=MailWish)


@dataclass(frozen=True, kw_only=True)
class SendOrder(UseCase[SalesUnitOfWork, SendOrderCommand, MailMessage]):
    """Queue a mail that brings the confirmation of an order to the customer; as PDF.

    Raises:
        NotFoundError: no such order.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is a draft, or was cancelled.
        InvariantError: nobody knows where to, or a template or an address cannot be used.
    """

    permission = "sales.order.send"

    def execute(
        self, ctx: Context, uow: SalesUnitOfWork, command: SendOrderCommand
    ) -> MailMessage:
        order = uow.orders.get(ctx, command.id).expect(command.version)
        party = uow.parties.get(ctx, order.party_id)
        paper = mail_stationery(ctx, uow, command.mail, party, order.customer)
        matter = mailed_order(order, paper.wording)
        return post(ctx, uow, self.clock.now(ctx), command.mail, matter, paper, party)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendShipmentCommand:
    id: ShipmentId
    version: int | None = None  # that the caller has seen; None: any
    mail: MailWish = field(default_factory=MailWish)


@dataclass(frozen=True, kw_only=True)
class SendShipment(UseCase[SalesUnitOfWork, SendShipmentCommand, MailMessage]):
    """Queue a mail that tells the customer of a shipment, with the delivery note as PDF.

    Raises:
        NotFoundError: no such shipment.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is a draft, or was cancelled.
        InvariantError: nobody knows where to, or a template or an address cannot be used.
    """

    permission = "sales.shipment.send"

    def execute(
        self, ctx: Context, uow: SalesUnitOfWork, command: SendShipmentCommand
    ) -> MailMessage:
        shipment = uow.shipments.get(ctx, command.id).expect(command.version)
        party = uow.parties.get(ctx, shipment.party_id)
        paper = mail_stationery(ctx, uow, command.mail, party, shipment.customer)
        number = uow.orders.get(ctx, shipment.order_id).number
        matter = mailed_shipment(shipment, number, paper.wording)
        return post(ctx, uow, self.clock.now(ctx), command.mail, matter, paper, party)


def post_quote(
    ctx: Context, uow: SalesUnitOfWork, now: datetime, quote: Quote, wish: MailWish
) -> MailMessage:
    """Queue a mail that brings a quote to the customer.

    Raises:
        TransitionError: it is a draft, or is valid no more.
        InvariantError: nobody knows where to, or a template or an address cannot be used.
    """
    party = uow.parties.get(ctx, quote.party_id)
    paper = mail_stationery(ctx, uow, wish, party, quote.customer)
    return post(ctx, uow, now, wish, mailed_quote(quote, paper.wording), paper, party)
