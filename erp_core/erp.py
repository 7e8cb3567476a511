"""The front door: every use case, wired to whatever adapters it is handed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from erp_core.catalog import use_cases as catalog
from erp_core.catalog.use_cases import CatalogUseCases, carry_price_lists
from erp_core.documents import use_cases as documents
from erp_core.documents.ports import FileStore, PdfRenderer, Press
from erp_core.documents.use_cases import DocumentsUseCases
from erp_core.identity import use_cases as identity
from erp_core.identity.ports import PasswordHasher
from erp_core.identity.use_cases import IdentityUseCases
from erp_core.inventory import use_cases as inventory
from erp_core.inventory.use_cases import InventoryUseCases
from erp_core.invoicing import use_cases as invoicing
from erp_core.invoicing.use_cases import InvoicingUseCases, carry_invoices
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.ports import Clock, Observer, UnitOfWorkFactory
from erp_core.parties import use_cases as parties
from erp_core.parties.ports import TaxIdChecker
from erp_core.parties.use_cases import MergeParties, PartiesUseCases
from erp_core.sales import use_cases as sales
from erp_core.sales.use_cases import SalesUseCases, carry_sales
from erp_core.treasury import use_cases as treasury
from erp_core.treasury.ports import TreasuryUnitOfWork
from erp_core.treasury.use_cases import TreasuryUseCases, carry_payments

T = TypeVar("T")


class ErpUnitOfWork(TreasuryUnitOfWork, Protocol):
    """The transaction as a store of everything offers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erp:
    """What an embedding program holds: ``erp.inventory.issue_stock(ctx, command)``."""

    identity: IdentityUseCases
    parties: PartiesUseCases[ErpUnitOfWork]
    catalog: CatalogUseCases
    documents: DocumentsUseCases
    inventory: InventoryUseCases
    sales: SalesUseCases
    invoicing: InvoicingUseCases
    treasury: TreasuryUseCases


class Wiring:
    """Hands every use case the ports that all of them need; what else one needs is named."""

    def __init__(
        self, unit_of_work: UnitOfWorkFactory[ErpUnitOfWork], clock: Clock, observer: Observer
    ) -> None:
        self._ports = {"unit_of_work": unit_of_work, "clock": clock, "observer": observer}

    def __call__(self, use_case: Callable[..., T], **more: object) -> T:
        return use_case(**self._ports, **more)


def assemble(  # noqa: PLR0913  # the ports of the house, each by its name
    *,
    unit_of_work: UnitOfWorkFactory[ErpUnitOfWork],
    clock: Clock,
    observer: Observer,
    hasher: PasswordHasher,
    tax_ids: TaxIdChecker,
    renderer: PdfRenderer,
    files: FileStore,
) -> Erp:
    """Wire the whole system to the given adapters: ours, or an integrator's own."""
    wire = Wiring(unit_of_work, clock, observer)
    press = Press(renderer=renderer, files=files, clock=clock)
    return Erp(
        identity=_identity(wire, hasher),
        parties=_parties(wire, tax_ids),
        catalog=_catalog(wire),
        documents=_documents(wire, press),
        inventory=_inventory(wire),
        sales=_sales(wire, press),
        invoicing=_invoicing(wire, press),
        treasury=_treasury(wire, press),
    )


def _parties(wire: Wiring, tax_ids: TaxIdChecker) -> PartiesUseCases[ErpUnitOfWork]:
    return PartiesUseCases(
        create_party=wire(parties.CreateParty, tax_ids=tax_ids),
        get_party=wire(parties.GetParty),
        change_party=wire(parties.ChangeParty, tax_ids=tax_ids),
        archive_party=wire(parties.ArchiveParty),
        restore_party=wire(parties.RestoreParty),
        merge_parties=wire(
            MergeParties[ErpUnitOfWork],
            carries=(carry_price_lists, carry_sales, carry_invoices, carry_payments),
        ),
        list_parties=wire(parties.ListParties),
        create_payment_term=wire(parties.CreatePaymentTerm),
        get_payment_term=wire(parties.GetPaymentTerm),
        change_payment_term=wire(parties.ChangePaymentTerm),
        archive_payment_term=wire(parties.ArchivePaymentTerm),
        list_payment_terms=wire(parties.ListPaymentTerms),
    )


