"""The core's ``@dataclass`` makes what the standard one makes."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import threading
import typing
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import FrozenInstanceError, field, replace
from dataclasses import dataclass as standard
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

import pytest

from erp_core.kernel.dataclass import dataclass as ours

T = TypeVar("T")
Decorator = Callable[..., Any]

BOTH = pytest.mark.parametrize("dataclass", [standard, ours], ids=["standard", "ours"])
FLAGS = [
    {"frozen": frozen, "slots": slots, "kw_only": kw_only, "eq": eq, "repr": shown}
    for frozen in (True, False)
    for slots in (True, False)
    for kw_only in (True, False)
    for eq in (True, False)
    for shown in (True, False)
]


def both(build: Callable[[Decorator], type], **flags: bool) -> tuple[type, type]:
    def decorate(dataclass: Decorator) -> Decorator:
        return partial(dataclass, **flags)

    return build(decorate(standard)), build(decorate(ours))


def tea(dataclass: Decorator) -> type:
    class Tea:
        """Leaves."""

        kind: ClassVar[str] = "drink"
        name: str
        grams: int = field(metadata={"unit": "g"})
        price: int = 3
        tags: list[str] = field(default_factory=list, compare=False)
        secret: str = field(default="", repr=False)
        shelf: int = field(default=0, hash=False)
        upper: str = field(init=False, compare=False, repr=False)

        def __post_init__(self) -> None:
            if self.grams < 0:
                raise ValueError("no weight")
            object.__setattr__(self, "upper", self.name.upper())

        def heavier(self) -> Any:
            return replace(self, grams=self.grams + 1)  # type: ignore[type-var]  # decorated later

    return typing.cast("type", dataclass(Tea))


def told(call: Callable[[], object]) -> object:
    """Return what a call returns, or the error it raises in words."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001  # whichever it is, the other one raises it too
        return type(error), str(error)


@pytest.mark.parametrize("flags", FLAGS, ids=str)
def test_a_class_is_as_the_standard_decorator_makes_it(flags: dict[str, bool]) -> None:
    theirs, mine = both(tea, **flags)

    def seen(cls: Any) -> list[object]:
        one, same = cls(name="oolong", grams=2), cls(name="oolong", grams=2, tags=["x"])
        other = cls(name="oolong", grams=3, secret="s", shelf=4)
        return [
            str(inspect.signature(cls)),
            typing.get_type_hints(cls.__init__),
            cls.__init__.__qualname__,
            cls.__init__.__module__,
            [str(each) for each in dataclasses.fields(cls)],
            repr(cls.__dataclass_params__),
            cls.__match_args__,
            cls.__doc__,
            cls.__qualname__,
            "__dict__" in dir(one),
            getattr(cls, "__slots__", None),
            issubclass(cls, Hashable),
            repr(one) if flags["repr"] else object.__repr__ is cls.__repr__,
            one == same,
            one == other,
            one == 3,
            told(lambda: hash(one) == hash(same)) if flags["eq"] else None,
            told(lambda: hash(one) == hash(replace(one, shelf=9))) if flags["eq"] else None,
            dataclasses.asdict(other),
            dataclasses.asdict(one.heavier()),
            dataclasses.asdict(copy.deepcopy(other)),
            one.tags is not cls(name="", grams=0).tags,
            one.upper,
            told(lambda: setattr(one, "price", 4)),
            told(lambda: delattr(one, "price")),
            told(lambda: one.price),
            told(cls),
            told(lambda: dataclasses.asdict(cls("a", 1))),
            told(lambda: dataclasses.asdict(cls(name="a", grams=1, colour="red"))),
            told(lambda: dataclasses.asdict(cls(name="a", grams=-1))),
            told(lambda: replace(one, upper="X")),
        ]

    assert seen(mine) == seen(theirs)


@pytest.mark.parametrize("slots", [True, False])
def test_what_the_author_wrote_is_kept(slots: bool) -> None:
    def build(dataclass: Decorator) -> type:
        @dataclass
        class Written:  # noqa: PLW1641  # no hash is what is looked for
            x: int = 0

            def __eq__(self, other: object) -> bool:
                return isinstance(other, Written)

            def __repr__(self) -> str:
                return "written"

        @dataclass
        class Hashed(Written):
            y: int = 0

            def __hash__(self) -> int:
                return 7

        @dataclass
        class Initialised(Hashed):
            def __init__(self) -> None:
                object.__setattr__(self, "x", 5)

        return typing.cast("type", Initialised)

    def seen(cls: Any) -> list[object]:
        hashed, written = cls.__mro__[1:3]
        return [
            repr(written()),
            written() == written(x=1),
            hash(written(x=1)) == hash(written(x=1)),
            hash(hashed()),
            hashed() == hashed(y=1),
            cls().x,
            told(lambda: cls().y),
            repr(hashed(x=2)),
        ]

    for frozen in (True, False):
        theirs, mine = both(build, slots=slots, frozen=frozen)
        if frozen:
            assert seen(mine) == seen(theirs)
        else:
            assert mine.__mro__[2].__hash__ is theirs.__mro__[2].__hash__ is None


