"""``erp openapi``: the description of the HTTP interface."""

from __future__ import annotations

import click

from erp_app.commands import print_json


@click.command(epilog="Example:  erp openapi > openapi.json")
def openapi() -> None:
    """Print the OpenAPI document of /v1, as the server shows it at /openapi.json."""
    from erp_app.composition import description

    print_json(description())