def _catalog(wire: Wiring) -> CatalogUseCases:
    return CatalogUseCases(
        add_product=wire(catalog.AddProduct),
        get_product=wire(catalog.GetProduct),
        change_product=wire(catalog.ChangeProduct),
        archive_product=wire(catalog.ArchiveProduct),
        restore_product=wire(catalog.RestoreProduct),
        list_products=wire(catalog.ListProducts),
        add_unit=wire(catalog.AddUnit),
        ensure_standard_units=wire(catalog.EnsureStandardUnits),
        get_unit=wire(catalog.GetUnit),
        change_unit=wire(catalog.ChangeUnit),
        list_units=wire(catalog.ListUnits),
        add_tax_class=wire(catalog.AddTaxClass),
        get_tax_class=wire(catalog.GetTaxClass),
        change_tax_class=wire(catalog.ChangeTaxClass),
        archive_tax_class=wire(catalog.ArchiveTaxClass),
        list_tax_classes=wire(catalog.ListTaxClasses),
        add_price_list=wire(catalog.AddPriceList),
        get_price_list=wire(catalog.GetPriceList),
        change_price_list=wire(catalog.ChangePriceList),
        list_price_lists=wire(catalog.ListPriceLists),
        find_price=wire(catalog.FindPrice),
        preview_pricing=wire(catalog.PreviewPricing),
    )


def _documents(wire: Wiring, press: Press) -> DocumentsUseCases:
    return DocumentsUseCases(
        get_number_series=wire(documents.GetNumberSeries),
        list_number_series=wire(documents.ListNumberSeries),
        change_number_series=wire(documents.ChangeNumberSeries),
        get_job=wire(documents.GetJob),
        list_jobs=wire(documents.ListJobs),
        cancel_job=wire(documents.CancelJob),
        retry_job=wire(documents.RetryJob),
        get_letterhead=wire(documents.GetLetterhead),
        change_letterhead=wire(documents.ChangeLetterhead, renderer=press.renderer),
        set_logo=wire(documents.SetLogo, files=press.files),
        verify_numbers=wire(documents.VerifyNumbers),
        verify_files=wire(documents.VerifyFiles, files=press.files),
        get_mail_message=wire(documents.GetMailMessage),
        get_mail_content=wire(documents.GetMailContent, files=press.files),
        list_mail_messages=wire(documents.ListMailMessages),
        retry_mail_message=wire(documents.RetryMailMessage),
        note_mail_attempt=wire(documents.NoteMailAttempt),
        get_mail_template=wire(documents.GetMailTemplate),
        list_mail_templates=wire(documents.ListMailTemplates),
        reword_mail_template=wire(documents.RewordMailTemplate),
        preview_mail_template=wire(documents.PreviewMailTemplate, files=press.files),
        tidy_files=wire(documents.TidyFiles, files=press.files),
        tidy_house=wire(documents.TidyHouse),
    )


def _identity(wire: Wiring, hasher: PasswordHasher) -> IdentityUseCases:
    return IdentityUseCases(
        sign_in=wire(identity.SignIn, hasher=hasher),
        refresh_session=wire(identity.RefreshSession),
        end_session=wire(identity.EndSession),
        tidy_sessions=wire(identity.TidySessions),
        change_password=wire(identity.ChangePassword, hasher=hasher),
        set_password=wire(identity.SetPassword, hasher=hasher),
        create_user=wire(identity.CreateUser, hasher=hasher),
        change_user=wire(identity.ChangeUser),
        disable_user=wire(identity.DisableUser),
        enable_user=wire(identity.EnableUser),
        get_user=wire(identity.GetUser),
        list_users=wire(identity.ListUsers),
        define_role=wire(identity.DefineRole),
        get_role=wire(identity.GetRole),
        list_roles=wire(identity.ListRoles),
        issue_api_key=wire(identity.IssueApiKey),
        revoke_api_key=wire(identity.RevokeApiKey),
        get_api_key=wire(identity.GetApiKey),
        list_api_keys=wire(identity.ListApiKeys),
        authenticate_api_key=wire(identity.AuthenticateApiKey),
        create_company=wire(identity.CreateCompany, hasher=hasher),
        list_companies=wire(identity.ListCompanies),
        get_company=wire(identity.GetCompany),
        change_company=wire(identity.ChangeCompany),
        get_me=wire(identity.GetMe),
        list_audit=wire(identity.ListAudit),
        verify_audit=wire(identity.VerifyAudit),
    )


