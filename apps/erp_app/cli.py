"""``erp``: what an operator types.

Commands import what is heavy when they run, so that help comes at once.
"""

from __future__ import annotations

import click

from erp_app import __version__
from erp_app.commands.backup import backup, restore
from erp_app.commands.checks import config, doctor, health
from erp_app.commands.importing import import_
from erp_app.commands.init import init
from erp_app.commands.jobs import jobs
from erp_app.commands.migrate import migrate
from erp_app.commands.openapi import openapi
from erp_app.commands.seed import seed
from erp_app.commands.serve import serve
from erp_app.commands.user import user
from erp_app.commands.verify import verify
from erp_app.commands.worker import worker
from erp_app.errors import EXIT_FAILED, ProgramError
from erp_core.kernel.errors import ErpError


class Program(click.Group):
    """Ends every foreseeable failure with one line and its exit code, never with a traceback."""

    def invoke(self, ctx: click.Context) -> None:
        try:
            super().invoke(ctx)
        except ProgramError as error:
            message, code = str(error), error.exit_code
        except ErpError as error:
            field = f"{error.field}: " if error.field else ""
            message, code = f"{field}{error} ({error.code})", EXIT_FAILED
        except OSError as error:
            if error.filename is None:
                raise  # a closed pipe, say, which click knows how to end
            message, code = f"{error.filename}: {error.strerror}", EXIT_FAILED
        else:
            return
        click.echo(f"erp: {' '.join(message.split())}", err=True)
        ctx.exit(code)


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 99},
    epilog="Everything is set by ERP_* variables: `erp config` shows them all.  Exit codes: 0"
    " done, 1 failed, 2 wrong usage, 3 wrong settings, 4 the database, 5 a migration is needed.",
)
@click.version_option(__version__, "-V", "--version", message="erp %(version)s")
def main() -> None:
    """Run the ERP and look after it.

    With nothing set, `erp serve` makes a database file in the working directory, a company and
    its administrator, and listens on http://127.0.0.1:8080.
    """


for command in (
    serve,
    worker,
    init,
    migrate,
    user,
    jobs,
    import_,
    config,
    doctor,
    health,
    verify,
    backup,
    restore,
    seed,
    openapi,
):
    main.add_command(command)
