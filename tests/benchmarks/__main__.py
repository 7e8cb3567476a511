"""``make bench``: the ERP against the least program that does the same SQL, in one run.

Each operation is driven with 1, 4 and 8 clients for a few seconds, the floor and the ERP by turns,
so that what a neighbour does to the machine meanwhile is done to both.
"""

import argparse
import json
import os
import pickle
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import URL

from erp_app.composition import House, core
from erp_app.errands import errand
from erp_app.settings import Settings
from erp_core.catalog.ports import ProductQuery
from erp_core.inventory.entities import Warehouse, WarehouseId
from erp_core.inventory.use_cases import ImportProductsCommand
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.csv_table import CsvTable
from erp_core.kernel.entity import new_id
from erp_core.kernel.page import PAGE_LIMIT_MAX, PageRequest
from tests import servers
from tests.apps.programs import ROOT, ask, environment, spelled
from tests.benchmarks.documents import documents
from tests.benchmarks.imports import IMPORT, imported, products_csv
from tests.benchmarks.operations import Call, Operation, Shelves, masters, movements, slug
from tests.benchmarks.recording import Recording, recording

import http.client  # isort: skip  # the standard library's, beside ours of the same name

CLIENTS = (1, 4, 8)
PRODUCTS = 1000
PROCESSES = os.cpu_count() or 1  # that serve: one a core, as docs/scaling.md says
THREADS = 8  # in each of them, as it is where nothing is said
TURNS = 4  # in which the seconds of each measurement are cut
PAYMENTS = 100  # a second of each measurement, if there is time for so many: each wants an invoice
WARMING = 20
PASSWORD = "green tea, two leaves"


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Make a database of our own, and drop it at the end."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/bench.db"
        return
    with ExitStack() as stack:
        server = servers.find(kind, stack)
        run = servers.new_run()
        made: URL = servers.create(server.url, f"erp_test_{run}_bench")
        try:
            yield made.render_as_string(hide_password=False)
        finally:
            servers.sweep(server.url, run)


@contextmanager
def program(*command: str, folder: Path, log: Path, **settings: str) -> Iterator[tuple[int, int]]:
    """Start a program that says where it listens; yield its port and its process."""
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=folder,
            env=environment(**settings),
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stderr is not None
            port = 0
            while not port:
                line = process.stderr.readline()
                assert line, f"{command[0]} did not start"
                found = re.search(r"listening on http://127\.0\.0\.1:(\d+)", line)
                port = int(found[1]) if found else 0
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(30)


def furnished(house: House, ctx: Context) -> Shelves:
    """Give the company two warehouses, and a thousand products in one of them."""
    here, there = (
        house.erp.inventory.add_warehouse(
            ctx, Warehouse(id=WarehouseId(new_id()), code=code, name=code)
        )
        for code in ("HERE", "THERE")
    )
    table = CsvTable(BytesIO(products_csv(PRODUCTS, "HERE").encode()))
    command = ImportProductsCommand(columns=table.columns, lines=tuple(table))
    house.erp.inventory.import_products(ctx, command)
    page, found = PageRequest(limit=PAGE_LIMIT_MAX), []
    while True:
        listed = house.erp.catalog.list_products(ctx, ProductQuery(page=page))
        found += [each.id for each in listed.items]
        if listed.next is None:
            return Shelves(products=list(found), here=here.id, there=there.id)
        page = PageRequest(limit=PAGE_LIMIT_MAX, after=listed.next)


def _cpu_ms(pid: int) -> float:
    """Return the processor time of a program and its children; neighbours do not disturb it."""
    ours = [pid, *_children(pid)]
    told = [_stat(each) for each in ours]
    return sum(int(each[11]) + int(each[12]) for each in told) * 1000 / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(each) for each in found.split()]


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()


@dataclass(frozen=True, kw_only=True)
class Load:
    """What the clients do, and for how long: where each call can be made but once, until then."""

    calls: Sequence[Call]
    clients: int
    seconds: float
    once: bool = False


def driven(server: tuple[int, int], token: str, load: Load) -> dict[str, Any]:
    """Let the clients loose, in a process of their own."""
    global FIRST  # noqa: PLW0603  # no number is said twice in a run
    port, pid = server
    told = {
        "port": port,
        "token": token,
        "clients": load.clients,
        "seconds": load.seconds,
        "flows": [[each] if isinstance(each, tuple) else each for each in load.calls],
        "once": load.once,
        "first": FIRST,
    }
    cpu = _cpu_ms(pid)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.driver"],
        input=json.dumps(told),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert not ran.stderr, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    found["cpu_ms"] = _cpu_ms(pid) - cpu
    FIRST = found.pop("next") + 1
    return found