def _inventory(wire: Wiring) -> InventoryUseCases:
    return InventoryUseCases(
        add_warehouse=wire(inventory.AddWarehouse),
        get_warehouse=wire(inventory.GetWarehouse),
        change_warehouse=wire(inventory.ChangeWarehouse),
        archive_warehouse=wire(inventory.ArchiveWarehouse),
        restore_warehouse=wire(inventory.RestoreWarehouse),
        list_warehouses=wire(inventory.ListWarehouses),
        receive_stock=wire(inventory.ReceiveStock),
        issue_stock=wire(inventory.IssueStock),
        transfer_stock=wire(inventory.TransferStock),
        adjust_stock=wire(inventory.AdjustStock),
        list_stock=wire(inventory.ListStock),
        get_movement=wire(inventory.GetMovement),
        list_movements=wire(inventory.ListMovements),
        verify_stock=wire(inventory.VerifyStock),
        receive_goods=wire(inventory.ReceiveGoods),
        issue_goods=wire(inventory.IssueGoods),
        return_stock=wire(inventory.ReturnStock),
        revalue_receipt=wire(inventory.RevalueReceipt),
        reserve_stock=wire(inventory.ReserveStock),
        release_stock=wire(inventory.ReleaseStock),
        list_reservations=wire(inventory.ListReservations),
        get_lot=wire(inventory.GetLot),
        list_lots=wire(inventory.ListLots),
        change_lot=wire(inventory.ChangeLot),
        dispatch_transfer=wire(inventory.DispatchTransfer),
        arrive_transfer=wire(inventory.ArriveTransfer),
        close_transfer=wire(inventory.CloseTransfer),
        cancel_transfer=wire(inventory.CancelTransfer),
        get_transfer=wire(inventory.GetTransfer),
        list_transfers=wire(inventory.ListTransfers),
        add_count=wire(inventory.AddCount),
        get_count=wire(inventory.GetCount),
        list_counts=wire(inventory.ListCounts),
        list_count_lines=wire(inventory.ListCountLines),
        start_count=wire(inventory.StartCount),
        enter_counts=wire(inventory.EnterCounts),
        close_count=wire(inventory.CloseCount),
        cancel_count=wire(inventory.CancelCount),
        report_stock=wire(inventory.ReportStock),
        forecast_stock=wire(inventory.ForecastStock),
        suggest_reorders=wire(inventory.SuggestReorders),
        list_expiring_lots=wire(inventory.ListExpiringLots),
        list_slow_movers=wire(inventory.ListSlowMovers),
        rank_by_value=wire(inventory.RankByValue),
        import_products=wire(inventory.ImportProducts),
    )


