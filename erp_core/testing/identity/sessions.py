"""What every keeper of refresh tokens and of failures must do, alone and in a crowd."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from erp_core.identity.entities import (
    RefreshToken,
    SignInAttempts,
    User,
    attempts_id,
)
from erp_core.kernel.context import NO_COMPANY
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    NotFoundError,
    StaleVersionError,
    TransitionError,
)
from erp_core.testing import ACME, NOON, RIVAL, at_once, context, expect
from erp_core.testing.identity.builders import a_refresh_token, a_user
from erp_core.testing.identity.masters import IdentityContract

LATER = NOON + timedelta(seconds=1, microseconds=1)


class RefreshTokenRepositoryContract(IdentityContract):
    def a_stored_user(self) -> User:
        with self.unit_of_work(context()) as uow:
            return uow.users.add(context(), a_user())

    def stored(self, token: RefreshToken) -> RefreshToken:
        with self.unit_of_work(context()) as uow:
            return uow.refresh_tokens.add(context(), token)

    def found(self, token: RefreshToken) -> RefreshToken:
        with self.unit_of_work(context()) as uow:
            found = uow.refresh_tokens.lock(context(), token.secret_hash)
        assert found is not None
        return found[1]

    def test_every_field_survives_the_round_trip(self) -> None:
        first = self.stored(a_refresh_token(self.a_stored_user()))
        assert self.found(first) == first
        following = replace(first.next(LATER)[0], used_at=LATER, ended_at=LATER)
        stored = self.stored(following)
        assert self.found(following) == stored
        assert (stored.version, stored.family_id) == (1, first.id)

    def test_a_change_survives_the_round_trip_and_shows_no_secret(self) -> None:
        token = self.stored(a_refresh_token(self.a_stored_user()))
        with self.unit_of_work(context()) as uow:
            saved = uow.refresh_tokens.save(context(), token.spend(LATER))
            following = uow.refresh_tokens.add(context(), token.next(LATER)[0])
            spent, added = uow.journal.take()
        assert self.found(token) == saved
        assert (spent.kind, list(spent.after)) == ("identity.refresh_token", ["used_at"])
        assert following.secret_hash not in added.after.values()
        assert added.after["family_id"] == str(token.id)

    def test_a_secret_finds_its_token_from_any_company(self) -> None:
        token, rival = self.stored(a_refresh_token(self.a_stored_user())), context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            assert uow.refresh_tokens.lock(rival, token.secret_hash) == (ACME, token)
            assert uow.refresh_tokens.lock(rival, "0" * 64) is None

    def test_a_token_is_stored_once_and_for_a_user_of_the_company(self) -> None:
        user = self.a_stored_user()
        token, rival = self.stored(a_refresh_token(user)), context(company=RIVAL)
        for twin in (
            replace(a_refresh_token(user), id=token.id),
            replace(a_refresh_token(user), secret_hash=token.secret_hash),
        ):
            with expect(AlreadyExistsError):
                self.stored(twin)
        with expect(NotFoundError), self.unit_of_work(rival) as uow:
            uow.refresh_tokens.add(rival, a_refresh_token(user))
        with expect(NotFoundError):
            self.stored(a_refresh_token(a_user()))

    def test_a_token_saved_twice_is_stale_and_another_companys_is_not_found(self) -> None:
        token, rival = self.stored(a_refresh_token(self.a_stored_user())), context(company=RIVAL)
        with self.unit_of_work(context()) as uow:
            uow.refresh_tokens.save(context(), token.spend(NOON))
            with expect(StaleVersionError):
                uow.refresh_tokens.save(context(), token.spend(LATER))
        with expect(NotFoundError), self.unit_of_work(rival) as uow:
            uow.refresh_tokens.save(rival, token.spend(LATER))

    def test_a_family_ends_as_a_whole_and_no_other_with_it(self) -> None:
        user = self.a_stored_user()
        first, stranger = self.stored(a_refresh_token(user)), self.stored(a_refresh_token(user))
        ended = self.stored(replace(first.next(NOON)[0], ended_at=NOON))
        last = self.stored(first.next(NOON)[0])
        rival = context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            uow.refresh_tokens.end_family(rival, first.family_id, LATER)
        assert self.found(first).ended_at is None
        with self.unit_of_work(context()) as uow:
            uow.refresh_tokens.end_family(context(), first.family_id, LATER)
            (change,) = uow.journal.take()
        ends = [self.found(each).ended_at for each in (first, ended, last, stranger)]
        assert ends == [LATER, NOON, LATER, None]
        assert (change.kind, change.id) == ("identity.session", str(first.family_id))

    def test_expired_tokens_are_dropped_a_few_at_a_time(self) -> None:
        user = self.a_stored_user()
        tokens = [self.stored(a_refresh_token(user)) for _ in range(3)]
        kept = self.stored(
            replace(a_refresh_token(user), expires_at=tokens[0].expires_at + timedelta(seconds=1))
        )
        house, dropped = context(company=NO_COMPANY), []
        for _ in range(3):
            with self.unit_of_work(house) as uow:
                before = tokens[0].expires_at + timedelta(microseconds=1)
                dropped.append(uow.refresh_tokens.forget(house, before, 2))
        assert dropped == [2, 1, 0]
        assert self.found(kept) == kept

    def test_of_many_who_spend_the_same_token_one_wins(self) -> None:
        token = self.stored(a_refresh_token(self.a_stored_user()))

        def spends() -> bool:
            try:
                with self.unit_of_work(context()) as uow:
                    found = uow.refresh_tokens.lock(context(), token.secret_hash)
                    assert found is not None
                    uow.refresh_tokens.save(context(), found[1].spend(LATER))
                    uow.refresh_tokens.add(context(), found[1].next(LATER)[0])
            except TransitionError:  # it was locked, read and found spent: nobody overtook
                return False
            return True

        assert sum(at_once(*[spends] * 6)) == 1

    def test_a_family_that_ends_while_it_is_refreshed_has_no_survivor(self) -> None:
        first = self.stored(a_refresh_token(self.a_stored_user()))
        last = first.next(LATER)[0]

        def refreshes() -> None:
            with self.unit_of_work(context()) as uow:
                found = uow.refresh_tokens.lock(context(), first.secret_hash)
                assert found is not None
                if found[1].ended_at is None:
                    uow.refresh_tokens.save(context(), found[1].spend(LATER))
                    uow.refresh_tokens.add(context(), last)

        def ends() -> None:
            with self.unit_of_work(context()) as uow:
                uow.refresh_tokens.lock(context(), first.secret_hash)
                uow.refresh_tokens.end_family(context(), first.family_id, LATER)

        at_once(refreshes, ends)
        with self.unit_of_work(context()) as uow:
            survivor = uow.refresh_tokens.lock(context(), last.secret_hash)
        assert survivor is None or survivor[1].ended_at == LATER


class SignInAttemptRepositoryContract(IdentityContract):
    def test_a_count_is_made_when_first_locked_and_survives(self) -> None:
        house, who = context(company=NO_COMPANY), attempts_id("ana")
        with self.unit_of_work(house) as uow:
            assert uow.sign_in_attempts.find(house, who) is None
            made = uow.sign_in_attempts.lock(house, who, NOON)
            saved = uow.sign_in_attempts.save(house, made.fail(LATER))
            (change,) = uow.journal.take()
        assert made == SignInAttempts(id=who, failures=0, last_at=NOON, version=1)
        assert (saved.failures, saved.last_at, saved.version) == (1, LATER, 2)
        assert (change.kind, change.after["failures"]) == ("identity.sign_in_attempts", "1")
        with self.unit_of_work(house) as uow:
            assert uow.sign_in_attempts.find(house, who) == saved
            assert uow.sign_in_attempts.lock(house, who, NOON) == saved

    def test_an_unknown_count_is_not_found_and_an_old_one_stale(self) -> None:
        house = context(company=NO_COMPANY)
        unknown = SignInAttempts(id=attempts_id(str(new_id())), last_at=NOON, version=1)
        with self.unit_of_work(house) as uow:
            with expect(NotFoundError):
                uow.sign_in_attempts.save(house, unknown)
            made = uow.sign_in_attempts.lock(house, unknown.id, NOON)
            uow.sign_in_attempts.save(house, made.fail(NOON))
            with expect(StaleVersionError):
                uow.sign_in_attempts.save(house, made.fail(NOON))

    def test_counts_are_dropped_a_few_at_a_time(self) -> None:
        house, dropped = context(company=NO_COMPANY), []
        with self.unit_of_work(house) as uow:
            for login in ("ana", "bo", "cy"):
                uow.sign_in_attempts.lock(house, attempts_id(login), NOON)
            uow.sign_in_attempts.lock(house, attempts_id("zoe"), LATER)
        for _ in range(3):
            with self.unit_of_work(house) as uow:
                dropped.append(uow.sign_in_attempts.forget(house, LATER, 2))
        assert dropped == [2, 1, 0]
        with self.unit_of_work(house, read_only=True) as uow:
            assert uow.sign_in_attempts.find(house, attempts_id("ana")) is None
            assert uow.sign_in_attempts.find(house, attempts_id("zoe")) is not None

    def test_no_failure_of_a_crowd_is_lost(self) -> None:
        house, who = context(company=NO_COMPANY), attempts_id("ana")

        def fails() -> None:
            with self.unit_of_work(house) as uow:
                made = uow.sign_in_attempts.lock(house, who, NOON)
                uow.sign_in_attempts.save(house, made.fail(NOON))

        at_once(*[fails] * 6)
        with self.unit_of_work(house, read_only=True) as uow:
            counted = uow.sign_in_attempts.find(house, who)
        assert counted is not None
        assert counted.failures == 6
