"""The programs of a database's own makers, fed and read as they run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

from erp_app.backup.archive import pieces
from erp_app.errors import DatabaseError, ProgramError

_WORDS_MAX: Final = 8192  # of what a program has complained of
_INHERITED: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE")


def find(names: Sequence[str], package: str) -> str:
    """Return the first of *names* that is installed.

    Raises:
        ProgramError: none is; it names the *package* that brings them.
    """
    for each in names:
        found = shutil.which(each)
        if found is not None:
            return found
    raise ProgramError(f"{' or '.join(names)} is not installed here: install {package}")


def read(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[bytes]:
    """Yield what *command* prints.

    Raises:
        DatabaseError: it failed; the message is its own last word.
    """
    with _running(command, environment, stdout=subprocess.PIPE) as (process, complaints):
        if process.stdout is not None:
            yield from pieces(process.stdout)
        _require_done(Path(command[0]).name, process, complaints)


def feed(command: Sequence[str], environment: Mapping[str, str], said: Iterable[bytes]) -> None:
    """Have *command* read what is *said*.

    Raises:
        DatabaseError: it failed; the message is its own last word.
    """
    with _running(command, environment, stdin=subprocess.PIPE) as (process, complaints):
        # A program that ends early has said why; that is told instead of the broken pipe.
        with suppress(BrokenPipeError):
            for piece in said:
                process.stdin.write(piece)  # type: ignore[union-attr]  # it is a pipe
        with suppress(BrokenPipeError):
            process.stdin.close()  # type: ignore[union-attr]  # as above
        _require_done(Path(command[0]).name, process, complaints)


@contextmanager
def _running(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.DEVNULL,
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    # Nothing of ERP_*: what a child does not need to know it is not told.
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    with TemporaryFile() as complaints:
        process = subprocess.Popen(  # noqa: S603  # found on the path, its words are ours
            command, stdin=stdin, stdout=stdout, stderr=complaints, env={**kept, **environment}
        )
        try:
            yield process, complaints
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with suppress(BrokenPipeError):
                        stream.close()


def _require_done(name: str, process: subprocess.Popen[bytes], complaints: IO[bytes]) -> None:
    if process.wait() == 0:
        return
    size = complaints.seek(0, os.SEEK_END)
    complaints.seek(max(0, size - _WORDS_MAX))
    words = complaints.read().decode("utf-8", "replace")
    lines = [each.strip() for each in words.splitlines() if each.strip()]
    worst = [each for each in lines if "ERROR" in each.upper()] or lines or ["it said nothing"]
    raise DatabaseError(f"{name} failed with {process.returncode}: {worst[0]}")
