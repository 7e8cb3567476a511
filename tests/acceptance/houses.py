"""A serving program with an administrator signed in, as a client over the network sees it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Any, Final

from tests.apps.programs import PATIENCE_SECONDS, Server, ask, serving, spelled
from tests.databases import url

PASSWORD: Final = "correct horse battery"
SECRET_KEY: Final = "k3y-" * 10

Answer = tuple[int, Any]
Asks = Callable[..., Answer]  # method, path and body; over a connection that is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A server, and what an administrator of its company asks of it."""

    server: Server
    token: str
    numbers: Iterator[int]

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        return self.server.ask(method, path, body, token=self.token)

    def post(self, path: str, body: object) -> Any:
        """Return what was made, which must succeed."""
        status, said = self.ask("POST", path, body)
        assert status == 201, said
        return said

    def get(self, path: str) -> Any:
        status, said = self.ask("GET", path)
        assert status == 200, said
        return said

    def product(self) -> str:
        """Return the id of a new product."""
        sku = f"TEA-{next(self.numbers)}"
        return str(self.post("/v1/products", {"sku": sku, "name": sku, "kind": "goods"})["id"])

    def warehouse(self) -> str:
        """Return the id of a new warehouse."""
        code = f"W{next(self.numbers)}"
        return str(self.post("/v1/warehouses", {"code": code, "name": code})["id"])

    def shelf(self, quantity: int = 0) -> dict[str, str]:
        """Return where *quantity* of a new product lies, as a request names it."""
        found = {"product_id": self.product(), "warehouse_id": self.warehouse()}
        if quantity:
            self.post("/v1/stock/receipts", found | receipt(quantity))
        return found

    def on_hand(self, shelf: dict[str, str]) -> str:
        asked = "&".join(f"{name}={value}" for name, value in shelf.items())
        (item,) = self.get(f"/v1/stock/items?{asked}")["items"]
        return str(item["on_hand"])

    def moved(self, shelf: dict[str, str]) -> int:
        """Return how many movements there have been."""
        asked = "&".join(f"{name}={value}" for name, value in shelf.items())
        return int(self.get(f"/v1/stock/movements?{asked}&include=total&limit=1")["total"])

    def together(self, stories: Sequence[Callable[[Asks], list[Answer]]]) -> list[Answer]:
        """Let every story be told at once, each over a connection of its own; return all answers.

        Raises:
            ConnectionError: the server hung up on somebody.
        """
        start = Barrier(len(stories))

        def told(story: Callable[[Asks], list[Answer]]) -> list[Answer]:
            line = HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE_SECONDS)
            with closing(line):
                start.wait(PATIENCE_SECONDS)
                return story(partial(ask, line, token=self.token))

        with ThreadPoolExecutor(len(stories)) as pool:
            return [answer for answers in pool.map(told, stories) for answer in answers]


def receipt(quantity: int) -> dict[str, object]:
    return {"quantity": str(quantity), "unit_cost": {"amount": "2.50", "currency": "BRL"}}


@contextmanager
def open_house(kind: str, folder: Path, **settings: str) -> Iterator[House]:
    """Start a server on an empty database of *kind*, and sign in."""
    known = {
        "ERP_PORT": "0",
        "ERP_ADMIN_PASSWORD": PASSWORD,
        "ERP_SECRET_KEY": SECRET_KEY,
        "ERP_DATABASE_URL": spelled(url(kind, folder)),
    }
    with serving("-m", "erp_app", "serve", folder=folder, **known | settings) as server:
        credentials = {"login": "admin", "password": PASSWORD}
        status, said = server.ask("POST", "/v1/auth/token", credentials)
        assert status == 200, said
        yield House(server=server, token=said["access_token"], numbers=count(1))
