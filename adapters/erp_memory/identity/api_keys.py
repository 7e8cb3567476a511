"""API keys in a dictionary."""

from __future__ import annotations

from erp_core.identity.entities import API_KEY_SORTS, ApiKey, ApiKeyId
from erp_core.identity.ports import ApiKeyQuery, ApiKeyRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryApiKeys(ApiKeyRepository):
    def __init__(self, tables: Tables, outbox: Outbox, journal: Journal) -> None:
        self._keys = tables.api_keys
        self._outbox = outbox
        self._journal = journal

    def add(self, ctx: Context, key: ApiKey) -> ApiKey:
        if (ctx.company_id, key.id) in self._keys:
            raise AlreadyExistsError("an API key of this id exists", field="id")
        if self.find_by_prefix(ctx, key.prefix) is not None:
            raise AlreadyExistsError(
                "this prefix is taken: issue another key", code="identity.api_key.prefix_taken"
            )
        return self._write(ctx, None, key)

    def get(self, ctx: Context, key_id: ApiKeyId) -> ApiKey:
        key = self._keys.get((ctx.company_id, key_id))
        if key is None:
            raise NotFoundError(f"no API key {key_id}")
        return key

    def save(self, ctx: Context, key: ApiKey) -> ApiKey:
        before = self.get(ctx, key.id)
        if before.version != key.version:
            raise StaleVersionError(f"API key {key.prefix} has changed")
        return self._write(ctx, before, key)

    def page(self, ctx: Context, query: ApiKeyQuery) -> Page[ApiKey]:
        ours = (each for (owner, _), each in self._keys.items() if owner == ctx.company_id)
        return page_of(ours, query.page, API_KEY_SORTS)

    def find_by_prefix(self, ctx: Context, prefix: str) -> tuple[CompanyId, ApiKey] | None:
        found = ((owner, each) for (owner, _), each in self._keys.items() if each.prefix == prefix)
        return next(found, None)

    def _write(self, ctx: Context, before: ApiKey | None, key: ApiKey) -> ApiKey:
        self._outbox.append(ctx, key.events)
        self._journal.note_entity("identity.api_key", before, key)
        stored = key.stored(key.version + 1)
        self._keys[ctx.company_id, key.id] = stored
        return stored
