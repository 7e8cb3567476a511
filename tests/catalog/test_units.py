"""Units: converting, rounding, refusing."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.catalog.entities import Dimension, Unit, standard_units
from erp_core.kernel.errors import InvariantError
from erp_core.kernel.quantity import Quantity
from erp_core.testing.catalog import a_unit

UNITS: Final = {unit.code: unit for unit in standard_units()}
QUANTITIES: Final = st.decimals(-99999, 99999, places=6).map(Quantity)


@pytest.mark.parametrize(
    ("quantity", "source", "target", "converted"),
    [
        ("1.5", "kg", "g", "1500"),
        ("1", "g", "t", "0.000001"),
        ("0.5", "g", "kg", "0.001"),  # 0.0005, half away from zero
        ("-0.5", "g", "kg", "-0.001"),
        ("1234", "mm", "m", "1.234"),
        ("2.5", "m3", "l", "2500"),
        ("12", "h", "d", "1.5"),
        ("3", "un", "pc", "3"),
        ("1", "km", "cm", "100000"),
    ],
)
def test_a_quantity_becomes_that_of_another_unit(
    quantity: str, source: str, target: str, converted: str
) -> None:
    result = UNITS[source].convert(Quantity.of(quantity), UNITS[target])
    assert result == Quantity.of(converted)


def test_nothing_becomes_another_dimension() -> None:
    with pytest.raises(InvariantError) as caught:
        UNITS["kg"].convert(Quantity.of("1"), UNITS["m"])
    assert caught.value.code == "catalog.unit.dimension"


def test_what_is_finer_than_its_unit_is_refused_when_it_is_entered() -> None:
    UNITS["kg"].require_countable(Quantity.of("0.125"))
    with pytest.raises(InvariantError) as caught:
        UNITS["un"].require_countable(Quantity.of("0.5"), field="lines/0/quantity")
    assert (caught.value.code, caught.value.field) == (
        "catalog.unit.too_fine",
        "lines/0/quantity",
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "a b"}, "code"),
        ({"code": "x" * 17}, "code"),
        ({"name": ""}, "name"),
        ({"factor": Decimal(0)}, "factor"),
        ({"factor": Decimal("0.0000001")}, "factor.places"),
        ({"decimals": 7}, "decimals"),
        ({"decimals": -1}, "decimals"),
    ],
)
def test_what_is_no_unit_cannot_be_made(change: dict[str, Any], code: str) -> None:
    with pytest.raises(InvariantError) as caught:
        replace(a_unit(), **change)
    assert caught.value.code == f"catalog.unit.{code}"


def test_every_dimension_has_a_reference_unit() -> None:
    references = {unit.dimension for unit in UNITS.values() if unit.factor == 1}
    assert references == set(Dimension)


@given(QUANTITIES, st.sampled_from(list(UNITS.values())))
def test_a_unit_converted_to_itself_is_only_rounded(quantity: Quantity, unit: Unit) -> None:
    assert unit.convert(quantity, unit) == unit.rounded(quantity)


@given(st.decimals(-9999, 9999, places=3).map(Quantity))
def test_to_a_finer_unit_and_back_nothing_is_lost(quantity: Quantity) -> None:
    kilograms, grams = UNITS["kg"], UNITS["g"]
    assert grams.convert(kilograms.convert(quantity, grams), kilograms) == quantity


@given(QUANTITIES, st.sampled_from(["kg", "g", "t"]), st.sampled_from(["kg", "g", "t"]))
def test_a_conversion_is_off_by_half_a_step_at_most(
    quantity: Quantity, source: str, target: str
) -> None:
    result = UNITS[source].convert(quantity, UNITS[target])
    exact = quantity.value * UNITS[source].factor / UNITS[target].factor
    assert abs(result.value - exact) <= Decimal(1).scaleb(-UNITS[target].decimals) / 2
