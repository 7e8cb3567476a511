"""What the documents name in backticks, and whether the product has it.

Each judge takes what stands between backticks, or on a line of a console, and answers None where
that is none of its business, an empty text where the name is good, and else what is wrong.
"""

import ast
import importlib
import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import click

from erp_app.cli import main
from erp_app.settings import FILE_SUFFIX, PREFIX, TESTS_PREFIX, Settings
from erp_core.kernel.translations import ENGLISH, catalogue
from tests.architecture.codes import field_codes

ROOT: Final = Path(__file__).parents[2]
SHIPPED: Final = [
    path
    for folder in ("erp_core", "adapters", "apps", "migrations")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
FOLDERS: Final = ("", "docs", "adapters", "apps", "migrations", "erp_core")  # paths begin there
ENDINGS: Final = ("py", "md", "json", "toml", "txt", "html", "yml", "yaml", "conf", "pdf")
# What is written for the reader to put his own in its place, or belongs to Python.
EXAMPLES: Final = frozenset({"area.thing.action", "document.document_type", "mock.patch"})
WORDS_OF_CODE: Final = ("ctx.", "self.", "uow.")
PROBES: Final = ("/health", "/ready", "/metrics", "/docs", "/openapi.json")

_BLOCK: Final = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
_SPAN: Final = re.compile(r"`([^`\n]+)`")
_SETTING: Final = re.compile(r"\bERP_[A-Z0-9_]+\b")
_DOTTED: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*(\.[a-z0-9_]+|\.\*)")
_METRIC: Final = re.compile(r"(erp_[a-z_]+)(\{([a-z_,]+)[^}]*\})?")
_ROUTE: Final = re.compile(r"(?:(GET|POST|PUT|PATCH|DELETE) )?(/[a-z][^ ?]*)(?:\?(\S*))?")
_FILE: Final = re.compile(rf"[\w./-]+\.({'|'.join(ENDINGS)})")
_SUFFIXES: Final = ("", "_total", "_bucket", "_count", "_sum")


def named(document: Path) -> Iterator[str]:
    """Yield what *document* names: between backticks, and as commands of its consoles."""
    text = document.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        if found[2] in ("console", "bash", "sh"):
            lines = found[3].replace("\\\n", " ").splitlines()
            yield from (line.strip().removeprefix("$ ") for line in lines)
    yield from _SPAN.findall(_BLOCK.sub("", text))


def wrong(name: str) -> str:
    """Return what is wrong with *name*, or nothing."""
    judges: tuple[Callable[[str], str | None], ...] = (
        _command,
        _target,
        _route,
        _metric,
        _file,
        _dotted,
    )
    unknown = [each for each in _SETTING.findall(name) if not _is_setting(each)]
    if unknown:
        return f"no setting {', '.join(unknown)}"
    return next((said for judge in judges if (said := judge(name)) is not None), "")


def _is_setting(name: str) -> bool:
    rows = [row for row, _ in Settings().rows()]
    known = {row.name for row in rows} | {row.file_name for row in rows if row.secret}
    spoken_of = name in (PREFIX, PREFIX + "X", PREFIX + "X" + FILE_SUFFIX)  # any of them
    return name in known or spoken_of or name.startswith(TESTS_PREFIX)


def _words(line: str, program: str) -> list[str] | None:
    """Return the words after *program*, whatever variables are set before it."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError:  # an apostrophe: no line of a shell
        return None
    while words and re.match(r"[A-Z_]+=", words[0]):
        words.pop(0)
    return words[1:] if words and words[0] == program else None


def _command(line: str) -> str | None:
    words = _words(line, "erp")
    if words is None:
        return None
    command: click.Command = main
    for word in words:
        if word in ("|", ">", "<", "&&", ";", "2>"):
            break
        if word.startswith("-"):
            options = {each for param in command.params for each in param.opts}
            given = word.split("=")[0]
            if given not in options | {"--help", "-h"}:
                return f"{command.name} has no option {given}"
        elif isinstance(command, click.Group):
            found = command.commands.get(word)
            if found is None:
                return f"{command.name} has no command {word}"
            command = found
    return ""


@cache
def _targets() -> frozenset[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def _target(line: str) -> str | None:
    words = _words(line, "make")
    if not words:
        return None
    unknown = [each for each in words if each.isalpha() and each not in _targets()]
    return f"make has no target {', '.join(unknown)}" if unknown else ""


@cache
def _paths() -> dict[str, dict[str, set[str]]]:
    """Return the query's names by path and method; what is in no description takes any."""
    described = json.loads((ROOT / "docs/openapi.json").read_text(encoding="utf-8"))
    return {
        path: {
            method.upper(): {each["name"] for each in said.get("parameters", []) if "name" in each}
            for method, said in methods.items()
            if isinstance(said, dict)
        }
        for path, methods in described["paths"].items()
    }


def _alike(asked: str, path: str) -> bool:
    """Say whether two paths lead to the same place, whatever their ids are called."""
    ours, theirs = asked.strip("/").split("/"), path.strip("/").split("/")
    return len(ours) == len(theirs) and all(
        our == their or "{" in our or "{" in their or "$" in our or "<" in our
        for our, their in zip(ours, theirs, strict=True)
    )


def _route(line: str) -> str | None:
    found = _ROUTE.fullmatch(line)
    if found is None or not (found[1] or found[2].startswith("/v1/") or found[2] in PROBES):
        return None
    method, path, query = found.groups()
    if path in PROBES:
        return ""
    there = [methods for each, methods in _paths().items() if _alike(path, each)]
    if not there:
        return f"no path {path}"
    if method and not any(method in each for each in there):
        return f"no {method} at {path}"
    asked = {each.split("=")[0] for each in (query or "").split("&") if each}
    known = {name for methods in there for names in methods.values() for name in names}
    return f"{path} knows no {', '.join(sorted(asked - known))}" if asked - known else ""


@cache
def _nodes() -> dict[Path, tuple[ast.AST, ...]]:
    """Return all there is in the product's sources, by file; they are read once."""
    return {path: tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8")))) for path in SHIPPED}


def _texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@cache
def literals() -> frozenset[str]:
    """Return every text that the product's sources spell out."""
    return frozenset(text for nodes in _nodes().values() for text in _texts(nodes))


@cache
def _events_of() -> frozenset[str]:
    """Return the events that are put together of a word and an outcome: ``f"pdf.{outcome}"``.

    The outcomes are spelt somewhere in the same folder.
    """
    found: set[str] = set()
    for path, nodes in _nodes().items():
        begun = [each for node in nodes for each in _begun(node)]
        if begun:
            near = (texts for other, texts in _nodes().items() if other.parent == path.parent)
            words = {text for texts in near for text in _texts(texts) if text.isidentifier()}
            found |= {each + word for each in begun for word in words}
    return frozenset(found)


def events() -> set[str]:
    """Return the events of the log that are spelt out as one word."""
    found: set[str] = set()
    for nodes in _nodes().values():
        for node in nodes:
            found.update(each for each in _event_texts(node) if _DOTTED.fullmatch(each))
    return found


def _event_texts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "event":
                yield from _texts(ast.walk(value))
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".told"):
        yield from _texts(node.args[:1])
    elif isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "_EVENTS":
        yield from _texts(ast.walk(node.value or node))


def metrics() -> set[str]:
    """Return the names of all metrics, as a scrape shows them."""
    makers = {"_counter": "_total", "_gauge": "", "_histogram": "", "watch": "", "Gauge": ""}
    return {
        name + makers[ast.unparse(node.func).split(".")[-1]]
        for nodes in _nodes().values()
        for node in nodes
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in makers
        for name in _texts(node.args[:1])
        if name.startswith("erp_")
    }


def _begun(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Dict):
        return
    for key, value in zip(node.keys, node.values, strict=True):
        named = isinstance(key, ast.Constant) and key.value == "event"
        if named and isinstance(value, ast.JoinedStr):
            yield from _texts(value.values[:1])


def _metric(line: str) -> str | None:
    found = _METRIC.fullmatch(line)
    if found is None or _is_package(found[1]):
        return None
    known = {
        each + suffix for each in literals() if each.startswith("erp_") for suffix in _SUFFIXES
    }
    if found[1] not in known and found[1] != "erp_test_":
        return f"no metric {found[1]}"
    labels = set(found[3].split(",")) if found[3] else set()
    return f"no label {labels - literals()}" if labels - literals() else ""


def _is_package(name: str) -> bool:
    return any((ROOT / folder / name).is_dir() for folder in FOLDERS)


def _file(line: str) -> str | None:
    if _FILE.fullmatch(line) is None or line.startswith("/") or line in _known():
        return None
    if any((ROOT / folder / line).exists() for folder in FOLDERS):
        return ""
    if "/" in line:
        return f"no file {line}"
    package = line.removesuffix(".py")  # a file that has grown is a package of its name
    there = any(any(ROOT.glob(f"[!.]*/**/{each}")) for each in (line, package))
    return "" if there else f"no file {line}"


def _dotted(line: str) -> str | None:
    if _DOTTED.fullmatch(line) is None or line in EXAMPLES or line.startswith(WORDS_OF_CODE):
        return None
    known = _known()
    if line.endswith(".*"):
        return "" if any(each.startswith(line[:-1]) for each in known) else f"nothing is {line}"
    return "" if line in known or _is_object(line) else f"nothing is called {line}"


@cache
def _known() -> frozenset[str]:
    return literals() | field_codes() | _codes() | _events_of()


@cache
def _codes() -> frozenset[str]:
    written = json.loads((ROOT / "adapters/erp_http/codes.json").read_text("utf-8"))
    return frozenset({*written, *catalogue(ENGLISH)["errors"]})


def _is_object(name: str) -> bool:
    """Say whether *name* is a module, or something in one."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            thing: object = importlib.import_module(".".join(parts[:end]))
        except ImportError:
            continue
        for each in parts[end:]:
            thing = getattr(thing, each, None)
        return thing is not None
    return False
