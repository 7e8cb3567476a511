"""Texts with places to fill: only what is known is filled in, and nothing computes."""

import time
from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.documents.entities import Form, Names
from erp_core.kernel.errors import InvariantError
from erp_core.testing import expect

NAMES: Names = {"number": None, "due": None, "facts": frozenset({"label", "text"})}
FACTS = ({"label": "Nº", "text": "7"}, {"label": "Total", "text": "R$ 5"})


def filled(text: str, longest: int = 10_000, **values: object) -> str:
    return Form.read(text, NAMES).fill(values, str, longest)


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("No. {{number}}.", {"number": "7"}, "No. 7."),
        ("No. {{ number }}.", {}, "No. ."),
        ("{{#due}}by {{due}}{{/due}}", {"due": "Monday"}, "by Monday"),
        ("{{#due}}by {{due}}{{/due}}", {"due": ""}, ""),
        ("{{^due}}at once{{/due}}", {}, "at once"),
        ("{{^due}}at once{{/due}}", {"due": "Monday"}, ""),
        (
            "a\n{{#facts}}\n{{label}}: {{text}}\n{{/facts}}\nz",
            {"facts": FACTS},
            "a\nNº: 7\nTotal: R$ 5\nz",
        ),
        (
            "{{#facts}}{{number}}{{label}} {{/facts}}",
            {"facts": FACTS, "number": "9"},
            "9Nº 9Total ",
        ),
        ("{{#facts}}x{{/facts}}{{^facts}}none{{/facts}}", {"facts": ()}, "none"),
        ("a\r\n{{#due}}\r\nb\r\n{{/due}}\r\nc", {}, "a\nc"),
        ("@media (x) { a { b: c } }}", {}, "@media (x) { a { b: c } }}"),
    ],
)
def test_what_a_form_comes_to(text: str, values: dict[str, object], expected: str) -> None:
    assert filled(text, **values) == expected


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a\n{{nmuber}}", "documents.mail_template.unknown_name", 2),
        ("{{label}}", "documents.mail_template.unknown_name", 1),
        ("{{#facts}}{{facts}}{{/facts}}", "documents.mail_template.unknown_name", 1),
        ("{{#facts}}{{#facts}}{{/facts}}{{/facts}}", "documents.mail_template.unknown_name", 1),
        ("{{facts}}", "documents.mail_template.list", 1),
        ("a\n\n{{#due}}b", "documents.mail_template.section", 3),
        ("{{/due}}", "documents.mail_template.section", 1),
        ("{{#due}}{{#number}}{{/due}}{{/number}}", "documents.mail_template.section", 1),
        ("{{number", "documents.mail_template.spelling", 1),
        ("a\n{{ number.__class__ }}", "documents.mail_template.spelling", 2),
        ("{{Number}}", "documents.mail_template.spelling", 1),
        ("{{{number}}}", "documents.mail_template.spelling", 1),
    ],
)
def test_what_cannot_be_filled_is_refused_with_its_line(text: str, code: str, line: int) -> None:
    with expect(InvariantError, code) as caught:
        Form.read(text, NAMES, "html")
    assert (caught[0].field, caught[0].details["line"]) == ("html", line)


def test_an_unknown_name_is_told_the_known_ones() -> None:
    with expect(InvariantError) as caught:
        Form.read("{{nmuber}}", NAMES)
    assert "due, facts, number" in str(caught[0])


def test_there_is_an_end_to_how_much_of_it_there_is() -> None:
    with expect(InvariantError, "documents.mail_template.tags"):
        Form.read("{{number}}" * 501, NAMES)
    with expect(InvariantError, "documents.mail_template.depth"):
        Form.read("{{#due}}" * 9 + "{{/due}}" * 9, NAMES)
    with expect(InvariantError, "documents.mail_template.output"):
        filled("{{#facts}}{{number}}{{/facts}}", 100, facts=FACTS * 50, number="7" * 90)


@pytest.mark.parametrize(
    "text", ["{{ " * 20_000, " " * 60_000, "{{#" + " " * 60_000, "\n \t" * 20_000, "{" * 60_000]
)
def test_no_text_takes_long_to_read(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(InvariantError) if "{{" in text else nullcontext():
        Form.read(text, NAMES)
    assert time.process_time() - begun < 2


@given(st.text(alphabet="{}#^/ \nnumberdusfact", max_size=60), st.text(max_size=20))
def test_whatever_is_written_is_filled_or_refused_and_values_are_never_read_as_tags(
    text: str, value: str
) -> None:
    try:
        form = Form.read(text, NAMES)
    except InvariantError:
        return
    marked = form.fill({"number": "\0", "due": "\0", "facts": ()}, str, 10_000)
    tagged = "{{number}}" + value
    values = {"number": tagged, "due": tagged, "facts": ()}
    assert form.fill(values, str, 10**6) == marked.replace("\0", tagged)
