"""What a server loads before it answers: nothing that waits well until somebody asks for it."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.apps.programs import environment

HEAVY: Final = ("alembic", "apispec", "xlsxwriter", "xhtml2pdf", "reportlab", "erp_memory.store")
START: Final = """
import sys
from erp_app.commands.init import prepared
from erp_app.composition import served
from erp_app.settings import Settings
settings = Settings.read({"ERP_ADMIN_PASSWORD": "correct horse battery"})
if "again" in sys.argv:
    prepared(settings)
    with served(settings):
        print(*sorted(sys.modules))
else:
    prepared(settings)
"""


def started(folder: Path, *arguments: str) -> set[str]:
    ran = subprocess.run(
        [sys.executable, "-c", START, *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    return set(ran.stdout.split())


def test_a_server_whose_schema_is_up_to_date_loads_nothing_that_can_wait(tmp_path: Path) -> None:
    started(tmp_path)
    loaded = started(tmp_path, "again")

    assert {"flask", "sqlalchemy", "erp_http.app"} <= loaded
    assert not loaded & set(HEAVY)
