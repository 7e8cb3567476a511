"""The rules of products, by themselves and through their use cases."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.catalog.entities import (
    PRODUCT_LIFECYCLE,
    CustomField,
    ProductKind,
    ProductState,
    TaxClassId,
    Tracking,
    Translation,
    standard_units,
)
from erp_core.catalog.ports import ProductQuery, TaxClassQuery, UnitQuery
from erp_core.catalog.use_cases import (
    CatalogUseCases,
    ChangeProductCommand,
    ChangeTaxClassCommand,
    ChangeUnitCommand,
    EnsureStandardUnitsCommand,
    ProductCommand,
    TaxClassCommand,
    UnitCommand,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    InvariantError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    TransitionError,
)
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import AuditQuery
from erp_core.kernel.quantity import Quantity
from erp_core.testing import NOON, context
from erp_core.testing.catalog import a_full_product, a_product, a_tax_class, a_unit
from erp_memory.store import MemoryStore

CLERK: Final = context("catalog.*")
TOO_MANY: Final = tuple(
    Translation(locale=f"a{letter}", name="x") for letter in "bcdefghijklmnopqr"
)
FIRST: Final = PageRequest(limit=200)


def euros(digits: str) -> UnitPrice:
    return UnitPrice(Decimal(digits), "EUR")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sku": ""}, "sku"),
        ({"sku": "TEA\n"}, "sku"),
        ({"sku": "A" * 65}, "sku"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"description": "x" * 2001}, "description"),
        ({"barcode": "1234567"}, "barcode"),
        ({"barcode": "٤٠٠٦٣٨١٣٣٣٩٣١"}, "barcode"),  # another script's digits
        ({"barcode": "4006381333930"}, "barcode_check"),
        ({"customs_code": "12"}, "customs_code"),
        ({"origin_country": "BRA"}, "origin_country"),
        ({"lead_time_days": 3651}, "lead_time_days"),
        ({"weight_kg": Decimal("NaN")}, "measure"),
        ({"length_cm": Decimal("-0.1")}, "measure"),
        ({"width_cm": Decimal("0.0000001")}, "measure.places"),
        ({"tags": tuple(f"t{n}" for n in range(33))}, "tags"),
        ({"tags": ("x" * 41,)}, "tag"),
        ({"reorder_point": Quantity.of("-1")}, "level"),
        ({"reorder_point": Quantity.of("2"), "desired_level": Quantity.of("1")}, "levels"),
        ({"kind": ProductKind.SERVICE}, "service_stock"),
        ({"stock_managed": False, "tracking": Tracking.SERIAL}, "tracking"),
        ({"sale_price": euros("1"), "minimum_price": euros("1.01")}, "minimum_price"),
        (
            {"sale_price": euros("1"), "minimum_price": UnitPrice(Decimal(1), "USD")},
            "minimum_currency",
        ),
        ({"archived_at": NOON}, "archived_at"),
        ({"state": ProductState.ARCHIVED}, "archived_at"),
        ({"translations": TOO_MANY}, "translations"),
        ({"translations": (Translation(locale="en", name="x"),) * 2}, "translated_twice"),
        (
            {"custom_fields": tuple(CustomField(name=f"f{n}", value="") for n in range(33))},
            "custom_fields",
        ),
        ({"custom_fields": (CustomField(name="a", value=""),) * 2}, "custom_twice"),
    ],
)
def test_what_is_no_product_cannot_be_made(change: dict[str, Any], code: str) -> None:
    with pytest.raises(InvariantError) as caught:
        replace(a_product(), **change)
    assert caught.value.code == f"catalog.product.{code}"


def test_a_unit_is_named_by_its_code() -> None:
    with pytest.raises(InvariantError) as caught:
        replace(a_product(), unit="a b")
    assert (caught.value.code, caught.value.field) == ("catalog.unit.code", "unit")


@pytest.mark.parametrize("locale", ["EN", "english", "pt_BR", "pt-br"])
def test_a_language_is_written_as_in_bcp_47(locale: str) -> None:
    with pytest.raises(InvariantError):
        Translation(locale=locale, name="Tea")


@pytest.mark.parametrize("name", ["", "Shelf", "1st", "a" * 65])
def test_a_custom_field_has_a_plain_name(name: str) -> None:
    with pytest.raises(InvariantError):
        CustomField(name=name, value="")


@pytest.mark.parametrize(
    "barcode",
    ["", "96385074", "036000291452", "4006381333931", "10614141000415"],  # EAN-8 to GTIN-14
)
def test_barcodes_of_every_length_are_taken(barcode: str) -> None:
    assert replace(a_product(), barcode=barcode).barcode == barcode


@given(st.sampled_from(["96385074", "036000291452", "4006381333931", "10614141000415"]), st.data())
def test_one_wrong_digit_is_noticed(barcode: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(barcode) - 1))
    digit = data.draw(st.sampled_from([each for each in "0123456789" if each != barcode[place]]))
    with pytest.raises(InvariantError):
        replace(a_product(), barcode=barcode[:place] + digit + barcode[place + 1 :])


def test_lists_are_kept_in_one_order_without_repetition() -> None:
    product = replace(
        a_product(),
        tags=("b", "a", "b"),
        custom_fields=(CustomField(name="b", value="1"), CustomField(name="a", value="2")),
        translations=(Translation(locale="fr", name="Thé"), Translation(locale="en", name="Tea")),
    )
    assert product.tags == ("a", "b")
    assert [str(each) for each in product.custom_fields] == ["a=2", "b=1"]
    assert [each.locale for each in product.translations] == ["en", "fr"]


def test_a_product_is_named_in_the_readers_language() -> None:
    product = replace(a_product(), translations=(Translation(locale="fr", name="Thé"),))
    assert (product.named("fr"), product.named("en")) == ("Thé", "Tea")


def test_a_price_may_stand_alone() -> None:
    for change in ({"sale_price": euros("1")}, {"minimum_price": euros("1")}):
        assert replace(a_product(), **change)
    assert replace(a_product(), sale_price=euros("1"), minimum_price=euros("1.00"))


def test_every_state_has_its_steps() -> None:
    assert set(PRODUCT_LIFECYCLE.steps) == set(ProductState)


def test_a_product_is_archived_once(catalog: CatalogUseCases) -> None:
    product = catalog.add_product(CLERK, a_product())
    command = ProductCommand(id=product.id)
    archived = catalog.archive_product(CLERK, command)

    assert (archived.state, archived.archived_at) == (ProductState.ARCHIVED, NOON)
    with pytest.raises(TransitionError):
        catalog.archive_product(CLERK, command)
    assert catalog.restore_product(CLERK, command).archived_at is None
    with pytest.raises(TransitionError):
        catalog.restore_product(CLERK, command)


def test_the_first_product_brings_the_usual_units(catalog: CatalogUseCases) -> None:
    product = catalog.add_product(CLERK, a_product())
    units = catalog.list_units(CLERK, UnitQuery(page=FIRST)).items
    assert {each.code for each in units} == {each.code for each in standard_units()}
    assert product.unit == "un"


def test_a_company_with_units_of_its_own_is_given_no_others(catalog: CatalogUseCases) -> None:
    catalog.add_unit(CLERK, a_unit())
    with pytest.raises(NotFoundError) as caught:
        catalog.add_product(CLERK, a_product())
    assert (caught.value.code, caught.value.field) == ("catalog.unit.unknown", "unit")
    assert len(catalog.list_units(CLERK, UnitQuery(page=FIRST)).items) == 1


def test_the_usual_units_are_given_once(catalog: CatalogUseCases) -> None:
    for _ in range(2):
        page = catalog.ensure_standard_units(CLERK, EnsureStandardUnitsCommand())
        assert len(page.items) == len(standard_units())


def test_what_a_changed_product_refers_to_must_be_there(catalog: CatalogUseCases) -> None:
    product = catalog.add_product(CLERK, a_full_product())
    archived = catalog.add_tax_class(CLERK, a_tax_class())
    catalog.archive_tax_class(CLERK, TaxClassCommand(id=archived.id))
    for changes, error in (
        ({"unit": "sack"}, NotFoundError),
        ({"tax_class_id": TaxClassId(new_id())}, NotFoundError),
        ({"tax_class_id": archived.id}, InvariantError),
    ):
        command = ChangeProductCommand(id=product.id, version=None, changes=changes)
        with pytest.raises(error):
            catalog.change_product(CLERK, command)


def test_a_product_keeps_its_tax_class_when_that_is_archived(catalog: CatalogUseCases) -> None:
    vat = catalog.add_tax_class(CLERK, a_tax_class())
    product = catalog.add_product(CLERK, a_full_product(vat.id))
    catalog.archive_tax_class(CLERK, TaxClassCommand(id=vat.id))
    command = ChangeProductCommand(id=product.id, version=1, changes={"unit": "g"})
    changed = catalog.change_product(CLERK, command)
    assert (changed.unit, changed.tax_class_id) == ("g", vat.id)


def test_a_change_names_the_version_it_means(catalog: CatalogUseCases) -> None:
    product = catalog.add_product(CLERK, a_product())
    command = ChangeProductCommand(id=product.id, version=2, changes={"name": "B"})
    with pytest.raises(PreconditionFailedError):
        catalog.change_product(CLERK, command)


def test_a_product_is_found_again(catalog: CatalogUseCases) -> None:
    product = catalog.add_product(CLERK, a_product())
    assert catalog.get_product(CLERK, ProductCommand(id=product.id)) == product
    query = ProductQuery(page=FIRST, text="tea")
    assert catalog.list_products(CLERK, query).items == (product,)


def test_units_and_tax_classes_are_read_and_changed(catalog: CatalogUseCases) -> None:
    unit = catalog.add_unit(CLERK, a_unit())
    changed = catalog.change_unit(
        CLERK, ChangeUnitCommand(id=unit.id, version=1, changes={"name": "B"})
    )
    assert catalog.get_unit(CLERK, UnitCommand(id=unit.id)) == changed
    vat = catalog.add_tax_class(CLERK, a_tax_class())
    taxed = catalog.change_tax_class(
        CLERK, ChangeTaxClassCommand(id=vat.id, version=1, changes={"components": ()})
    )
    assert catalog.get_tax_class(CLERK, TaxClassCommand(id=vat.id)) == taxed
    assert catalog.list_tax_classes(CLERK, TaxClassQuery(page=FIRST)).items == (taxed,)
    with pytest.raises(TransitionError):
        taxed.archive(NOON).archive(NOON)


def test_each_step_needs_its_permission(catalog: CatalogUseCases) -> None:
    product = catalog.add_product(CLERK, a_product())
    reader = context("catalog.*.read")
    for step in (catalog.archive_product, catalog.restore_product):
        with pytest.raises(PermissionDeniedError):
            step(reader, ProductCommand(id=product.id))
    assert catalog.get_product(reader, ProductCommand(id=product.id)) == product


def test_what_was_changed_stands_in_the_audit_trail(
    catalog: CatalogUseCases, store: MemoryStore
) -> None:
    product = catalog.add_product(CLERK, a_product())
    command = ChangeProductCommand(
        id=product.id, version=None, changes={"sale_price": euros("19.90")}
    )
    catalog.change_product(CLERK, command)
    with store(CLERK, read_only=True) as uow:
        query = AuditQuery(page=FIRST, action="catalog.product.change")
        (record,) = uow.audit.page(CLERK, query).items
    assert [each.after for each in record.changes] == [{"sale_price": "19.9 EUR"}]
