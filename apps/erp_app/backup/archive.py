"""The archive: a ZIP file, written beside its place and put there when it is whole."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final

from erp_app.backup.manifest import Manifest
from erp_app.errors import ProgramError

PIECE_BYTES: Final = 1024 * 1024
DATABASE: Final = "database"
_MANIFEST: Final = "manifest.json"
_MANIFEST_BYTES_MAX: Final = 1024 * 1024
_FILES: Final = "files/"
# <company>/<first two digits>/<digest>, as erp_system.files keeps them.
_KEPT: Final = re.compile(r"[0-9a-f-]{36}/([0-9a-f]{2})/(\1[0-9a-f]{62})", re.ASCII)

Tell = Callable[[str], None]


class ArchiveWriter:
    """What is being written. Nothing stands under the final name until the block has ended."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zip = zipped
        self.bytes = 0  # of the last member

    def add(self, name: str, pieces: Iterator[bytes], *, packed: bool) -> str:
        """Add a member; return its SHA-256. What is *packed* already is not packed again."""
        info = zipfile.ZipInfo(name)
        info.external_attr = 0o600 << 16
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        digest, self.bytes = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                digest.update(piece)
                self.bytes += len(piece)
        return digest.hexdigest()

    def add_file(self, place: str, file: Path) -> bool:
        """Add a kept file under its *place*; say whether it is what its name says, or leave it."""
        content = file.read_bytes()
        if hashlib.sha256(content).hexdigest() != file.name:
            return False
        self.add(_FILES + place, iter((content,)), packed=True)
        return True

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest."""
        self.add(_MANIFEST, iter((manifest.write(),)), packed=False)


@contextmanager
def written(target: Path) -> Iterator[ArchiveWriter]:
    """Write an archive that is at *target* once the block has ended well, and nowhere otherwise.

    Raises:
        ProgramError: there is something at *target* already, or it cannot be written.
    """
    aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    with _told(target):
        try:
            descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
            with os.fdopen(descriptor, "w+b") as file:
                with zipfile.ZipFile(file, "w", allowZip64=True) as zipped:
                    yield ArchiveWriter(zipped)
                file.flush()
                os.fsync(file.fileno())
            _put(aside, target)
        finally:
            with suppress(FileNotFoundError):
                aside.unlink()


class ArchiveReader:
    """An archive whose manifest is known."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zip = zipped
        self.manifest = Manifest.read(self._read(_MANIFEST, _MANIFEST_BYTES_MAX))

    def check(self, tell: Tell) -> None:
        """Read every byte, and compare it with what the manifest and the names promise.

        Raises:
            ProgramError: something is missing, added or changed.
        """
        count, size = 0, 0
        for place, info in self._kept():
            digest = self._digest(info, lambda done: tell(f"checking {done:,} bytes"))
            if digest != place.rpartition("/")[2]:
                raise _damaged(f"the file {place}")
            count, size = count + 1, size + info.file_size
            tell(f"checking {count:,} of {self.manifest.files:,} files")
        if (count, size) != (self.manifest.files, self.manifest.files_bytes):
            raise _damaged(f"{count} files of {self.manifest.files} are in it")
        whole = self._digest(
            self._info(DATABASE), lambda done: tell(f"checking the database: {done:,} bytes")
        )
        if whole != self.manifest.database_sha256:
            raise _damaged("the database")

    def database(self) -> Iterator[bytes]:
        """Yield the database's dump, piece by piece."""
        with self._zip.open(self._info(DATABASE)) as member:
            yield from pieces(member)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the kept files: the place of each, and what it holds."""
        for place, info in self._kept():
            yield place, self._zip.read(info)

    def _kept(self) -> Iterator[tuple[str, zipfile.ZipInfo]]:
        for info in self._zip.infolist():
            if info.filename in (DATABASE, _MANIFEST):
                continue
            place = info.filename.removeprefix(_FILES)
            if place == info.filename or not _KEPT.fullmatch(place):
                raise _damaged(f"it holds {info.filename!r}, which no backup writes")
            yield place, info

    def _read(self, name: str, most: int) -> bytes:
        with self._zip.open(self._info(name)) as member:
            return member.read(most)

    def _info(self, name: str) -> zipfile.ZipInfo:
        try:
            return self._zip.getinfo(name)
        except KeyError as error:
            raise ProgramError(f"it is no archive of erp: there is no {name} in it") from error

    def _digest(self, info: zipfile.ZipInfo, tell: Callable[[int], None]) -> str:
        digest, done = hashlib.sha256(), 0
        with self._zip.open(info) as member:
            for piece in pieces(member):
                digest.update(piece)
                done += len(piece)
                tell(done)
        return digest.hexdigest()


@contextmanager
def opened(source: Path) -> Iterator[ArchiveReader]:
    """Open the archive at *source*.

    Raises:
        ProgramError: it cannot be read, is none of ours, or is damaged.
    """
    with _told(source):
        try:
            with zipfile.ZipFile(source) as zipped:
                yield ArchiveReader(zipped)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise _damaged(str(error)) from error


def is_kept(place: str) -> bool:
    """Say whether *place*, relative to the storage folder, is that of a kept file."""
    return _KEPT.fullmatch(place) is not None


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield what *file* holds, piece by piece."""
    while piece := file.read(PIECE_BYTES):
        yield piece


def _damaged(what: str) -> ProgramError:
    return ProgramError(f"the archive is damaged ({what}); nothing was touched: take another one")


@contextmanager
def _told(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where: Any = error.filename or place
        raise ProgramError(f"{where}: {error.strerror}") from error


def _put(aside: Path, target: Path) -> None:
    try:
        os.link(aside, target)  # unlike a rename it replaces nothing
    except FileExistsError as error:
        raise ProgramError(f"{target} exists already: name another file") from error
    except OSError:  # a file system without hard links
        aside.rename(target)
    _settle(target.parent)


def _settle(folder: Path) -> None:
    """Have the folder's new entry written to the disk as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
