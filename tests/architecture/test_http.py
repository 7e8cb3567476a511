"""What the HTTP adapter may not forget."""

from string import Formatter

import pytest
from marshmallow import Schema
from marshmallow import fields as raw

from erp_core.kernel.errors import ErpError
from erp_http import errors
from erp_http.dto import RequestDto, ResponseDto
from erp_http.fields import Strict
from tests.architecture import house
from tests.http.served import the_routes

# Use cases that no request asks for, and who does.
NOT_FOR_REQUESTS = {
    "GetMailContent": "asked by whoever sends the mail",
    "NoteMailAttempt": "told by whoever sends the mail",
    "AuthenticateApiKey": "asked by the adapter itself, for every request that carries a key",
    "CreateCompany": "done for the whole house, by the program that keeps it",
    "EnsureStandardUnits": "asked when a company is made, by the program that makes it",
    "ExpireQuotes": "asked by the scheduler",
    "ListCompanies": "asked by the program that keeps the house",
    "TidyFiles": "asked by the scheduler",
    "TidyHouse": "asked by the scheduler",
    "TidySessions": "asked by the scheduler",
}

dtos = pytest.mark.parametrize(
    "dto",
    [each for each in house.HTTP if issubclass(each, Schema)],
    ids=lambda each: f"{each.__module__}.{each.__name__}",
)


def test_every_use_case_has_a_route() -> None:
    routed = {type(route.call) for route in the_routes()}
    served = set(house.wired())
    internal = {each for each in house.USE_CASES if each.__name__ in NOT_FOR_REQUESTS}
    assert sorted(each.__name__ for each in served - routed - internal) == []
    assert sorted(each.__name__ for each in routed & internal) == []


def test_what_is_read_is_got_and_what_changes_is_not() -> None:
    for route in the_routes():
        assert route.method in {"GET", "POST", "PATCH", "PUT", "DELETE"}, route.on
        if route.method == "GET":
            assert route.call.read_only, route.on


def test_every_error_has_a_status() -> None:
    for error in house.ERRORS:
        nearest = next(each for each in error.__mro__ if each in errors.STATUS)
        assert (error is ErpError) == (nearest is ErpError), error
    assert {ErpError, *ErpError.__subclasses__()} <= set(errors.STATUS)


def _leaves(field: raw.Field) -> list[raw.Field]:
    return [field, *_leaves(field.inner)] if hasattr(field, "inner") else [field]


@dtos
def test_every_field_is_one_of_our_strict_ones(dto: type[Schema]) -> None:
    for name, field in dto._declared_fields.items():  # noqa: SLF001  # no other name for them
        for leaf in _leaves(field):
            assert isinstance(leaf, Strict), name
            assert type(leaf).__module__.startswith("erp_http."), name


@dtos
def test_every_dto_converts_or_shows_and_refuses_the_unknown(dto: type[Schema]) -> None:
    abstract = {"ListDto"}  # of which there is no page without a use case
    if issubclass(dto, RequestDto) and dto is not RequestDto and dto.__name__ not in abstract:
        assert dto.make is not RequestDto.make
    if issubclass(dto, ResponseDto) and dto is not ResponseDto:
        assert dto.show is not ResponseDto.show
    assert dto.opts.unknown == "raise"


@pytest.mark.parametrize(
    "route", [each for each in the_routes() if each.returns], ids=lambda route: route.on
)
def test_every_place_of_a_created_thing_is_among_what_is_shown(route) -> None:
    if route.location:
        named = {name for _, name, _, _ in Formatter().parse(route.location) if name}
        assert {name.split("[")[0] for name in named} <= set(route.returns.fields)
