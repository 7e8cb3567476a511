"""Several programs that serve and several that work, with one database between them.

What docs/scaling.md promises: nothing is sold twice and nothing lost, whichever program is asked,
and of all that was left for later each is done once.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from pathlib import Path

import pytest

from tests.acceptance.houses import PASSWORD, SECRET_KEY, House
from tests.acceptance.mails import leave_mails
from tests.apps.programs import PATIENCE_SECONDS, Server, ask, program, serving, spelled, until
from tests.databases import SERVERS, url
from tests.mail.server import Post, a_server

pytestmark = pytest.mark.timeout(300)  # five programs start, one after the other

SERVING = 2
WORKING = 2
CLIENTS = 8
ISSUES = 12  # of one piece, by each client
STOCK = 80  # fewer than are asked for: the last ones are refused
MAILS = 40


@dataclass(frozen=True, slots=True)
class Estate:
    """All the programs of a company, and how their database is reached from here."""

    houses: list[House]
    workers: list[Server]
    post: Post
    database_url: str


@pytest.fixture(params=SERVERS)
def estate(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Estate]:
    post = Post()
    address = spelled(url(request.param, tmp_path))
    settings = {
        "ERP_PORT": "0",
        "ERP_ADMIN_PASSWORD": PASSWORD,
        "ERP_SECRET_KEY": SECRET_KEY,
        "ERP_DATABASE_URL": address,
        "ERP_MAIL_FROM": "shop@example.org",
        "ERP_DB_MAX_OPEN": "6",
        "ERP_DB_MAX_IDLE": "6",
    }
    with ExitStack() as stack:
        controller = stack.enter_context(a_server(post))
        settings["ERP_SMTP_URL"] = f"smtp://127.0.0.1:{controller.port}"
        made = program("init", folder=tmp_path, **settings)
        assert made.returncode == 0, made.stderr

        def start(command: str, ready: str, **more: str) -> Server:
            arguments = ("-m", "erp_app", command)
            started = serving(*arguments, folder=tmp_path, ready=ready, **settings | more)
            return stack.enter_context(started)

        servers = [start("serve", "listening on", ERP_WORKERS="0") for _ in range(SERVING)]
        workers = [start("worker", "working with") for _ in range(WORKING)]
        token = signed_in(servers[0])  # the other one knows it too
        houses = [House(server=each, token=token, numbers=count(1)) for each in servers]
        yield Estate(houses, workers, post, address)


def signed_in(server: Server) -> str:
    credentials = {"login": "admin", "password": PASSWORD}
    status, said = server.ask("POST", "/v1/auth/token", credentials)
    assert status == 200, said
    return str(said["access_token"])


def test_under_load_no_piece_is_lost_and_each_task_is_done_once(estate: Estate) -> None:
    first, second = estate.houses
    shelf = first.shelf(STOCK)
    subjects = leave_mails(estate.database_url, first, MAILS)

    with ThreadPoolExecutor(CLIENTS) as pool:
        told = pool.map(lambda client: issues(estate, client, shelf), range(CLIENTS))
        answers = Counter(each for story in told for each in story)
    until(lambda: len(estate.post.taken) >= MAILS)
    done = until(lambda: all_done(first))

    assert answers == {201: STOCK, 409: CLIENTS * ISSUES - STOCK}
    assert first.on_hand(shelf) == second.on_hand(shelf) == "0"
    assert second.moved(shelf) == STOCK + 1
    assert second.get("/v1/stock/verify") == {
        "consistent": True,
        "differences": [],
        "more": 0,
    }
    assert Counter(str(mail["Subject"]) for mail, _ in estate.post.taken) == Counter(subjects)
    assert {each["attempts"] for each in done} == {1}
    shared = [sum("job.done" in line for line in each.logged) for each in estate.workers]
    assert sum(shared) >= MAILS
    assert all(shared), "one of them did nothing"


def issues(estate: Estate, client: int, shelf: dict[str, str]) -> list[int]:
    """Take one piece after the other, of one server and the other in turns."""
    statuses = []
    with ExitStack() as stack:
        lines = [
            stack.enter_context(
                closing(HTTPConnection("127.0.0.1", house.server.port, timeout=PATIENCE_SECONDS))
            )
            for house in estate.houses
        ]
        for number in range(ISSUES):
            line = lines[(client + number) % SERVING]
            body = shelf | {"quantity": "1"}
            token = estate.houses[0].token
            statuses.append(ask(line, "POST", "/v1/stock/issues", body, token=token)[0])
    return statuses


def all_done(house: House) -> list[dict[str, object]]:
    """Return the mails' jobs once none of them is open."""
    jobs = house.get("/v1/jobs?kind=documents.send_mail&limit=100")["items"]
    return jobs if all(each["state"] == "done" for each in jobs) else []
