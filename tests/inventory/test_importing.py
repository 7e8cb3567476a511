"""Files of products: what is read, what is refused and how it is said, and that none is stored."""

from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO

import pytest

from erp_core.catalog.entities import ProductState, TaxClassId
from erp_core.catalog.ports import ProductQuery
from erp_core.inventory.ports import LotQuery, MovementQuery, StockQuery
from erp_core.inventory.use_cases import (
    BATCH_ROWS_MAX,
    Imported,
    ImportProductsCommand,
    VerifyStockQuery,
)
from erp_core.kernel.csv_table import LINE_BYTES_MAX, CsvTable
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    InvariantError,
    MalformedError,
    PermissionDeniedError,
    RowsRefusedError,
)
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import AuditQuery
from erp_core.testing import NOON, context
from erp_core.testing.catalog import a_tax_class
from erp_core.testing.catalog.builders import GTIN
from erp_memory.store import MemoryStore
from tests.inventory.shops import Shop
from tests.wiring import an_erp

KEEPER = context("inventory.*", "catalog.*")
PAGE = PageRequest()


@pytest.fixture
def shop() -> Shop:
    store = MemoryStore()
    made = Shop(an_erp(store), store)
    made.warehouse(code="W1")
    return made


def command(text: str | bytes) -> ImportProductsCommand:
    table = CsvTable(BytesIO(text.encode() if isinstance(text, str) else text))
    return ImportProductsCommand(columns=table.columns, lines=tuple(table), label="opening")


def load(shop: Shop, text: str | bytes) -> Imported:
    return shop.erp.inventory.import_products(KEEPER, command(text))


def refused(shop: Shop, text: str) -> list[tuple[str, str]]:
    with pytest.raises(RowsRefusedError) as refusal:
        load(shop, text)
    assert not shop.erp.catalog.list_products(KEEPER, ProductQuery(page=PAGE)).items
    return [(each.field, each.code) for each in refusal.value.faults]


def products(shop: Shop) -> Iterable:
    return shop.erp.catalog.list_products(KEEPER, ProductQuery(page=PAGE)).items


def test_products_come_with_their_opening_stock(shop: Shop) -> None:
    done = load(
        shop,
        "sku,name,kind,sale_price,tags,tracking,warehouse_code,quantity,unit_cost,lot,made_on\n"
        "TEA,Green tea,,9.90,leaf|green,lot,W1,12.5,4.20,L1,2026-01-31\n"
        "CUP,Cup,goods,,,,W1,3,,,\n"
        "TALK,Advice,service,80,,,,,,,\n",
    )
    cup, talk, tea = sorted(products(shop), key=lambda each: each.sku)
    stock = shop.erp.inventory.list_stock(KEEPER, StockQuery(page=PAGE)).items
    moved = shop.erp.inventory.list_movements(KEEPER, MovementQuery(page=PAGE)).items
    (lot,) = shop.erp.inventory.list_lots(KEEPER, LotQuery(page=PAGE)).items

    assert done == Imported(products=3, movements=2)
    assert (str(tea.sale_price), tea.tags) == (f"9.9 {KEEPER.currency}", ("green", "leaf"))
    assert (talk.stock_managed, cup.version) == (False, 1)
    assert {str(each.item.on_hand) for each in stock} == {"12.5", "3"}
    assert {str(each.average_cost) for each in stock} == {f"4.2 {KEEPER.currency}", "None"}
    assert {each.posting.label for each in moved} == {"opening"}
    assert (lot.number, str(lot.made_on)) == ("L1", "2026-01-31")
    assert not shop.erp.inventory.verify_stock(KEEPER, VerifyStockQuery()).differences


def test_what_was_imported_is_found_and_moves_as_anything_else(shop: Shop) -> None:
    load(shop, "sku,name,warehouse_code,quantity,unit_cost\nTEA,Green tea,W1,10,2\n")
    (tea,) = shop.erp.catalog.list_products(KEEPER, ProductQuery(page=PAGE, text="gre")).items
    (valued,) = shop.erp.inventory.list_stock(KEEPER, StockQuery(page=PAGE)).items
    issued = shop.issue(valued.item.key, "4")

    assert valued.item.key.product_id == tea.id
    assert (str(issued.on_hand_after), str(issued.unit_cost)) == ("6", f"2 {KEEPER.currency}")


def test_the_audit_trail_says_how_many(shop: Shop) -> None:
    load(shop, "sku,name,warehouse_code,quantity\nA,A,W1,1\nB,B,,\n")
    with shop.store(KEEPER, read_only=True) as uow:
        query = AuditQuery(page=PAGE, action="inventory.product.import")
        (record,) = uow.audit.page(KEEPER, query).items
    changes = {(change.kind, change.after.get("count")) for change in record.changes}
    assert {("catalog.product", "2"), ("inventory.stock_item", "1")} <= changes


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_commas_semicolons_and_tabs_separate_and_a_mark_is_passed_over(
    shop: Shop, separator: str, mark: bytes
) -> None:
    said = 'SKU, Name\r\nTEA,"Tea, ""green""\nwith; lemon"\r\n\r\nCUP,=1+1\r\n'
    if separator != ",":
        said = said.replace("SKU, Name", f"SKU{separator} Name").replace("TEA,", f"TEA{separator}")
        said = said.replace("CUP,", f"CUP{separator}")
    load(shop, mark + said.encode())

    names = {each.sku: each.name for each in products(shop)}
    assert names == {"TEA": 'Tea, "green"\nwith; lemon', "CUP": "=1+1"}


