"""Every error can be said in every language we speak."""

import string

import pytest

from erp_core.kernel.translations import LOCALES, catalogue
from erp_http.errors import STATUS
from erp_http.fields import Strict
from erp_http.messages import Dto
from tests.architecture import house
from tests.architecture.codes import error_codes, field_codes, unwritten

locales = pytest.mark.parametrize("locale", LOCALES)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_code_is_written_out_where_it_is_raised() -> None:
    assert unwritten() == []


@locales
def test_no_error_lacks_a_translation(locale: str) -> None:
    missing = [code for code in error_codes() if code not in catalogue(locale)["errors"]]
    assert not missing, f"{locale}.json lacks under errors:\n" + "\n".join(missing)


@locales
def test_no_complaint_about_a_field_lacks_a_translation(locale: str) -> None:
    missing = [code for code in field_codes() if code not in catalogue(locale)["fields"]]
    assert not missing, f"{locale}.json lacks under fields:\n" + "\n".join(missing)


@locales
def test_no_status_lacks_a_title(locale: str) -> None:
    statuses = {str(each.value) for each in STATUS.values()}
    assert not statuses - set(catalogue(locale)["titles"])


@locales
def test_every_language_says_the_same_things(locale: str) -> None:
    english = catalogue("en")
    own = catalogue(locale)
    assert {name: set(texts) for name, texts in own.items()} == {
        name: set(texts) for name, texts in english.items()
    }
    for section, texts in own.items():
        for code, text in texts.items():
            assert text.strip(), code
            assert placeholders(text) <= placeholders(english[section][code]), code


@locales
def test_a_catalogue_is_in_order(locale: str) -> None:
    for texts in catalogue(locale).values():
        assert list(texts) == sorted(texts)


def test_the_codes_of_fields_are_found() -> None:
    assert {"required", "not_null", "unknown_field", "decimal", "given_twice"} <= field_codes()
    assert any(issubclass(each, Strict) for each in house.HTTP)
    assert Dto in house.HTTP
