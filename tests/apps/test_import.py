"""Files of products, taken in by an operator."""

import json
from pathlib import Path

import pytest

from tests.apps.programs import erp, spelled
from tests.databases import KINDS, url

HEAD = "sku,name,warehouse_code,quantity,unit_cost\n"


def rows(start: int, stop: int) -> str:
    return "".join(f"P{n},Product {n},,,\n" for n in range(start, stop))


@pytest.mark.parametrize("kind", KINDS)
def test_batches_without_a_fault_are_stored_and_the_others_not(tmp_path: Path, kind: str) -> None:
    house = {
        "ERP_DATABASE_URL": spelled(url(kind, tmp_path)),
        "ERP_ADMIN_PASSWORD": "green tea, two leaves",
        "ERP_SECRET_KEY": "k" * 40,
    }
    assert erp("init", folder=tmp_path, **house).returncode == 0
    file = tmp_path / "products.csv"
    bad = "P7,taken in this file,,,\nP31,in no warehouse,NONE,1,1\n"
    file.write_text(HEAD + rows(0, 30) + bad + rows(40, 50), encoding="utf-8")
    said = erp(
        "import", "products", str(file), "--batch", "10", "--json", folder=tmp_path, **house
    )
    again = erp("import", "products", str(file), "--batch", "9", folder=tmp_path, **house)
    told = json.loads(said.stdout)

    assert said.returncode == again.returncode == 1
    assert (told["rows"], told["stored"], told["not_stored"]) == (42, 32, [[32, 41]])
    assert [(each["line"], each["column"], each["code"]) for each in told["problems"]] == [
        (32, "sku", "catalog.product.sku_taken"),
        (33, "warehouse_code", "import.warehouse_unknown"),
    ]
    assert "line 2, sku: there is a product P0 already (catalog.product.sku_taken)" in again.stdout
    assert "0 of 42 rows are stored" in again.stderr


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    erp("init", folder=tmp_path, ERP_ADMIN_PASSWORD="green tea, two leaves")
    file = tmp_path / "products.csv"
    file.write_bytes(b"sku,name\nA,\xff\n")
    refused = erp("import", "products", str(file), folder=tmp_path)
    absent = erp("import", "products", "nowhere.csv", folder=tmp_path)

    assert (refused.returncode, absent.returncode) == (1, 2)
    assert refused.stderr == "erp: line 2 is not UTF-8: save the file as UTF-8 (csv.encoding)\n"
