"""``erp migrate``: the schema, up, down and on paper."""

from __future__ import annotations

import click

from erp_app.commands import as_json, print_json, say, with_settings
from erp_app.errors import MigrationNeededError
from erp_app.settings import Settings


@click.group()
def migrate() -> None:
    """Bring the database's schema up to date, or look where it stands.

    One program migrates at a time; another one waits for up to a minute.
    """


@migrate.command(epilog="Example:  erp migrate up")
@click.argument("revision", default="head")
@with_settings
def up(settings: Settings, revision: str) -> None:
    """Apply what is missing, up to REVISION (the newest one by default)."""
    import erp_migrations
    from erp_app.database import database

    with database(settings) as engine:
        before = erp_migrations.status(engine)
        erp_migrations.upgrade(engine, revision)
        after = erp_migrations.status(engine)
    applied = [each for each in before.pending if each not in after.pending]
    say(f"applied {', '.join(applied)}" if applied else "nothing to apply")


@migrate.command(epilog="Example:  erp migrate down 0004 --yes")
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_settings
def down(settings: Settings, revision: str, *, yes: bool) -> None:
    """Take the schema back to REVISION; `base` is the empty database.

    The data of what is taken back is lost: make a backup first.
    """
    import erp_migrations
    from erp_app.database import database

    if not yes:
        click.confirm(
            f"This deletes data of {settings.shown_database_url}. Go on?", abort=True, err=True
        )
    with database(settings) as engine:
        erp_migrations.downgrade(engine, revision)
        after = erp_migrations.status(engine)
    say(f"the database is at {after.current or 'base'}")


@migrate.command(epilog="Example:  erp migrate status --json")
@as_json
@click.option("--check", is_flag=True, help="Exit with 5 if a migration is pending.")
@with_settings
def status(settings: Settings, *, as_json: bool, check: bool) -> None:
    """Tell which revision the database is at, and what is pending."""
    import erp_migrations
    from erp_app.database import database, require_file

    require_file(settings)
    with database(settings) as engine:
        found = erp_migrations.status(engine)
    if as_json:
        print_json({"current": found.current, "head": found.head, "pending": list(found.pending)})
    else:
        click.echo(f"current  {found.current or 'nothing yet'}")
        click.echo(f"head     {found.head}")
        click.echo(f"pending  {', '.join(found.pending) or 'nothing'}")
    if check and found.pending:
        raise MigrationNeededError("migrations are pending: run `erp migrate up`")


@migrate.command(epilog="Example:  erp migrate sql > schema.sql")
@click.argument("revision", default="head")
@with_settings
def sql(settings: Settings, revision: str) -> None:
    """Print the statements that make the schema, for the kind of database that is set.

    No database is asked. REVISION may be a range: 0003:head is what a database at 0003 lacks.
    """
    import erp_migrations
    from erp_app.database import in_one_line

    with in_one_line(settings):
        click.echo(erp_migrations.sql(settings.database_url, revision), nl=False)
