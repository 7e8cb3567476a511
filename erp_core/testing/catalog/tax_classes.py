"""What every keeper of tax classes must do."""

from __future__ import annotations

from dataclasses import replace

from erp_core.catalog.ports import (
    TaxClassQuery,
)
from erp_core.kernel.errors import (
    AlreadyExistsError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.page import PageRequest
from erp_core.testing import NOON, RIVAL, context, expect
from erp_core.testing.catalog.builders import (
    a_tax_class,
)
from erp_core.testing.catalog.contract import CatalogContract


class TaxClassRepositoryContract(CatalogContract):
    """Tax classes with their components."""

    def test_every_field_survives_the_round_trip(self) -> None:
        tax_class = self.tax_class(a_tax_class().archive(NOON))
        with self.unit_of_work(context()) as uow:
            assert uow.tax_classes.get(context(), tax_class.id) == tax_class

    def test_a_change_survives_the_round_trip(self) -> None:
        tax_class = self.tax_class(a_tax_class())
        with self.unit_of_work(context()) as uow:
            changed = tax_class.change({"name": "Isento", "components": ()})
            saved = uow.tax_classes.save(context(), changed)
            (change,) = uow.journal.take()
        with self.unit_of_work(context()) as uow:
            assert uow.tax_classes.get(context(), tax_class.id) == saved
        assert (saved.version, change.kind) == (2, "catalog.tax_class")
        assert change.after == {"name": "Isento", "components": ""}

    def test_an_identity_is_taken_once(self) -> None:
        tax_class = self.tax_class(a_tax_class())
        with expect(AlreadyExistsError):
            self.tax_class(tax_class)

    def test_an_old_version_is_refused(self) -> None:
        tax_class = self.tax_class(a_tax_class())
        with self.unit_of_work(context()) as uow:
            uow.tax_classes.save(context(), tax_class.change({"name": "A"}))
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.tax_classes.save(context(), tax_class.change({"name": "B"}))

    def test_another_companys_tax_class_does_not_exist(self) -> None:
        tax_class, rival = self.tax_class(a_tax_class()), context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            with expect(NotFoundError):
                uow.tax_classes.get(rival, tax_class.id)
            with expect(NotFoundError):
                uow.tax_classes.save(rival, tax_class)
            assert uow.tax_classes.some(rival, [tax_class.id]) == {}
            assert uow.tax_classes.page(rival, TaxClassQuery(page=PageRequest())).items == ()

    def test_several_are_read_at_once(self) -> None:
        first, _ = self.tax_class(a_tax_class()), self.tax_class(a_tax_class())
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.tax_classes.some(context(), [first.id]) == {first.id: first}

    def test_a_list_tells_the_archived_from_those_in_use(self) -> None:
        used = self.tax_class(replace(a_tax_class(), name="A"))
        archived = self.tax_class(replace(a_tax_class(), name="B").archive(NOON))
        for wanted, found in ((None, (archived, used)), (True, (archived,)), (False, (used,))):
            page = PageRequest(sort="name", descending=True)
            with self.unit_of_work(context(), read_only=True) as uow:
                query = TaxClassQuery(page=page, archived=wanted)
                assert uow.tax_classes.page(context(), query).items == found
