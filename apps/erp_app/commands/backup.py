"""``erp backup`` and ``erp restore``: one file that holds everything, and back again."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from erp_app.commands import as_json, print_json, progress, say, with_settings
from erp_app.errors import EXIT_FAILED
from erp_app.settings import Settings

_PLACE = click.Path(path_type=Path, resolve_path=True)
_ARCHIVE = click.Path(path_type=Path, exists=True, dir_okay=False, resolve_path=True)


@click.command(epilog="Example:  erp backup /var/backups/erp")
@click.argument("place", type=_PLACE)
@as_json
@click.pass_context
@with_settings
def backup(
    settings: Settings, click_context: click.Context, place: Path, *, as_json: bool
) -> None:
    """Write the database and the kept files into one archive, while others go on working.

    PLACE is the archive's name, or a folder that it gets a name in. It is there when it is whole,
    and not before. Nothing is overwritten.

    The exit code is 1 if a kept file was damaged: it is named, and the archive lacks it.
    """
    from erp_app.backup.saving import save

    with progress(quiet=as_json) as tell:
        archive, manifest = save(settings, place, tell)
    if as_json:
        print_json({"archive": str(archive), **asdict(manifest)})
    else:
        say(
            f"{archive} holds the {manifest.engine} database at {manifest.revision} with"
            f" {manifest.companies} companies, and {manifest.files:,} files"
        )
        for each in manifest.damaged_files:
            say(f"damaged, and left out: {each}")
    if manifest.damaged_files:
        click_context.exit(EXIT_FAILED)


@click.command(epilog="Example:  erp restore /var/backups/erp/erp-20261128T020000Z.zip")
@click.argument("archive", type=_ARCHIVE)
@click.option(
    "--replace",
    is_flag=True,
    help="Delete all that is in the database now. Without it, only an empty one is taken.",
)
@click.option("--check", is_flag=True, help="Only read the archive to its end; touch nothing.")
@as_json
@click.pass_context
@with_settings
def restore(  # noqa: PLR0913  # one for each option
    settings: Settings,
    click_context: click.Context,
    archive: Path,
    *,
    replace: bool,
    check: bool,
    as_json: bool,
) -> None:
    """Make the database and the kept files what ARCHIVE says; stop every other program first.

    The archive is read to its end before anything is touched. It is restored into the kind of
    database that it came from. An older schema is migrated to this program's. At the end
    everything is proved, as by `erp verify`.

    The exit code is 1 if the archive is damaged, the database is not empty, or anything differs.
    """
    from erp_app.backup.restoring import look
    from erp_app.backup.restoring import restore as bring_back
    from erp_app.verification import differences, shown

    with progress(quiet=as_json) as tell:
        if check:
            found = look(archive, tell)
            if as_json:
                print_json({"archive": str(archive), **asdict(found)})
            else:
                say(f"{archive} is whole: {found.engine} at {found.revision}, {found.made_at}")
            return
        done = bring_back(settings, archive, tell, replace=replace)
        verified = differences(settings, None, tell) if done.manifest.companies else ()
        differing = list(verified)
    if as_json:
        print_json(
            {
                "archive": str(archive),
                **asdict(done.manifest),
                "migrations": list(done.migrations),
                "consistent": not differing,
                "differences": differing,
            }
        )
    else:
        if done.migrations:
            say(f"migrated to {done.migrations[-1]}")
        say(f"restored {done.manifest.companies} companies, {done.manifest.files:,} files")
        for each in differing:
            click.echo(shown(each))
        say(f"{len(differing)} differences" if differing else "consistent: all of it is proved")
    if differing:
        click_context.exit(EXIT_FAILED)
