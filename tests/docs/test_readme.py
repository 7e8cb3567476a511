"""The README, taken at its word: every block of it is run, and says what is shown."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.apps.programs import ROOT, Server, environment, erp, serving, until

README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK: Final = re.compile(r"\]\((?!http)([^)#]+)")
START: Final = "make run\n"
OF_A_KIND: Final = (
    re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z"),
)
SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Block:
    language: str
    text: str


BLOCKS: Final = [Block(*found.groups()) for found in BLOCK.finditer(README)]
SCRIPTS: Final = [each for each in BLOCKS if each.language == "bash" and "make " not in each.text]
MAKES: Final = [each for each in BLOCKS if each.language == "bash" and "make " in each.text]
PROGRAMS: Final = [each for each in BLOCKS if each.language == "python"]


def shown_after(block: Block) -> list[Block]:
    """Return what is shown between *block* and the next one that is run."""
    found = []
    for each in BLOCKS[BLOCKS.index(block) + 1 :]:
        if each.language not in ("json", "text"):
            break
        found.append(each)
    return found


def is_abridged(shown: Any, said: Any) -> bool:
    """Say whether *shown* is what was *said*, with members left out and other ids and moments."""
    if isinstance(shown, dict):
        return isinstance(said, dict) and all(
            name in said and is_abridged(value, said[name]) for name, value in shown.items()
        )
    if isinstance(shown, list):
        return (
            isinstance(said, list)
            and len(shown) == len(said)
            and all(map(is_abridged, shown, said))
        )
    if isinstance(shown, str) and isinstance(said, str):
        alike = any(kind.fullmatch(shown) and kind.fullmatch(said) for kind in OF_A_KIND)
        return alike or shown == said
    return type(shown) is type(said) and bool(shown == said)


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """Return an environment that `make` finds ready, whose `erp` is the one of this work tree."""
    (tmp_path / "venv/bin").mkdir(parents=True)
    program = tmp_path / "venv/bin/erp"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m erp_app "$@"\n', encoding="ascii")
    program.chmod(0o755)
    (tmp_path / "venv/.ready").touch()
    return tmp_path / "venv"


def make(venv: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Ask the Makefile what it would do; that these tests are run by make is not its business."""
    ours = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES"}
    return subprocess.run(
        ["make", "--dry-run", "--no-print-directory", f"VENV={venv}", *arguments],
        cwd=ROOT,
        env={name: value for name, value in environment().items() if name not in ours},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@contextmanager
def started(venv: Path, folder: Path) -> Iterator[Server]:
    """Start the server by the README's own line, on a free port and in an empty folder.

    What make would run is run without it: of two programs, one would outlive a test that fails.
    """
    (line,) = (each.text for each in MAKES if each.text.endswith(f" {START}"))
    recipe = make(venv, "run").stdout
    assert recipe == f"{venv}/bin/erp serve\n"
    launch = "import os, sys; os.execvp('bash', ['bash', '-euo', 'pipefail', '-c', sys.argv[1]])"
    line = line.replace(START, f"exec {recipe}")
    with serving("-c", launch, line, folder=folder, ERP_PORT="0") as server:
        yield server


def told(server: Server, folder: Path) -> list[str]:
    """Run all the blocks in one shell, as a reader does; return what each has printed."""
    mark = "=== the next block ==="
    script = "".join(f"{each.text}\necho; echo '{mark}'\n" for each in SCRIPTS)
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment(ERP=f"http://127.0.0.1:{server.port}"),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.split(f"{mark}\n")[:-1]


def logged(server: Server) -> list[Any]:
    return [json.loads(line) for line in server.logged]


def test_the_first_five_minutes_are_as_they_are_told(tmp_path: Path, venv: Path) -> None:
    with started(venv, tmp_path) as server:
        answers = told(server, tmp_path)
        assert len(answers) == len(SCRIPTS) > 8
        for block, answer in zip(SCRIPTS, answers, strict=True):
            expected, *lines = [json.loads(each.text) for each in shown_after(block)]
            assert is_abridged(expected, json.loads(answer)), (expected, answer)
            for line in lines:
                assert until(lambda line=line: any(is_abridged(line, x) for x in logged(server)))
        for page in re.findall(r"`(/\w+)`", README) + re.findall(r":8080(/\w+)>", README):
            assert server.ask("GET", page)[0] == 200, page


@pytest.mark.parametrize("block", PROGRAMS, ids=["memory", "sqlite"])
def test_the_library_is_embedded_by_what_is_printed(tmp_path: Path, block: Block) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", block.text],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    (shown,) = shown_after(block)

    assert (ran.stdout, ran.stderr) == (shown.text, "")
    statements = block.text.split("\n\n", 1)[1]
    assert len(re.findall(r"^\S", statements, re.MULTILINE)) <= 25


def test_every_command_named_is_there(tmp_path: Path, venv: Path) -> None:
    targets = re.findall(r"^(?:\| `)?make (\w+)", README, re.MULTILINE)
    commands = re.findall(r"^\| `erp ([\w ]+)`", README, re.MULTILINE)

    assert {"run", "test", "check"} <= set(targets)
    for target in targets:
        assert make(venv, target).returncode == 0, target
    assert len(commands) >= 8
    for command in commands:
        assert erp(*command.split(), "--help", folder=tmp_path).returncode == 0, command


def test_a_database_is_named_by_one_variable(tmp_path: Path) -> None:
    (block,) = (each for each in BLOCKS if each.language == "console")
    addresses = re.findall(r"ERP_DATABASE_URL=(\S+)", block.text)

    assert len(addresses) == 2
    for address in addresses:
        shown = erp("config", folder=tmp_path, ERP_DATABASE_URL=address, ERP_SECRET_KEY="k" * 32)
        assert shown.returncode == 0, shown.stderr


def test_the_test_command_is_stated_plainly() -> None:
    assert "\nTest command: `make test`\n" in README


def test_every_block_is_run_or_compared() -> None:
    assert {each.language for each in BLOCKS} == {"bash", "json", "python", "text", "console"}


def test_every_page_it_leads_to_is_there() -> None:
    leads = LINK.findall(README)

    assert len(leads) > 8
    assert [each for each in leads if not (ROOT / each).exists()] == []
