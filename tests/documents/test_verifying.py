"""That numbers have no gap, and that kept files are what they were."""

import hashlib
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from erp_core.documents.entities import (
    BorneNumber,
    DocumentType,
    NumberAudit,
    NumberCounter,
    NumberMask,
    NumberRule,
    Paper,
    Printout,
    PrintoutKey,
    series_of,
)
from erp_core.documents.use_cases import FileRule, VerifyFiles, VerifyFilesQuery
from erp_core.kernel.errors import MalformedError
from erp_core.testing import NOON, FixedClock, Witness, context, expect
from erp_memory.store import MemoryStore
from erp_system.files import DirectoryFiles

ORDER = "sales.order"
LEAP_DAY = date(2024, 2, 29)
CLERK = context("documents.consistency.read")


def audited(
    numbers: list[str], last: int, *, mask: str = "", period: str = "2024", version: int = 0
) -> list[tuple[NumberRule, int, int]]:
    series = series_of(ORDER)
    if mask:
        series = series.change({"mask": NumberMask(mask)}).stored(version or 1)
    audit = NumberAudit(series)
    audit.take(BorneNumber(number=each, on=LEAP_DAY) for each in numbers)
    counter = NumberCounter(document_type=DocumentType(ORDER), period=period, last_number=last)
    return [(each.rule, each.first, each.last) for each in audit.differences([counter])]


def order(*counts: int) -> list[str]:
    return [f"ORD2024-{count:05d}" for count in counts]


@pytest.mark.parametrize(
    ("numbers", "last", "wanted"),
    [
        (order(1, 2, 3), 3, []),
        (order(3, 1), 3, [(NumberRule.GAP, 2, 2)]),
        (
            order(1, 5, 7),
            9,
            [(NumberRule.GAP, 2, 4), (NumberRule.GAP, 6, 6), (NumberRule.GAP, 8, 9)],
        ),
        ([], 2, [(NumberRule.GAP, 1, 2)]),
        (order(1, 2, 3), 2, [(NumberRule.BEYOND, 3, 3)]),
        ([*order(1, 2), "ORD2024-0000002"], 2, [(NumberRule.DUPLICATE, 2, 2)]),
        ([*order(1), "OLD-2"], 2, []),  # from before the mask was changed
        ([*order(1), "OLD-2"], 3, [(NumberRule.GAP, 2, 3)]),
    ],
)
def test_every_count_is_borne_once(numbers: list[str], last: int, wanted: list) -> None:
    assert audited(numbers, last) == wanted


def test_what_a_mask_leaves_out_is_no_gap() -> None:
    assert audited(["A101", "A102"], 102, mask="A{000+100}", period="") == []
    assert audited(["A101", "A103"], 103, mask="A{000+100}", period="") == [
        (NumberRule.GAP, 102, 102)
    ]
    # The company began at 101 by another mask, and the counter went on.
    assert audited(["A101", "A102"], 102, mask="A{000}", period="") == []


@pytest.mark.parametrize(
    ("mask", "count", "period"),
    [
        ("ORD{yyyy}-{00000@year}", 7, "2024"),
        ("{yy}.{mm}/{000@month+5}", 123_456, "2024-02"),
        ("{customer}-{00}", 3, ""),
        ("{yyyy}{mm}{dd}_{0}_{yyyy}", 12, ""),
    ],
)
def test_a_number_is_read_as_its_mask_has_made_it(mask: str, count: int, period: str) -> None:
    look = NumberMask(mask)
    number = look.number(count, LEAP_DAY, "C000042")
    assert look.read(number) == (period, count)
    assert look.read(number + "x") is None
    assert look.period(LEAP_DAY) == period


def test_files_that_are_gone_or_changed_are_named(tmp_path: Path) -> None:
    files, store = DirectoryFiles(tmp_path), MemoryStore()
    right, changed = files.put(CLERK, b"right"), files.put(CLERK, b"changed")
    gone = hashlib.sha256(b"gone").hexdigest()
    logo = hashlib.sha256(b"a logo").hexdigest()
    (tmp_path / str(CLERK.company_id) / changed[:2] / changed).write_bytes(b"Changed")
    with store(CLERK) as uow:
        for turn, digest in enumerate((right, changed, gone)):
            key = PrintoutKey(
                document_type=DocumentType(ORDER),
                document_id=UUID(int=turn),
                locale="en",
                paper=Paper.A4,
            )
            uow.printouts.keep(CLERK, Printout(key=key, digest=digest, made_at=NOON))
        uow.letterheads.save(CLERK, uow.letterheads.get(CLERK).with_logo(logo))
    verify = VerifyFiles(unit_of_work=store, clock=FixedClock(), observer=Witness(), files=files)
    whole = verify(CLERK, VerifyFilesQuery())
    assert {(each.digest, each.rule) for each in whole.differences} == {
        (changed, FileRule.DAMAGED),
        (gone, FileRule.MISSING),
        (logo, FileRule.MISSING),
    }
    assert (len(whole.checked), whole.next, whole.consistent) == (4, None, False)
    seen, after = [], ""
    for _ in range(4):
        some = verify(CLERK, VerifyFilesQuery(after=after, limit=1))
        seen += some.checked
        after = some.next or ""
        if not after:
            break
    assert sorted(seen) == sorted([right, changed, gone, logo])
    with expect(MalformedError):
        VerifyFilesQuery(limit=0)
