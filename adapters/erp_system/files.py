"""Files in a folder, each under the digest of its bytes."""

from __future__ import annotations

import hashlib
import math
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from erp_core.documents.ports import FileStore
from erp_core.kernel.context import Context
from erp_core.kernel.errors import NotFoundError, UnavailableError

_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PREFIX: Final = 2  # hexadecimal digits: 256 folders a company, none of them too full


class DirectoryFiles(FileStore):
    """``<folder>/<company>/<first two digits>/<digest>``, made as they are needed.

    A file is written aside and put in place whole, on the disk: what a power cut leaves is a file
    or none. Several processes may share the folder, and several machines one on the network.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, ctx: Context, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        place = self._place(ctx, digest)
        with _told("files.unwritable", "kept"):
            if _renewed(place, len(content)):
                return digest
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with NamedTemporaryFile(dir=place.parent, prefix=".new-", delete=False) as aside:
                written = Path(aside.name)
                try:
                    aside.write(content)
                    aside.flush()
                    os.fsync(aside.fileno())
                    written.replace(place)
                except BaseException:
                    written.unlink(missing_ok=True)
                    raise
            _settle(place.parent)
        return digest

    def get(self, ctx: Context, digest: str) -> bytes:
        place = self._place(ctx, digest)
        with _told("files.unreadable", "read"):
            try:
                content = place.read_bytes()
            except FileNotFoundError:
                raise NotFoundError(f"no file {digest}", kind="file", id=digest) from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise UnavailableError(
                f"the file {digest} is not what it was: bring it back from a backup",
                code="files.damaged",
                digest=digest,
            )
        return content

    def exists(self, ctx: Context, digest: str) -> bool:
        with _told("files.unreadable", "read"):
            return self._place(ctx, digest).exists()

    def old(self, ctx: Context, before: datetime, after: str, limit: int) -> tuple[str, ...]:
        found: list[str] = []
        moment = before.timestamp()
        with _told("files.unreadable", "listed"):
            for folder in self._folders(ctx, after[:_PREFIX]):
                names = (each.name for each in folder.iterdir() if _DIGEST.fullmatch(each.name))
                for name in sorted(each for each in names if each > after):
                    if _put_at(folder / name) < moment:
                        found.append(name)
                    if len(found) == limit:
                        return tuple(found)
        return tuple(found)

    def drop(self, ctx: Context, digest: str, before: datetime) -> bool:
        place = self._place(ctx, digest)
        aside = place.with_name(f".old-{digest}")
        with _told("files.unwritable", "removed"):
            if _put_at(place) >= before.timestamp():
                return not place.exists()
            # Whoever puts it from now on finds it gone and writes it anew; who was first has made
            # it new, and it goes back.
            place.rename(aside)
            if _put_at(aside) < before.timestamp():
                aside.unlink()
                return True
            aside.replace(place)
        return False

    def _folders(self, ctx: Context, first: str) -> list[Path]:
        ours = self._folder / str(ctx.company_id)
        if not ours.is_dir():
            return []
        return sorted(each for each in ours.iterdir() if each.is_dir() and each.name >= first)

    def _place(self, ctx: Context, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise NotFoundError(f"no file {digest}", kind="file", id=digest)
        return self._folder / str(ctx.company_id) / digest[:_PREFIX] / digest


def _renewed(place: Path, size: int) -> bool:
    """Make a file that is there, and whole, as new as if it were written now."""
    try:
        os.utime(place)
        return place.stat().st_size == size
    except FileNotFoundError:  # it was never there, or is just being removed
        return False


def _put_at(place: Path) -> float:
    """Return when a file was put, in seconds since 1970; of one that is gone: never."""
    try:
        return place.stat().st_mtime
    except FileNotFoundError:
        return math.inf


@contextmanager
def _told(code: str, done: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnavailableError(
            f"a file cannot be {done}: {error.strerror}", code=code, reason=str(error.strerror)
        ) from error


def _settle(folder: Path) -> None:
    """Have the folder's new entry written to the disk as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
