"""Write what is made of the code and kept beside it: ``python -m tests.regenerate``.

The OpenAPI document, the table of errors in ``docs/``, the same table for the HTTP adapter, and a
new SQLite database as all migrations leave it.
``tests/architecture/test_generated.py`` holds them to the code.
"""

import json
import sqlite3
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from erp_core.kernel.translations import ENGLISH, catalogue
from erp_http.openapi import document
from erp_migrations import LOCK_WAIT_SECONDS, runs
from erp_migrations.fresh import STATEMENT_ENDS
from erp_sql.engine import make_engine
from tests.architecture import house
from tests.architecture.codes import error_codes
from tests.http.served import the_routes

_INTRODUCTION = """# Errors and their codes

Every refusal is a problem document (RFC 9457) whose `code` is stable; `title` and `detail` are in
the language of `Accept-Language`. This table is made by `python -m tests.regenerate`.

| Code | Status | Meaning |
| --- | --- | --- |
"""


def generated() -> dict[Path, str]:
    """Return every file that is made of the code, with what it should say."""
    codes = error_codes()
    meanings = catalogue(ENGLISH)["errors"]
    rows = "".join(
        f'| <a id="{code}"></a>`{code}` | {status.value} | {meanings.get(code, code)} |\n'
        for code, status in codes.items()
    )
    statuses = {code: status.value for code, status in codes.items()}
    return {
        house.ROOT / "docs/errors.md": _INTRODUCTION + rows,
        house.ROOT / "docs/openapi.json": _json(document(the_routes())),
        house.ROOT / "adapters/erp_http/codes.json": _json(statuses),
        house.ROOT / "migrations/erp_migrations/sqlite.sql": migrated(),
    }


@cache
def migrated() -> str:
    """Return the statements that make what every migration, one by one, makes of an empty file."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "erp.db"
        engine = make_engine(f"sqlite:///{file}")
        runs.upgrade(engine, "head", LOCK_WAIT_SECONDS)
        engine.dispose()
        connection = sqlite3.connect(file)
        statements = [each.removesuffix(";") for each in connection.iterdump()][1:-1]
        connection.close()
    tables = [each for each in statements if " INDEX " not in each.partition("(")[0]]
    indexes = sorted(set(statements) - set(tables))  # made in another order by every process
    return "".join(f"{each.strip()}{STATEMENT_ENDS}" for each in tables + indexes)


def main() -> None:
    for path, text in generated().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _json(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    main()
