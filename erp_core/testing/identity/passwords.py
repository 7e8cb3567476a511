"""What every hider of passwords must do; and one that takes no time, for tests."""

from __future__ import annotations

from itertools import count

from erp_core.identity.entities import digest
from erp_core.identity.ports import PasswordHasher
from erp_core.kernel.context import Context
from erp_core.kernel.errors import DeadlineExceededError, OperationCancelledError
from erp_core.testing import context, expect

_LENGTH_MAX = 255


class FixedHasher(PasswordHasher):
    """Hides nothing worth hiding, at once, and counts how often it verified."""

    def __init__(self) -> None:
        self.verified = 0
        self._salts = count()
        self.effort = 1  # raise it, and what was hashed before needs a new hash

    def hash(self, ctx: Context, password: str) -> str:
        ctx.check()
        return self._hash(self.effort, str(next(self._salts)), password)

    def verify(self, ctx: Context, password_hash: str, password: str) -> bool:
        ctx.check()
        self.verified += 1
        effort, _, rest = password_hash.partition("$")
        salt = rest.partition("$")[0]
        return effort.isdigit() and password_hash == self._hash(int(effort), salt, password)

    def decoy(self, ctx: Context) -> str:
        return f"{self.effort}$decoy$"

    def needs_rehash(self, ctx: Context, password_hash: str) -> bool:
        return not password_hash.startswith(f"{self.effort}$")

    def _hash(self, effort: int, salt: str, password: str) -> str:
        return f"{effort}${salt}${digest(salt + password)}"


class PasswordHasherContract:
    """Set ``hasher`` before each test."""

    hasher: PasswordHasher

    def test_only_the_password_that_was_hashed_fits(self) -> None:
        hidden = self.hasher.hash(context(), "chá verde 茶 🍵")
        assert self.hasher.verify(context(), hidden, "chá verde 茶 🍵")
        assert not self.hasher.verify(context(), hidden, "chá verde 茶 ")
        assert not self.hasher.verify(context(), hidden, "")

    def test_whatever_can_be_typed_can_be_hashed(self) -> None:
        for password in ("", "\x00" * 10, "\ud800", "x" * 10_000):
            hidden = self.hasher.hash(context(), password)
            assert self.hasher.verify(context(), hidden, password)
            assert not self.hasher.verify(context(), hidden, password + "x")

    def test_a_hash_fits_its_column_and_does_not_show_the_password(self) -> None:
        hidden = self.hasher.hash(context(), "tea leaves")
        assert hidden.isascii()
        assert len(hidden) <= _LENGTH_MAX
        assert "tea" not in hidden

    def test_equal_passwords_do_not_look_equal(self) -> None:
        hidden = {self.hasher.hash(context(), "tea leaves") for _ in range(2)}
        assert len(hidden) == 2

    def test_nothing_fits_what_is_no_hash(self) -> None:
        for hidden in ("", "tea leaves", "$argon2id$", "\ud800"):
            assert not self.hasher.verify(context(), hidden, hidden)

    def test_nothing_fits_the_decoy_which_is_a_hash_like_any_other(self) -> None:
        decoy = self.hasher.decoy(context())
        assert not self.hasher.verify(context(), decoy, "")
        assert not self.hasher.verify(context(), decoy, decoy)
        assert not self.hasher.needs_rehash(context(), decoy)
        assert self.hasher.decoy(context()) == decoy

    def test_what_was_hashed_just_now_needs_no_new_hash(self) -> None:
        assert not self.hasher.needs_rehash(context(), self.hasher.hash(context(), "tea leaves"))
        assert self.hasher.needs_rehash(context(), "tea leaves")

    def test_nothing_is_hashed_for_a_caller_who_gave_up(self) -> None:
        ctx = context()
        ctx.cancellation.cancel("gone")
        with expect(OperationCancelledError):
            self.hasher.hash(ctx, "tea leaves")
        with expect(DeadlineExceededError):
            self.hasher.verify(context().with_timeout(0), self.hasher.decoy(context()), "tea")