FIRST = 1


def together(turns: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what several turns of the same load come to."""
    spent = sorted(chain.from_iterable(each["spent"] for each in turns))
    wall = sum(each["wall"] for each in turns)
    return {
        "per_second": len(spent) / wall,
        **{f"p{each}_ms": _share(spent, each) * 1000 for each in (50, 95, 99)},
        "calls": len(spent),
        "driver_cpu": sum(each["driver_cpu"] for each in turns) / wall,
        "cpu_ms": sum(each["cpu_ms"] for each in turns) / max(1, len(spent)),
        "statuses": sorted(set(chain.from_iterable(each["statuses"] for each in turns))),
    }


def _share(spent: list[float], percent: int) -> float:
    return spent[min(len(spent) - 1, len(spent) * percent // 100)] if spent else 0.0


def statements(log: Path, begins: int) -> float:
    """Return how many statements a request took, by what the server has logged since."""
    with log.open(encoding="utf-8") as lines:
        lines.seek(begins)
        told = [json.loads(line) for line in lines if '"http.request"' in line]
    return sum(each["db_queries"] for each in told) / max(1, len(told))


def sign_in(port: int) -> tuple[str, CompanyId]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    login = {"login": "admin", "password": PASSWORD}
    token = ask(line, "POST", "/v1/auth/token", login)[1]["access_token"]
    me = ask(line, "GET", "/v1/me", token=token)[1]
    line.close()
    return token, CompanyId(UUID(me["company"]["id"]))


def run(given: argparse.Namespace) -> dict[str, Any]:
    """Measure everything on one engine, served by so many processes of ours and of the floor."""
    kind, seconds, only, processes = given.engine, given.seconds, given.only, given.processes
    results: dict[str, Any] = {"engine": kind, "cores": os.cpu_count(), "processes": processes}
    results["operations"] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="erp_bench_")))
        address = spelled(stack.enter_context(database(kind, folder)))
        settings = {
            "ERP_DATABASE_URL": address,
            "ERP_ADMIN_PASSWORD": PASSWORD,
            "ERP_SECRET_KEY": secrets.token_hex(32),
            "ERP_PORT": "0",
            "ERP_PROCESSES": str(processes),
            "ERP_THREADS": str(THREADS),
        }
        log = folder / "erp.log"
        served = program("erp_app", "serve", folder=folder, log=log, **settings)
        server = stack.enter_context(served)
        token, company = sign_in(server[0])
        ctx = errand(company)
        with core(Settings.read(settings)) as house:
            shelves = furnished(house, ctx)
            table = [*masters(house, ctx, shelves.products), *movements(house, ctx, shelves)]
            payments = len(CLIENTS) * (WARMING + int(seconds * PAYMENTS))
            table += documents(house, ctx, shelves, only, payments)
            chosen = [each for each in table if only in each.name]
            recorded = {"nothing": Recording()}
            recorded |= {
                slug(each.name): recorded_of(house, each) for each in chosen if each.floor
            }
            del house
        file = folder / "recordings"
        file.write_bytes(pickle.dumps(recorded))
        kept = "kept" if given.kept else ""
        how = (str(file), str(THREADS), str(processes), kept)
        command = ("tests.benchmarks.floor", address, *how)
        floor = program(*command, folder=ROOT, log=folder / "floor.log")
        least = stack.enter_context(floor)
        sys.stdout.write(HEAD)
        for operation in chosen:
            results["operations"].append(measured(operation, server, token, least, log, seconds))
        if only in IMPORT:
            results["import"] = imported(folder, settings, company)
    return results


def recorded_of(house: House, operation: Operation) -> Recording:
    assert operation.record is not None
    samples = operation.samples
    with recording(house.engine, samples) as found:
        operation.record()
    return found


HEAD = (
    f"{'operation':<39} {'clients':>7} {'per s':>8} {'p50 ms':>7} {'p95':>7} {'p99':>7}"
    f" {'SQL':>5} {'floor/s':>8} {'ratio':>6}  goal  driver cpu ms  floor\n"
)


def measured(  # noqa: PLR0913, PLR0917  # both servers, and what they are asked
    operation: Operation,
    server: tuple[int, int],
    token: str,
    least: tuple[int, int],
    log: Path,
    seconds: float,
) -> dict[str, Any]:
    found: dict[str, Any] = {"name": operation.name, "goal": operation.goal, "runs": []}
    calls, floors = iter(operation.requests), iter(operation.floor or ())

    def load(clients: int, some: Sequence[Call], rest: Iterator[Call], *, warms: bool) -> Load:
        length = 0.3 if warms else seconds / TURNS
        many = WARMING if warms else int(length * PAYMENTS)
        return Load(
            calls=list(islice(rest, many)) if operation.once else some,
            clients=clients,
            seconds=length,
            once=operation.once,
        )

    def the_floor(clients: int, *, warms: bool) -> list[dict[str, Any]]:
        if not operation.floor:
            return []
        return [driven(least, "", load(clients, operation.floor, floors, warms=warms))]

    def the_erp(clients: int, *, warms: bool) -> list[dict[str, Any]]:
        return [driven(server, token, load(clients, operation.requests, calls, warms=warms))]

    for clients in CLIENTS:
        the_floor(clients, warms=True)
        the_erp(clients, warms=True)
        begins = log.stat().st_size
        least_done, done = [], []
        for _ in range(TURNS):
            least_done += the_floor(clients, warms=False)
            done += the_erp(clients, warms=False)
        floor = together(least_done) if least_done else None
        ours = together(done)
        assert floor is None or floor["statuses"] == ["200"], floor
        assert set(ours["statuses"]) <= {"200", "201"}, ours
        asked = operation.requests[0]
        sql = statements(log, begins) * (len(asked) if isinstance(asked, list) else 1)
        ratio = ours["per_second"] / floor["per_second"] if floor else None
        found["runs"].append(
            {"clients": clients, "erp": ours, "floor": floor, "sql": sql, "ratio": ratio}
        )
        sys.stdout.write(
            f"{operation.name:<39} {clients:>7} {ours['per_second']:>8.0f} {ours['p50_ms']:>7.2f}"
            f" {ours['p95_ms']:>7.2f} {ours['p99_ms']:>7.2f} {sql:>5.1f}"
            f" {floor['per_second'] if floor else 0:>8.0f} {ratio or 0:>6.2f}"
            f"  {operation.goal or '':>4}  {ours['driver_cpu']:>6.2f}"
            f" {ours['cpu_ms']:>6.2f} {floor['cpu_ms'] if floor else 0:>6.2f}\n"
        )
        sys.stdout.flush()
    return found


def in_markdown(results: dict[str, Any]) -> str:
    """Return the table of the README and of docs/benchmarks.md: the most clients, and one."""
    names = ("Operation", "Calls/s", "p50 ms", "p95 ms", "p99 ms", "SQL", "Floor/s", "Ratio")
    rows = [f"| {' | '.join(names)} | Ratio, 1 client |", "| --- |" + " --- |" * len(names)]
    for each in results["operations"]:
        one, most = each["runs"][0], each["runs"][-1]
        erp, floor = most["erp"], most["floor"]
        spent = " | ".join(f"{erp[name]:.0f}" for name in ("p50_ms", "p95_ms", "p99_ms"))
        told = (
            f"{floor['per_second']:.0f} | {most['ratio']:.2f} | {one['ratio']:.2f}"
            if floor
            else "- | - | -"
        )
        rows.append(
            f"| {each['name']} | {erp['per_second']:.0f} | {spent} | {most['sql']:.1f} | {told} |"
        )
    return "\n".join(rows) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=("postgresql", "mysql", "sqlite"))
    parser.add_argument("--seconds", type=float, default=6.0, help="of each measurement")
    parser.add_argument("--only", default="", help="operations with these words in their name")
    parser.add_argument(
        "--processes", type=int, default=PROCESSES, help="that serve; one a core unless said"
    )
    parser.add_argument(
        "--kept", action="store_true", help="let PostgreSQL keep the floor's statements ready, too"
    )
    given = parser.parse_args()
    found = run(given)
    file = ROOT / "build" / "bench" / f"{given.engine}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(f"written to {file.relative_to(ROOT)}\n\n{in_markdown(found)}")


if __name__ == "__main__":
    main()
