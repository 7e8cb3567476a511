"""When amounts fall due, and that no cent is lost on the way."""

import json
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.erp import Erp
from erp_core.kernel.errors import (
    InvariantError,
    PermissionDeniedError,
    PreconditionFailedError,
    TransitionError,
)
from erp_core.kernel.money import Money, Rate
from erp_core.kernel.page import PageRequest
from erp_core.parties.entities import (
    PAYMENT_TERM_LIFECYCLE,
    Instalment,
    PaymentTerm,
    PaymentTermId,
    PaymentTermState,
    due_date,
    instalments,
)
from erp_core.parties.ports import PaymentTermQuery
from erp_core.parties.use_cases import ChangePaymentTermCommand, PaymentTermCommand
from erp_core.testing import context
from erp_core.testing.parties import a_payment_term
from tests.wiring import an_erp

CLERK = context("parties.payment_term.*")
DUE_DATES = json.loads((Path(__file__).parents[1] / "data" / "due_dates.json").read_text())


@pytest.fixture
def erp() -> Erp:
    return an_erp()


def a_term(*percents: str) -> PaymentTerm:
    parts = tuple(
        Instalment(percent=Rate(Decimal(each)), days=30 * (n + 1))
        for n, each in enumerate(percents)
    )
    return PaymentTerm(id=PaymentTermId(a_payment_term().id), name="Term", instalments=parts)


@pytest.mark.parametrize("row", DUE_DATES, ids=lambda row: " ".join(map(str, row.values())))
def test_due_dates_are_those_that_were_recorded(row: dict) -> None:
    found = due_date(
        date.fromisoformat(row["document_date"]),
        row["days"],
        end_of_month=row["rule"] == "end_of_month",
        day_of_month=row.get("day_of_month"),
        extra_days=row.get("extra_days", 0),
    )
    assert found == date.fromisoformat(row["due_date"])


@pytest.mark.parametrize(
    ("dated", "wanted", "due"),
    [
        ("2024-03-15", 15, "2024-03-15"),  # that very day
        ("2024-02-28", 28, "2024-02-28"),
        ("2024-03-29", 29, "2024-04-29"),  # strictly after
        ("2023-02-10", 29, "2023-03-01"),  # no such day in that month
        ("2023-01-31", 30, "2023-03-02"),
        ("2024-01-30", 31, "2024-01-31"),
        ("2024-04-30", 31, "2024-05-01"),
        ("2023-12-31", 31, "2024-01-31"),
    ],
)
def test_the_last_days_of_a_month_are_counted_on_from_its_first(dated, wanted, due) -> None:
    found = due_date(date.fromisoformat(dated), 0, day_of_month=wanted)

    assert found == date.fromisoformat(due)


@given(
    dated=st.dates(date(1990, 1, 1), date(9899, 12, 31)),
    days=st.integers(0, 3650),
    wanted=st.integers(1, 31),
)
def test_a_due_date_is_never_before_its_days_and_at_most_two_months_after(
    dated: date, days: int, wanted: int
) -> None:
    earliest = dated + timedelta(days=days)
    due = due_date(dated, days, day_of_month=wanted)

    assert earliest <= due <= earliest + timedelta(days=62)
    assert due.day in (wanted, wanted - 28, wanted - 29, wanted - 30)


def test_a_document_of_the_far_future_is_refused() -> None:
    with pytest.raises(InvariantError) as refusal:
        due_date(date(9999, 12, 31), 1)

    assert refusal.value.code == "parties.payment_term.date"


def test_the_last_instalment_takes_the_cents_that_are_left() -> None:
    due = instalments(
        a_term("33.3333", "33.3333", "33.3334"), Money(Decimal("100.00"), "BRL"), date(2024, 1, 1)
    )

    assert [str(amount) for _, amount in due] == ["33.33 BRL", "33.33 BRL", "33.34 BRL"]
    assert [day for day, _ in due] == [date(2024, 1, 31), date(2024, 3, 1), date(2024, 3, 31)]


def test_no_instalment_takes_more_than_is_left() -> None:
    due = instalments(a_term(*["25"] * 4), Money(Decimal("0.02"), "BRL"), date(2024, 1, 1))

    assert [str(amount.amount) for _, amount in due] == ["0.01", "0.01", "0.00", "0.00"]


