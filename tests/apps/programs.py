"""Real programs, started as an operator starts them, and asked over the loopback."""

import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from click.testing import CliRunner
from sqlalchemy import make_url

from erp_app.cli import main

ROOT: Final = Path(__file__).parents[2]
PATIENCE_SECONDS: Final = 30
_PAUSE: Final = threading.Event()  # never set: waiting for it is a pause

T = TypeVar("T")


def environment(**settings: str) -> dict[str, str]:
    """Return what a program of this work tree is started with; nothing of the tests' own ERP_*."""
    # Compiled once, as it is for a user; some machines of ours forbid it.
    ours = ("ERP_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    path = os.pathsep.join(str(ROOT / each) for each in ("", "adapters", "apps", "migrations"))
    return kept | {"PYTHONPATH": path, "PYTHONUNBUFFERED": "1"} | settings


def spelled(address: str) -> str:
    """Return a test database's address as an operator spells it, without a driver."""
    found = make_url(address)
    plain = found.set(drivername=found.get_backend_name())
    return plain.render_as_string(hide_password=False)


def until(condition: Callable[[], T], seconds: float = PATIENCE_SECONDS) -> T:
    """Return what *condition* says as soon as it says anything true."""
    give_up = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < give_up, "waited in vain"
        _PAUSE.wait(0.02)
    return found


def scripted(script: str, *arguments: str, folder: Path | None = None) -> str:
    """Run a script of a test in an interpreter of its own; return what it printed.

    The test fails where the script does, and says why.
    """
    ran = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=folder or ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def erp(*arguments: str, folder: Path, **settings: str) -> Ran:
    """Run one command in *folder* to its end, within this process."""
    unset = dict.fromkeys((name for name in os.environ if name.startswith("ERP_")), None)
    with chdir(folder):
        result = CliRunner().invoke(main, arguments, env=unset | settings, prog_name="erp")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def program(*arguments: str, folder: Path, **settings: str) -> Ran:
    """Run one command in *folder* to its end, as a program of its own."""
    ran = subprocess.run(
        [sys.executable, "-m", "erp_app", *arguments],
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS * 2,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


@dataclass(slots=True)
class Server:
    """A serving program, and what it has said so far."""

    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    port: int = 0

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str = "",
        timeout: float = PATIENCE_SECONDS,
    ) -> tuple[int, Any]:
        """Ask once, over a connection of its own; return the status and the JSON."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            return ask(line, method, path, body, token=token)
        finally:
            line.close()

    def words(self) -> str:
        return "".join(self.said)


def ask(
    line: http.client.HTTPConnection,
    method: str,
    path: str,
    body: object = None,
    *,
    token: str = "",
) -> tuple[int, Any]:
    """Ask over a connection that may be used again."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    said = None if body is None else json.dumps(body)
    line.request(method, path, said, headers)
    answer = line.getresponse()
    raw = answer.read()
    is_json = "json" in answer.headers.get("Content-Type", "")
    return answer.status, json.loads(raw) if is_json else raw


@contextmanager
def serving(
    *command: str,
    folder: Path,
    program: str = sys.executable,
    ready: str = "listening on",
    **settings: str,
) -> Iterator[Server]:
    """Start a program that says when it is *ready*, and see it gone at the end."""
    process = subprocess.Popen(
        [program, *command],
        cwd=folder,
        env=environment(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    server = Server(process)
    readers = [
        threading.Thread(target=lambda: server.said.extend(process.stderr or ())),
        threading.Thread(target=lambda: server.logged.extend(process.stdout or ())),
    ]
    for each in readers:
        each.start()
    try:
        until(lambda: _is_ready(server, ready))
        yield server
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait(PATIENCE_SECONDS)
        for each in readers:
            each.join(PATIENCE_SECONDS)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def _is_ready(server: Server, ready: str) -> bool:
    assert server.process.poll() is None, server.words()
    found = re.search(r"listening on http://127\.0\.0\.1:(\d+)", server.words())
    server.port = int(found[1]) if found else 0
    return ready in server.words() and server.words().endswith("\n")
