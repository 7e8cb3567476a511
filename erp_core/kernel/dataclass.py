"""The core's ``@dataclass``: the standard one, which writes its methods when they are first used.

The standard decorator compiles six methods for each class when the class is made. The core has
hundreds of classes, and a program that starts would compile thousands of methods and call few.
This one leaves a placeholder for each, and a method is written, in the words of the standard
decorator, when somebody asks for it. What it makes is a dataclass for all who ask, and type
checkers read the standard one. Only a docstring that nobody wrote is not made up.

What is out of the ordinary, or wrong, goes to the standard decorator as it came.
"""

from __future__ import annotations

import dataclasses
from abc import update_abstractmethods
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError
from functools import lru_cache
from inspect import get_annotations
from itertools import chain
from reprlib import recursive_repr
from sys import modules
from types import CodeType
from typing import TYPE_CHECKING, Final, TypeAlias

__all__ = ["dataclass"]

_ORDINARY: Final = frozenset({"frozen", "slots", "kw_only", "eq", "repr"})
_TEXTS_KEPT: Final = 512  # compiled: most use cases have the same fields, hence the same text

# What the standard library looks for in a dataclass.
_FIELDS: Final = "__dataclass_fields__"
_PARAMETERS: Final = "__dataclass_params__"

Field: TypeAlias = "dataclasses.Field[object]"
Method: TypeAlias = Callable[..., object]
Options: TypeAlias = dict[str, bool]


class _Later:
    """A method that is written when it is first looked up, and takes this one's place.

    Two threads may come at once: both write the same, and whichever is left serves both.
    """

    __slots__ = ("_name", "_owner", "_write")

    def __init__(self, write: Callable[[type], Method]) -> None:
        self._write = write

    def __set_name__(self, owner: type, name: str) -> None:
        self._owner, self._name = owner, name

    def __get__(self, instance: object, kind: type | None = None) -> object:
        owner, name = self._owner, self._name
        method = _named(self._write(owner), owner, name)
        if vars(owner).get(name) is self:
            setattr(owner, name, method)
        return method.__get__(instance, kind)


class _Factory:
    """Stands in a signature for what a field's ``default_factory`` will make."""

    def __repr__(self) -> str:
        return "<factory>"


_FACTORY: Final = _Factory()


def _dataclass(cls: type | None = None, /, **options: bool) -> object:
    if cls is None:
        return lambda cls: _made(cls, options)
    return _made(cls, options)


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass


def _made(cls: type, options: Options) -> type:
    own = _own_fields(cls, kw_only=options.get("kw_only", False))
    fields = _inherited_fields(cls) | own
    if not _is_ordinary(cls, fields, options):
        return _standard(cls, **options)
    for each in own.values():
        if isinstance(vars(cls).get(each.name), dataclasses.Field):
            if each.default is MISSING:
                delattr(cls, each.name)
            else:
                setattr(cls, each.name, each.default)
    setattr(cls, _FIELDS, fields)
    setattr(cls, _PARAMETERS, _parameters(**options))
    members = _members(cls, fields, options)
    if options.get("slots"):
        cls = _slotted(cls, members)
    else:
        for name, value in members.items():
            setattr(cls, name, value)
            if isinstance(value, _Later):
                value.__set_name__(cls, name)
    if options.get("frozen"):
        _freeze(cls)
    return update_abstractmethods(cls)


def _standard(cls: type, **options: bool) -> type:
    decorate: Callable[..., Callable[[type], type]] = dataclasses.dataclass
    return decorate(**options)(cls)


@lru_cache
def _parameters(**options: bool) -> object:
    """Return what the standard decorator notes of these options in a class."""
    return vars(_standard(type("Options", (), {"__doc__": "None."}), **options))[_PARAMETERS]