@pytest.mark.parametrize("slots", [True, False])
@pytest.mark.parametrize(
    ("below", "above"), [(ours, ours), (standard, ours), (ours, standard), (standard, standard)]
)
def test_a_class_may_inherit_from_one_of_either(
    below: Decorator, above: Decorator, slots: bool
) -> None:
    @below(frozen=True, slots=slots, kw_only=True)
    class Base(Generic[T]):
        a: T
        b: int = 2
        c: list[int] = field(default_factory=list)

        def __post_init__(self) -> None:
            object.__setattr__(self, "b", self.b + 1)

    @above(frozen=True, slots=slots, kw_only=True)
    class Middle(Base[str]):
        d: int = 4
        b: int = 7

    class Plain(Middle):
        """No dataclass: it sets what is its own."""

    @above(frozen=True, slots=slots, kw_only=True)
    class Top(Plain):
        pass

    plain = Plain(a="x")
    if not slots or below is above is ours:  # the standard one looks for the class without slots
        plain.own = 3  # type: ignore[attr-defined]  # set by no dataclass
        del plain.own  # type: ignore[attr-defined]  # same
    for name in ("a", "d"):
        with pytest.raises(FrozenInstanceError, match=f"cannot assign to field '{name}'"):
            setattr(plain, name, "y")
        with pytest.raises(FrozenInstanceError, match=f"cannot delete field '{name}'"):
            delattr(plain, name)
    assert [each.name for each in dataclasses.fields(Top)] == ["a", "b", "c", "d"]
    assert str(inspect.signature(Middle)) == str(inspect.signature(Top))
    assert repr(Middle(a="x")).endswith("Middle(a='x', b=8, c=[], d=4)")
    assert Middle(a="x") == Middle(a="x") != Base(a="x", b=7)
    assert Top(a="x", d=1) == replace(Top(a="x", b=6), d=1, b=7)
    assert vars(Middle).get("__slots__") == (("d",) if slots else None)
    assert copy.copy(Middle(a="x", b=0)) == Middle(a="x", b=0)


def test_a_class_with_abstract_methods_stays_abstract() -> None:
    @ours(frozen=True, kw_only=True)
    class Kettle(ABC):
        litres: int

        @abstractmethod
        def boil(self) -> None: ...

    @ours(frozen=True, kw_only=True)
    class Electric(Kettle):
        def boil(self) -> None: ...

    assert inspect.isabstract(Kettle)
    assert Electric(litres=2).litres == 2
    with pytest.raises(TypeError, match="abstract"):
        Kettle(litres=1)  # type: ignore[abstract]  # that is the point


@ours(frozen=True, slots=True, kw_only=True)
class Cup:
    """A frozen cup."""

    size: int
    names: tuple[str, ...] = ()
    handle: str = field(init=False, default="left")


@ours(slots=True)
class Mug:
    """A mug that changes."""

    size: int
    me: Mug | None = field(default=None, compare=False)


@ours
class Bowl:
    size: int


@ours(frozen=True, slots=True)
class Saucer:
    size: int
    colour: str = field(default="white", compare=False)


@pytest.mark.parametrize("thing", [Cup(size=2, names=("a",)), Mug(3), Bowl(1), Saucer(4, "red")])
def test_things_are_copied_and_kept(thing: Any) -> None:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(thing, protocol)) == thing
    assert copy.copy(thing) == copy.deepcopy(thing) == thing
    assert dataclasses.asdict(pickle.loads(pickle.dumps(thing))) == dataclasses.asdict(thing)


def test_what_contains_itself_can_be_shown_and_matched() -> None:
    mug = Mug(1)
    mug.me = mug
    assert repr(mug) == "Mug(size=1, me=...)"
    match Saucer(5):
        case Saucer(size, colour):
            assert (size, colour) == (5, "white")
    assert Bowl.__doc__ is None  # the standard one makes one up


def test_no_method_is_written_before_somebody_asks() -> None:
    @ours(frozen=True, slots=True)
    class Spoon:
        size: int

    before = {name: vars(Spoon)[name] for name in ("__init__", "__eq__", "__hash__", "__repr__")}
    assert not any(inspect.isfunction(each) for each in before.values())
    assert Spoon(1) == Spoon(1)
    assert {name for name in before if inspect.isfunction(vars(Spoon)[name])} == {
        "__init__",
        "__eq__",
    }
    assert vars(Spoon)["__repr__"] is before["__repr__"]


def test_the_first_of_a_kind_may_be_made_by_many_threads_at_once() -> None:
    for _ in range(20):

        @ours(frozen=True, slots=True, kw_only=True)
        class Leaf:
            size: int
            names: list[str] = field(default_factory=list)

        found: list[object] = []
        gate = threading.Barrier(8)

        def make(leaf: Any = Leaf, gate: threading.Barrier = gate) -> None:
            gate.wait()
            found.append(leaf(size=1) == leaf(size=1) and repr(leaf(size=1)))  # noqa: B023  # joined below

        threads = [threading.Thread(target=make) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert found == [repr(Leaf(size=1))] * 8
        assert inspect.isfunction(vars(Leaf)["__init__"])
