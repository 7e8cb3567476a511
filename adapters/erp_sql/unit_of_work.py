"""The transaction, and the one place where SQLAlchemy's errors become ours."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import cached_property
from types import TracebackType
from typing import Final

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import DBAPIError

from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import ContentionError, UnavailableError
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_sql.audit import SqlAuditLog
from erp_sql.catalog.price_lists import SqlPriceLists
from erp_sql.catalog.products import SqlProducts
from erp_sql.catalog.tax_classes import SqlTaxClasses
from erp_sql.catalog.units import SqlUnits
from erp_sql.dialects import is_away
from erp_sql.documents.jobs import SqlJobs
from erp_sql.documents.letterheads import SqlLetterheads
from erp_sql.documents.mail import SqlMailMessages
from erp_sql.documents.mail_templates import SqlMailTemplates
from erp_sql.documents.number_ledger import SqlNumberLedger
from erp_sql.documents.number_series import SqlNumberSeries
from erp_sql.documents.numbering import SqlNumbering
from erp_sql.documents.printouts import SqlPrintouts
from erp_sql.documents.schedules import SqlSchedules
from erp_sql.engine import READ_ONLY, cutter, interrupter
from erp_sql.idempotency import SqlIdempotency
from erp_sql.identity.api_keys import SqlApiKeys
from erp_sql.identity.companies import SqlCompanies
from erp_sql.identity.refresh_tokens import SqlRefreshTokens
from erp_sql.identity.roles import SqlRoles
from erp_sql.identity.sign_in_attempts import SqlSignInAttempts
from erp_sql.identity.users import SqlUsers
from erp_sql.inventory.counts import SqlStockCounts
from erp_sql.inventory.lots import SqlLots
from erp_sql.inventory.picking import SqlPicking
from erp_sql.inventory.reports import SqlStockReports
from erp_sql.inventory.stock import SqlStock
from erp_sql.inventory.transfers import SqlStockTransfers
from erp_sql.inventory.warehouses import SqlWarehouses
from erp_sql.invoicing.invoices import SqlInvoices
from erp_sql.invoicing.receivable_reports import SqlReceivableReports
from erp_sql.invoicing.receivables import SqlReceivables
from erp_sql.invoicing.recurring import SqlRecurringInvoices
from erp_sql.invoicing.sales_reports import SqlSalesReports
from erp_sql.outbox import SqlOutbox
from erp_sql.parties.parties import SqlParties
from erp_sql.parties.party_codes import SqlPartyCodes
from erp_sql.parties.payment_terms import SqlPaymentTerms
from erp_sql.sales.credit import SqlCredit
from erp_sql.sales.orders import SqlOrders
from erp_sql.sales.quotes import SqlQuotes
from erp_sql.sales.shipments import SqlShipments
from erp_sql.saying import REQUEST, USAGE
from erp_sql.treasury.accounts import SqlPartyAccounts
from erp_sql.treasury.balances import SqlPartyBalances
from erp_sql.treasury.bank_accounts import SqlBankAccounts
from erp_sql.treasury.payments import SqlPayments
from erp_sql.watchdog import Watchdog
from erp_sql.wording import translate

CallOff = Callable[[], bool]

_POLL_SECONDS: Final = 0.02  # between looks at the context while another thread writes


class SqlUnitOfWork:
    """Every repository, over one connection; each is made when it is first asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.journal = Journal()

    @cached_property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self._connection)

    @cached_property
    def audit(self) -> SqlAuditLog:
        return SqlAuditLog(self._connection)

    @cached_property
    def idempotency(self) -> SqlIdempotency:
        return SqlIdempotency(self._connection)

    @cached_property
    def jobs(self) -> SqlJobs:
        return SqlJobs(self._connection, self.journal)

    @cached_property
    def schedules(self) -> SqlSchedules:
        return SqlSchedules(self._connection)

    @cached_property
    def mail_messages(self) -> SqlMailMessages:
        return SqlMailMessages(self._connection, self.journal)

    @cached_property
    def mail_templates(self) -> SqlMailTemplates:
        return SqlMailTemplates(self._connection, self.journal)

    @cached_property
    def parties(self) -> SqlParties:
        return SqlParties(self._connection, self.outbox, self.journal)

    @cached_property
    def party_codes(self) -> SqlPartyCodes:
        return SqlPartyCodes(self._connection)

    @cached_property
    def payment_terms(self) -> SqlPaymentTerms:
        return SqlPaymentTerms(self._connection, self.outbox, self.journal)

    @cached_property
    def products(self) -> SqlProducts:
        return SqlProducts(self._connection, self.outbox, self.journal)

    @cached_property
    def units(self) -> SqlUnits:
        return SqlUnits(self._connection, self.journal)

    @cached_property
    def tax_classes(self) -> SqlTaxClasses:
        return SqlTaxClasses(self._connection, self.journal)

    @cached_property
    def price_lists(self) -> SqlPriceLists:
        return SqlPriceLists(self._connection, self.journal)

    @cached_property
    def number_series(self) -> SqlNumberSeries:
        return SqlNumberSeries(self._connection, self.journal)

    @cached_property
    def numbering(self) -> SqlNumbering:
        return SqlNumbering(self._connection, self.number_series)

    @cached_property
    def number_ledger(self) -> SqlNumberLedger:
        return SqlNumberLedger(self._connection)

    @cached_property
    def letterheads(self) -> SqlLetterheads:
        return SqlLetterheads(self._connection, self.journal)

    @cached_property
    def printouts(self) -> SqlPrintouts:
        return SqlPrintouts(self._connection)

    @cached_property
    def companies(self) -> SqlCompanies:
        return SqlCompanies(self._connection, self.outbox, self.journal)

    @cached_property
    def users(self) -> SqlUsers:
        return SqlUsers(self._connection, self.outbox, self.journal)

    @cached_property
    def roles(self) -> SqlRoles:
        return SqlRoles(self._connection, self.outbox, self.journal)

    @cached_property
    def api_keys(self) -> SqlApiKeys:
        return SqlApiKeys(self._connection, self.outbox, self.journal)

    @cached_property
    def refresh_tokens(self) -> SqlRefreshTokens:
        return SqlRefreshTokens(self._connection, self.outbox, self.journal)

    @cached_property
    def sign_in_attempts(self) -> SqlSignInAttempts:
        return SqlSignInAttempts(self._connection, self.outbox, self.journal)

    @cached_property
    def warehouses(self) -> SqlWarehouses:
        return SqlWarehouses(self._connection, self.outbox, self.journal)

    @cached_property
    def stock(self) -> SqlStock:
        return SqlStock(self._connection, self.journal)

    @cached_property
    def picking(self) -> SqlPicking:
        return SqlPicking(self._connection)

    @cached_property
    def lots(self) -> SqlLots:
        return SqlLots(self._connection, self.journal)

    @cached_property
    def stock_transfers(self) -> SqlStockTransfers:
        return SqlStockTransfers(self._connection, self.journal)

    @cached_property
    def counts(self) -> SqlStockCounts:
        return SqlStockCounts(self._connection, self.journal)

    @cached_property
    def stock_reports(self) -> SqlStockReports:
        return SqlStockReports(self._connection)

    @cached_property
    def quotes(self) -> SqlQuotes:
        return SqlQuotes(self._connection, self.outbox, self.journal)

    @cached_property
    def orders(self) -> SqlOrders:
        return SqlOrders(self._connection, self.outbox, self.journal)

    @cached_property
    def shipments(self) -> SqlShipments:
        return SqlShipments(self._connection, self.outbox, self.journal)

    @cached_property
    def credit(self) -> SqlCredit:
        return SqlCredit(self._connection)

    @cached_property
    def invoices(self) -> SqlInvoices:
        return SqlInvoices(self._connection, self.outbox, self.journal)

    @cached_property
    def receivables(self) -> SqlReceivables:
        return SqlReceivables(self._connection, self.outbox, self.journal, self.invoices.held)

    @cached_property
    def recurring_invoices(self) -> SqlRecurringInvoices:
        return SqlRecurringInvoices(self._connection, self.outbox, self.journal)

    @cached_property
    def bank_accounts(self) -> SqlBankAccounts:
        return SqlBankAccounts(self._connection, self.journal)

    @cached_property
    def payments(self) -> SqlPayments:
        return SqlPayments(self._connection, self.outbox, self.journal)

    @cached_property
    def balances(self) -> SqlPartyBalances:
        return SqlPartyBalances(self._connection, self.receivables)

    @cached_property
    def accounts(self) -> SqlPartyAccounts:
        return SqlPartyAccounts(self._connection)

    @cached_property
    def sales_reports(self) -> SqlSalesReports:
        return SqlSalesReports(self._connection)

    @cached_property
    def receivable_reports(self) -> SqlReceivableReports:
        return SqlReceivableReports(self._connection)


