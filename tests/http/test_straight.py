"""The straight way through a body gives what marshmallow gives, and refuses what it refuses."""

import random
from functools import cache
from typing import Any

import pytest
from marshmallow import Schema, ValidationError, fields, post_load, validate

from erp_http.dto import RequestDto
from erp_http.fields import Exact, Id, List, Map, Nested, Text, Whole
from erp_http.messages import Dto
from erp_http.straight import Straight, straight
from tests.http.served import the_routes

WORDS = (
    "Padaria",
    "1.25",
    "7",
    "2026-11-23",
    "2026-11-23T17:45:00Z",
    "2f6e1c1e-7b1a-7c33-8f0e-0242ac120002",
    "true",
    "BRL",
)
OTHERS = (True, 3, {"amount": "1.25", "currency": "BRL"}, b"table", {"colour": "red"})
WRONG = (None, "", "\x00", "1,25", 1.5, -1, [], {}, ["x", None], {"amount": 1}, "x" * 5000)
TRIES = 40


@cache
def dtos() -> dict[str, RequestDto]:
    return {each.on: each.accepts for each in the_routes()}


def outcome(load: Any, body: Any) -> Any:
    try:
        return load(body)
    except ValidationError as error:
        return error.normalized_messages()


def accepted(one: fields.Field[Any]) -> list[Any]:
    """Return some of what a field takes."""
    found = []
    kind = getattr(one, "kind", ())
    for each in (*WORDS, *OTHERS, *(word.value for word in kind)):
        try:
            one.deserialize(each)
        except ValidationError:
            continue
        found.append(each)
    return found


def value(one: fields.Field[Any], chance: random.Random, wrong: float) -> Any:
    if chance.random() < wrong:
        return chance.choice(WRONG)
    if isinstance(one, Nested):
        return body(one.schema, chance, wrong)
    if isinstance(one, List):
        return [value(one.inner, chance, wrong) for _ in range(chance.randint(0, 3))]
    if isinstance(one, Map):
        return {name: value(one.inner, chance, wrong) for name in WORDS[: chance.randint(0, 2)]}
    return chance.choice(accepted(one))


def body(schema: Schema, chance: random.Random, wrong: float) -> dict[str, Any]:
    """Return an object for *schema*, of which each thing is wrong with a likelihood."""
    found = {
        one.data_key or name: value(one, chance, wrong)
        for name, one in schema.load_fields.items()
        if (one.required and chance.random() >= wrong) or chance.random() < 0.5
    }
    if chance.random() < wrong:
        found["colour"] = "red"
    return found


@pytest.mark.parametrize("on", dtos())
def test_both_ways_come_to_the_same(on: str) -> None:
    dto, chance = dtos()[on], random.Random(on)
    load = straight(dto)
    for number in range(TRIES):
        sent = body(dto, chance, wrong=0 if number % 2 else 0.1)
        assert outcome(load, sent) == outcome(dto.load, sent), sent


def test_most_of_what_is_tried_is_in_order() -> None:
    """Else the comparison would be of marshmallow with itself."""
    loaded = 0
    for on, dto in dtos().items():
        way, chance = Straight(dto), random.Random(on)
        for _ in range(TRIES):
            sent = body(dto, chance, wrong=0)
            assert way.load(sent) == dto.load(sent)
            loaded += 1
    assert loaded == TRIES * len(dtos())


class LineDto(Dto):
    quantity = Exact(required=True)
    note = Text(load_default="", allow_none=True)


class SheetDto(Dto):
    id = Id(load_default=None)
    at = Whole(data_key="from", validate=validate.Range(min=1))
    tags = List(Text(length=3), load_default=list, allow_none=True, most=2)
    first = Nested(LineDto, allow_none=True)
    lines = List(Nested(LineDto), required=True)


@pytest.mark.parametrize(
    "sent",
    [
        {"lines": []},
        {"lines": [{"quantity": "1"}, {"quantity": "2", "note": None}], "first": None},
        {"lines": [], "from": 2, "tags": ["a", "b"]},
        {"lines": [], "tags": None},
        {"lines": [{"quantity": 1}, {"note": "x", "colour": "red"}]},
        {"lines": [], "from": 0},
        {"lines": [], "tags": ["a", "b", "c"]},
        {"lines": [], "tags": ["long"]},
        {"lines": [], "id": None},
        {"lines": ["1"], "at": 3},
        {"lines": None},
        {"lines": {}},
        {},
        [],
        "text",
    ],
)
def test_every_kind_of_field(sent: Any) -> None:
    schema = SheetDto()
    assert outcome(straight(schema), sent) == outcome(schema.load, sent)


def test_a_default_that_is_made_belongs_to_one_body_alone() -> None:
    load = straight(SheetDto())
    load({"lines": []})["tags"].append("a")
    assert load({"lines": []})["tags"] == []


def test_a_schema_that_does_more_than_ask_its_fields_is_left_to_marshmallow() -> None:
    class Hooked(Dto):
        name = Text(required=True)

        @post_load
        def shout(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
            return {"name": data["name"].upper()}

    class Holder(Dto):
        inner = Nested(Hooked, required=True)

    assert straight(Hooked())({"name": "ana"}) == {"name": "ANA"}
    assert straight(Holder())({"inner": {"name": "ana"}}) == {"inner": {"name": "ANA"}}
