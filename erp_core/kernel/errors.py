"""Every error the core raises on purpose.

One class per *reaction* a caller may have; the precise rule is named by ``code``. Adapters map the
class (to an HTTP status, to an exit code), programs compare the code, people read the message.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class ErpError(Exception):
    """Base of them all. ``code`` is stable and documented; the message is not.

    ``field`` names what is at fault in the words of the command (``"quantity"``,
    ``"lines/2/unit_price"``); it is empty where no single field is.
    """

    default_code: ClassVar[str] = "erp"

    def __init__(
        self, message: str, *, code: str | None = None, field: str = "", **details: object
    ) -> None:
        super().__init__(message)
        self.code = code or self.default_code
        self.field = field
        self.details = details


class InvariantError(ErpError):
    """The data would break a business rule. Fix the input; retrying is pointless."""

    default_code = "invariant"


class RowsRefusedError(InvariantError):
    """Of many rows some break a rule, each said by one of ``faults``; none was stored."""

    default_code = "rows_refused"

    def __init__(self, faults: Sequence[ErpError], *, rows: int) -> None:
        bad = len({each.details["line"] for each in faults})
        super().__init__(
            f"{bad} of {rows} rows cannot be stored, and so none was", bad=bad, rows=rows
        )
        self.faults = tuple(faults)  # details["line"] says which row, field which column


class MalformedError(ErpError):
    """The question itself cannot be read: a cursor of another list, an unknown sort key."""

    default_code = "malformed"


class TransitionError(ErpError):
    """The thing's present state does not allow the step."""

    default_code = "transition"


class NotFoundError(ErpError):
    """No such thing, or none this principal may know of: another company's does not exist."""

    default_code = "not_found"


class AlreadyExistsError(ErpError):
    """The identity or the reference is taken."""

    default_code = "already_exists"


class PreconditionFailedError(ErpError):
    """The caller meant an older version. Read the thing again, then decide again."""

    default_code = "precondition_failed"


class StaleVersionError(ErpError):
    """Someone else changed the aggregate first. Read it again, decide again; it is retried."""

    default_code = "stale_version"


class ContentionError(ErpError):
    """The store could not serve this now: a deadlock, a lock held too long. It is retried."""

    default_code = "contention"


class UnavailableError(ErpError):
    """A part of the system is out of reach, or its answer was lost. Ask again a little later.

    It is not retried here: whether a lost COMMIT took place only the caller can find out.
    """

    default_code = "unavailable"


class UnauthenticatedError(ErpError):
    """Nobody, or nobody we know: the credentials are missing, wrong or spent."""

    default_code = "unauthenticated"


class TooManyAttemptsError(ErpError):
    """Too often in too short a time. ``details["retry_after_s"]`` says how long to wait."""

    default_code = "too_many_attempts"


class PermissionDeniedError(ErpError):
    """The principal lacks the permission the use case declares."""

    default_code = "permission_denied"


class OperationCancelledError(ErpError):
    """The caller gave up, or the program is stopping. Named not to be taken for asyncio's."""

    default_code = "cancelled"


class DeadlineExceededError(ErpError):
    """The caller's deadline passed before the work was done."""

    default_code = "deadline_exceeded"


def ensure(
    condition: bool, code: str, message: str, *, field: str = "", **details: object
) -> None:
    """State a business rule in one line; raise InvariantError when it does not hold."""
    if not condition:
        raise InvariantError(message, code=code, field=field, **details)


class at:  # noqa: N801  # it is written like the function it stands for
    """Say of an error in the block that its field lies in *place*: ``at("lines/2")``."""

    # A generator would take three times as long, for each line of each document, several times.
    __slots__ = ("_place",)

    def __init__(self, place: str) -> None:
        self._place = place

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ErpError):
            error.field = f"{self._place}/{error.field}" if error.field else self._place
