"""A program that serves a small application with the real server: ``toy.py PROCESSES GRACE``.

It answers what a file in the working directory tells it: a request for /wait/NAME is answered
when NAME is there. /long/N is answered with N bytes, whose number the head tells.
"""

import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from erp_app.errors import ProgramError
from erp_app.processes import Supervisor
from erp_app.serving import DrainingServer, Served, address_of, bind, listen
from erp_app.signals import StopSignals
from erp_core.kernel.cancellation import Cancellation
from erp_http.disconnect import DisconnectWatcher
from erp_http.gate import CANCELLATION
from tests.apps.programs import until


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    cancellation: Cancellation = environ[CANCELLATION]
    body = str(os.getpid())
    if path.startswith("/wait/"):
        told = Path(path.removeprefix("/wait/"))
        Path(f"{told}.asked").touch()
        until(lambda: told.exists() or cancellation.cancelled)
        body = cancellation.reason or "done"
        Path(f"{told}.said").write_text(body, encoding="utf-8")
    if path == "/die":
        os._exit(7)
    headers = [("Content-Type", "text/plain")]
    if path.startswith("/long/"):
        body = "x" * int(path.removeprefix("/long/"))
        headers.append(("Content-Length", str(len(body))))
    start_response("200 OK", headers)
    return [body.encode()]


@contextmanager
def served() -> Iterator[Served]:
    def draining() -> None:
        Path(f"draining.{os.getpid()}").touch()

    with DisconnectWatcher() as watcher:
        yield Served(
            app=watcher.wrap(app),
            draining=draining,
            give_up=lambda: watcher.cancel_all("the server stops"),
        )


def main(processes: int, grace_seconds: float) -> None:
    logging.basicConfig(level=logging.INFO, stream=sys.stdout)
    with StopSignals() as stop:
        listener = bind("127.0.0.1", 0)
        listen(listener)
        sys.stderr.write(f"listening on {address_of(listener)}\n")

        def serve(own: StopSignals, *parent: int) -> None:
            with served() as opened:
                server = DrainingServer(opened, listener, threads=4)
                server.serve(own, grace_seconds=grace_seconds, parent=parent)

        def child(lifeline: int) -> None:
            with StopSignals() as own:
                serve(own, lifeline)

        if processes == 1:
            serve(stop)
            return
        Supervisor(processes, child, grace_seconds=grace_seconds).run(stop, listener.close)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), float(sys.argv[2]))
    except ProgramError as failure:
        sys.stderr.write(f"{failure}\n")
        sys.exit(failure.exit_code)
