"""CT-01: the product alone, where nothing else is, does all that a company asks of it.

As nobody's account, in a root that is read-only but for one volume: no shell, no C library and no
certificate of the machine. It migrates, serves, sells, prints, mails over TLS to a server it knows
by name, and ends in order; on every database.
"""

import shutil
import signal
import ssl
import stat
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import Message
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.acceptance.houses import PASSWORD, SECRET_KEY, House
from tests.acceptance.places import BUILD_SECONDS, MAIL_HOST, TLS, EmptyRoot, Place, find_place
from tests.apps.programs import PATIENCE_SECONDS, environment, serving, spelled, until
from tests.databases import KINDS, url
from tests.mail.server import Post, a_server

pytestmark = pytest.mark.timeout(BUILD_SECONDS + 180)

CUSTOMER = "Padaria São João & Cia"
ANA = "ana@example.com"


@dataclass(frozen=True, slots=True)
class Site:
    """A place with its settings."""

    place: Place
    settings: dict[str, str]

    def erp(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run one command there to its end."""
        return subprocess.run(
            self.place.command(*arguments),
            env=environment(**self.settings | settings),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS * 2,
            check=False,
        )

    def does(self, *arguments: str, **settings: str) -> str:
        ran = self.erp(*arguments, **settings)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


@pytest.fixture(params=KINDS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    place = find_place(tmp_path)
    address = "sqlite:////data/erp.db"
    if request.param != "sqlite":
        address = spelled(url(request.param, tmp_path))
    settings = {
        "ERP_DATABASE_URL": address,
        "ERP_STORAGE_DIR": "/data/storage",
        "ERP_HOST": "127.0.0.1",
        "ERP_PORT": "0",
        "ERP_ADMIN_PASSWORD": PASSWORD,
        "ERP_SECRET_KEY": SECRET_KEY,
        "ERP_MAIL_FROM": "shop@example.org",
    }
    yield Site(place, settings)
    if isinstance(place, EmptyRoot):
        shutil.rmtree(place.root)


@pytest.fixture
def post(site: Site) -> Iterator[Post]:
    """Stand a mail server beside the site, which proves itself by a certificate."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(TLS / "mail.erp.test.pem")
    post = Post()
    with a_server(post, tls_context=tls, require_starttls=True) as controller:
        site.settings["ERP_SMTP_URL"] = f"smtp://{MAIL_HOST}:{controller.port}"
        yield post


def test_alone_in_an_empty_root_a_company_sells_prints_mails_and_closes(
    site: Site, post: Post
) -> None:
    before = contents(site.place)
    site.does("migrate", "up")
    assert PASSWORD not in site.does("init", "--json")
    with opened(site) as house:
        site.does("health", ERP_PORT=str(house.server.port))
        site.does("health", "--ready", ERP_PORT=str(house.server.port))
        invoice = sold(house)
        paper = house.get(f"/v1/invoices/{invoice}/pdf")
        assert b"swagger" in house.get("/docs")
        status, said = house.ask("POST", f"/v1/invoices/{invoice}/send", {"to": [ANA]})
        assert status == 202, said
        mail, recipients = until(lambda: post.taken and post.taken[0])

    assert CUSTOMER in text_of(paper)
    assert attached(mail) == paper
    assert recipients == {ANA}
    site.does("verify")
    assert contents(site.place) == before
    refused = site.erp("init", ERP_DATABASE_URL="sqlite:////elsewhere.db")
    assert refused.returncode == 4, refused.stdout


@contextmanager
def opened(site: Site) -> Iterator[House]:
    """Serve, sign in, and at the end see every program of the site end in order.

    On a server's database as a company of some size does it: two processes that serve, and the
    tasks in a program of their own.
    """
    alone = site.settings["ERP_DATABASE_URL"].startswith("sqlite")
    several = {} if alone else {"ERP_PROCESSES": "2", "ERP_WORKERS": "0"}
    with ExitStack() as stack:
        programs = [stack.enter_context(started(site, "serve", **several))]
        if not alone:
            programs.append(stack.enter_context(started(site, "worker")))
        credentials = {"login": "admin", "password": PASSWORD}
        status, said = programs[0].ask("POST", "/v1/auth/token", credentials)
        assert status == 200, said
        yield House(server=programs[0], token=said["access_token"], numbers=count(1))
        for each in programs:
            each.process.send_signal(signal.SIGTERM)
            assert each.process.wait(PATIENCE_SECONDS) == 0, each.words()


def started(site: Site, command: str, **settings: str) -> Any:
    program, *arguments = site.place.command(command)
    ready = "working with" if command == "worker" else "listening on"
    return serving(
        *arguments,
        folder=site.place.volume.parent,
        program=program,
        ready=ready,
        **site.settings | settings,
    )


def sold(house: House) -> str:
    """Sell five of a product that is in stock, and be paid; return the invoice."""
    customer = house.post(
        "/v1/parties", {"kind": "company", "name": CUSTOMER, "roles": ["customer"]}
    )
    shelf = house.shelf(8)
    line = shelf | {"quantity": "5", "unit_price": {"amount": "19.90", "currency": "BRL"}}
    order = house.post("/v1/orders", {"party_id": customer["id"], "lines": [line]})
    done(house, f"/v1/orders/{order['id']}/confirm")
    shipment = house.post(
        "/v1/shipments", {"order_id": order["id"], "warehouse_id": shelf["warehouse_id"]}
    )
    done(house, f"/v1/shipments/{shipment['id']}/validate")
    invoice = house.post("/v1/invoices", {"order_id": order["id"]})
    done(house, f"/v1/invoices/{invoice['id']}/validate")
    payment = {
        "party_id": customer["id"],
        "direction": "in",
        "amount": "99.50",
        "method": "pix",
        "allocate": "oldest",
    }
    assert house.post("/v1/payments", payment)["allocated"]["amount"] == "99.50"
    assert house.on_hand(shelf) == "3"
    return str(invoice["id"])


def done(house: House, path: str) -> None:
    status, said = house.ask("POST", path, {})
    assert status == 200, said


def text_of(paper: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages)


def attached(mail: Message) -> bytes:
    (found,) = [part for part in mail.walk() if part.get_content_type() == "application/pdf"]
    payload = found.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


def contents(place: Place) -> dict[str, tuple[int, int, int]]:
    """Return what lies in the root outside of the volume; an image is the engine's to guard."""
    if not isinstance(place, EmptyRoot):
        return {}
    found = {}
    for each in place.root.rglob("*"):
        if each != place.volume and place.volume not in each.parents:
            looked = each.lstat()
            size = 0 if stat.S_ISDIR(looked.st_mode) else looked.st_size
            found[str(each)] = (looked.st_mode, size, looked.st_mtime_ns)
    return found
