"""The wheel, alone in a folder: nothing that it needs was left behind in the work tree."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from tests.apps.programs import ROOT

PACKAGES: Final = ("core", "memory", "sql", "http", "system", "telemetry", "migrations", "app")
DATA: Final = {
    "erp_http/codes.json",
    "erp_migrations/sqlite.sql",
    *(f"erp_core/documents/mail_templates/layout.{each}" for each in ("html", "txt")),
    *(f"erp_core/kernel/catalogues/{each}.json" for each in ("en", "es", "fr", "pt-BR")),
    *(f"erp_{each}/py.typed" for each in PACKAGES),
    *(
        f"erp_migrations/versions/{each.name}"
        for each in (ROOT / "migrations/erp_migrations/versions").glob("*.py")
    ),
}
SECONDS: Final = 100

# Isolated: neither the working directory nor PYTHONPATH, and no file that would add a work tree.
RUN: Final = """
import sys
sys.path[:0] = sys.argv[1:3]
import erp_core, erp_migrations
assert all(each.__file__.startswith(sys.argv[1]) for each in (erp_core, erp_migrations))
sys.argv = ["erp", *sys.argv[3:]]
from erp_app.cli import main
main()
"""


def test_what_is_shipped_works_alone(tmp_path: Path) -> None:
    wheel = built(tmp_path / "dist")
    with ZipFile(wheel) as archive:
        assert set(archive.namelist()) >= DATA
    home = tmp_path / "home"
    pip("install", "--no-deps", "--no-index", "--target", str(home), str(wheel))
    room = tmp_path / "room"
    room.mkdir()
    migrated = erp(home, room, "migrate", "up")
    status = json.loads(erp(home, room, "migrate", "status", "--json").stdout)

    assert "applied 0001" in migrated.stderr
    assert (status["pending"], status["current"]) == ([], status["head"])
    assert json.loads(erp(home, room, "openapi").stdout)["openapi"].startswith("3.1")
    assert (room / "erp.db").stat().st_size


def built(folder: Path) -> Path:
    """Build the wheel as `make wheel` does, with the tools that are installed."""
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    (wheel,) = folder.glob("*.whl")
    return wheel


def pip(*arguments: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def erp(home: Path, room: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command of the program that was installed into *home*."""
    libraries = sysconfig.get_paths()["purelib"]
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-W", "error", "-c", RUN, str(home), libraries, *arguments],
        cwd=room,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran


def environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ERP_", "PYTHON")) and name != "PIP_CONSTRAINT"
    }
