"""What the documents show is run: the blocks of each, in order, as one program."""

import re
import sys
import unittest
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(document: Path) -> list[tuple[int, str]]:
    """Return the Python blocks of *document*, each with the number of the line it begins on."""
    text = document.read_text(encoding="utf-8")
    return [(text.count("\n", 0, found.start(1)), found[1]) for found in BLOCK.finditer(text)]


@pytest.fixture
def run(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a document in an empty folder; return what it has defined."""
    monkeypatch.chdir(tmp_path)

    def run(name: str) -> ModuleType:
        program = ModuleType(f"example_{name}")
        monkeypatch.setitem(sys.modules, program.__name__, program)
        for line, source in blocks(DOCS / f"{name}.md"):
            # With as many empty lines before it, a traceback names the line of the document.
            code = compile("\n" * line + source, str(DOCS / f"{name}.md"), "exec")
            exec(code, program.__dict__)  # it is our own
        return program

    return run


@pytest.mark.parametrize("name", ["architecture", "embedding", "numbering", "pricing", "stock"])
def test_every_example_runs_as_it_is_printed(name: str, run) -> None:
    assert blocks(DOCS / f"{name}.md")
    run(name)


def test_the_adapter_that_is_shown_meets_its_contract(run) -> None:
    program = run("architecture")
    cases = [
        each
        for each in vars(program).values()
        if isinstance(each, type) and issubclass(each, unittest.TestCase)
    ]
    assert cases
    for case in cases:
        suite = unittest.defaultTestLoader.loadTestsFromTestCase(case)
        result = unittest.TestResult()
        suite.run(result)
        assert result.testsRun
        assert not (*result.errors, *result.failures)
