"""Mails as a change leaves them: each with its job, in one transaction."""

from uuid import UUID

from erp_core.documents.entities import MailContent, new_mail
from erp_core.documents.ports import queue_mail
from erp_core.kernel.access import Principal
from erp_core.kernel.context import CompanyId, Context
from erp_sql.engine import make_engine
from erp_sql.unit_of_work import SqlStore
from erp_system.clock import SystemClock
from tests.acceptance.houses import House

TEXT = "Olá, São João"


def leave_mails(database_url: str, house: House, count: int = 1) -> list[str]:
    """Queue mails of the house's company; return the subject of each."""
    ctx = Context(
        principal=Principal(id="test", grants=frozenset()),
        company_id=CompanyId(UUID(house.get("/v1/company")["id"])),
        request_id="test",
        currency="BRL",
    )
    engine = make_engine(database_url, max_open=1)
    now = SystemClock().now(ctx)
    subjects = [f"tea {number}" for number in range(count)]
    try:
        with SqlStore(engine)(ctx) as uow:
            for subject in subjects:
                mail = new_mail(now, to=("ana@example.com",), subject=subject)
                queue_mail(ctx, uow, now, mail, MailContent(text=TEXT))
    finally:
        engine.dispose()
    return subjects