@given(
    cuts=st.lists(st.integers(1, 999_999), max_size=11, unique=True),
    cents=st.integers(-(10**13), 10**13),
    currency=st.sampled_from(["BRL", "JPY", "KWD"]),
)
def test_instalments_lose_no_cent_and_keep_the_sign(
    cuts: list[int], cents: int, currency: str
) -> None:
    places = [0, *sorted(cuts), 1_000_000]
    shares = [f"{(b - a) / Decimal(10_000):f}" for a, b in pairwise(places)]
    scale = {"BRL": -2, "JPY": 0, "KWD": -3}[currency]
    total = Money(Decimal(cents).scaleb(scale) % 10**11, currency)
    parts = [amount for _, amount in instalments(a_term(*shares), total, date(2024, 1, 1))]

    assert sum((each.amount for each in parts), Decimal(0)) == total.amount
    assert all(each.amount * total.amount >= 0 for each in parts)
    assert len(parts) == len(shares)


def test_a_deposit_is_a_share_of_the_total() -> None:
    total = Money(Decimal("99.99"), "BRL")

    assert str(a_payment_term().deposit(total)) == "12.50 BRL"
    assert str(a_term("100").deposit(total)) == "0.00 BRL"


def test_spaces_around_a_name_are_no_part_of_it() -> None:
    assert a_payment_term().change({"name": " À vista "}).name == "À vista"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"percent": Rate(Decimal(0))}, "parties.instalment.percent"),
        ({"percent": Rate(Decimal(101))}, "parties.instalment.percent"),
        ({"days": -1}, "parties.instalment.days"),
        ({"days": 3651}, "parties.instalment.days"),
        ({"extra_days": -1}, "parties.instalment.extra_days"),
        ({"day_of_month": 0}, "parties.instalment.day_of_month"),
        ({"day_of_month": 32}, "parties.instalment.day_of_month"),
        ({"day_of_month": 5, "end_of_month": True}, "parties.instalment.rule"),
    ],
)
def test_an_instalment_keeps_within_bounds(wrong: dict, code: str) -> None:
    with pytest.raises(InvariantError) as refusal:
        Instalment(**{"percent": Rate(Decimal(100))} | wrong)

    assert (refusal.value.code, refusal.value.field) == (code, next(iter(wrong)))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"instalments": ()}, "instalments"),
        ({"instalments": (Instalment(percent=Rate(Decimal("99.9999"))),)}, "instalments"),
        ({"instalments": (Instalment(percent=Rate(Decimal(1))),) * 61}, "instalments"),
        ({"deposit_percent": Rate(Decimal(0))}, "deposit_percent"),
        ({"deposit_percent": Rate(Decimal("100.01"))}, "deposit_percent"),
    ],
)
def test_a_payment_term_is_of_a_hundred_percent(changes, field: str) -> None:
    with pytest.raises(InvariantError) as refusal:
        a_payment_term().change(changes)

    assert refusal.value.field == field


def test_a_payment_term_is_created_read_changed_archived_and_listed(erp: Erp) -> None:
    terms = erp.parties
    term = terms.create_payment_term(CLERK, a_payment_term())
    command = ChangePaymentTermCommand(id=term.id, version=1, changes={"name": "À vista"})
    changed = terms.change_payment_term(CLERK, command)
    archived = terms.archive_payment_term(CLERK, PaymentTermCommand(id=term.id, version=2))
    listed = terms.list_payment_terms(CLERK, PaymentTermQuery(page=PageRequest(sort="name")))

    assert (changed.name, changed.name_key, changed.version) == ("À vista", "a vista", 2)
    assert archived.state is PaymentTermState.ARCHIVED
    assert terms.get_payment_term(CLERK, PaymentTermCommand(id=term.id)) == archived
    assert listed.items == (archived,)
    with pytest.raises(PreconditionFailedError):
        terms.change_payment_term(CLERK, command)
    with pytest.raises(TransitionError):
        terms.archive_payment_term(CLERK, PaymentTermCommand(id=term.id))
    with pytest.raises(PermissionDeniedError):
        terms.create_payment_term(context("parties.party.*"), a_payment_term())


def test_the_lifecycle_is_total() -> None:
    assert set(PAYMENT_TERM_LIFECYCLE.steps) == set(PaymentTermState)
