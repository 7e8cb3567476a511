"""Templates of mails over one connection: what a company has changed of the house's."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import Connection, CursorResult, Table, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from erp_core.documents.entities import MAIL_TEMPLATES, MailKind, MailTemplate
from erp_core.documents.ports import MailTemplateRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import StaleVersionError
from erp_sql.documents.mail_mappers import read_template, write_template
from erp_sql.documents.mail_models import MailTemplateRow

_TABLE: Final = cast("Table", MailTemplateRow.__table__)
_OURS: Final = _TABLE.c.company_id == bindparam("_company")
_MINE: Final = (
    _OURS,
    _TABLE.c.kind == bindparam("_kind"),
    _TABLE.c.locale == bindparam("_locale"),
)
_WORDS: Final = ("version", "own", "subject", "text", "html")
_SELECT: Final = select(_TABLE).where(*_MINE)
_SELECT_ALL: Final = select(_TABLE).where(_OURS)
_INSERT: Final = insert(_TABLE)
_UPDATE: Final = (
    update(_TABLE)
    .where(*_MINE, _TABLE.c.version == bindparam("_version"))
    .values({name: bindparam(name) for name in _WORDS})
)


class SqlMailTemplates(MailTemplateRepository):
    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal

    def get(self, ctx: Context, kind: MailKind, locale: str) -> MailTemplate:
        mine = {"_company": ctx.company_id, "_kind": kind.value, "_locale": locale}
        row = self._connection.execute(_SELECT, mine).one_or_none()
        return MailTemplate(kind=kind, locale=locale) if row is None else read_template(row)

    def all(self, ctx: Context) -> tuple[MailTemplate, ...]:
        rows = self._connection.execute(_SELECT_ALL, {"_company": ctx.company_id})
        own = {each.id: each for each in map(read_template, rows)}
        return tuple(own.get(each.id, each) for each in MAIL_TEMPLATES)

    def save(self, ctx: Context, template: MailTemplate) -> MailTemplate:
        before = self.get(ctx, template.kind, template.locale)
        if not self._written(write_template(ctx.company_id, template)):
            raise StaleVersionError(f"the template {template.id} has changed meanwhile")
        self._journal.note_entity("documents.mail_template", before, template)
        return template.stored(template.version + 1)

    def _written(self, row: dict[str, Any]) -> bool:
        if row["version"] == 1:  # the company's first change of it: until now it had no row
            try:
                self._connection.execute(_INSERT, row)
            except IntegrityError:
                return False
            return True
        values = {name: row[name] for name in _WORDS}
        values |= {"_company": row["company_id"], "_version": row["version"] - 1}
        values |= {"_kind": row["kind"], "_locale": row["locale"]}
        result: CursorResult[Any] = self._connection.execute(_UPDATE, values)
        return result.rowcount == 1
