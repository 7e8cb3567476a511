"""The key that signs access tokens: given, or made once and kept beside the database file."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from erp_app.errors import SettingsError
from erp_app.settings import SECRET_KEY_BYTES, Settings

_RANDOM_BYTES: Final = 48
_READ_BYTES_MAX: Final = 4096


def secret_key(settings: Settings) -> str:
    """Return the signing key; the same in every process, and after every restart.

    Raises:
        SettingsError: a database server needs a key that is given, or the file is unusable.
    """
    if settings.secret_key:
        return settings.secret_key
    if settings.sqlite_file is None:
        raise SettingsError(
            "ERP_SECRET_KEY: it must be given with a database server, the same to every process:"
            f" at least {SECRET_KEY_BYTES} bytes, such as `openssl rand -base64 48` prints"
        )
    path = secret_file(settings.sqlite_file)
    try:
        if not path.exists():
            _make(path)
        with path.open("rb") as file:
            key = file.read(_READ_BYTES_MAX).strip()
        text = key.decode("ascii")
    except OSError as error:
        raise SettingsError(
            f"ERP_SECRET_KEY: cannot keep it in {path}: {error.strerror}; give it, or make the"
            " folder writable"
        ) from error
    except UnicodeError as error:
        raise _spoilt(path) from error
    if len(key) < SECRET_KEY_BYTES:
        raise _spoilt(path)
    return text


def secret_file(database: Path) -> Path:
    """Return where the key of an SQLite database is kept."""
    return database.with_name(f"{database.name}.secret")


def _make(path: Path) -> None:
    """Write a new key whole or not at all; whoever comes first decides it for all."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(_RANDOM_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was first: its key stands
            os.link(draft, path)
    finally:
        draft.unlink()


def _spoilt(path: Path) -> SettingsError:
    return SettingsError(
        f"ERP_SECRET_KEY: {path} holds no key of {SECRET_KEY_BYTES} bytes; remove the file, and a"
        " new one is made (everybody signs in again)"
    )
