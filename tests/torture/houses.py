"""A serving house on each database, and what happens to it while many clients write."""

import http.client
import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import make_url, text

from tests import servers
from tests.apps.programs import Server, serving, spelled

PASSWORD = "correct horse battery"
SERVE = ("-m", "erp_app", "serve")


@dataclass(slots=True)
class Heard:
    """What clients have heard: each status how often, and the ids that were acknowledged."""

    statuses: Counter[int] = field(default_factory=Counter)
    odd: list[Any] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    hung_up: int = 0


@contextmanager
def house(address: str, folder: Path, **settings: str) -> Iterator[Server]:
    known = {
        "ERP_PORT": "0",
        "ERP_ADMIN_PASSWORD": PASSWORD,
        "ERP_DATABASE_URL": spelled(address),
        "ERP_SECRET_KEY": "k" * 40,
    }
    with serving(*SERVE, folder=folder, **known | settings) as server:
        yield server


def token_of(server: Server) -> str:
    credentials = {"login": "admin", "password": PASSWORD}
    status, said = server.ask("POST", "/v1/auth/token", credentials)
    assert status == 200, said
    return str(said["access_token"])


def stocked(server: Server, token: str, quantity: str = "1000000") -> dict[str, str]:
    """Return the product and the warehouse of a stock that has just been received."""

    def made(path: str, body: dict[str, object]) -> str:
        status, said = server.ask("POST", path, body, token=token)
        assert status == 201, said
        return str(said["id"])

    sku = f"T{uuid4().hex[:8]}".upper()
    product = made("/v1/products", {"sku": sku, "name": "Tea", "kind": "goods"})
    place = made("/v1/warehouses", {"code": sku, "name": "A"})
    where = {"product_id": product, "warehouse_id": place}
    made("/v1/stock/receipts", {**where, "quantity": quantity, "unit_cost": "2.50"})
    return where


def on_hand(server: Server, token: str, where: dict[str, str]) -> str:
    status, said = server.ask(
        "GET", f"/v1/stock/items?product_id={where['product_id']}", token=token
    )
    assert status == 200, said
    return str(said["items"][0]["on_hand"])


def is_consistent(server: Server, token: str) -> bool:
    status, said = server.ask("GET", "/v1/stock/verify", token=token)
    assert status == 200, said
    return bool(said["consistent"])


def together(*tasks: Callable[[], None]) -> None:
    """Do all *tasks* at once, and raise what any of them raised."""
    with ThreadPoolExecutor(len(tasks)) as pool:
        for each in [pool.submit(task) for task in tasks]:
            each.result()


def issue_until(
    stop: Event, server: Server, token: str, where: dict[str, str], heard: Heard
) -> None:
    """Issue one unit after the other under ids of our own; start anew where the line breaks."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    while not stop.is_set():
        movement = str(UUID(int=uuid4().int))
        body = {**where, "id": movement, "quantity": "1"}
        try:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
            line.request("POST", "/v1/stock/issues", json.dumps(body), headers)
            answer = line.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            heard.hung_up += 1
            line.close()
            continue
        heard.statuses[answer.status] += 1
        if answer.status == 201:
            heard.acknowledged.add(str(json.loads(said)["id"]))
        elif answer.status != 503 or not answer.headers.get("Retry-After"):
            heard.odd.append((answer.status, said.decode()))
    line.close()


def cut_all(address: str) -> int:
    """End every session of the database but our own; return how many there were."""
    url = make_url(address)
    mysql = url.get_backend_name() == "mysql"
    listing = (
        "SELECT id FROM information_schema.processlist WHERE db = :name"
        if mysql
        else "SELECT pid FROM pg_stat_activity WHERE datname = :name"
        " AND backend_type = 'client backend'"
    )
    ended = 0
    with servers.administering(url.set(database="" if mysql else "postgres")) as connection:
        for number in connection.execute(text(listing), {"name": url.database}).scalars().all():
            if mysql:
                try:
                    connection.exec_driver_sql(f"KILL {number:d}")
                except servers.OperationalError:  # it has ended by itself meanwhile
                    continue
            else:
                connection.exec_driver_sql(f"SELECT pg_terminate_backend({number:d})")
            ended += 1
    return ended


def keyed(
    server: Server, token: str, where: dict[str, str], keys: list[str], heard: list[Any]
) -> None:
    """Issue one unit under each key, asking again for as long as another asks with it."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    for key in keys:
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": key,
        }
        status = 0
        while status in (0, 409, 503):
            line.request(
                "POST", "/v1/stock/issues", json.dumps({**where, "quantity": "1"}), headers
            )
            answer = line.getresponse()
            status, said = answer.status, json.loads(answer.read())
        heard.append((key, status, said.get("id")))
    line.close()