class SqlStore(UnitOfWorkFactory[SqlUnitOfWork]):
    """Opens units of work, each over a connection and a transaction of its own."""

    def __init__(self, engine: Engine, *, lock_wait_seconds: float = 5) -> None:
        self._engine = engine
        self._reading = engine.execution_options(**{READ_ONLY: True})
        self._watchdog = Watchdog()
        self._lock_wait_seconds = lock_wait_seconds
        # SQLite admits one writer, and is unfair to those who wait: within this process they
        # queue here, where they can also be told to give up.
        self._writing = threading.Lock() if engine.dialect.name == "sqlite" else None

    def __call__(self, ctx: Context, /, *, read_only: bool = False) -> _Opening:
        engine = self._reading if read_only else self._engine
        return _Opening(self, ctx, engine, read_only=read_only)

    def watch(self, ctx: Context, connection: Connection, stop: Callable[[], None]) -> CallOff:
        """Let the deadline of *ctx* reach *connection*; return what calls that off."""
        if ctx.deadline is None:
            return _fit
        return self._watchdog.watch(ctx.deadline, stop, cutter(connection))

    def take_turn(self, ctx: Context) -> Callable[[], None] | None:
        """Wait until it is this writer's turn; return what ends it, where there are turns.

        Raises:
            ContentionError: it took too long.
            ErpError: the caller has given up.
        """
        if self._writing is None:
            return None
        asked = time.monotonic()
        while not self._writing.acquire(timeout=_POLL_SECONDS):
            ctx.check()
            if time.monotonic() >= asked + self._lock_wait_seconds:
                raise ContentionError("another writer holds the database")
        ctx.usage.lock_seconds += time.monotonic() - asked
        return self._writing.release