def test_every_bad_row_is_named_and_no_good_one_is_stored(shop: Shop) -> None:
    assert refused(
        shop,
        "sku,name,kind,sale_price,lead_time_days,for_sale,tracking,tax_class_id,barcode,"
        "warehouse_code,quantity,expires_on\n"
        "GOOD,Good,,,,,,,,,,\n"
        'BAD1,Bad,thing,"1,5",soon,maybe,box,none,,,,13-2026\n'
        "bad2,Bad,,,,,,,,,,\n"
        "BAD3\n"
        "GOOD,Again,,,,,,,,,,\n"
        "BAD4,,,,,,,,,,,\n"
        "BAD5,B,,,,,,,1234,,,\n"
        "BAD6,B,,,,,,,,,5,\n"
        "BAD7,B,,,,,,,,W1,,\n"
        "BAD8,B,,,,,,,,W9,5,\n"
        "BAD9,B,service,,,,,,,W1,5,\n"
        "BAD10,B,,,,,,,,W1,-5,\n"
        "BAD11,B,,,,,,,,W1,5,2026-02-30\n"
        "BAD12,B,,,,,lot,,,W1,5,\n"
        "BAD13,B,,,,,,,,W1,5,2026-02-01\n",
    ) == [
        ("lines/3/kind", "import.choice"),
        ("lines/3/sale_price", "import.decimal"),
        ("lines/3/lead_time_days", "import.whole"),
        ("lines/3/for_sale", "import.flag"),
        ("lines/3/tracking", "import.choice"),
        ("lines/3/tax_class_id", "import.uuid"),
        ("lines/3/expires_on", "import.date"),
        ("lines/4/sku", "catalog.product.sku"),
        ("lines/5", "import.cells"),
        ("lines/6/sku", "import.twice"),
        ("lines/7/name", "catalog.product.name"),
        ("lines/8/barcode", "catalog.product.barcode"),
        ("lines/9/warehouse_code", "import.warehouse_missing"),
        ("lines/10/quantity", "import.quantity_missing"),
        ("lines/11/warehouse_code", "import.warehouse_unknown"),
        ("lines/12/product_id", "inventory.not_stocked"),
        ("lines/13/quantity", "inventory.quantity"),
        ("lines/14/expires_on", "import.date"),
        ("lines/15/lot", "inventory.lot"),
        ("lines/16/expires_on", "inventory.lot.none"),
    ]


def test_units_and_tax_classes_must_be_there_and_in_use(shop: Shop) -> None:
    with shop.store(KEEPER) as uow:
        kept = uow.tax_classes.add(KEEPER, a_tax_class())
        gone = uow.tax_classes.add(KEEPER, replace(a_tax_class(), archived_at=NOON))
    rows = f"A,A,dozen12,{kept.id}\nB,B,un,{gone.id}\nC,C,un,{TaxClassId(new_id())}\n"
    assert refused(shop, "sku,name,unit,tax_class_id\n" + rows) == [
        ("lines/2/unit", "catalog.unit.unknown"),
        ("lines/3/tax_class_id", "import.tax_class"),
        ("lines/4/tax_class_id", "import.tax_class"),
    ]
    assert load(shop, f"sku,name,tax_class_id\nA,A,{kept.id}\n").products == 1


def test_what_the_company_has_already_is_found(shop: Shop) -> None:
    load(shop, f"sku,name,barcode\nTEA,Tea,{GTIN}\n")
    with pytest.raises(RowsRefusedError) as refusal:
        load(shop, f"sku,name,barcode\nTEA,Other,\nCUP,Cup,{GTIN}\nNEW,New,\n")

    assert [(each.field, each.code) for each in refusal.value.faults] == [
        ("lines/2/sku", "catalog.product.sku_taken"),
        ("lines/3/barcode", "catalog.product.barcode_taken"),
    ]
    assert refusal.value.details == {"bad": 2, "rows": 3}
    (tea,) = products(shop)
    assert tea.state is ProductState.ACTIVE


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "csv.empty"),
        (b"sku,name\nA,\xff\xfe\n", "csv.encoding"),
        (b"sku,name\nA,a\x00b\n", "csv.nul"),
        (b"sku,name\nA," + b"x" * LINE_BYTES_MAX, "csv.line_length"),
        (b"x" * 10_000_000, "csv.line_length"),
        (b'sku,name\nA,"never closed\n', "csv.syntax"),
        (b'sku,name\nA,"x"y\n', "csv.syntax"),
        (
            b'sku,name\nA,"' + b"x" * 50_000 + b"\n" + b"y" * 60_000 + b"\n" + b"z" * 60_000,
            "csv.syntax",
        ),
        (b"sku,name,colour\nA,B,red\n", "import.column_unknown"),
        (b"sku,name,sku\nA,B,C\n", "import.column_twice"),
        (b"sku,kind\nA,goods\n", "import.column_missing"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(shop: Shop, text: bytes, code: str) -> None:
    with pytest.raises((MalformedError, InvariantError)) as refusal:
        load(shop, text)
    assert refusal.value.code == code


def test_a_batch_has_an_end(shop: Shop) -> None:
    with pytest.raises(InvariantError) as many:
        command("sku,name\n" + "A,A\n" * (BATCH_ROWS_MAX + 1))
    rows = "".join(f"A{n},A,W{n},1\n" for n in range(101))
    with pytest.raises(InvariantError) as warehouses:
        load(shop, "sku,name,warehouse_code,quantity\n" + rows)
    assert (many.value.code, warehouses.value.code) == ("import.rows", "import.warehouses")


def test_whoever_may_not_add_products_may_not_import_any(shop: Shop) -> None:
    with pytest.raises(PermissionDeniedError):
        shop.erp.inventory.import_products(context("inventory.*"), command("sku,name\nTEA,Tea\n"))
