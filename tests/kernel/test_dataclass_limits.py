"""What the core's ``@dataclass`` leaves to the standard one, or refuses as it does."""

from __future__ import annotations

import dataclasses
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import InitVar, field
from dataclasses import dataclass as standard
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

import erp_core
from erp_core.kernel.dataclass import dataclass as ours
from tests.kernel.test_dataclass import Bowl, Cup, told

Decorator = Callable[..., Any]


def odd(**options: bool) -> Callable[[Decorator], object]:
    def build(dataclass: Decorator) -> object:
        @dataclass(**options)
        class Odd:
            x: int
            y: InitVar[int] = 3

            def __post_init__(self, y: int) -> None:
                object.__setattr__(self, "x", self.x + y)

        few, many = Odd(1), Odd(1, 9)
        return few, told(lambda: few < many), told(lambda: hash(few)), many.x, few == Odd(1, 3)

    return build


@pytest.mark.parametrize(
    "options",
    [{"order": True}, {"unsafe_hash": True}, {"frozen": True, "order": True}, {"init": True}, {}],
    ids=str,
)
def test_what_is_out_of_the_ordinary_is_made_by_the_standard_one(options: dict[str, bool]) -> None:
    build = odd(**options)
    theirs, mine = build(standard), build(ours)
    assert str(theirs) == str(mine)


def default_first(dataclass: Decorator) -> None:
    @dataclass
    class Wrong:
        x: int = 0
        y: int


def thawed(dataclass: Decorator) -> None:
    @dataclass
    class Wrong(Cup):  # type: ignore[misc]  # that is the point
        y: int


def frozen_later(dataclass: Decorator) -> None:
    @dataclass(frozen=True)
    class Wrong(Bowl):  # type: ignore[misc]  # same
        y: int


def shared_default(dataclass: Decorator) -> None:
    @dataclass
    class Wrong:
        x: list[int] = []  # noqa: RUF012  # that is the point


def own_slots(dataclass: Decorator) -> None:
    @dataclass(slots=True)
    class Wrong:
        __slots__ = ("x",)
        x: int


def own_freezing(dataclass: Decorator) -> None:
    @dataclass(frozen=True)
    class Wrong:
        x: int

        def __setattr__(self, name: str, value: object) -> None: ...


def no_annotation(dataclass: Decorator) -> None:
    @dataclass
    class Wrong:
        x = field(default=1)


def no_such_option(dataclass: Decorator) -> None:
    @dataclass(liquid=True)
    class Wrong:
        x: int


@pytest.mark.parametrize(
    "build",
    [
        default_first,
        thawed,
        frozen_later,
        shared_default,
        own_slots,
        own_freezing,
        no_annotation,
        no_such_option,
    ],
)
def test_what_is_wrong_is_refused_in_the_words_of_the_standard_one(
    build: Callable[[Decorator], None],
) -> None:
    with pytest.raises((TypeError, ValueError)) as theirs:
        build(standard)
    with pytest.raises(theirs.type) as mine:
        build(ours)
    assert str(mine.value) == str(theirs.value)


def modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(erp_core.__path__, "erp_core.")
    return [
        import_module(each.name) for each in found if not each.name.startswith("erp_core.testing")
    ]


def test_every_dataclass_of_the_core_can_be_written() -> None:
    classes = {
        each
        for module in modules()
        for each in vars(module).values()
        if isinstance(each, type) and "__dataclass_fields__" in vars(each)
    }
    assert len(classes) > 600
    for each in classes:
        names = [of.name for of in dataclasses.fields(each) if of.init]
        assert [*inspect.signature(each).parameters] == names
        for method in ("__init__", "__eq__", "__repr__", "__hash__"):
            assert getattr(each, method) is None or callable(getattr(each, method))


def test_no_module_of_the_core_takes_the_standard_one() -> None:
    took = [each.__name__ for each in modules() if vars(each).get("dataclass") is standard]
    assert took == []
