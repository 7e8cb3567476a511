"""Passwords hidden by Argon2id, a few at a time."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from erp_core.identity.ports import PasswordHasher
from erp_core.kernel.context import Context
from erp_core.kernel.errors import UnavailableError

# OWASP, Password Storage Cheat Sheet (2024): Argon2id with 19 MiB, two passes, one lane.
_MEMORY_KIB: Final = 19456
_PASSES: Final = 2
_LANES: Final = 1

_POLL_SECONDS: Final = 0.02  # between looks at the context while others hash


class Argon2Hasher(PasswordHasher):
    """Argon2id, at most *at_once* at a time: each takes a core and 19 MiB for a while.

    At most *waiting* more wait for their turn, and are told when they are cancelled or their
    deadline comes; the rest are sent away, so that a crowd at the door stops nobody inside.
    """

    def __init__(self, *, at_once: int = 2, waiting: int = 3) -> None:
        self._argon2 = argon2.PasswordHasher(
            time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES
        )
        self._turns = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + waiting)
        # Made here, and not when first asked: that answer would take longer than all others.
        self._decoy = self._argon2.hash(secrets.token_bytes(32))

    def hash(self, ctx: Context, password: str) -> str:
        with self._turn(ctx):
            return self._argon2.hash(_spelt(password))

    def verify(self, ctx: Context, password_hash: str, password: str) -> bool:
        with self._turn(ctx):
            try:
                return self._argon2.verify(password_hash, _spelt(password))
            except (VerificationError, InvalidHashError, UnicodeEncodeError):
                return False

    def decoy(self, ctx: Context) -> str:
        return self._decoy

    def needs_rehash(self, ctx: Context, password_hash: str) -> bool:
        try:
            return self._argon2.check_needs_rehash(password_hash)
        except InvalidHashError:
            return True

    @contextmanager
    def _turn(self, ctx: Context) -> Iterator[None]:
        ctx.check()
        if not self._places.acquire(blocking=False):
            raise UnavailableError(
                "too many sign in at this moment: try again in a second", code="identity.crowded"
            )
        try:
            while not self._turns.acquire(timeout=ctx.remaining_seconds(_POLL_SECONDS)):
                ctx.check()
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()


def _spelt(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")  # whatever was typed can be hashed
