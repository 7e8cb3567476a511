"""What an archive says of itself."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from erp_app.errors import ProgramError

FORMAT: Final = 1
_FORMAT_FIELD: Final = "erp_backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Written last, so that an archive without one was never finished."""

    program: str  # the version that wrote it
    engine: str  # sqlite, postgresql, mysql or mariadb
    server: str  # the engine's version, for whoever reads
    revision: str  # of the schema
    made_at: str  # ISO 8601, UTC
    companies: int
    database_bytes: int
    database_sha256: str
    files: int
    files_bytes: int
    damaged_files: tuple[str, ...] = ()  # were not what their names say, and are left out

    def write(self) -> bytes:
        """Return it as JSON."""
        whole = {_FORMAT_FIELD: FORMAT, **asdict(self)}
        return json.dumps(whole, ensure_ascii=False, indent=2).encode() + b"\n"

    @classmethod
    def read(cls, said: bytes) -> Self:
        """Return what *said* says.

        Raises:
            ProgramError: it is no manifest, or one of a later format.
        """
        try:
            whole: dict[str, Any] = json.loads(said)
            version = int(whole.pop(_FORMAT_FIELD))
            if version == FORMAT:
                return cls(**{**whole, "damaged_files": tuple(whole["damaged_files"])})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ProgramError("the archive's manifest is damaged: take another backup") from error
        raise ProgramError(
            f"the archive has format {version}, and this program reads {FORMAT}: restore it with"
            " the version of erp that wrote it, or a later one"
        )
