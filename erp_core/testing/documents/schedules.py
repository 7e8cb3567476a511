"""What every keeper of schedules must do, alone and in a crowd."""

from __future__ import annotations

from erp_core.documents.entities import Schedule, ScheduleName
from erp_core.documents.ports import JobsUnitOfWork
from erp_core.kernel.errors import NotFoundError, StaleVersionError
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing import RIVAL, at_once, context, expect

NIGHTLY = ScheduleName("documents.tidy")


class ScheduleRepositoryContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[JobsUnitOfWork]

    def test_a_schedule_is_made_when_first_locked_and_survives(self) -> None:
        with self.unit_of_work(context()) as uow:
            made = uow.schedules.lock(context(), NIGHTLY)
            saved = uow.schedules.save(context(), made.advance("2024-02-29"))
        assert made == Schedule(name=NIGHTLY, version=1)
        with self.unit_of_work(context()) as uow:
            assert uow.schedules.lock(context(), NIGHTLY) == saved
        assert (saved.last_period, saved.version) == ("2024-02-29", 2)

    def test_each_company_has_its_own(self) -> None:
        rival = context(company=RIVAL)
        with self.unit_of_work(context()) as uow:
            made = uow.schedules.lock(context(), NIGHTLY).advance("2024-02-29")
            uow.schedules.save(context(), made)
            with expect(NotFoundError):
                uow.schedules.save(rival, made)
            assert uow.schedules.lock(rival, NIGHTLY).last_period == ""

    def test_what_is_saved_twice_is_stale(self) -> None:
        with self.unit_of_work(context()) as uow:
            made = uow.schedules.lock(context(), NIGHTLY)
            uow.schedules.save(context(), made.advance("1"))
            with expect(StaleVersionError):
                uow.schedules.save(context(), made.advance("2"))

    def test_of_many_who_look_at_the_clock_one_makes_the_period(self) -> None:
        def looks() -> bool:
            with self.unit_of_work(context()) as uow:
                schedule = uow.schedules.lock(context(), NIGHTLY)
                if schedule.behind("2024-02-29"):
                    uow.schedules.save(context(), schedule.advance("2024-02-29"))
                    return True
                return False

        assert sum(at_once(*[looks] * 6)) == 1
