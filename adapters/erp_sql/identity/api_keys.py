"""API keys over one connection: load, map and store, and decide nothing."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from erp_core.identity.entities import API_KEY_SORTS, ApiKey, ApiKeyId
from erp_core.identity.ports import ApiKeyQuery, ApiKeyRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.errors import AlreadyExistsError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_sql.dialects import violates
from erp_sql.identity.mappers import read_api_key, write_api_key
from erp_sql.identity.models import ApiKeyRow
from erp_sql.keyset import Keyset
from erp_sql.masters import Masters

_MASTERS: Final = Masters(ApiKeyRow, "API key")
_KEYSET: Final = Keyset(_MASTERS.table, {"name": _MASTERS.table.c.name}, API_KEY_SORTS)
_BY_PREFIX: Final = select(_MASTERS.table).where(_MASTERS.table.c.prefix == bindparam("prefix"))


class SqlApiKeys(ApiKeyRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal
        self._seen: dict[tuple[CompanyId, ApiKeyId], ApiKey] = {}  # as they were

    def add(self, ctx: Context, key: ApiKey) -> ApiKey:
        try:
            _MASTERS.add(self._connection, write_api_key(ctx.company_id, key))
        except IntegrityError as error:
            if violates(error, "prefix"):
                raise AlreadyExistsError(
                    "this prefix is taken: issue another key", code="identity.api_key.prefix_taken"
                ) from error
            raise AlreadyExistsError("an API key of this id exists", field="id") from error
        return self._told(ctx, None, key)

    def get(self, ctx: Context, key_id: ApiKeyId) -> ApiKey:
        found = read_api_key(_MASTERS.get(self._connection, ctx, key_id))
        self._seen[ctx.company_id, key_id] = found
        return found

    def save(self, ctx: Context, key: ApiKey) -> ApiKey:
        before = self._seen.get((ctx.company_id, key.id)) or self.get(ctx, key.id)
        _MASTERS.save(self._connection, write_api_key(ctx.company_id, key))
        return self._told(ctx, before, key)

    def page(self, ctx: Context, query: ApiKeyQuery) -> Page[ApiKey]:
        return _KEYSET.page(self._connection, ctx, query.page, [], read_api_key)

    def find_by_prefix(self, ctx: Context, prefix: str) -> tuple[CompanyId, ApiKey] | None:
        row = self._connection.execute(_BY_PREFIX, {"prefix": prefix}).one_or_none()
        return None if row is None else (CompanyId(row.company_id), read_api_key(row))

    def _told(self, ctx: Context, before: ApiKey | None, key: ApiKey) -> ApiKey:
        self._outbox.append(ctx, key.events)
        self._journal.note_entity("identity.api_key", before, key)
        stored = key.stored(key.version + 1)
        self._seen[ctx.company_id, stored.id] = stored
        return stored
