"""A house behind its real door: tokens and keys, over memory."""

from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from erp_core.erp import Erp
from erp_core.identity.entities import UserId
from erp_core.identity.use_cases import CreateCompanyCommand, CreateUserCommand
from erp_core.kernel.context import NO_COMPANY, CompanyId
from erp_core.kernel.entity import new_id
from erp_core.testing import ACME, RIVAL, MovableClock, context
from erp_core.testing.identity import a_company
from erp_http.app import create_app
from erp_http.tokens import BearerAuthentication, Tokens
from erp_memory.store import MemoryStore
from tests.http.clients import described
from tests.http.served import SIGNING_KEY
from tests.wiring import an_erp

PASSWORD = "green tea, two leaves"


@dataclass
class Door:
    """A client who is signed in as the administrator unless a call says otherwise."""

    clock: MovableClock = field(default_factory=MovableClock)
    tokens: Tokens = field(default_factory=lambda: Tokens(SIGNING_KEY))
    store: MemoryStore = field(default_factory=MemoryStore)

    def __post_init__(self) -> None:
        self.erp: Erp = an_erp(self.store, clock=self.clock)
        self.found(ACME, "admin")
        self.found(RIVAL, "rival")
        known = BearerAuthentication(self.tokens, self.erp.identity.authenticate_api_key)
        app = create_app(self.erp, known, self.tokens)
        self.client: FlaskClient = described(app)
        self.token = self.sign_in("admin").json["access_token"]

    def found(self, company_id: CompanyId, login: str) -> None:
        administrator = CreateUserCommand(
            id=UserId(new_id()), login=login, name=login, password=PASSWORD
        )
        command = CreateCompanyCommand(company=a_company(company_id), administrator=administrator)
        self.erp.identity.create_company(context("*", company=NO_COMPANY), command)

    def sign_in(self, login: str, password: str = PASSWORD) -> TestResponse:
        return self.client.post("/v1/auth/token", json={"login": login, "password": password})

    def call(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, **headers: str
    ) -> TestResponse:
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        said.setdefault("Authorization", f"Bearer {token or self.token}")
        return self.client.open(path, method=method, json=body, headers=said)
