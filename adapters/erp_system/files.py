"""Files in a folder, each under the digest of its bytes."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
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
            if place.exists() and place.stat().st_size == len(content):
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

    def _place(self, ctx: Context, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise NotFoundError(f"no file {digest}", kind="file", id=digest)
        return self._folder / str(ctx.company_id) / digest[:_PREFIX] / digest


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
