"""What a server loads before it answers: nothing that waits well until somebody asks for it."""

from pathlib import Path
from typing import Final

from tests.apps.programs import scripted

HEAVY: Final = (
    "alembic",
    "apispec",
    "xlsxwriter",
    "xhtml2pdf",
    "reportlab",
    "erp_memory.store",
    "sqlalchemy.orm",
)
CORE_SECONDS_MAX: Final = 0.9  # of the processor: three times what it takes where nobody compiles
CORE_METHODS_MAX: Final = 60  # three times what the core's own constants take
MODULES_MAX: Final = 1200  # a tenth more than there are

START: Final = """
import sys
from erp_app.commands.init import prepared
from erp_app.composition import served
from erp_app.settings import Settings
settings = Settings.read({"ERP_ADMIN_PASSWORD": "correct horse battery"})
if sys.argv[1:]:
    prepared(settings)
    with served(settings):
        print(*sorted(sys.modules))
else:
    prepared(settings)
"""


def started(folder: Path, *arguments: str) -> set[str]:
    return set(scripted(START, *arguments, folder=folder).split())


def test_a_server_that_makes_its_database_loads_no_alembic(tmp_path: Path) -> None:
    assert "alembic" not in started(tmp_path, "first")


def test_a_server_whose_schema_is_up_to_date_loads_nothing_that_can_wait(tmp_path: Path) -> None:
    started(tmp_path)
    loaded = started(tmp_path, "again")

    assert {"flask", "sqlalchemy", "erp_http.app"} <= loaded
    assert not loaded & set(HEAVY)


def told(script: str, folder: Path) -> list[float]:
    """Return the numbers that a script of its own prints, started three times."""
    return [float(scripted(script, folder=folder)) for _ in range(3)]


def test_the_core_is_imported_in_a_fraction_of_a_second(tmp_path: Path) -> None:
    script = (
        "from time import process_time as now; begun = now()\n"
        "import erp_core.erp; print(now() - begun)"
    )
    assert min(told(script, tmp_path)) < CORE_SECONDS_MAX


def test_hardly_a_method_of_the_core_is_written_before_somebody_calls_it(tmp_path: Path) -> None:
    script = (
        "import erp_core.erp; from erp_core.kernel import dataclass\n"
        "print(dataclass._compiled.cache_info().misses)"
    )
    assert max(told(script, tmp_path)) < CORE_METHODS_MAX


def test_a_server_loads_no_more_modules_than_it_did(tmp_path: Path) -> None:
    started(tmp_path)
    assert len(started(tmp_path, "again")) < MODULES_MAX
