"""What the database says in its own words, in ours."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from erp_core.kernel.context import Context
from erp_core.kernel.errors import ContentionError, InvariantError, UnavailableError
from erp_sql.dialects import is_away, is_beyond, is_contention


def translate(ctx: Context, error: BaseException) -> None:
    """Raise in our words what the database said in its own."""
    if isinstance(error, PoolTimeoutError):
        raise ContentionError("no database connection was free in time") from error
    if isinstance(error, DBAPIError):
        ctx.check()  # a statement we interrupted fails as a statement; say why instead
        if is_contention(error):
            raise ContentionError("the database was busy with another transaction") from error
        if is_away(error):
            raise UnavailableError("the database is out of reach") from error
        if is_beyond(error):
            raise InvariantError(
                "what is added up is more than this database reckons with exactly: ask for less of"
                " it, such as a shorter time",
                code="total.limit",
            ) from error
