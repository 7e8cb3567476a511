"""Who sets documents and who keeps files, held to what we ask of integrators."""

import hashlib
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from erp_core.kernel.errors import UnavailableError
from erp_core.testing import MovableClock, context, expect
from erp_core.testing.documents import FileStoreContract, PdfRendererContract
from erp_memory.documents import MemoryFiles, PlainPaper
from erp_pdf import PdfPool
from erp_system.files import DirectoryFiles


class TestPlainPaper(PdfRendererContract):
    renderer = PlainPaper()


@pytest.fixture(scope="module")
def pool() -> Iterator[PdfPool]:
    with PdfPool(processes=1) as opened:
        yield opened


class TestPdfPool(PdfRendererContract):
    @pytest.fixture(autouse=True)
    def _renderer(self, pool: PdfPool) -> None:
        self.renderer = pool


class TestMemoryFiles(FileStoreContract):
    @pytest.fixture(autouse=True)
    def _files(self) -> None:
        self.clock = MovableClock()
        self.files = MemoryFiles(self.clock)

    def test_what_is_put_again_is_new_again(self) -> None:
        digest = self.files.put(context(), b"a")
        self.clock.move(10)
        before = self.clock.now(context())
        assert self.files.old(context(), before, "", 1) == (digest,)
        self.files.put(context(), b"a")
        assert not self.files.drop(context(), digest, before)
        assert self.files.old(context(), before, "", 1) == ()


class TestDirectoryFiles(FileStoreContract):
    @pytest.fixture(autouse=True)
    def _files(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "storage"
        self.files = DirectoryFiles(self.folder)

    def kept(self) -> list[Path]:
        return [each for each in self.folder.rglob("*") if each.is_file()]

    def test_nobody_else_on_the_machine_may_read_a_file(self) -> None:
        self.files.put(context(), b"a")
        (file,) = self.kept()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_nothing_is_left_aside(self) -> None:
        for each in (b"a", b"a", b"b"):
            self.files.put(context(), each)
        assert len(self.kept()) == 2

    def test_what_is_put_again_is_new_again(self) -> None:
        digest, before = self.files.put(context(), b"a"), datetime(2020, 1, 1, tzinfo=UTC)
        os.utime(self.kept()[0], (0, 0))
        assert self.files.old(context(), before, "", 1) == (digest,)
        self.files.put(context(), b"a")
        assert self.files.old(context(), before, "", 1) == ()
        assert not self.files.drop(context(), digest, before)

    def test_a_file_that_was_changed_is_refused(self) -> None:
        digest = self.files.put(context(), b"a")
        self.kept()[0].write_bytes(b"b")
        with expect(UnavailableError, "files.damaged"):
            self.files.get(context(), digest)

    def test_a_file_that_was_cut_off_is_written_anew(self) -> None:
        digest = self.files.put(context(), b"abc")
        self.kept()[0].write_bytes(b"ab")
        self.files.put(context(), b"abc")
        assert self.files.get(context(), digest) == b"abc"

    def test_a_folder_that_cannot_be_written_is_said(self) -> None:
        self.folder.write_bytes(b"a file where a folder should be")
        with expect(UnavailableError, "files.unwritable"):
            self.files.put(context(), b"a")
        with expect(UnavailableError, "files.unreadable"):
            self.files.get(context(), hashlib.sha256(b"a").hexdigest())
