"""What every keeper of number series must do."""

from __future__ import annotations

from erp_core.documents.entities import SERIES, NumberMask, NumberSeries, NumberSeriesChanges
from erp_core.documents.ports import DocumentsUnitOfWork
from erp_core.kernel.errors import NotFoundError, StaleVersionError
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing import RIVAL, context, expect

ORDER = "sales.order"
WHOLE: NumberSeriesChanges = {
    "mask": NumberMask("{customer}/{yy}-{0000@year+70}"),
    "chronological": True,
}


class NumberSeriesRepositoryContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[DocumentsUnitOfWork]

    def changed(self, changes: NumberSeriesChanges) -> NumberSeries:
        with self.unit_of_work(context()) as uow:
            series = uow.number_series.get(context(), ORDER)
            return uow.number_series.save(context(), series.change(changes))

    def found(self, document_type: str = ORDER) -> NumberSeries:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.number_series.get(context(), document_type)

    def test_a_company_that_has_changed_nothing_has_what_the_house_gives(self) -> None:
        for document_type, given in SERIES.items():
            assert self.found(document_type) == given
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.number_series.all(context()) == tuple(SERIES[x] for x in sorted(SERIES))
            with expect(NotFoundError):
                uow.number_series.get(context(), "sales.poem")

    def test_every_field_survives_the_round_trip(self) -> None:
        first = self.changed(WHOLE)
        assert self.found() == first
        assert (first.version, first.mask, first.chronological) == (1, WHOLE["mask"], True)
        second = self.changed({"mask": None})
        assert self.found() == second
        assert (second.version, second.mask) == (2, SERIES[second.document_type].mask)
        assert second.chronological

    def test_a_change_is_noted(self) -> None:
        with self.unit_of_work(context()) as uow:
            series = uow.number_series.get(context(), ORDER)
            uow.number_series.save(context(), series.change({"mask": NumberMask("O{00}")}))
            (change,) = uow.journal.take()
        assert (change.kind, change.id) == ("documents.number_series", ORDER)
        assert (change.before, change.after) == (
            {"mask": series.mask.text},
            {"mask": "O{00}"},
        )

    def test_all_are_listed_and_one_is_the_companys_own(self) -> None:
        own = self.changed(WHOLE)
        with self.unit_of_work(context(), read_only=True) as uow:
            found = uow.number_series.all(context())
        assert [each.document_type for each in found] == sorted(SERIES)
        assert [each for each in found if each.version] == [own]

    def test_another_companys_series_is_not_ours(self) -> None:
        self.changed(WHOLE)
        rival = context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            theirs = uow.number_series.get(rival, ORDER)
            assert theirs.version == 0
            uow.number_series.save(rival, theirs.change({"mask": NumberMask("R{0}")}))
        assert self.found().mask == WHOLE["mask"]

    def test_an_old_version_is_refused(self) -> None:
        given = self.found()
        first = self.changed(WHOLE)
        self.changed({"mask": None})
        for seen in (given, first):
            with expect(StaleVersionError), self.unit_of_work(context()) as uow:
                uow.number_series.save(context(), seen.change({"mask": NumberMask("O{00}")}))
        assert self.found().version == 2
