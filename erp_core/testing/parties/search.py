"""How parties are found and listed, wherever they are kept."""

from __future__ import annotations

from dataclasses import replace

from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import MalformedError
from erp_core.kernel.page import Cursor, PageRequest
from erp_core.parties.entities import PartyRole, PartyState, TaxId, TaxIdKind
from erp_core.parties.ports import PartyQuery
from erp_core.testing import context, expect
from erp_core.testing.parties.builders import another_party
from erp_core.testing.parties.parties import CNPJ, PartyContract


class PartySearchContract(PartyContract):
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    def listed(self, request: PageRequest) -> list[str]:
        codes: list[str] = []
        while True:
            with self.unit_of_work(context(), read_only=True) as uow:
                page = uow.parties.page(context(), PartyQuery(page=request))
            codes += [each.code for each in page.items]
            if page.next is None:
                return codes
            request = replace(request, after=page.next)

    def test_every_word_that_is_asked_begins_a_word_of_the_party(self) -> None:
        self.stored(another_party("João Ångström Filho"))
        self.stored(another_party("Joana Müller"))
        for text, names in (
            ("", ["Joana Müller", "João Ångström Filho"]),
            ("JOA", ["Joana Müller", "João Ångström Filho"]),
            ("joão", ["João Ångström Filho"]),
            ("angs joao", ["João Ångström Filho"]),
            ("fil, ANG", ["João Ångström Filho"]),
            ("muller joana", ["Joana Müller"]),
            ("joana filho", []),
            ("oana", []),
            ("joana müllerx", []),
        ):
            assert self.named(text) == names, text

    def test_a_party_is_found_by_whatever_it_is_known_by(self) -> None:
        party = another_party("Ana")
        self.stored(
            replace(
                party,
                trade_name="Chá & Cia.",
                customer_code="K-77",
                supplier_code="S000077",
                prospect_code="P000078",
                roles=(PartyRole.CUSTOMER, PartyRole.SUPPLIER),
                emails=("compras@chá.example", "ana.lima@example.com"),
                tax_ids=(CNPJ, TaxId("GR", TaxIdKind.VAT, "094259216")),
            )
        )
        for text in (
            "cha",
            "cia ana",
            "k-77",
            "s0000",
            "P000078",
            "compras@cha.example",
            "ana.lima@exa",
            "lima",
            "12.abc.345/01de-35",
            "12abc34501de35",
            "12.ABC.345",
            "12ABC345",
            "094259216",
            "GR09425",
        ):
            assert self.named(text) == ["Ana"], text
        assert self.named("34501") == []

    def test_a_party_is_found_by_what_it_is_called_now(self) -> None:
        party = self.stored(another_party("Ana Lima"))
        with self.unit_of_work(context()) as uow:
            seen = uow.parties.get(context(), party.id)
            seen = uow.parties.save(context(), seen.change({"name": "Ana Souza"}))
            uow.parties.save(context(), seen.change({"name": "Ana Souza Dias"}))
        assert self.named("lima") == []
        assert self.named("ana dias souza") == ["Ana Souza Dias"]

    def test_a_list_is_filtered_by_role_and_state_and_counted(self) -> None:
        customer = self.stored(another_party("Ana"))
        both = replace(
            another_party("Bia"),
            roles=(PartyRole.CUSTOMER, PartyRole.SUPPLIER),
            supplier_code="S000001",
        )
        both = self.stored(both.archive())
        prospect = replace(another_party("Eva"), roles=(PartyRole.PROSPECT,))
        prospect = self.stored(prospect)
        page = PageRequest(limit=2, count=True)
        for query, found, total in (
            (PartyQuery(page=page), [customer, both], 3),
            (PartyQuery(page=page, roles=(PartyRole.CUSTOMER,)), [customer, both], 2),
            (PartyQuery(page=page, roles=(PartyRole.SUPPLIER,)), [both], 1),
            (
                PartyQuery(page=page, roles=(PartyRole.PROSPECT, PartyRole.SUPPLIER)),
                [both, prospect],
                2,
            ),
            (PartyQuery(page=page, states=(PartyState.ACTIVE,)), [customer, prospect], 2),
            (PartyQuery(page=page, text="bia", states=(PartyState.ACTIVE,)), [], 0),
        ):
            with self.unit_of_work(context(), read_only=True) as uow:
                listed = uow.parties.page(context(), query)
            assert (list(listed.items), listed.total) == (found, total)

    def test_pages_follow_one_another_in_every_order(self) -> None:
        for name in ("b", "a", "B", "Á", "a", "...", "ab", "a b", "ß", "Æon"):
            self.stored(another_party(name))
        for sort in ("id", "name", "code"):
            up = self.listed(PageRequest(limit=3, sort=sort))
            down = self.listed(PageRequest(limit=3, sort=sort, descending=True))
            assert len(set(up)) == 10
            assert up == down[::-1]

    def test_names_are_in_the_order_of_their_words(self) -> None:
        names = ["a b", "Á", "ab", "Æon", "B", "ßa", "茶"]
        for name in reversed(names):
            self.stored(another_party(name))
        assert self.named("") == ["Á", "a b", "ab", "Æon", "B", "ßa", "茶"]

    def test_an_unknown_order_is_malformed_and_a_cursor_may_name_what_is_gone(self) -> None:
        party = self.stored(another_party("m"))
        with self.unit_of_work(context(), read_only=True) as uow, expect(MalformedError):
            uow.parties.page(context(), PartyQuery(page=PageRequest(sort="colour")))
        after = PageRequest(sort="name", after=Cursor("a", new_id()))
        assert self.listed(after) == [party.code]
        assert self.listed(replace(after, after=Cursor("z", new_id()))) == []
