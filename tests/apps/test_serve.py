"""``erp serve`` and ``erp init``: from an empty folder to a working house, and out again."""

import http.client
import json
import re
import signal
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import pytest

from erp_app.serving import address_of, bind, listen
from tests.apps.programs import Server, ask, erp, program, serving, spelled, until
from tests.databases import KINDS, SERVERS, url

PASSWORD = "correct horse battery"
KNOWN = {"ERP_PORT": "0", "ERP_ADMIN_PASSWORD": PASSWORD}
SERVE = ("-m", "erp_app", "serve")


def at(kind: str, folder: Path) -> dict[str, str]:
    return {"ERP_DATABASE_URL": spelled(url(kind, folder)), "ERP_SECRET_KEY": "k" * 40}


def rows(folder: Path, query: str) -> list[str]:
    """Return the one column that *query* reads of the embedded database."""
    with closing(sqlite3.connect(folder / "erp.db")) as database:
        return [value for (value,) in database.execute(query)]


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[Server]:
    with serving(*SERVE, folder=folder, **KNOWN | settings) as server:
        yield server


def signed_in(server: Server, login: str = "admin", password: str = PASSWORD) -> str:
    status, said = server.ask("POST", "/v1/auth/token", {"login": login, "password": password})
    assert status == 200, said
    return str(said["access_token"])


