"""``erp serve``: the HTTP server, in one process or in several."""

from __future__ import annotations

import gc
import socket
import sys

import click

from erp_app.commands import say, with_settings
from erp_app.commands.init import prepared, tell
from erp_app.errors import EXIT_DONE
from erp_app.settings import Settings
from erp_app.signals import StopSignals


@click.command(
    epilog="Example:  ERP_PORT=9000 ERP_DATABASE_URL=sqlite:////var/lib/erp.db erp serve"
)
@with_settings
def serve(settings: Settings) -> None:
    """Serve the ERP over HTTP until SIGTERM or ^C.

    Where nothing is there yet, the database, a company and its administrator are made first. At
    the signal no new request is taken and those in progress are answered, within
    ERP_SHUTDOWN_GRACE_S; a second signal ends at once.
    """
    with StopSignals() as stop:
        from erp_app.composition import start_logs
        from erp_app.serving import address_of, bind, listen

        start_logs(settings)
        listener = bind(settings.host, settings.port)
        try:
            if settings.processes == 1:
                tell(settings, prepared(settings))
            else:
                _prepare_apart(settings)
            if stop.received:
                return
            listen(listener)
            say(f"listening on {address_of(listener)}")
            if settings.processes == 1:
                _serve(settings, listener, stop)
            else:
                _supervise(settings, listener, stop)
        finally:
            listener.close()


def _serve(settings: Settings, listener: socket.socket, stop: StopSignals, *parent: int) -> None:
    from erp_app.composition import served
    from erp_app.serving import DrainingServer

    with served(settings) as opened:
        server = DrainingServer(opened, listener, threads=settings.threads)
        # What is loaded now stays: to look through all of it for garbage would stop every request
        # for as long as that takes. One in a hundred is garbage already, which is kept with it: to
        # look once would make every start longer by a twentieth.
        gc.freeze()
        server.serve(stop, grace_seconds=settings.shutdown_grace_s, parent=parent)


def _prepare_apart(settings: Settings) -> None:
    """Prepare in a process that ends: this one is to have no connection to hand down."""
    from erp_app.processes import apart

    code = apart(lambda: tell(settings, prepared(settings)))
    if code != EXIT_DONE:
        sys.exit(code)


def _supervise(settings: Settings, listener: socket.socket, stop: StopSignals) -> None:
    from erp_app.processes import Supervisor

    def child(lifeline: int) -> None:
        with StopSignals() as own:
            _serve(settings, listener, own, lifeline)

    grace = settings.shutdown_grace_s
    Supervisor(settings.processes, child, grace_seconds=grace).run(stop, listener.close)