def _sales(wire: Wiring, press: Press) -> SalesUseCases:
    return SalesUseCases(
        add_quote=wire(sales.AddQuote),
        get_quote=wire(sales.GetQuote),
        list_quotes=wire(sales.ListQuotes),
        change_quote=wire(sales.ChangeQuote),
        delete_quote=wire(sales.DeleteQuote),
        send_quote=wire(sales.SendQuote),
        accept_quote=wire(sales.AcceptQuote),
        refuse_quote=wire(sales.RefuseQuote),
        expire_quotes=wire(sales.ExpireQuotes),
        order_quote=wire(sales.OrderQuote),
        add_order=wire(sales.AddOrder),
        get_order=wire(sales.GetOrder),
        list_orders=wire(sales.ListOrders),
        change_order=wire(sales.ChangeOrder),
        delete_order=wire(sales.DeleteOrder),
        confirm_order=wire(sales.ConfirmOrder),
        cancel_order=wire(sales.CancelOrder),
        send_order=wire(sales.SendOrder),
        send_shipment=wire(sales.SendShipment),
        print_quote=wire(sales.PrintQuote, press=press),
        print_order=wire(sales.PrintOrder, press=press),
        print_shipment=wire(sales.PrintShipment, press=press),
        add_shipment=wire(sales.AddShipment),
        get_shipment=wire(sales.GetShipment),
        list_shipments=wire(sales.ListShipments),
        change_shipment=wire(sales.ChangeShipment),
        delete_shipment=wire(sales.DeleteShipment),
        validate_shipment=wire(sales.ValidateShipment),
        deliver_shipment=wire(sales.DeliverShipment),
        cancel_shipment=wire(sales.CancelShipment),
    )


def _invoicing(wire: Wiring, press: Press) -> InvoicingUseCases:
    return InvoicingUseCases(
        add_invoice=wire(invoicing.AddInvoice),
        change_invoice=wire(invoicing.ChangeInvoice),
        delete_invoice=wire(invoicing.DeleteInvoice),
        validate_invoice=wire(invoicing.ValidateInvoice),
        abandon_invoice=wire(invoicing.AbandonInvoice),
        add_credit_note=wire(invoicing.AddCreditNote),
        apply_credit=wire(invoicing.ApplyCredit),
        unapply_credit=wire(invoicing.UnapplyCredit),
        get_invoice=wire(invoicing.GetInvoice),
        send_invoice=wire(invoicing.SendInvoice),
        remind_of_invoice=wire(invoicing.RemindOfInvoice),
        print_invoice=wire(invoicing.PrintInvoice, press=press),
        list_invoices=wire(invoicing.ListInvoices),
        verify_invoices=wire(invoicing.VerifyInvoices),
        add_recurring_invoice=wire(invoicing.AddRecurringInvoice),
        change_recurring_invoice=wire(invoicing.ChangeRecurringInvoice),
        pause_recurring_invoice=wire(invoicing.PauseRecurringInvoice),
        resume_recurring_invoice=wire(invoicing.ResumeRecurringInvoice),
        end_recurring_invoice=wire(invoicing.EndRecurringInvoice),
        get_recurring_invoice=wire(invoicing.GetRecurringInvoice),
        list_recurring_invoices=wire(invoicing.ListRecurringInvoices),
        list_made_invoices=wire(invoicing.ListMadeInvoices),
        run_recurring_invoices=wire(invoicing.RunRecurringInvoices),
        report_margins=wire(invoicing.ReportMargins),
        report_sales_by_month=wire(invoicing.ReportSalesByMonth),
        report_sales_by_customer=wire(invoicing.ReportSalesByCustomer),
        report_sales_by_product=wire(invoicing.ReportSalesByProduct),
        report_aged_receivables=wire(invoicing.ReportAgedReceivables),
        report_taxes=wire(invoicing.ReportTaxes),
    )


def _treasury(wire: Wiring, press: Press) -> TreasuryUseCases:
    return TreasuryUseCases(
        add_bank_account=wire(treasury.AddBankAccount),
        get_bank_account=wire(treasury.GetBankAccount),
        change_bank_account=wire(treasury.ChangeBankAccount),
        archive_bank_account=wire(treasury.ArchiveBankAccount),
        restore_bank_account=wire(treasury.RestoreBankAccount),
        list_bank_accounts=wire(treasury.ListBankAccounts),
        record_payment=wire(treasury.RecordPayment),
        allocate_payment=wire(treasury.AllocatePayment),
        reverse_payment=wire(treasury.ReversePayment),
        get_payment=wire(treasury.GetPayment),
        list_payments=wire(treasury.ListPayments),
        verify_payments=wire(treasury.VerifyPayments),
        get_party_balance=wire(treasury.GetPartyBalance),
        send_statement=wire(treasury.SendStatement),
        print_statement=wire(treasury.PrintStatement, press=press),
    )
