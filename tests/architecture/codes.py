"""Every code an error may carry, found by reading the sources."""

import ast
import inspect
import re
from collections import defaultdict
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from erp_core.kernel import errors
from erp_core.kernel.errors import ErpError
from erp_http.errors import CODE_OF_STATUS, STATUS, STATUS_OF_CODE
from erp_http.fields import CODES, Strict

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for folder in ("erp_core", "adapters")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "testing" not in path.relative_to(ROOT).parts
]
_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
Call = ast.Call
Function = ast.FunctionDef


class Taker(NamedTuple):
    """A function that is handed a code: where, what it raises, and what it adds to the code."""

    position: int | None
    raised: str
    endings: list[str]


def _errors() -> dict[str, type[ErpError]]:
    """Return the error classes by name: the kernel's, and each area's own."""
    found: dict[str, type[ErpError]] = {}
    waiting: list[type[ErpError]] = [ErpError]
    while waiting:
        kind = waiting.pop()
        found[kind.__name__] = kind
        waiting += kind.__subclasses__()
    return found


def _status(name: str) -> HTTPStatus:
    """Return the status of an error class; what states a rule without naming one breaks it."""
    kind = _errors().get(name, errors.InvariantError)
    return next(STATUS[each] for each in kind.__mro__ if each in STATUS)


def _called(node: Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _words(node: ast.expr | None) -> Iterator[str]:
    """Yield the codes an expression may stand for; a condition stands for both its branches."""
    spelt = isinstance(node, ast.Constant) and isinstance(node.value, str)
    if spelt and _CODE.fullmatch(node.value):  # else it is the code of a unit or of a currency
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from _words(node.body)
        yield from _words(node.orelse)


def _position(function: Function) -> int | None:
    """Return where a function that is handed a code expects it, ``self`` not counted."""
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if "code" not in names:
        return None
    return names.index("code") - (names[0] in ("self", "cls"))


def _raised_by(function: Function) -> str:
    """Return the error class that a function makes of the code it is handed; empty: none."""
    called = [_called(node) for node in ast.walk(function) if isinstance(node, Call)]
    made = [name for name in called if name in _errors()]
    if made:
        return made[0]
    return "InvariantError" if {"ensure", "require_text"} & set(called) else ""


def _endings(function: Function) -> list[str]:
    """Return what a function adds to the code it is handed: ``f"{code}.limit"``; else nothing."""
    found = [
        node.values[1].value
        for node in ast.walk(function)
        if isinstance(node, ast.JoinedStr)
        and len(node.values) == 2  # the code, and its ending
        and isinstance(node.values[0], ast.FormattedValue)
        and ast.unparse(node.values[0].value) == "code"
        and isinstance(node.values[1], ast.Constant)
    ]
    return found or [""]


def _functions(trees: list[ast.Module]) -> dict[str, Taker]:
    """Return the functions that are handed a code."""
    found = {}
    for tree in trees:
        for node in ast.walk(tree):
            if not isinstance(node, Function) or node.name == "__init__":
                continue
            named = [each.arg for each in (*node.args.args, *node.args.kwonlyargs)]
            raised = _raised_by(node)
            if "code" in named and raised:
                found[node.name] = Taker(_position(node), raised, _endings(node))
    return found


def error_codes() -> dict[str, HTTPStatus]:
    """Return every error code of the core and the adapters with the status it is answered by."""
    found: dict[str, set[HTTPStatus]] = defaultdict(set)
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES]
    takers = _functions(trees)
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, Call):
                for code, status in _of_call(node, takers):
                    found[code].add(status)
    for kind in _errors().values():
        if inspect.getmodule(kind).__name__.startswith("erp_"):
            found[kind.default_code].add(_status(kind.__name__))
    for status, code in CODE_OF_STATUS.items():
        found[code].add(status)
    return {
        code: STATUS_OF_CODE.get(code, min(statuses)) for code, statuses in sorted(found.items())
    }


def _of_call(node: Call, takers: dict[str, Taker]) -> Iterator[tuple[str, HTTPStatus]]:
    name = _called(node)
    taker = takers.get(name)
    if taker is None and name not in _errors():
        return
    status = _status(taker.raised if taker else name)
    endings = taker.endings if taker else [""]
    given = [each.value for each in node.keywords if each.arg == "code"]
    if taker and taker.position is not None and taker.position < len(node.args):
        given.append(node.args[taker.position])
    for each in given:
        for code in _words(each):
            yield from ((code + ending, status) for ending in endings)


def unwritten() -> list[str]:
    """Return the places where a code is put together, so that no reader of the source finds it.

    What hands on the ``code`` it was handed does not count: its callers write theirs out.
    """
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, Call):
                continue
            name = _called(node)
            given = [each.value for each in node.keywords if each.arg == "code"]
            given += node.args[1:2] if name == "ensure" else []
            for each in given if name == "ensure" or name in _errors() else []:
                text = ast.unparse(each)
                if not list(_words(each)) and text != "code" and "{code}." not in text:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}: {text}")
    return found


def field_codes() -> set[str]:
    """Return every code by which a field may be refused."""
    found = {code for each in _fields(Strict) for code in _own_codes(each)}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, Call) and _called(node) in ("Message", "refused"):
                for keyword in node.keywords:
                    if keyword.arg == "code":
                        found.update(_words(keyword.value))
    return found | {"invalid_field"}


def _fields(kind: type[Strict]) -> Iterator[type[Strict]]:
    for each in kind.__subclasses__():
        yield each
        yield from _fields(each)


def _own_codes(kind: type[Strict]) -> set[str]:
    """Return the codes of a field's messages, which a class adds to those of its bases."""
    keys = {
        key
        for each in kind.__mro__
        if each.__module__.startswith("erp_http")
        for key in vars(each).get("default_error_messages", {})
    }
    return {CODES.get(key, key) for key in (*keys, "required", "null")}
