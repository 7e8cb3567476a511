"""The commands of ``erp``, and what they share."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

import click

from erp_app.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")

PASSWORD_BYTES: Final = 15  # of chance in a password that we make: 20 characters to type
_SHOWN_SECONDS: Final = 0.1  # a line that changes more often is not read

as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for programs.")
company_option = click.option(
    "--company", type=click.UUID, help="The company's id, where there are several."
)


def with_settings(command: Callable[Concatenate[Settings, P], R]) -> Callable[P, R]:
    """Hand the settings to *command*; they are read when it runs, not when its help is asked."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return command(Settings.read(os.environ), *args, **kwargs)

    return run


def say(line: str) -> None:
    """Tell the person at the terminal; what a program may read goes elsewhere."""
    click.echo(f"erp: {line}", err=True)


def print_json(thing: object) -> None:
    """Print *thing* for a program to read."""
    click.echo(json.dumps(thing, ensure_ascii=False, indent=2))


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Yield what shows how far long work has come: one line that changes, on a terminal alone."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    shown_at = 0.0

    def tell(line: str) -> None:
        nonlocal shown_at
        now = time.monotonic()
        if now - shown_at > _SHOWN_SECONDS:
            shown_at = now
            click.echo(f"\r\x1b[Kerp: {line}", nl=False, err=True)

    try:
        yield tell
    finally:
        click.echo("\r\x1b[K", nl=False, err=True)
