"""The transaction: a writer changes a copy, and committing puts the copy in place."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import ContentionError
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_memory.catalog import (
    MemoryPriceLists,
    MemoryProducts,
    MemoryTaxClasses,
    MemoryUnits,
)
from erp_memory.documents import (
    MemoryJobs,
    MemoryLetterheads,
    MemoryMailMessages,
    MemoryMailTemplates,
    MemoryNumbering,
    MemoryNumberLedger,
    MemoryNumberSeries,
    MemoryPrintouts,
    MemorySchedules,
)
from erp_memory.identity import (
    MemoryApiKeys,
    MemoryAuditSeals,
    MemoryCompanies,
    MemoryRefreshTokens,
    MemoryRoles,
    MemorySignInAttempts,
    MemoryUsers,
)
from erp_memory.inventory import (
    MemoryLots,
    MemoryPicking,
    MemoryStock,
    MemoryStockCounts,
    MemoryStockReports,
    MemoryStockTransfers,
    MemoryWarehouses,
)
from erp_memory.invoicing import (
    MemoryInvoices,
    MemoryReceivableReports,
    MemoryReceivables,
    MemoryRecurringInvoices,
    MemorySalesReports,
)
from erp_memory.kernel import MemoryAuditLog, MemoryIdempotency, MemoryOutbox
from erp_memory.parties import MemoryParties, MemoryPartyCodes, MemoryPaymentTerms
from erp_memory.sales import MemoryCredit, MemoryOrders, MemoryQuotes, MemoryShipments
from erp_memory.tables import Tables
from erp_memory.treasury import (
    MemoryBankAccounts,
    MemoryPartyAccounts,
    MemoryPartyBalances,
    MemoryPayments,
)

_POLL_SECONDS: Final = 0.02  # between looks at the context while another writes


class MemoryUnitOfWork:
    def __init__(self, tables: Tables) -> None:
        self.journal = Journal()
        self.outbox = MemoryOutbox(tables)
        self.audit = MemoryAuditLog(tables)
        self.audit_seals = MemoryAuditSeals(tables)
        self.idempotency = MemoryIdempotency(tables)
        self.jobs = MemoryJobs(tables, self.journal)
        self.schedules = MemorySchedules(tables)
        self.mail_messages = MemoryMailMessages(tables, self.journal)
        self.mail_templates = MemoryMailTemplates(tables, self.journal)
        self.parties = MemoryParties(tables, self.outbox, self.journal)
        self.party_codes = MemoryPartyCodes(tables)
        self.payment_terms = MemoryPaymentTerms(tables, self.outbox, self.journal)
        self.products = MemoryProducts(tables, self.outbox, self.journal)
        self.units = MemoryUnits(tables, self.journal)
        self.tax_classes = MemoryTaxClasses(tables, self.journal)
        self.price_lists = MemoryPriceLists(tables, self.journal)
        self.number_series = MemoryNumberSeries(tables, self.journal)
        self.numbering = MemoryNumbering(tables, self.number_series)
        self.number_ledger = MemoryNumberLedger(tables)
        self.letterheads = MemoryLetterheads(tables, self.journal)
        self.printouts = MemoryPrintouts(tables)
        self.companies = MemoryCompanies(tables, self.outbox, self.journal)
        self.users = MemoryUsers(tables, self.outbox, self.journal)
        self.roles = MemoryRoles(tables, self.outbox, self.journal)
        self.api_keys = MemoryApiKeys(tables, self.outbox, self.journal)
        self.refresh_tokens = MemoryRefreshTokens(tables, self.outbox, self.journal)
        self.sign_in_attempts = MemorySignInAttempts(tables, self.outbox, self.journal)
        self.warehouses = MemoryWarehouses(tables, self.outbox, self.journal)
        self.stock = MemoryStock(tables, self.journal)
        self.picking = MemoryPicking(tables)
        self.lots = MemoryLots(tables, self.journal)
        self.stock_transfers = MemoryStockTransfers(tables, self.journal)
        self.counts = MemoryStockCounts(tables, self.journal)
        self.stock_reports = MemoryStockReports(tables)
        self.quotes = MemoryQuotes(tables, self.outbox, self.journal)
        self.orders = MemoryOrders(tables, self.outbox, self.journal)
        self.shipments = MemoryShipments(tables, self.outbox, self.journal)
        self.credit = MemoryCredit(tables)
        self.invoices = MemoryInvoices(tables, self.outbox, self.journal)
        self.receivables = MemoryReceivables(tables, self.outbox, self.journal, self.invoices.held)
        self.recurring_invoices = MemoryRecurringInvoices(tables, self.outbox, self.journal)
        self.bank_accounts = MemoryBankAccounts(tables, self.journal)
        self.payments = MemoryPayments(tables, self.outbox, self.journal)
        self.balances = MemoryPartyBalances(tables, self.receivables)
        self.accounts = MemoryPartyAccounts(tables)
        self.sales_reports = MemorySalesReports(tables)
        self.receivable_reports = MemoryReceivableReports(tables)


class MemoryStore(UnitOfWorkFactory[MemoryUnitOfWork]):
    """One writer at a time, and readers who never wait: as SQLite with its write-ahead log."""

    def __init__(self, *, lock_wait_seconds: float = 5) -> None:
        self._lock_wait_seconds = lock_wait_seconds
        self._committed = Tables()
        self._writing = threading.Lock()

    @contextmanager
    def __call__(self, ctx: Context, /, *, read_only: bool = False) -> Iterator[MemoryUnitOfWork]:
        ctx.check()
        if read_only:
            yield MemoryUnitOfWork(self._committed.copy())
            ctx.check()
            return
        self._acquire(ctx)
        try:
            tables = self._committed.copy()
            yield MemoryUnitOfWork(tables)
            ctx.check()
            self._committed = tables
        finally:
            self._writing.release()

    def _acquire(self, ctx: Context) -> None:
        give_up = time.monotonic() + self._lock_wait_seconds
        while not self._writing.acquire(timeout=_POLL_SECONDS):
            ctx.check()
            if time.monotonic() >= give_up:
                raise ContentionError("another writer holds the store")
