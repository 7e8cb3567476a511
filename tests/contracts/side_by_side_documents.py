"""Documents of many lines, promises, corrections and lots, side by side."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from erp_core.inventory.entities import LotDates, MovementId, Reason, StockKey, StockMovement
from erp_core.inventory.ports import LotQuery, ReservationQuery
from erp_core.inventory.use_cases import (
    ChangeLot,
    ChangeLotCommand,
    IssueGoods,
    IssueGoodsCommand,
    IssueLine,
    ListLots,
    ListReservations,
    ReceiptLine,
    ReceiveGoods,
    ReceiveGoodsCommand,
    ReleaseStock,
    ReservationCommand,
    ReserveStock,
    ReturnStock,
    ReturnStockCommand,
    RevalueReceipt,
    RevalueReceiptCommand,
)
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import ZERO, Quantity
from tests.contracts.side_by_side import (
    Row,
    SideBySide,
    Step,
    costs,
    limits,
    places,
    products,
    quantities,
    rows,
)

origins = st.sampled_from(["order:1", "order:2", "order:2/1"])
days = st.none() | st.sampled_from([date(2024, 3, 1), date(2025, 3, 1)])
some_back = st.integers(0, 5)


class WithDocuments(SideBySide):
    # By the document

    @rule(lines=st.lists(st.tuples(rows, quantities, costs), min_size=1, max_size=4))
    def receive_goods(self, lines: list[tuple[Row, Quantity, Decimal]]) -> None:
        self._receive_goods(
            ReceiptLine(key=self.key(*row), quantity=many, unit_cost=UnitPrice(cost, "EUR"))
            for row, many, cost in lines
        )

    @rule(lines=st.lists(st.tuples(rows, quantities), min_size=1, max_size=4))
    def issue_goods(self, lines: list[tuple[Row, Quantity]]) -> None:
        self._issue_goods(IssueLine(key=self.key(*row), quantity=many) for row, many in lines)

    def _receive_goods(self, lines: Any) -> Any:
        command = ReceiveGoodsCommand(lines=tuple(lines), label="delivery")
        done = self.ask(ReceiveGoods, command)
        if done is not None:
            back = [IssueLine(key=each.key, quantity=each.quantity) for each in command.lines]
            self.moved(done.movements, partial(self._issue_goods, back))
        return done

    def _issue_goods(self, lines: Any) -> Any:
        done = self.ask(IssueGoods, IssueGoodsCommand(lines=tuple(lines)))
        if done is not None:
            nothing = UnitPrice(Decimal(0), "EUR")
            back = [
                ReceiptLine(
                    key=each.key, quantity=-each.quantity, unit_cost=each.unit_cost or nothing
                )
                for each in done.movements
            ]
            self.moved(done.movements, partial(self._receive_goods, back))
        return done

    # Promised

    @rule(row=rows, quantity=quantities, origin=origins)
    def reserve(self, row: Row, quantity: Quantity, origin: str) -> None:
        self._promise(ReserveStock, self.key(*row), quantity, origin)

    @rule(row=rows, quantity=quantities, origin=origins)
    def release(self, row: Row, quantity: Quantity, origin: str) -> None:
        self._promise(ReleaseStock, self.key(*row), quantity, origin)

    def _promise(self, way: type, key: StockKey, quantity: Quantity, origin: str) -> Any:
        command = ReservationCommand(key=key, quantity=quantity, origin=origin)
        reservation = self.ask(way, command)
        if reservation is not None:
            other = ReleaseStock if way is ReserveStock else ReserveStock
            self.reserved[key] += quantity if way is ReserveStock else -quantity
            self.on_hand[key] += ZERO  # it is a row now, if it was not
            self.steps.append(Step((), partial(self._promise, other, key, quantity, origin)))
        return reservation

    @rule(
        product=st.none() | products,
        place=st.none() | places,
        origin=st.sampled_from(["", "order:2", "x"]),
        limit=limits,
    )
    def list_reservations(
        self, product: str | None, place: str | None, origin: str, limit: int
    ) -> None:
        query = ReservationQuery(
            page=PageRequest(limit=limit),
            product_id=None if product is None else self.products[product],
            warehouse_id=None if place is None else self.places[place],
            origin=origin,
        )
        self.pages(ListReservations, query)

    # Corrected

    @precondition(lambda self: self.movements)
    @rule(back=some_back, quantity=quantities, place=st.none() | places)
    def take_back(self, back: int, quantity: Quantity, place: str | None) -> None:
        """Sometimes of what was no issue, or more than went out."""
        issue = self._last(back, lambda each: each.quantity < ZERO)
        command = ReturnStockCommand(
            movement_id=issue.id,
            quantity=quantity,
            warehouse_id=None if place is None else self.places[place],
        )
        movement = self.ask(ReturnStock, command)
        if movement is not None:
            self.moved([movement], partial(self._issue, movement.key, quantity))

    @precondition(lambda self: self.movements)
    @rule(back=some_back, cost=costs, currency=st.sampled_from([*["EUR"] * 5, "BRL"]))
    def revalue(self, back: int, cost: Decimal, currency: str) -> None:
        receipt = self._last(back, lambda each: each.posting.reason is Reason.RECEIPT)
        self._revalue(receipt.id, UnitPrice(cost, currency), receipt.unit_cost)

    def _revalue(self, receipt: MovementId, cost: UnitPrice, was: UnitPrice | None) -> Any:
        command = RevalueReceiptCommand(movement_id=receipt, unit_cost=cost)
        movement = self.ask(RevalueReceipt, command)
        if movement is not None:
            back = partial(self._revalue, receipt, was or cost, cost)
            self.moved([movement], back)
        return movement

    def _last(self, back: int, wanted: Callable[[StockMovement], bool]) -> StockMovement:
        """Return one of the last that are *wanted*, or, where there is none, one that is not."""
        fitting = [each for each in self.movements if wanted(each)] or self.movements
        return fitting[-1 - back % len(fitting)]

    # Lots

    @rule(row=rows, made_on=days, expires_on=days)
    def receive_a_lot(self, row: Row, made_on: date | None, expires_on: date | None) -> None:
        if made_on is not None and expires_on is not None and made_on > expires_on:
            made_on, expires_on = expires_on, made_on
        dates = LotDates(made_on=made_on, expires_on=expires_on)
        one = UnitPrice(Decimal(1), "EUR")
        line = ReceiptLine(
            key=self.key(*row), quantity=Quantity.of("1"), unit_cost=one, dates=dates
        )
        self._receive_goods([line])

    @rule(product=st.none() | products, until=days, number=st.sampled_from(["", "L", "l-1"]))
    def list_lots(self, product: str | None, until: date | None, number: str) -> None:
        self.pages(ListLots, self._lots(product, until, number))

    @rule(expires_on=days, place=some_back)
    def change_a_lot(self, expires_on: date | None, place: int) -> None:
        known = self.pages(ListLots, self._lots(None, None, ""))
        if known:
            lot = known[place % len(known)]
            changes = {"expires_on": expires_on, "note": "looked at"}
            self.ask(ChangeLot, ChangeLotCommand(id=lot.id, version=None, changes=changes))

    def _lots(self, product: str | None, until: date | None, number: str) -> LotQuery:
        return LotQuery(
            page=PageRequest(limit=2),
            product_id=None if product is None else self.products[product],
            expires_until=until,
            number=number,
        )
