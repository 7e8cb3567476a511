"""A house with two companies, over memory, whose clock and hasher the tests own."""

from dataclasses import replace

from erp_core.erp import Erp
from erp_core.identity.entities import Company, RoleId, Session, User, UserId
from erp_core.identity.use_cases import (
    CreateCompanyCommand,
    CreateUserCommand,
    DefineRoleCommand,
    RefreshSessionCommand,
    SignInCommand,
)
from erp_core.kernel.access import Principal
from erp_core.kernel.audit import AuditRecord
from erp_core.kernel.context import NO_COMPANY, CompanyId, Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import AuditQuery
from erp_core.testing import ACME, RIVAL, MovableClock, context
from erp_core.testing.identity import FixedHasher, a_company
from erp_memory.store import MemoryStore
from tests.wiring import an_erp

PASSWORD = "green tea, two leaves"
STRANGER = context(
    "identity.session.open",
    "identity.session.refresh",
    "identity.session.end",
    company=NO_COMPANY,
)
KEEPER = context("*", company=NO_COMPANY)  # the program that keeps the house


class Interrupted(FixedHasher):
    """Lets something happen between the verification and the decision."""

    meanwhile = None

    def verify(self, ctx: Context, password_hash: str, password: str) -> bool:
        fits = super().verify(ctx, password_hash, password)
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()
        return fits


class House:
    def __init__(self, hasher: FixedHasher | None = None) -> None:
        self.store = MemoryStore()
        self.clock = MovableClock()
        self.hasher = hasher or FixedHasher()
        self.erp: Erp = an_erp(self.store, clock=self.clock, hasher=self.hasher)
        self.identity = self.erp.identity
        self.admin = self.found(ACME, "admin")
        self.rival = self.found(RIVAL, "rival")

    def found(self, company_id: CompanyId, login: str) -> Context:
        """Found a company and return the context of its administrator."""
        command = CreateCompanyCommand(
            company=a_company(company_id), administrator=a_command(login=login)
        )
        made = self.identity.create_company(KEEPER, command)
        return self.of(made.administrator, "*", company=made.company.id)

    def of(self, user: User, *grants: str, company: CompanyId = ACME) -> Context:
        """Return the context of *user*, who holds exactly *grants*."""
        principal = Principal(id=str(user.id), grants=frozenset(grants))
        return replace(context(company=company), principal=principal)

    def enter(self, login: str = "ana", *roles: str) -> User:
        return self.identity.create_user(self.admin, a_command(login=login, roles=roles))

    def define(self, name: str, *grants: str) -> None:
        command = DefineRoleCommand(id=RoleId(new_id()), name=name, grants=grants)
        self.identity.define_role(self.admin, command)

    def sign_in(self, login: str = "ana", password: str = PASSWORD) -> Session:
        command = SignInCommand(login=login, password=password)
        return self.identity.sign_in(STRANGER, command).required()

    def refresh(self, refresh_token: str) -> Session:
        command = RefreshSessionCommand(refresh_token=refresh_token)
        return self.identity.refresh_session(STRANGER, command).required()

    def sign_out(self, refresh_token: str) -> None:
        self.identity.end_session(STRANGER, RefreshSessionCommand(refresh_token=refresh_token))

    def trail(self, company: CompanyId = ACME) -> tuple[AuditRecord, ...]:
        ctx = context("identity.audit.read", company=company)
        query = AuditQuery(page=PageRequest(limit=200))
        return self.identity.list_audit(ctx, query).items

    def company(self) -> Company:
        return self.identity.get_company(self.admin, None)


def a_command(**changes: object) -> CreateUserCommand:
    user_id = UserId(new_id())
    command = CreateUserCommand(id=user_id, login="ana", name="Ana", password=PASSWORD)
    return replace(command, **changes)