class _Opening:
    """One unit of work from its connection to its commit: opened in steps, closed backwards.

    Written out, since nested generators cost as much as the steps themselves.
    """

    __slots__ = ("_connection", "_ctx", "_ends", "_engine", "_read_only", "_store", "_transaction")

    def __init__(self, store: SqlStore, ctx: Context, engine: Engine, *, read_only: bool) -> None:
        self._store = store
        self._ctx = ctx
        self._engine = engine
        self._read_only = read_only
        self._ends: list[Callable[[], object]] = []  # what has been begun, the last one last
        self._transaction: RootTransaction | None = None

    def __enter__(self) -> SqlUnitOfWork:
        self._ctx.check()
        try:
            return SqlUnitOfWork(self._open(self._ctx))
        except BaseException as error:
            self._close()
            translate(self._ctx, error)
            raise

    def _open(self, ctx: Context) -> Connection:
        release = None if self._read_only else self._store.take_turn(ctx)
        if release is not None:
            self._ends.append(release)
        connection = self._engine.connect()
        self._ends.append(connection.close)
        connection.info[USAGE] = ctx.usage
        connection.info[REQUEST] = ctx.request_id
        stop = interrupter(connection)
        self._ends.append(ctx.cancellation.on_cancel(stop).unregister)
        call_off = self._store.watch(ctx, connection, stop)
        self._ends.append(lambda: None if call_off() else connection.invalidate())
        # The interrupter is armed before BEGIN, which itself may have to wait.
        self._transaction = connection.begin()
        return connection

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            try:
                if error is None and self._transaction is not None:
                    self._end(self._transaction)
            finally:
                self._close()
        except Exception as late:
            translate(self._ctx, late)
            raise
        if error is not None:
            translate(self._ctx, error)

    def _end(self, transaction: RootTransaction) -> None:
        self._ctx.check()
        if self._read_only:
            transaction.rollback()
        else:
            _commit(transaction)

    def _close(self) -> None:
        """End all that was begun, whatever happens to one of them."""
        if self._ends:
            end = self._ends.pop()
            try:
                end()
            finally:
                self._close()


def _fit() -> bool:
    return True


def _commit(transaction: RootTransaction) -> None:
    try:
        transaction.commit()
    except DBAPIError as error:
        if is_away(error):
            raise UnavailableError(
                "the database went away during the commit: look whether it took place"
            ) from error
        raise
