"""A company's template is tried before it is kept."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from erp_core.documents.use_cases import ChangeLetterheadCommand
from erp_core.kernel.errors import (
    DeadlineExceededError,
    InvariantError,
    PermissionDeniedError,
)
from erp_core.testing import context, expect
from erp_memory.documents import PlainPaper
from erp_pdf import PdfPool
from erp_pdf.own import example
from tests.http.clients import authenticate, described
from tests.http.served import an_app
from tests.pdf.test_pool import ENDLESS
from tests.wiring import an_erp

PATH = "/v1/letterhead"


@pytest.fixture(scope="module")
def pool() -> Iterator[PdfPool]:
    with PdfPool(processes=1) as pool:
        yield pool


@pytest.fixture
def client(pool: PdfPool) -> FlaskClient:
    return described(an_app(an_erp(renderer=pool), authenticate))


def test_a_template_that_can_be_set_is_kept(client: FlaskClient) -> None:
    reply = client.patch(PATH, json={"template": example(), "paper": "letter"})
    assert reply.status_code == 200, reply.json
    assert client.get(PATH).json["template"] == example()


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("<p>\n{% for %}", "line 2"),
        ("{{ nothing }}", "'nothing' is undefined"),
        ("{{ document.receivers[1].name }}", "no element 1"),  # a delivery note has one receiver
        ("<img src='{{ logo }}'>", "nothing is fetched"),  # where there is no logo
        ("<img src='/etc/passwd'>", "nothing is fetched"),
        ("{% for a in range(99999) %}{{ 'x' * 99 }}{% endfor %}", "characters"),
    ],
)
def test_one_that_cannot_be_is_refused_with_the_reason_and_the_one_before_it_stays(
    client: FlaskClient, template: str, reason: str
) -> None:
    client.patch(PATH, json={"template": "<p>{{ document.title }}</p>"})
    reply = client.patch(PATH, json={"template": template, "footer": "x"})
    assert (reply.status_code, reply.json["code"]) == (422, "documents.template.broken")
    (place,) = reply.json["errors"]
    assert place["pointer"] == "/template"
    assert reason in place["detail"]
    kept = client.get(PATH).json
    assert (kept["template"], kept["footer"]) == ("<p>{{ document.title }}</p>", "")


def test_one_that_takes_for_ever_is_not_kept(pool: PdfPool) -> None:
    erp, keeper = an_erp(renderer=pool), context("documents.*")
    command = ChangeLetterheadCommand(version=None, changes={"template": ENDLESS})
    with expect(DeadlineExceededError):
        erp.documents.change_letterhead(keeper.with_timeout(0.5), command)
    hurried = replace(erp.documents.change_letterhead, trial_seconds=0.5)
    with expect(InvariantError, "documents.template.broken"):
        hurried(keeper, command)
    assert erp.documents.get_letterhead(keeper, None).template == ""


def test_nothing_is_set_where_there_is_no_template_or_no_right_to_one() -> None:
    paper = PlainPaper()
    use = an_erp(renderer=paper).documents.change_letterhead
    use(context("documents.*"), ChangeLetterheadCommand(version=None, changes={"template": ""}))
    use(context("documents.*"), ChangeLetterheadCommand(version=None, changes={"footer": "x"}))
    mine = ChangeLetterheadCommand(version=None, changes={"template": "x"})
    with expect(PermissionDeniedError):
        use(context("documents.letterhead.read"), mine)
    assert paper.rendered == []
