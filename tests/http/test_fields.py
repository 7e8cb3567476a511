"""The strict fields: what each refuses, by which code, and that it says so in its schema."""

from enum import StrEnum
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from marshmallow import ValidationError

from erp_http.fields import (
    Choice,
    Choices,
    Day,
    Exact,
    Flag,
    Id,
    List,
    Map,
    Moment,
    Nested,
    Price,
    Since,
    Strict,
    Text,
    Until,
    Whole,
)
from erp_http.messages import Dto


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class PartDto(Dto):
    name = Text(required=True, length=3)


KEY = "0191f3a0-1111-7111-8111-111111111111"

RIGHT = [
    (Text(length=3), "a🍵é"),
    (Choice(Colour), "red"),
    (Flag(), True),
    (Exact(), "-19.990"),
    (Price(), "19.99"),
    (Price(), {"amount": "19.99", "currency": "BRL"}),
    (Whole(), -7),
    (Id(), KEY),
    (Day(), "2024-02-29"),
    (Moment(), "2024-02-29T23:59:59.123456-03:00"),
    (Since(), "2024-02-29"),
    (Until(), "2024-02-29T00:00:00Z"),
    (List(Whole(), most=2), [1, 2]),
    (Map(Exact(), most=2), {"a": "1", "b": "2"}),
    (Map(Text(), most=2), {}),
]
WRONG = [
    (Text(), 1, "string"),
    (Text(length=3), "four", "length"),
    (Text(), "\0", "unstorable"),
    (Text(), None, "not_null"),
    (Choice(Colour), "blue", "choice"),
    (Choice(Colour), ["red"], "choice"),
    (Choices(Colour), "red,blue", "choice"),
    (Flag(), 1, "flag"),
    (Exact(), 1.5, "decimal_string"),
    (Exact(), "1E+400", "decimal"),
    (Exact(), "١", "decimal"),
    (Price(), {"amount": "1"}, "amount"),
    (Price(), {"amount": "1", "currency": "brl"}, "currency"),
    (Price(), {"amount": 1, "currency": "BRL"}, "decimal_string"),
    (Whole(), 12.9, "whole"),
    (Whole(), True, "whole"),
    (Whole(), 10**9, "whole"),
    (Whole(), "1_000", "whole"),
    (Id(), KEY.upper(), "uuid"),
    (Day(), "2023-02-29", "date"),
    (Moment(), "2024-02-29T23:59:59", "moment"),
    (Moment(), "2024-02-29T25:00:00Z", "moment"),
    (Since(), "2023-02-29", "date_or_moment"),
    (Until(), "9999-12-31", "date_or_moment"),
    (List(Whole()), {}, "list"),
    (List(Whole(), most=1), [1, 2], "items"),
    (Map(Whole()), [], "object"),
    (Map(Whole(), most=1), {"a": 1, "b": 2}, "most"),
    (Nested(PartDto()), [], "object"),
]


@pytest.mark.parametrize(("field", "value"), RIGHT, ids=repr)
def test_what_is_accepted_is_what_the_schema_allows(field: Any, value: object) -> None:
    field.deserialize(value)
    Draft202012Validator(field.json_schema()).validate(value)


@pytest.mark.parametrize(("field", "value", "code"), WRONG, ids=repr)
def test_what_is_refused_is_refused_by_a_code(field: Any, value: object, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        field.deserialize(value)
    messages = refused.value.messages
    (message,) = messages["_schema"] if isinstance(messages, dict) else messages
    assert message.code == code


def test_what_is_wrong_inside_is_pointed_at() -> None:
    class WholeDto(Dto):
        parts = List(Nested(PartDto()))
        sizes = Map(Whole())

    with pytest.raises(ValidationError) as refused:
        WholeDto().load({"parts": [{"name": "a"}, {"nome": "b"}], "sizes": {"s": 1, "m": "x"}})

    assert refused.value.messages == {
        "parts": {1: {"name": ["Missing data for required field."], "nome": ["Unknown field."]}},
        "sizes": {"m": ["Not a whole number of at most nine digits."]},
    }


def test_a_name_that_cannot_be_stored_is_no_name_of_a_member() -> None:
    with pytest.raises(ValidationError) as refused:
        Map(Whole()).deserialize({"\0": 1})
    assert refused.value.messages == {"\0": ["Holds a NUL or half of a surrogate pair."]}


def test_several_words_of_a_query_become_several_choices() -> None:
    assert Choices(Colour).deserialize("green,red") == (Colour.GREEN, Colour.RED)


def test_every_field_describes_itself() -> None:
    for kind in (Text, Flag, Exact, Price, Whole, Id, Day, Moment, Since, Until):
        assert isinstance(kind(), Strict)
        Draft202012Validator.check_schema(kind().json_schema())
