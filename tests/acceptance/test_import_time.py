"""What it costs to import the library: the standard library, and little time."""

import json
import sysconfig
from pathlib import Path
from typing import Final

import pytest

from tests.apps.programs import ROOT, scripted

LIBRARY: Final = (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"))

# A module's own account: where all of it was found, and how much of the processor's time it took,
# which does not grow when the machine is busy with others.
ACCOUNT: Final = """
import json, sys, time
before = set(sys.modules)
started = time.process_time()
import {module}
took = time.process_time() - started
new = [sys.modules[name] for name in set(sys.modules) - before]
files = [each.__file__ for each in new if getattr(each, "__file__", None)]
print(json.dumps({{"seconds": took, "files": files}}))
"""


@pytest.mark.parametrize(
    ("module", "seconds"),
    [
        ("erp_core", 0.150),
        ("erp_core.erp", 1.200),  # every area: twice what it takes, since the machine may be busy
    ],
)
def test_the_library_is_light_to_import(tmp_path: Path, module: str, seconds: float) -> None:
    accounts = [account(module, tmp_path) for _ in range(5)]

    for file in accounts[0]["files"]:
        assert file.startswith((f"{ROOT}/erp_core/", *LIBRARY))
        assert "site-packages" not in file
    assert min(each["seconds"] for each in accounts) < seconds  # the others waited for caches


def account(module: str, folder: Path) -> dict:
    """Import *module* in a fresh interpreter, and return its account."""
    return json.loads(scripted(ACCOUNT.format(module=module), folder=folder))
