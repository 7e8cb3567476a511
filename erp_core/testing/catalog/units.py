"""What every keeper of units must do."""

from __future__ import annotations

from dataclasses import replace

from erp_core.catalog.entities import (
    Dimension,
    Unit,
    standard_units,
)
from erp_core.catalog.ports import (
    UnitQuery,
)
from erp_core.kernel.errors import (
    AlreadyExistsError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.page import PageRequest
from erp_core.testing import RIVAL, at_once, context, expect
from erp_core.testing.catalog.builders import (
    a_unit,
)
from erp_core.testing.catalog.contract import CatalogContract


class UnitRepositoryContract(CatalogContract):
    """Units, and the usual ones given at once."""

    def unit(self, unit: Unit) -> Unit:
        with self.unit_of_work(context()) as uow:
            return uow.units.add(context(), unit)

    def codes(self, **filters: object) -> list[str]:
        query = replace(UnitQuery(page=PageRequest(limit=200, sort="code")), **filters)  # type: ignore[arg-type]  # by name
        with self.unit_of_work(context(), read_only=True) as uow:
            return [each.code for each in uow.units.page(context(), query).items]

    def test_every_field_survives_the_round_trip(self) -> None:
        unit = self.unit(a_unit())
        with self.unit_of_work(context()) as uow:
            assert uow.units.get(context(), unit.id) == unit
            assert uow.units.coded(context(), unit.code) == unit
            assert uow.units.coded(context(), unit.code.lower()) is None

    def test_a_change_survives_the_round_trip(self) -> None:
        unit = self.unit(a_unit())
        with self.unit_of_work(context()) as uow:
            saved = uow.units.save(context(), unit.change({"name": "Bag", "decimals": 0}))
            (change,) = uow.journal.take()
        with self.unit_of_work(context()) as uow:
            assert uow.units.get(context(), unit.id) == saved
        assert (saved.version, change.kind) == (2, "catalog.unit")
        assert change.after == {"name": "Bag", "decimals": "0"}

    def test_an_identity_and_a_code_are_taken_once(self) -> None:
        unit = self.unit(a_unit())
        for twin, field in (
            (replace(a_unit(), id=unit.id), "id"),
            (replace(a_unit(), code=unit.code), "code"),
        ):
            with expect(AlreadyExistsError) as refusal:
                self.unit(twin)
            assert refusal[0].field == field

    def test_an_old_version_is_refused(self) -> None:
        unit = self.unit(a_unit())
        with self.unit_of_work(context()) as uow:
            uow.units.save(context(), unit.change({"name": "Bag"}))
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.units.save(context(), unit.change({"name": "Sack"}))

    def test_another_companys_unit_does_not_exist(self) -> None:
        unit, rival = self.unit(a_unit()), context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            with expect(NotFoundError):
                uow.units.get(rival, unit.id)
            with expect(NotFoundError):
                uow.units.save(rival, unit)
            assert uow.units.coded(rival, unit.code) is None
            assert uow.units.page(rival, UnitQuery(page=PageRequest())).items == ()

    def test_several_are_found_by_their_codes_at_once(self) -> None:
        unit, rival = self.unit(a_unit()), context(company=RIVAL)
        other = self.unit(replace(a_unit(), code="kg"))
        with self.unit_of_work(context(), read_only=True) as uow:
            wanted = {unit.code, "kg", "KG", "furlong"}
            assert uow.units.some_coded(context(), wanted) == {unit.code: unit, "kg": other}
            assert uow.units.some_coded(context(), set()) == {}
        with self.unit_of_work(rival, read_only=True) as uow:
            assert uow.units.some_coded(rival, wanted) == {}

    def test_units_are_given_where_they_are_absent(self) -> None:
        own = self.unit(replace(a_unit(), code="kg"))
        with self.unit_of_work(context()) as uow:
            uow.units.add_absent(context(), standard_units())
            assert len(uow.journal.take()) == len(standard_units()) - 1
            assert uow.units.coded(context(), "kg") == own
        assert self.codes() == sorted(each.code for each in standard_units())
        assert self.codes(dimension=Dimension.TIME) == ["d", "h"]

    def test_many_may_give_the_same_units_at_once(self) -> None:
        at_once(*[self.begin] * 6)
        assert self.codes() == sorted(each.code for each in standard_units())

    def test_an_unknown_order_is_malformed(self) -> None:
        with expect(MalformedError), self.unit_of_work(context(), read_only=True) as uow:
            uow.units.page(context(), UnitQuery(page=PageRequest(sort="colour")))