def test_an_empty_folder_becomes_a_working_house(tmp_path: Path) -> None:
    with serving(*SERVE, folder=tmp_path, ERP_PORT="0") as server:
        printed = re.findall(r"PASSWORD, shown this once: +(\S+)", server.words())
        token = signed_in(server, password=printed[0])
        made = server.ask("POST", "/v1/warehouses", {"code": "A", "name": "A"}, token=token)

        assert len(printed) == 1
        assert made[0] == 201
        assert len(rows(tmp_path, "SELECT code FROM catalog_unit")) > 5
        assert server.ask("GET", "/ready")[0] == 200
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) == 0
        assert not any(printed[0] in line for line in server.logged)
    for name in ("erp.db", "erp.db.secret"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_given_password_is_used_and_not_printed(tmp_path: Path) -> None:
    named = {"ERP_ADMIN_LOGIN": "ana", "ERP_COMPANY_NAME": "Loja", "ERP_CURRENCY": "EUR"}
    with served(tmp_path, **named) as server:
        token = signed_in(server, "ana")
        me = server.ask("GET", "/v1/me", token=token)[1]

        assert me["company"]["name"] == "Loja"
        assert me["company"]["currency"] == "EUR"
        assert PASSWORD not in server.words()


def test_a_token_outlives_a_restart_of_the_embedded_default(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        token = signed_in(server)
    with served(tmp_path) as server:
        assert server.ask("GET", "/v1/me", token=token)[0] == 200
        assert "made the company" not in server.words()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_made_is_made_once_on_every_database(tmp_path: Path, kind: str) -> None:
    known = at(kind, tmp_path)
    first = json.loads(erp("init", "--json", folder=tmp_path, **known).stdout)
    second = json.loads(erp("init", "--json", folder=tmp_path, **known).stdout)
    with served(tmp_path, **known) as server:
        token = signed_in(server, password=first["password"])
        assert server.ask("GET", "/v1/warehouses", token=token)[0] == 200

    assert first["migrations"]
    assert (first["company"], first["login"]) == ("My Company", "admin")
    assert second == {"migrations": [], "company": None, "login": None, "password": None}


@pytest.mark.parametrize("kind", SERVERS)
def test_a_servers_older_database_is_left_to_its_operator(tmp_path: Path, kind: str) -> None:
    known = at(kind, tmp_path)
    erp("migrate", "up", "0001", folder=tmp_path, **known)
    for command in ("serve", "init"):
        refused = program(command, folder=tmp_path, **known)
        assert refused.returncode == 5
        assert "run `erp migrate up`" in refused.stderr
        assert refused.stderr.count("\n") == 1
    assert erp("migrate", "up", folder=tmp_path, **known).returncode == 0
    assert erp("init", folder=tmp_path, **known).returncode == 0


def test_a_database_server_needs_a_key_that_is_given(tmp_path: Path) -> None:
    refused = program("serve", folder=tmp_path, ERP_DATABASE_URL="mysql://db/erp", ERP_PORT="0")

    assert refused.returncode == 3
    assert refused.stderr.startswith("erp: ERP_SECRET_KEY: ")


def test_a_first_user_who_cannot_be_is_a_wrong_setting(tmp_path: Path) -> None:
    weak = erp("init", folder=tmp_path, ERP_ADMIN_PASSWORD="short")
    odd = erp("init", folder=tmp_path, ERP_ADMIN_LOGIN="two words")

    assert (weak.returncode, odd.returncode) == (3, 3)
    assert weak.stderr.splitlines()[-1].startswith("erp: ERP_ADMIN_PASSWORD: ")
    assert odd.stderr.splitlines()[-1].startswith("erp: ERP_ADMIN_LOGIN: ")


def test_a_port_in_use_is_one_clear_line_and_nothing_is_made(tmp_path: Path) -> None:
    other = bind("127.0.0.1", 0)
    listen(other)
    port = address_of(other).rsplit(":", 1)[1]
    refused = program("serve", folder=tmp_path, ERP_PORT=port)
    other.close()

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"erp: ERP_PORT: {port} on 127.0.0.1 is in use")
    assert refused.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_users_are_added_listed_kept_out_and_let_in_again(tmp_path: Path) -> None:
    missing = erp("user", "list", folder=tmp_path)
    erp("init", folder=tmp_path, **KNOWN)
    added = erp("user", "add", "ana", "--role", "sales", "--json", folder=tmp_path)
    made = json.loads(added.stdout)
    again = erp("user", "add", "ana", folder=tmp_path)
    with served(tmp_path) as server:
        credentials = {"login": "ana", "password": made["password"]}
        assert server.ask("POST", "/v1/auth/token", credentials)[0] == 200
        assert erp("user", "disable", "ana", folder=tmp_path).returncode == 0
        assert server.ask("POST", "/v1/auth/token", credentials)[0] == 401
        assert erp("user", "enable", "ana", folder=tmp_path).returncode == 0
        changed = json.loads(erp("user", "password", "ana", "--json", folder=tmp_path).stdout)
        assert server.ask("POST", "/v1/auth/token", credentials)[0] == 401
        signed_in(server, "ana", changed["password"])
    listed = json.loads(erp("user", "list", "--json", folder=tmp_path).stdout)
    nobody = erp("user", "disable", "an", folder=tmp_path)

    assert (missing.returncode, again.returncode, nobody.returncode) == (4, 1, 1)
    assert "identity.user.login_taken" in again.stderr
    assert "there is no user an;" in nobody.stderr
    assert [(each["login"], each["roles"]) for each in listed] == [
        ("admin", ["administrator"]),
        ("ana", ["sales"]),
    ]
    assert re.search(
        r"^ana +active +ana \(sales\)$", erp("user", "list", folder=tmp_path).stdout, 8
    )


def test_stock_that_its_movements_do_not_explain_is_named(tmp_path: Path) -> None:
    erp("init", folder=tmp_path, **KNOWN)
    clean = erp("verify", folder=tmp_path)
    other = erp("verify", "--company", "0" * 32, folder=tmp_path)

    assert clean.returncode == 0
    assert clean.stdout.startswith("consistent")
    assert json.loads(erp("verify", "--json", folder=tmp_path).stdout)["consistent"]
    assert (other.returncode, "no such company" in other.stderr) == (1, True)

    with served(tmp_path) as server:
        token = signed_in(server)
        stocked = a_receipt(server, token)
    with closing(sqlite3.connect(tmp_path / "erp.db")) as database, database:
        database.execute("UPDATE inventory_stock_item SET on_hand = on_hand + 1")
    damaged = erp("verify", "--json", folder=tmp_path)
    (found,) = json.loads(damaged.stdout)["differences"]

    assert damaged.returncode == erp("verify", folder=tmp_path).returncode == 1
    assert found["product_id"] == stocked
    assert (found["rule"], found["found"], found["expected"]) == ("on_hand", "10.000001", "10")


def a_receipt(server: Server, token: str) -> str:
    """Receive ten of a new product, and return the product's id."""

    def made(path: str, body: dict[str, object]) -> str:
        status, said = server.ask("POST", path, body, token=token)
        assert status == 201, said
        return str(said["id"])

    product = made("/v1/products", {"sku": "TEA", "name": "Tea", "kind": "goods"})
    warehouse = made("/v1/warehouses", {"code": "A", "name": "A"})
    cost = {"amount": "2.50", "currency": "BRL"}
    receipt = {"product_id": product, "warehouse_id": warehouse, "quantity": "10"}
    made("/v1/stock/receipts", receipt | {"unit_cost": cost})
    return product


def test_the_description_is_the_one_that_is_served(tmp_path: Path) -> None:
    printed = json.loads(erp("openapi", folder=tmp_path).stdout)
    with served(tmp_path) as server:
        assert server.ask("GET", "/openapi.json")[1] == printed


def test_a_request_that_waits_for_the_database_is_answered_after_the_signal(
    tmp_path: Path,
) -> None:
    with served(tmp_path, ERP_DB_LOCK_WAIT_S="20") as server:
        token = signed_in(server)
        rival = sqlite3.connect(tmp_path / "erp.db", isolation_level=None)
        rival.execute("BEGIN IMMEDIATE")
        waits = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        body = json.dumps({"code": "A", "name": "A"})
        told = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        waits.request("POST", "/v1/warehouses", body, told)
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        line.connect()
        server.process.send_signal(signal.SIGTERM)
        until(lambda: any("server.draining" in line for line in server.logged))
        # Whoever holds a connection still hears that he is to go elsewhere.
        status, said = ask(line, "GET", "/ready")
        rival.execute("ROLLBACK")
        rival.close()
        found = waits.getresponse().status
        waits.close()
        line.close()

        assert (status, found) == (503, 201)
        assert [each["name"] for each in said["checks"] if not each["ok"]] == ["draining"]
        assert server.process.wait(15) == 0


class Client(Thread):
    """Adds warehouses one after the other until it is refused; remembers what was promised."""

    def __init__(self, server: Server, token: str, name: str) -> None:
        super().__init__()
        self._server, self._token, self._name = server, token, name
        self.promised: list[str] = []
        self.odd: list[object] = []

    def run(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=20)
        while not self.odd:
            code = f"{self._name}-{len(self.promised)}"
            is_fresh = line.sock is None
            try:
                body = {"code": code, "name": code}
                status, said = ask(line, "POST", "/v1/warehouses", body, token=self._token)
            except (ConnectionError, http.client.HTTPException) as error:
                if not is_fresh:  # nobody said goodbye: what was asked has been dropped
                    self.odd.append(error)
                break
            if status != 201:
                self.odd.append(said)
            self.promised.append(code)
        line.close()


@pytest.mark.timeout(300)
def test_twenty_signals_under_load_lose_nothing_that_was_accepted(tmp_path: Path) -> None:
    promised: set[str] = set()
    for turn in range(20):
        with served(tmp_path, ERP_THREADS="2") as server:  # fewer than there are clients
            token = signed_in(server)
            clients = [Client(server, token, f"R{turn}C{n}") for n in range(8)]
            for each in clients:
                each.start()
            until(lambda each=clients: all(len(client.promised) >= 3 for client in each))
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(20) == 0
            for each in clients:
                each.join()
                assert each.odd == []
                promised.update(each.promised)
    assert set(rows(tmp_path, "SELECT code FROM inventory_warehouse")) == promised


@pytest.mark.parametrize("kind", SERVERS)
def test_several_processes_serve_one_house(tmp_path: Path, kind: str) -> None:
    with served(tmp_path, ERP_PROCESSES="2", **at(kind, tmp_path)) as server:
        token = signed_in(server)
        for n in range(8):
            body = {"code": f"W{n}", "name": "W"}
            assert server.ask("POST", "/v1/warehouses", body, token=token)[0] == 201
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) == 0


def test_several_processes_that_cannot_start_say_why_once(tmp_path: Path) -> None:
    address = "postgresql://erp:tiger@127.0.0.1:1/erp"
    known = {"ERP_DATABASE_URL": address, "ERP_SECRET_KEY": "k" * 40}
    refused = program("serve", folder=tmp_path, ERP_PORT="0", ERP_PROCESSES="2", **known)

    assert refused.returncode == 4
    assert refused.stderr.count("\n") == 1
    assert "refused" in refused.stderr
