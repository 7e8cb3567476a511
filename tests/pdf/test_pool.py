"""The processes that set documents: warm, ended at any moment, and as many as before."""

import logging
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from erp_core.documents.entities import PrintedDocument
from erp_core.kernel.cancellation import Cancellation
from erp_core.kernel.context import Context
from erp_core.kernel.errors import (
    DeadlineExceededError,
    InvariantError,
    OperationCancelledError,
    UnavailableError,
)
from erp_core.testing import at_once, context, expect
from erp_core.testing.documents import a_printed_document
from erp_pdf import PdfPool
from tests.apps.programs import until

ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
GREEDY = "{{ 'x' * 10 ** 10 }}"


@pytest.fixture(scope="module")
def warm() -> Iterator[PdfPool]:
    with PdfPool(processes=2) as opened:
        opened.render(context(), a_printed_document())
        yield opened


def written(template: str) -> PrintedDocument:
    document = a_printed_document()
    return replace(document, style=replace(document.style, template=template))


def cancellable() -> Context:
    return replace(context(), cancellation=Cancellation(), request_id="request-7")


def alive(pid: int) -> bool:
    """Say whether a process is there; one that waits to be taken away is not."""
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def events(caplog: pytest.LogCaptureFixture) -> list[tuple[str, Any]]:
    return [
        (each.__dict__["event"], each.__dict__["request_id"])
        for each in caplog.records
        if each.name == "erp.pdf"
    ]


def test_who_gives_up_ends_the_process_and_another_takes_its_place(
    warm: PdfPool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    before = set(until(lambda: len(found := warm.pids) == 2 and found))
    ctx = cancellable()

    def give_up() -> None:
        until(lambda: warm.busy)
        ctx.cancellation.cancel("gone")

    canceller = threading.Thread(target=give_up)
    canceller.start()
    with expect(OperationCancelledError):
        warm.render(ctx, written(ENDLESS))
    canceller.join()
    (gone,) = before - set(warm.pids)
    assert not alive(gone)
    assert len(warm.pids) == 2
    assert events(caplog) == [("pdf.cancelled", "request-7")]
    assert warm.render(context(), a_printed_document()).startswith(b"%PDF-")


def test_what_takes_too_long_is_ended(warm: PdfPool, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with expect(DeadlineExceededError):
        warm.render(cancellable().with_timeout(0.3), written(ENDLESS))
    assert events(caplog) == [("pdf.timeout", "request-7")]
    assert len(warm.pids) == 2


def test_what_takes_too_much_is_refused_and_harms_nobody(
    warm: PdfPool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with expect(InvariantError, "documents.pdf.too_large"):
        warm.render(context(), written(GREEDY))
    assert events(caplog)[0][0] == "pdf.failed"
    assert warm.render(context(), a_printed_document()).startswith(b"%PDF-")


def test_a_broken_template_is_its_authors_to_mend(warm: PdfPool) -> None:
    before = set(warm.pids)
    with expect(InvariantError, "documents.template.broken"):
        warm.render(context(), written("{{ nothing }}"))
    with expect(InvariantError, "documents.template.broken") as told:
        warm.render(context(), written("<img src='/etc/passwd'>"))
    assert "nothing is fetched" in str(told[0])
    assert set(warm.pids) == before


def test_three_thousand_lines_are_set_within_seconds(warm: PdfPool) -> None:
    made = warm.render(context().with_timeout(20), a_printed_document(3000))
    assert made.startswith(b"%PDF-")


def test_what_is_made_in_another_process_is_the_same(warm: PdfPool) -> None:
    made = at_once(*[lambda: warm.render(context(), a_printed_document())] * 8)
    assert len(set(made)) == 1


def test_who_waits_may_give_up_too() -> None:
    with PdfPool(processes=1) as one:
        first, second = cancellable(), cancellable()

        def render(ctx: Context) -> str:
            try:
                one.render(ctx, written(ENDLESS))
            except OperationCancelledError:
                return "cancelled"
            return "done"

        def call_off() -> str:
            until(lambda: one.busy)
            second.cancellation.cancel("gone")
            first.cancellation.cancel("gone")
            return "called off"

        ended = at_once(lambda: render(first), lambda: render(second), call_off)
    assert ended == ["cancelled", "cancelled", "called off"]


def test_who_comes_when_too_many_wait_is_sent_away() -> None:
    with PdfPool(processes=1, waiting=0) as none, expect(UnavailableError, "documents.pdf.busy"):
        none.render(context(), a_printed_document())


def test_a_process_that_cannot_be_started_is_said() -> None:
    with (
        PdfPool(processes=1, command=("/nowhere/to/be/found",)) as none,
        expect(UnavailableError, "documents.pdf.ended"),
    ):
        none.render(context(), a_printed_document())


@pytest.mark.parametrize("code", ["", "import sys; sys.stdin.read()", "print('x' * 100)"])
def test_a_process_that_does_not_speak_our_language_is_ended(code: str) -> None:
    with (
        PdfPool(processes=1, seconds=1, command=(sys.executable, "-c", code)) as odd,
        pytest.raises((UnavailableError, DeadlineExceededError)),
    ):
        odd.render(context(), a_printed_document())


def test_nothing_is_started_before_it_is_needed_and_nothing_is_left() -> None:
    with PdfPool(processes=2) as opened:
        assert opened.pids == ()
        opened.render(context(), a_printed_document())
        left = opened.pids
        assert len(left) == 2
    assert not any(alive(each) for each in left)
    with expect(UnavailableError):
        opened.render(context(), a_printed_document())


def test_each_document_is_measured_by_how_it_ended() -> None:
    told: list[tuple[str, float]] = []
    with PdfPool(processes=1, measure=lambda *said: told.append(said)) as measured:
        measured.render(context(), a_printed_document())
        with expect(DeadlineExceededError):
            measured.render(context().with_timeout(0), a_printed_document())
    assert [outcome for outcome, _ in told] == ["rendered", "timeout"]
    assert all(seconds >= 0 for _, seconds in told)
