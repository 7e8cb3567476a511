"""Write what is made of the code and kept beside it: ``python -m tests.regenerate``.

The OpenAPI document, the table of errors in ``docs/``, and the same table for the HTTP adapter.
``tests/architecture/test_generated.py`` holds them to the code.
"""

import json
from pathlib import Path

from erp_core.kernel.translations import ENGLISH, catalogue
from erp_http.openapi import document
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
    }


def main() -> None:
    for path, text in generated().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _json(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    main()
