"""What every keeper of quotes must do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import Part, Quote, QuoteId, QuoteState, QuoteSummary
from erp_core.sales.ports import QuoteQuery
from erp_core.testing import NOON, RIVAL, at_once, context, expect
from erp_core.testing.parties import another_party
from erp_core.testing.sales.builders import CUSTOMER, OFFERED, UNTIL, a_quote
from erp_core.testing.sales.orders import LATER, SalesContract

TODAY = date(2024, 3, 1)


def sent(quote: Quote, number: str = "QUO2024-00001") -> Quote:
    """Return the quote sent under that number."""
    return quote.send(number=number, customer=CUSTOMER, now=NOON)


class QuoteRepositoryContract(SalesContract):
    """One caller at a time, and a crowd."""

    def saved_quote(self, quote: Quote) -> Quote:
        with self.unit_of_work(context()) as uow:
            return uow.quotes.save(context(), quote)

    def quote(self, quote_id: QuoteId) -> Quote:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.quotes.get(context(), quote_id)

    def listed(self, request: PageRequest | None = None, **filters: object) -> list[QuoteSummary]:
        query = QuoteQuery(page=request or PageRequest(limit=200))
        query = replace(query, **filters)  # type: ignore[arg-type]  # by name
        with self.unit_of_work(context(), read_only=True) as uow:
            return list(uow.quotes.page(context(), query).items)

    def test_every_field_survives_the_round_trip(self) -> None:
        quote = self.stored_quote(a_quote(self.trade(), many=3))
        assert quote.version == 1
        assert self.quote(quote.id) == quote
        accepted = sent(quote).accept(today=TODAY, now=LATER)
        accepted = self.saved_quote(accepted)
        assert self.quote(quote.id) == accepted
        one, two = (
            Part(line_id=quote.lines[place].id, quantity=Quantity.of("0.000001"))
            for place in (1, 2)
        )
        moved = accepted.order((one, two)).bill_ordered((one,)).bill((two,))
        moved = self.saved_quote(moved)
        assert self.quote(quote.id) == moved
        assert moved.version == 3

    def test_a_refusal_survives_the_round_trip(self) -> None:
        quote = self.stored_quote(a_quote(self.trade()))
        refused = self.saved_quote(sent(quote).refuse("caro demais 💸", LATER))
        assert self.quote(quote.id) == refused
        assert refused.reason == "caro demais 💸"

    def test_a_drafts_lines_are_replaced_as_a_whole(self) -> None:
        trade = self.trade()
        quote, other = self.stored_quote(a_quote(trade, many=2)), a_quote(trade)
        lines = (quote.lines[1], *other.lines)
        changed = self.saved_quote(quote.change({"lines": lines, "valid_until": None}))
        assert self.quote(quote.id) == changed

    def test_a_change_is_noted_and_told(self) -> None:
        quote = a_quote(self.trade())
        with self.unit_of_work(context()) as uow:
            stored = uow.quotes.add(context(), quote)
            uow.journal.take()
            answered = sent(stored).accept(today=TODAY, now=NOON)
            uow.quotes.save(context(), answered)
            (changed,) = uow.journal.take()
        assert (changed.kind, changed.after["state"]) == ("sales.quote", "accepted")
        with self.unit_of_work(context(), read_only=True) as uow:
            (message,) = uow.outbox.pending(context(), 10)
        assert message.name == "sales.quote_accepted"

    def test_a_draft_is_removed_for_good(self) -> None:
        quote = self.stored_quote(a_quote(self.trade()))
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.quotes.delete(context(), replace(quote, version=7))
        with self.unit_of_work(context()) as uow:
            uow.quotes.delete(context(), quote)
        with expect(NotFoundError):
            self.quote(quote.id)

    def test_identities_and_numbers_are_taken_once(self) -> None:
        trade = self.trade()
        quote, other = (self.stored_quote(a_quote(trade)) for _ in range(2))
        for twin in (
            replace(a_quote(trade), id=quote.id),
            replace(a_quote(trade), lines=quote.lines),
        ):
            with expect(AlreadyExistsError) as refusal:
                self.stored_quote(twin)
            assert refusal[0].field == "id"
        self.saved_quote(sent(quote))
        with expect(AlreadyExistsError, "sales.quote.number_taken"):
            self.saved_quote(sent(other))

    def test_what_is_unknown_or_another_companys_is_not_found(self) -> None:
        quote, rival = self.stored_quote(a_quote(self.trade())), context(company=RIVAL)
        with expect(NotFoundError):
            self.stored_quote(replace(a_quote(self.trade()), party_id=PartyId(new_id())))
        with self.unit_of_work(rival) as uow:
            for refused in (uow.quotes.get, uow.quotes.lock, uow.quotes.head):
                with expect(NotFoundError):
                    refused(rival, quote.id)
            with expect(NotFoundError):
                uow.quotes.save(rival, quote)
            assert uow.quotes.page(rival, QuoteQuery(page=PageRequest())).items == ()

    def test_a_merged_customers_quotes_are_the_survivors(self) -> None:
        quote = self.stored_quote(a_quote(self.trade()))
        with self.unit_of_work(context()) as uow:
            survivor = uow.parties.add(context(), another_party("Chá & Mel"))
            uow.quotes.reassign(context(), quote.party_id, survivor.id)
        carried = self.quote(quote.id)
        assert (carried.party_id, carried.version) == (survivor.id, 2)

    def test_never_more_is_ordered_than_was_offered(self) -> None:
        quote = self.stored_quote(a_quote(self.trade()))
        accepted = self.saved_quote(sent(quote).accept(today=TODAY, now=NOON))

        def orders() -> bool:
            with self.unit_of_work(context()) as uow:
                seen = uow.quotes.lock(context(), accepted.id)
                if not seen.left:
                    return False
                uow.quotes.save(context(), seen.order(seen.left))
            return True

        assert sum(at_once(*[orders] * 6)) == 1
        assert self.quote(quote.id).left == ()

    def test_what_nobody_answered_in_time_is_found(self) -> None:
        trade = self.trade()
        waits = []
        for number, days in enumerate((0, 2, 1)):
            until = UNTIL + timedelta(days=days)
            quote = self.stored_quote(replace(a_quote(trade), valid_until=until))
            waits.append(self.saved_quote(sent(quote, f"QUO{number}")))
        self.stored_quote(a_quote(trade))  # a draft
        answered = self.stored_quote(a_quote(trade))
        self.saved_quote(sent(answered, "QUO8").accept(today=TODAY, now=NOON))
        ever = self.stored_quote(replace(a_quote(trade), valid_until=None))
        self.saved_quote(sent(ever, "QUO9"))
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.quotes.overdue(context(), UNTIL, 10) == ()
            late = UNTIL + timedelta(days=9)
            found = uow.quotes.overdue(context(), late, 10)
            assert found == (waits[0].id, waits[2].id, waits[1].id)
            assert uow.quotes.overdue(context(), late, 2) == found[:2]
            assert uow.quotes.overdue(context(company=RIVAL), late, 10) == ()

    def test_a_list_shows_no_lines_and_is_filtered_and_sorted(self) -> None:
        first = self.saved_quote(sent(self.stored_quote(a_quote(self.trade())), "QUO2"))
        late = replace(a_quote(self.trade()), on=OFFERED + timedelta(days=1))
        second = self.stored_quote(late)
        assert self.listed() == [first.summary, second.summary]
        assert self.listed(states=(QuoteState.SENT,)) == [first.summary]
        assert self.listed(party_id=second.party_id) == [second.summary]
        assert self.listed(date_from=second.on) == [second.summary]
        assert self.listed(date_to=first.on) == [first.summary]
        assert self.listed(number="QUO") == [first.summary]
        newest = self.listed(PageRequest(sort="date", descending=True))
        assert newest == [second.summary, first.summary]
        assert self.listed(PageRequest(sort="number")) == [second.summary, first.summary]
        with expect(MalformedError):
            self.listed(PageRequest(sort="note"))
