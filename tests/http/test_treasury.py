"""Payments, bank accounts and balances over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from erp_core.erp import ErpUnitOfWork
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Money
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing.treasury import a_payment
from erp_memory.store import MemoryStore
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database
from tests.http.clients import a_client
from tests.treasury.tills import CASHIER, Till, a_till

IBAN = "DE89 3704 0044 0532 0130 00"


@dataclass
class Counter:
    """A client of the till, and short words for what it asks."""

    till: Till
    client: FlaskClient

    def body(self, amount: Any, *parts: tuple[Any, Any], **said: Any) -> dict[str, Any]:
        allocations = [{"invoice_id": str(each.id), "amount": value} for each, value in parts]
        return {
            "party_id": str(self.till.buyer.id),
            "direction": "in",
            "amount": amount,
            "date": "2024-02-28",
            "method": "transfer",
            "allocations": allocations,
        } | said

    def post(self, path: str, status: int = 200, **body: Any) -> Any:
        reply = self.client.post(path, json=body)
        assert reply.status_code == status, reply.json
        return reply.json

    def pay(self, amount: Any, *parts: tuple[Any, Any], status: int = 201, **said: Any) -> Any:
        return self.post("/v1/payments", status, **self.body(amount, *parts, **said))

    def open_amount(self, invoice: Any) -> str:
        return str(self.client.get(f"/v1/invoices/{invoice.id}").json["open_amount"]["amount"])

    def balance(self) -> Any:
        return self.client.get(f"/v1/parties/{self.till.buyer.id}/balance").json


@pytest.fixture(params=["memory", *KINDS])
def counter(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counter]:
    def at(store: UnitOfWorkFactory[ErpUnitOfWork]) -> Counter:
        till = a_till(store)
        return Counter(till, a_client(store))

    if request.param == "memory":
        yield at(MemoryStore())
    else:
        with database(request.param, tmp_path) as engine:
            yield at(SqlStore(engine))


def test_from_payment_to_reversal(counter: Counter) -> None:
    one, two = counter.till.invoice(100), counter.till.invoice(50)
    reply = counter.client.post(
        "/v1/payments", json=counter.body("120.00", (one, "100.00"), reference="E2E 7")
    )
    paid = reply.json
    assert reply.status_code == 201, paid
    path = reply.headers["Location"]
    assert path == f"/v1/payments/{paid['id']}"
    assert (paid["number"], paid["state"], paid["version"]) == ("PAY2024-00001", "recorded", 1)
    assert paid["amount"] == {"amount": "120.00", "currency": "EUR"}
    assert paid["unallocated"] == {"amount": "20.00", "currency": "EUR"}
    assert [each["invoice_id"] for each in paid["allocations"]] == [str(one.id)]
    assert counter.client.get(path).json == paid
    shown = counter.client.get(f"/v1/invoices/{one.id}").json
    assert (shown["state"], shown["settlements"][0]["source_id"]) == ("paid", paid["id"])

    rest = [{"invoice_id": str(two.id), "amount": {"amount": "20", "currency": "EUR"}}]
    more = counter.post(f"{path}/allocate", allocations=rest)
    assert (more["unallocated"]["amount"], len(more["allocations"])) == ("0.00", 2)
    assert counter.open_amount(two) == "30.00"

    gone = counter.post(f"{path}/reverse", reason="no cover")
    assert (gone["state"], gone["reversal_reason"]) == ("reversed", "no cover")
    assert (gone["allocations"], gone["unallocated"]["amount"]) == ([], "0.00")
    assert gone["reversed_at"] == "2024-02-29T12:00:00.000000Z"
    assert [counter.open_amount(each) for each in (one, two)] == ["100.00", "50.00"]
    again = counter.post(f"{path}/reverse", 409)
    assert again["code"] == "treasury.payment.reversed"


def test_what_is_refused_says_where_and_how_much_is_open(counter: Counter) -> None:
    invoice = counter.till.invoice(100)
    refused = counter.pay("200", (invoice, "100.01"), status=409)
    assert refused["code"] == "invoicing.exceeds_open"
    assert (refused["open_amount"], refused["invoice_id"]) == ("100.00", str(invoice.id))
    assert refused["errors"][0]["pointer"] == "/allocations/0/amount"
    paid = counter.pay("30")
    part = [{"invoice_id": str(invoice.id), "amount": "30.01"}]
    refused = counter.post(f"/v1/payments/{paid['id']}/allocate", 409, allocations=part)
    assert refused["code"] == "treasury.exceeds_unallocated"
    assert refused["unallocated"] == "30.00"
    refused = counter.pay("50", (invoice, "50.01"), status=422)
    assert refused["code"] == "treasury.payment.allocations"
    dollars = {"amount": "50", "currency": "USD"}
    refused = counter.pay(dollars, (invoice, "50"), status=422)
    assert refused["code"] == "treasury.allocation.currency"
    refused = counter.pay("50", (invoice, dollars), status=422)
    assert refused["code"] == "treasury.allocation.other_currency"
    assert counter.open_amount(invoice) == "100.00"


@pytest.mark.parametrize("counter", ["memory"], indirect=True)
@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"amount": "0"}, "/amount"),
        ({"amount": 12.5}, "/amount"),
        ({"amount": "1.001"}, "/amount"),
        ({"direction": "sideways"}, "/direction"),
        ({"method": "by hand"}, "/method"),
        ({"date": "2024-03-09"}, "/date"),
        ({"date": "29/02/2024"}, "/date"),
        ({"allocations": [{"invoice_id": str(new_id())}]}, "/allocations/0/amount"),
        ({"allocate": "newest"}, "/allocate"),
        ({"allocate": "oldest", "direction": "out"}, "/allocate"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_field_that_cannot_be_is_named(
    counter: Counter, said: dict[str, Any], pointer: str
) -> None:
    refused = counter.post("/v1/payments", 422, **(counter.body("10") | said))
    assert [each["pointer"] for each in refused["errors"]] == [pointer]


def test_lists_are_filtered_and_sorted(counter: Counter) -> None:
    invoice, bob = counter.till.invoice(100), counter.till.another()
    spent = counter.pay("10", (invoice, "10"))
    spare = counter.pay("20", date="2024-02-27")
    out = counter.pay("5", direction="out", party_id=str(bob.id))
    counter.post(f"/v1/payments/{out['id']}/reverse")
    for query, wanted in (
        ("", [spent, spare, out]),
        (f"party_id={bob.id}", [out]),
        ("direction=in", [spent, spare]),
        ("state=reversed", [out]),
        ("date_from=2024-02-28", [spent, out]),
        ("date_to=2024-02-27", [spare]),
        ("unallocated=true", [spare]),
        ("sort=date&q=PAY2024", [spare, spent, out]),
        ("sort=-number&limit=1", [out]),
    ):
        found = counter.client.get(f"/v1/payments?{query}").json["items"]
        assert [each["id"] for each in found] == [each["id"] for each in wanted], query
        assert "allocations" not in found[0]


def test_the_oldest_are_paid_on_demand(counter: Counter) -> None:
    one, two = counter.till.invoice(100), counter.till.invoice(50)
    body = counter.body("120", allocate="oldest")
    del body["allocations"]
    paid = counter.post("/v1/payments", 201, **body)
    assert [each["amount"]["amount"] for each in paid["allocations"]] == ["100.00", "20.00"]
    spare = counter.pay("100")
    more = counter.post(f"/v1/payments/{spare['id']}/allocate", allocate="oldest")
    assert more["unallocated"]["amount"] == "70.00"
    assert [counter.open_amount(each) for each in (one, two)] == ["0.00", "0.00"]


def test_what_is_allocated_is_proved_to_be_what_is_settled(counter: Counter) -> None:
    counter.pay("30", (counter.till.invoice(100), "20"))
    assert counter.client.get("/v1/payments/verify").json == {"consistent": True, "differing": []}
    wrong = a_payment(counter.till.buyer.id, allocated=Money(Decimal("0.01"), "EUR"))
    with counter.till.office.shop.store(CASHIER) as uow:
        payment = uow.payments.add(CASHIER, wrong)
    found = counter.client.get("/v1/payments/verify").json
    assert found == {"consistent": False, "differing": [str(payment.id)]}


def test_the_balance_of_a_party(counter: Counter) -> None:
    shop = counter.till.office.shop
    shop.limit(500)
    shop.confirm(shop.order(shop.line(shop.product(), 3)))
    invoice, note = counter.till.invoice(100), counter.till.note(40)
    counter.pay("50", (invoice, "30"))
    found = counter.balance()
    (row,) = found["currencies"]
    amounts = {name: each["amount"] for name, each in row.items() if name != "currency"}
    assert amounts == {
        "open_amount": "70.00",
        "overdue": "0.00",
        "credit": "60.00",
        "unallocated_payments": "20.00",
        "open_credit_notes": "40.00",
        "advances": "0.00",
        "to_invoice": "30.00",
        "balance": "10.00",
    }
    assert (found["credit_limit"]["amount"], found["credit_used"]["amount"]) == (
        "500.00",
        "100.00",
    )
    assert (found["credit_left"]["amount"], found["date"]) == ("400.00", "2024-02-29")
    refund = counter.pay("40", (note, "40"), direction="out")
    assert refund["unallocated"]["amount"] == "0.00"
    assert counter.client.get(f"/v1/parties/{new_id()}/balance").status_code == 404


def test_a_bank_account_is_kept(counter: Counter) -> None:
    made = counter.post("/v1/bank-accounts", 201, name="Main", iban=IBAN, opening_balance="-10.50")
    assert (made["kind"], made["currency"], made["iban"]) == ("bank", "EUR", IBAN.replace(" ", ""))
    assert made["opening_balance"] == {"amount": "-10.50", "currency": "EUR"}
    path = f"/v1/bank-accounts/{made['id']}"
    patched = counter.client.patch(path, json={"bank": "Köln"}, headers={"If-Match": '"1"'})
    assert (patched.status_code, patched.json["bank"]) == (200, "Köln")
    stale = counter.client.patch(path, json={"bank": "x"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    till = counter.post("/v1/bank-accounts", 201, name="Till", kind="cash", currency="USD")
    taken = counter.post("/v1/bank-accounts", 409, name="Till")
    assert taken["code"] == "treasury.bank_account.name_taken"
    found = counter.client.get("/v1/bank-accounts?kind=cash&sort=name").json["items"]
    assert [each["id"] for each in found] == [till["id"]]
    paid = counter.pay("10", bank_account_id=made["id"])
    assert paid["bank_account_id"] == made["id"]
    refused = counter.pay("10", bank_account_id=till["id"], status=422)
    assert refused["errors"][0]["pointer"] == "/bank_account_id"
    archived = counter.post(f"{path}/archive")
    assert archived["state"] == "archived"
    assert counter.pay("10", bank_account_id=made["id"], status=422)["code"] == (
        "treasury.bank_account.archived"
    )
    assert counter.post(f"{path}/restore")["state"] == "active"
    assert counter.client.get(path).json["version"] == 4


@pytest.mark.parametrize("counter", ["memory"], indirect=True)
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "A", "opening_balance": {"amount": "1", "currency": "USD"}}, "/opening_balance"),
        ({"name": "A", "iban": "DE00"}, "/iban"),
        ({"name": ""}, "/name"),
        ({"name": "A", "kind": "cash", "bank": "B"}, "/kind"),
        ({"name": "A", "currency": "euro"}, "/currency"),
    ],
)
def test_what_is_no_bank_account_is_refused_where_it_is_wrong(
    counter: Counter, body: dict[str, Any], pointer: str
) -> None:
    refused = counter.post("/v1/bank-accounts", 422, **body)
    assert [each["pointer"] for each in refused["errors"]] == [pointer]


def test_a_payment_asked_for_twice_under_one_key_is_recorded_once(counter: Counter) -> None:
    invoice = counter.till.invoice(100)
    body, key = counter.body("100", (invoice, "100")), {"Idempotency-Key": "once"}
    first, again = (counter.client.post("/v1/payments", json=body, headers=key) for _ in range(2))
    assert (first.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("counter", ["memory"], indirect=True)
def test_each_call_asks_for_its_own_permission(counter: Counter) -> None:
    paid = counter.pay("10")
    path = f"/v1/payments/{paid['id']}"
    for grant, method, where in (
        ("treasury.payment.record", "post", "/v1/payments"),
        ("treasury.payment.allocate", "post", f"{path}/allocate"),
        ("treasury.payment.reverse", "post", f"{path}/reverse"),
        ("treasury.payment.read", "get", path),
        ("treasury.balance.read", "get", f"/v1/parties/{counter.till.buyer.id}/balance"),
        ("treasury.bank_account.read", "get", "/v1/bank-accounts"),
    ):
        body = counter.body("1") if where == "/v1/payments" else {"allocations": []}
        asked = {"json": {} if where.endswith("reverse") else body} if method == "post" else {}
        call = getattr(counter.client, method)
        assert call(where, headers={"X-Grants": "sales.*.read"}, **asked).status_code == 403
        assert call(where, headers={"X-Grants": grant}, **asked).status_code != 403
