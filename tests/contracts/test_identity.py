"""Companies, users, keys and sessions, wherever they are kept; and passwords."""

import threading
from concurrent.futures import ThreadPoolExecutor
from threading import Timer

import pytest

from erp_core.kernel.errors import DeadlineExceededError, ErpError, OperationCancelledError
from erp_core.testing import at_once, context
from erp_core.testing.identity import (
    ApiKeyRepositoryContract,
    AuditSealsContract,
    CompanyRepositoryContract,
    ConcurrentUserContract,
    FixedHasher,
    PasswordHasherContract,
    RefreshTokenRepositoryContract,
    RoleRepositoryContract,
    SignInAttemptRepositoryContract,
    UserRepositoryContract,
)
from erp_system.passwords import Argon2Hasher
from tests.contracts.stores import InDatabase, InMemory, OnServer


class TestCompaniesInMemory(InMemory, CompanyRepositoryContract): ...


class TestCompanies(InDatabase, CompanyRepositoryContract): ...


class TestUsersInMemory(InMemory, UserRepositoryContract): ...


class TestUsers(InDatabase, UserRepositoryContract): ...


class TestConcurrentUsers(OnServer, ConcurrentUserContract): ...


class TestRolesInMemory(InMemory, RoleRepositoryContract): ...


class TestRoles(InDatabase, RoleRepositoryContract): ...


class TestApiKeysInMemory(InMemory, ApiKeyRepositoryContract): ...


class TestApiKeys(InDatabase, ApiKeyRepositoryContract): ...


class TestRefreshTokensInMemory(InMemory, RefreshTokenRepositoryContract): ...


class TestRefreshTokens(InDatabase, RefreshTokenRepositoryContract): ...


class TestSignInAttemptsInMemory(InMemory, SignInAttemptRepositoryContract): ...


class TestSignInAttempts(InDatabase, SignInAttemptRepositoryContract): ...


class TestAuditSealsInMemory(InMemory, AuditSealsContract): ...


class TestAuditSeals(InDatabase, AuditSealsContract): ...


class TestFixedHasher(PasswordHasherContract):
    @pytest.fixture(autouse=True)
    def _hasher(self) -> None:
        self.hasher = FixedHasher()


class TestArgon2(PasswordHasherContract):
    @pytest.fixture(autouse=True)
    def _hasher(self) -> None:
        self.hasher = Argon2Hasher()


def test_a_crowd_is_hashed_in_turn() -> None:
    hasher = Argon2Hasher(at_once=1)
    hidden = hasher.hash(context(), "tea leaves")
    assert all(at_once(*[lambda: hasher.verify(context(), hidden, "tea leaves")] * 3))


def test_a_crowd_too_large_to_wait_is_sent_away_at_once() -> None:
    hasher = Argon2Hasher(at_once=0, waiting=2)
    ctx, refused = context(), threading.Semaphore(0)

    def knocks() -> str:
        try:
            hasher.hash(ctx, "tea leaves")
        except ErpError as error:
            refused.release()
            return error.code
        return "hashed"

    with ThreadPoolExecutor(5) as pool:
        knocking = [pool.submit(knocks) for _ in range(5)]
        assert all(refused.acquire(timeout=10) for _ in range(3))
        ctx.cancellation.cancel("closing time")  # for the two who wait
        codes = sorted(each.result(timeout=10) for each in knocking)
    assert codes == ["cancelled"] * 2 + ["identity.crowded"] * 3


def test_whoever_waits_for_his_turn_is_told_when_it_is_too_late() -> None:
    nobody_ever = Argon2Hasher(at_once=0)
    with pytest.raises(DeadlineExceededError):
        nobody_ever.hash(context().with_timeout(0.05), "tea leaves")
    ctx = context()
    Timer(0.05, ctx.cancellation.cancel, ["gone"]).start()
    with pytest.raises(OperationCancelledError):
        nobody_ever.verify(ctx, "", "tea leaves")
