"""``erp pdf-worker``: a process that sets documents, which a bundle starts of itself."""

from __future__ import annotations

from typing import Final

import click

PDF_COMMAND: Final = "pdf-worker"


@click.command(PDF_COMMAND, hidden=True)
def pdf_worker() -> None:
    """Set documents that are asked for on standard input; no command for people."""
    from erp_pdf.worker import main

    main()
