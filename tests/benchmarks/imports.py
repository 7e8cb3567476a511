"""A large file taken in by the program, and its floor: the same rows written by the raw driver.

The floor is handed what the import stored, read back and made ready beforehand under a company of
its own: two connections write it in transactions of as many products. Nothing is read, checked or
worked out; what is left is the work of the database.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from io import StringIO
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import make_url

from erp_core.kernel.entity import new_id
from tests.apps.programs import environment
from tests.benchmarks.floor import Floor

IMPORT: Final = "import of 100,000 products"
ROWS: Final = 100_000
BATCH: Final = 10_000
LANES: Final = 2
PREFIX: Final = "IMPORT"
# In an order in which each refers to what is there: the table, and its column of products.
TABLES: Final = {
    "catalog_product": "id",
    "catalog_product_word": "product_id",
    "inventory_valuation": "product_id",
    "inventory_stock_item": "product_id",
    "inventory_stock_movement": "product_id",
}
MASTERS: Final = ("catalog_unit", "inventory_warehouse")
WORDS: Final = (
    "parafuso",
    "porca",
    "arruela",
    "chapa",
    "tubo",
    "perfil",
    "cabo",
    "disco",
    "broca",
)


def products_csv(number: int, warehouse: str, prefix: str = "P") -> str:
    """Return a file of products with opening stock; no two rows are alike."""
    head = "sku,name,kind,sale_price,cost_price,warehouse_code,quantity,unit_cost\n"
    return head + "".join(
        f"{prefix}-{n:07d},{WORDS[n % 9].title()} {WORDS[n * 7 % 8]} M{n % 61},goods,"
        f"{n % 9973 + 1}.{n % 89 + 10},{n % 7919 + 1}.5,{warehouse},{1_000_000 + n},"
        f"{n % 7919 + 1}.{n % 97}\n"
        for n in range(number)
    )


def imported(
    folder: Path, settings: dict[str, str], company: UUID, rows: int = ROWS
) -> dict[str, Any]:
    """Let the program take in a large file; then write as much by the raw driver."""
    file = folder / "products.csv"
    file.write_text(products_csv(rows, "HERE", PREFIX), encoding="utf-8")
    begun = time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-m", "erp_app", "import", "products", str(file), "--json"],
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
    )
    wall = time.perf_counter() - begun
    told = json.loads(ran.stdout)
    assert told["stored"] == rows, ran
    ours = rows / told["seconds"]
    floor = Importing(Floor(make_url(settings["ERP_DATABASE_URL"]), {}), company).written(rows)
    sys.stdout.write(
        f"{IMPORT:<30} {ours:,.0f} rows/s ({wall:.1f} s in all),"
        f" floor {floor:,.0f} rows/s, ratio {ours / floor:.2f}\n"
    )
    return {
        "rows": rows,
        "seconds": told["seconds"],
        "per_second": ours,
        "floor": floor,
        "ratio": ours / floor,
    }


Batch = list[tuple[str, Any]]  # what one transaction writes: by table, text for COPY or rows


class Importing:
    """The rows of an import, written again for another company."""

    def __init__(self, floor: Floor, company: UUID) -> None:
        self.floor = floor
        self.copies = floor.kind == "postgresql"
        spelled = str if self.copies else (lambda each: each.hex)
        self.old, self.new = spelled(company), spelled(new_id())

    def written(self, rows: int) -> float:
        """Return how many products a second the database takes."""
        with closing(self.line) as line:
            waiting = iter(self.batches(line, rows))
            for table in MASTERS:
                self.write(line, table, self.read(line, table, ""))
            line.commit()
        begun = time.perf_counter()
        with ThreadPoolExecutor(LANES) as lanes:
            for done in [lanes.submit(self.lane, waiting) for _ in range(LANES)]:
                done.result()
        return rows / (time.perf_counter() - begun)

    @property
    def line(self) -> Any:
        return self.floor.connect(alone=False)

    def batches(self, line: Any, rows: int) -> list[Batch]:
        """Read what was imported, and cut it into what transactions write."""
        cursor = line.cursor()
        cursor.execute(f"SELECT id FROM catalog_product WHERE sku LIKE '{PREFIX}-%' ORDER BY id")
        found = [each for (each,) in cursor.fetchall()]
        assert len(found) == rows, found[:3]
        cut = [found[start : start + BATCH] for start in range(0, rows, BATCH)]
        return [
            [
                (
                    table,
                    self.read(line, table, f" AND {column} BETWEEN '{some[0]}' AND '{some[-1]}'"),
                )
                for table, column in TABLES.items()
            ]
            for some in cut
        ]

    def read(self, line: Any, table: str, which: str) -> Any:
        """Return rows of the old company as they are written for the new one."""
        cursor = line.cursor()
        asked = f"SELECT * FROM {table} WHERE company_id = '{self.old}'{which}"
        if self.copies:
            out = StringIO()
            cursor.copy_expert(f"COPY ({asked}) TO STDOUT", out)
            return out.getvalue().replace(self.old, self.new)
        cursor.execute(asked)
        return [(self.new, *row[1:]) for row in cursor.fetchall()]

    def lane(self, waiting: Iterator[Batch]) -> None:
        """Write batches until there are no more."""
        with closing(self.line) as line:
            for batch in waiting:  # a list's iterator gives each to one of the two
                with self.floor.writing if self.floor.kind == "sqlite" else nullcontext():
                    if self.floor.kind == "sqlite":
                        line.execute("BEGIN IMMEDIATE")
                    for table, told in batch:
                        self.write(line, table, told)
                    line.commit()

    def write(self, line: Any, table: str, told: Any) -> None:
        cursor = line.cursor()
        if self.copies:
            cursor.copy_expert(f"COPY {table} FROM STDIN", StringIO(told), len(told) + 1)
        else:
            blank = "?" if self.floor.kind == "sqlite" else "%s"
            blanks = ", ".join([blank] * len(told[0]))
            cursor.executemany(f"INSERT INTO {table} VALUES ({blanks})", told)