def _own_fields(cls: type, *, kw_only: bool) -> dict[str, Field]:
    """Let the standard decorator read what the class itself says, of a class without methods."""
    annotations = get_annotations(cls)
    said: dict[str, object] = {
        name: value for name, value in vars(cls).items() if isinstance(value, dataclasses.Field)
    }
    for name in annotations:
        default = getattr(cls, name, MISSING)
        if default is not MISSING:
            said[name] = default
    said |= {"__annotations__": annotations, "__module__": cls.__module__, "__doc__": "Fields."}
    reader = type(cls.__name__, (), said)
    return _all_fields(_standard(reader, init=False, repr=False, eq=False, kw_only=kw_only))


def _inherited_fields(cls: type) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for base in cls.__mro__[-1:0:-1]:
        found |= _all_fields(base)
    return found


def _all_fields(cls: type) -> dict[str, Field]:
    """Return the fields, and what is only annotated like one (``ClassVar``)."""
    found: dict[str, Field] = getattr(cls, _FIELDS, {})
    return found


def _is_ordinary(cls: type, fields: dict[str, Field], options: Options) -> bool:
    frozen = options.get("frozen", False)
    known = options.keys() <= _ORDINARY
    alike = all(
        vars(base)[_PARAMETERS].frozen is frozen
        for base in cls.__mro__[1:]
        if _PARAMETERS in vars(base)
    )
    own_slots = options.get("slots", False) and "__slots__" in vars(cls)
    own_freezing = frozen and not vars(cls).keys().isdisjoint(("__setattr__", "__delattr__"))
    passed_on = any("InitVar" in str(each.type) for each in fields.values())
    positional = [_is_optional(each) for each in fields.values() if each.init and not each.kw_only]
    set_nowhere = any(not each.init and each.default is not MISSING for each in fields.values())
    in_order = positional == sorted(positional)
    return (
        known
        and alike
        and in_order
        and not (own_slots or own_freezing or passed_on or set_nowhere)
    )


def _is_optional(field: Field) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _members(cls: type, fields: dict[str, Field], options: Options) -> dict[str, object]:
    """Return what the class is to have besides what its author wrote."""
    written = vars(cls)
    equal, frozen = options.get("eq", True), options.get("frozen", False)
    methods: dict[str, object] = {"__init__": _Later(_init)}
    if options.get("repr", True):
        methods["__repr__"] = _Later(_repr)
    if equal:
        methods["__eq__"] = _Later(_eq)
    if options.get("slots") and frozen:
        methods |= {"__getstate__": _get_state, "__setstate__": _set_state}
    methods["__match_args__"] = tuple(
        each.name for each in fields.values() if each.init and not each.kw_only
    )
    members = {name: value for name, value in methods.items() if name not in written}
    # Where a class has its own __eq__, Python itself says that it cannot be hashed.
    if (
        equal
        and written.get("__hash__") is None
        and ("__hash__" not in written or "__eq__" in written)
    ):
        members["__hash__"] = _Later(_hash) if frozen else None
    return members


def _slotted(cls: type, members: dict[str, object]) -> type:
    """Make the class again: slots cannot be given to one that exists."""
    names = _names(cls)
    taken = set(chain.from_iterable(map(_slots, cls.__mro__[1:])))
    body = {name: value for name, value in vars(cls).items() if name not in names} | members
    body["__slots__"] = tuple(name for name in names if name not in taken)
    body.pop("__dict__", None)
    body.pop("__weakref__", None)
    made = type(cls)(cls.__name__, cls.__bases__, body)
    made.__qualname__ = cls.__qualname__
    return made


def _slots(cls: type) -> tuple[str, ...]:
    slots = vars(cls).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _names(cls: type) -> tuple[str, ...]:
    return tuple(each.name for each in dataclasses.fields(cls))


def _freeze(cls: type) -> None:
    names = frozenset(_names(cls))

    # A class that inherits from this one, and is no dataclass, may set what is its own.
    def refuse_to_set(self: object, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)  # type: ignore[arg-type]  # found by decorating

    def refuse_to_delete(self: object, name: str) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)  # type: ignore[arg-type]  # same

    for name, method in (("__setattr__", refuse_to_set), ("__delattr__", refuse_to_delete)):
        setattr(cls, name, _named(method, cls, name))


