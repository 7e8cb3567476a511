"""Where nothing is but the product: an empty root made of the bundle, or a container's image."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import certifi
import pytest

from tests.acceptance.empty_root import ACCOUNT, CANNOT
from tests.apps.programs import ROOT, environment

IMAGE_VARIABLE: Final = "ERP_TEST_IMAGE"
MAIL_HOST: Final = "mail.erp.test"
TLS: Final = ROOT / "tests/data/tls"
AUTHORITIES: Final = "etc/ssl/certs/ca-certificates.crt"
BUILD_SECONDS: Final = 300  # on a machine that others use as well; a fifth of it alone
_EMPTY_ROOT: Final = str(Path(__file__).with_name("empty_root.py"))


class Place(Protocol):
    """Somewhere to run the product, with a volume of its own."""

    volume: Path

    def command(self, *arguments: str) -> list[str]:
        """Return what runs ``erp`` with *arguments* there, in the foreground."""


@dataclass(frozen=True, slots=True)
class EmptyRoot:
    """The bundle, entered by chroot as an account that is nobody's."""

    root: Path
    volume: Path

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, _EMPTY_ROOT, str(self.root), "/usr/bin/erp", *arguments]


@dataclass(frozen=True, slots=True)
class Container:
    """The image of the Dockerfile, run as a supervisor runs it."""

    image: str
    volume: Path
    authorities: Path

    def command(self, *arguments: str) -> list[str]:
        named = [name for name in os.environ if name.startswith("ERP_")]
        return [
            *("podman", "run", "--rm", "--read-only", "--network=host"),
            f"--add-host={MAIL_HOST}:127.0.0.1",
            f"--volume={self.volume}:/data",
            f"--volume={self.authorities}:/{AUTHORITIES}:ro",
            *(f"--env={each}" for each in (*SETTINGS, *named)),
            self.image,
            *arguments,
        ]


# What the tests may set: a container is handed a variable only where it is named.
SETTINGS: Final = (
    *("ERP_ADMIN_PASSWORD", "ERP_DATABASE_URL", "ERP_HOST", "ERP_MAIL_FROM", "ERP_PORT"),
    *("ERP_PROCESSES", "ERP_SECRET_KEY", "ERP_SMTP_URL", "ERP_STORAGE_DIR", "ERP_WORKERS"),
)


def find_place(folder: Path) -> Place:
    """Return where the product is tried: the image that was named, else the bundle of now."""
    image = os.environ.get(IMAGE_VARIABLE)
    return _container(image, folder) if image else _empty_root(folder)


def _container(image: str, folder: Path) -> Container:
    volume = folder / "data"
    volume.mkdir(mode=0o700)
    os.chown(volume, ACCOUNT, ACCOUNT)
    authorities = folder / "authorities.pem"
    authorities.write_text(Path(certifi.where()).read_text() + (TLS / "authority.pem").read_text())
    authorities.chmod(0o644)
    return Container(image, volume, authorities)


def _empty_root(folder: Path) -> EmptyRoot:
    """Make a root of the bundle: the same files, but for what this machine alone would say."""
    _make_bundle()
    bundle = ROOT / "build/bundle"
    root = folder / "root"
    shutil.copytree(bundle, root, copy_function=_same, symlinks=True)
    (root / "etc/hosts").write_text(f"127.0.0.1 localhost {MAIL_HOST}\n")
    authorities = root / AUTHORITIES
    known = authorities.read_text()
    authorities.unlink()  # it is the bundle's own file, under a second name
    authorities.write_text(known + (TLS / "authority.pem").read_text())
    volume = root / "data"
    if os.geteuid() == 0:
        os.chown(volume, ACCOUNT, ACCOUNT)
    tried = subprocess.run(
        EmptyRoot(root, volume).command("--version"),
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if tried.returncode == CANNOT:
        told = f"CT-01 IS NOT TESTED, it takes root or user namespaces: {tried.stderr.strip()}"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    assert tried.returncode == 0, tried.stderr
    return EmptyRoot(root, volume)


def _make_bundle() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "erp_bundle"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr


def _same(source: str, target: str) -> None:
    """Give a file a second name; on another file system copy it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
