"""CT-03: who closes the connection ends the work, in the process that does it; so does time."""

import http.client
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.houses import House, open_house
from tests.apps.programs import until

# What the sandbox allows, and no machine ever finishes; the papers it is tried with are short.
LONG = "document.lines.rows | length > 100"
NEVER = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
ENDLESS = f"{{% if {LONG} %}}{NEVER}{{% endif %}}<p>{{{{ document.title }}}}</p>"
TIMEOUT_S = 3
GONE_SECONDS = 1.0
LINES = 1000  # of an order; each of them takes three on paper


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with open_house(request.param, folder, ERP_TASK_TIMEOUT_S=str(TIMEOUT_S)) as opened:
        yield opened


@pytest.fixture(scope="module")
def order(house: House) -> str:
    """Return where the paper of an order of 3,000 printed lines is."""
    party = house.post("/v1/parties", {"kind": "company", "name": "Ana", "roles": ["customer"]})
    line = {
        "description": "Café em grãos\ntorrado\nembalado",
        "quantity": "1.5",
        "unit_price": {"amount": "12.34", "currency": "BRL"},
    }
    made = house.post("/v1/orders", {"party_id": party["id"], "lines": [line] * LINES})
    return f"/v1/orders/{made['id']}/pdf"


def look(house: House, template: str | None) -> None:
    status, said = house.ask("PATCH", "/v1/letterhead", {"template": template})
    assert status == 200, said


def workers(house: House) -> set[int]:
    """Return the processes that set documents, by looking at the machine."""
    found = set()
    for each in Path("/proc").iterdir():
        with suppress(OSError, IndexError, ValueError):
            parent = int((each / "stat").read_text().rpartition(")")[2].split()[1])
            command = (each / "cmdline").read_bytes()
            if parent == house.server.process.pid and b"erp_pdf" in command:
                found.add(int(each.name))
    return found


def ticks(pid: int) -> int:
    """Return the processor time a process has used; of one that is no more, -1."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return -1
    return -1 if fields[0] == "Z" else int(fields[11]) + int(fields[12])


def logged(house: House, event: str, request_id: str) -> list[dict[str, Any]]:
    lines = [json.loads(each) for each in list(house.server.logged) if f'"{event}"' in each]
    return [each for each in lines if each.get("request_id") == request_id]


def begun(house: House, path: str, request_id: str) -> http.client.HTTPConnection:
    """Ask for a paper, and wait for nothing."""
    line = http.client.HTTPConnection("127.0.0.1", house.server.port)
    authorization = {"Authorization": f"Bearer {house.token}", "X-Request-Id": request_id}
    line.request("GET", path, headers=authorization)
    return line


def test_who_hangs_up_ends_the_process_that_works_for_him(house: House, order: str) -> None:
    look(house, None)
    status, paper = house.ask("GET", order)
    assert (status, paper[:5]) == (200, b"%PDF-")
    look(house, ENDLESS)
    before = workers(house)
    start = {each: ticks(each) for each in before}

    line = begun(house, order, "ct-03-cancelled")
    working = until(lambda: [each for each in before if ticks(each) > start[each] + 30])
    line.close()
    closed = time.monotonic()
    until(lambda: all(ticks(each) == -1 for each in working), GONE_SECONDS)
    assert time.monotonic() - closed < GONE_SECONDS

    (said,) = until(lambda: logged(house, "pdf.cancelled", "ct-03-cancelled"))
    assert said["document_type"] == "sales.order"
    whole = until(lambda: len(found := workers(house)) == len(before) and found)
    assert not whole & set(working)
    look(house, None)
    assert house.ask("GET", order)[0] == 200
    _, metrics = house.ask("GET", "/metrics")
    assert b'erp_pdfs_total{outcome="cancelled"} 1.0' in metrics


def test_what_takes_too_long_is_ended_and_said_to_be_late(house: House, order: str) -> None:
    look(house, ENDLESS)
    started = time.monotonic()
    line = begun(house, order, "ct-03-late")
    answer = line.getresponse()
    took = time.monotonic() - started
    problem = json.loads(answer.read())
    line.close()
    assert (answer.status, problem["code"]) == (504, "deadline_exceeded")
    assert TIMEOUT_S <= took < TIMEOUT_S + 1
    until(lambda: logged(house, "pdf.timeout", "ct-03-late"))
    until(lambda: len(workers(house)) == 2)
    look(house, None)
    assert house.ask("GET", order)[0] == 200


def test_a_process_that_dies_is_one_answer_lost_and_no_more(house: House, order: str) -> None:
    look(house, ENDLESS)
    before = until(lambda: len(found := workers(house)) == 2 and found)
    start = {each: ticks(each) for each in before}
    line = begun(house, order, "ct-03-killed")
    (working,) = until(lambda: [each for each in before if ticks(each) > start[each] + 30])
    os.kill(working, signal.SIGKILL)
    answer = line.getresponse()
    problem = json.loads(answer.read())
    line.close()
    assert (answer.status, problem["code"]) == (503, "documents.pdf.ended")
    look(house, None)
    assert house.ask("GET", order)[0] == 200
    assert house.ask("GET", "/health")[0] == 200