def _named(method: Method, owner: type, name: str) -> Method:
    method.__name__, method.__qualname__ = name, f"{owner.__qualname__}.{name}"
    return method


# A frozen object with slots cannot be unpickled in the usual way, which sets attributes.


def _get_state(self: object) -> list[object]:
    return [getattr(self, name) for name in _names(type(self))]


def _set_state(self: object, state: list[object]) -> None:
    for name, value in zip(_names(type(self)), state, strict=True):
        object.__setattr__(self, name, value)


def _init(cls: type) -> Method:
    fields = dataclasses.fields(cls)
    me = "self" if all(each.name != "self" for each in fields) else "_me"
    values: dict[str, object] = {"_set": object.__setattr__, "_factory": _FACTORY}
    frozen, lines = vars(cls)[_PARAMETERS].frozen, []
    for each in fields:
        name = each.name
        if each.default_factory is not MISSING:
            values[f"_default_{name}"] = each.default_factory
            made = f"_default_{name}()"
            value = f"{made} if {name} is _factory else {name}" if each.init else made
        elif each.init:
            values[f"_default_{name}"] = each.default
            value = name
        else:
            continue  # what has no default is set by __post_init__
        lines.append(f"_set({me}, {name!r}, {value})" if frozen else f"{me}.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append(f"{me}.__post_init__()")
    taken = [each for each in fields if each.init]
    by_name = [_parameter(each) for each in taken if each.kw_only]
    head = [me, *(_parameter(each) for each in taken if not each.kw_only)]
    head += ["*", *by_name] if by_name else []
    method = _written(cls, "__init__", head, lines or ["pass"], values)
    method.__annotations__ = {each.name: each.type for each in taken} | {"return": None}
    return method


def _parameter(field: Field) -> str:
    if field.default_factory is not MISSING:
        return f"{field.name}=_factory"
    return field.name if field.default is MISSING else f"{field.name}=_default_{field.name}"


def _repr(cls: type) -> Method:
    shown = ", ".join(
        f"{each.name}={{self.{each.name}!r}}" for each in dataclasses.fields(cls) if each.repr
    )
    line = f'return self.__class__.__qualname__ + f"({shown})"'
    return recursive_repr()(_written(cls, "__repr__", ["self"], [line], {}))  # type: ignore[arg-type]  # it returns text


def _eq(cls: type) -> Method:
    compared = [each.name for each in dataclasses.fields(cls) if each.compare]
    lines = [
        "if other.__class__ is self.__class__:",
        f" return {_tuple('self', compared)} == {_tuple('other', compared)}",
        "return NotImplemented",
    ]
    return _written(cls, "__eq__", ["self", "other"], lines, {})


def _hash(cls: type) -> Method:
    hashed = [
        each.name
        for each in dataclasses.fields(cls)
        if (each.compare if each.hash is None else each.hash)
    ]
    line = f"return hash({_tuple('self', hashed)})"
    return _written(cls, "__hash__", ["self"], [line], {})


def _tuple(owner: str, names: list[str]) -> str:
    return "(" + "".join(f"{owner}.{name}," for name in names) + ")"


def _written(
    cls: type, name: str, head: list[str], lines: list[str], values: dict[str, object]
) -> Method:
    """Compile a method as if it stood in the class's module, with *values* in its reach."""
    body = "".join(f"\n  {line}" for line in lines)
    text = f"def make({','.join(values)}):\n def {name}({','.join(head)}):{body}\n return {name}"
    made: dict[str, Callable[..., Method]] = {}
    exec(_compiled(text), vars(modules[cls.__module__]), made)  # noqa: S102  # as dataclasses does
    return made["make"](**values)


@lru_cache(_TEXTS_KEPT)
def _compiled(text: str) -> CodeType:
    return compile(text, "<dataclass>", "exec")
