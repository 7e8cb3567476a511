"""The front door: every use case, wired to whatever adapters it is handed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from erp_core.catalog.use_cases import (
    AddPriceList,
    AddProduct,
    AddTaxClass,
    AddUnit,
    ArchiveProduct,
    ArchiveTaxClass,
    CatalogUseCases,
    ChangePriceList,
    ChangeProduct,
    ChangeTaxClass,
    ChangeUnit,
    EnsureStandardUnits,
    FindPrice,
    GetPriceList,
    GetProduct,
    GetTaxClass,
    GetUnit,
    ListPriceLists,
    ListProducts,
    ListTaxClasses,
    ListUnits,
    PreviewPricing,
    RestoreProduct,
    carry_price_lists,
)
from erp_core.documents import use_cases as documents
from erp_core.documents.use_cases import DocumentsUseCases
from erp_core.identity.ports import PasswordHasher
from erp_core.identity.use_cases import (
    AuthenticateApiKey,
    ChangeCompany,
    ChangePassword,
    ChangeUser,
    CreateCompany,
    CreateUser,
    DefineRole,
    DisableUser,
    EnableUser,
    EndSession,
    GetApiKey,
    GetCompany,
    GetMe,
    GetRole,
    GetUser,
    IdentityUseCases,
    IssueApiKey,
    ListApiKeys,
    ListAudit,
    ListCompanies,
    ListRoles,
    ListUsers,
    RefreshSession,
    RevokeApiKey,
    SetPassword,
    SignIn,
    TidySessions,
)
from erp_core.inventory.use_cases import (
    AddCount,
    AddWarehouse,
    AdjustStock,
    ArchiveWarehouse,
    ArriveTransfer,
    CancelCount,
    CancelTransfer,
    ChangeLot,
    ChangeWarehouse,
    CloseCount,
    CloseTransfer,
    DispatchTransfer,
    EnterCounts,
    ForecastStock,
    GetCount,
    GetLot,
    GetMovement,
    GetTransfer,
    GetWarehouse,
    ImportProducts,
    InventoryUseCases,
    IssueGoods,
    IssueStock,
    ListCountLines,
    ListCounts,
    ListExpiringLots,
    ListLots,
    ListMovements,
    ListReservations,
    ListSlowMovers,
    ListStock,
    ListTransfers,
    ListWarehouses,
    RankByValue,
    ReceiveGoods,
    ReceiveStock,
    ReleaseStock,
    ReportStock,
    ReserveStock,
    RestoreWarehouse,
    ReturnStock,
    RevalueReceipt,
    StartCount,
    SuggestReorders,
    TransferStock,
    VerifyStock,
)
from erp_core.invoicing import use_cases as invoicing
from erp_core.invoicing.use_cases import InvoicingUseCases, carry_invoices
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


def assemble(
    *,
    unit_of_work: UnitOfWorkFactory[ErpUnitOfWork],
    clock: Clock,
    observer: Observer,
    hasher: PasswordHasher,
    tax_ids: TaxIdChecker,
) -> Erp:
    """Wire the whole system to the given adapters: ours, or an integrator's own."""
    wire = Wiring(unit_of_work, clock, observer)
    return Erp(
        identity=_identity(wire, hasher),
        parties=_parties(wire, tax_ids),
        catalog=_catalog(wire),
        documents=_documents(wire),
        inventory=_inventory(wire),
        sales=_sales(wire),
        invoicing=_invoicing(wire),
        treasury=_treasury(wire),
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
        add_product=wire(AddProduct),
        get_product=wire(GetProduct),
        change_product=wire(ChangeProduct),
        archive_product=wire(ArchiveProduct),
        restore_product=wire(RestoreProduct),
        list_products=wire(ListProducts),
        add_unit=wire(AddUnit),
        ensure_standard_units=wire(EnsureStandardUnits),
        get_unit=wire(GetUnit),
        change_unit=wire(ChangeUnit),
        list_units=wire(ListUnits),
        add_tax_class=wire(AddTaxClass),
        get_tax_class=wire(GetTaxClass),
        change_tax_class=wire(ChangeTaxClass),
        archive_tax_class=wire(ArchiveTaxClass),
        list_tax_classes=wire(ListTaxClasses),
        add_price_list=wire(AddPriceList),
        get_price_list=wire(GetPriceList),
        change_price_list=wire(ChangePriceList),
        list_price_lists=wire(ListPriceLists),
        find_price=wire(FindPrice),
        preview_pricing=wire(PreviewPricing),
    )


def _documents(wire: Wiring) -> DocumentsUseCases:
    return DocumentsUseCases(
        get_number_series=wire(documents.GetNumberSeries),
        list_number_series=wire(documents.ListNumberSeries),
        change_number_series=wire(documents.ChangeNumberSeries),
    )


def _identity(wire: Wiring, hasher: PasswordHasher) -> IdentityUseCases:
    return IdentityUseCases(
        sign_in=wire(SignIn, hasher=hasher),
        refresh_session=wire(RefreshSession),
        end_session=wire(EndSession),
        tidy_sessions=wire(TidySessions),
        change_password=wire(ChangePassword, hasher=hasher),
        set_password=wire(SetPassword, hasher=hasher),
        create_user=wire(CreateUser, hasher=hasher),
        change_user=wire(ChangeUser),
        disable_user=wire(DisableUser),
        enable_user=wire(EnableUser),
        get_user=wire(GetUser),
        list_users=wire(ListUsers),
        define_role=wire(DefineRole),
        get_role=wire(GetRole),
        list_roles=wire(ListRoles),
        issue_api_key=wire(IssueApiKey),
        revoke_api_key=wire(RevokeApiKey),
        get_api_key=wire(GetApiKey),
        list_api_keys=wire(ListApiKeys),
        authenticate_api_key=wire(AuthenticateApiKey),
        create_company=wire(CreateCompany, hasher=hasher),
        list_companies=wire(ListCompanies),
        get_company=wire(GetCompany),
        change_company=wire(ChangeCompany),
        get_me=wire(GetMe),
        list_audit=wire(ListAudit),
    )


def _inventory(wire: Wiring) -> InventoryUseCases:
    return InventoryUseCases(
        add_warehouse=wire(AddWarehouse),
        get_warehouse=wire(GetWarehouse),
        change_warehouse=wire(ChangeWarehouse),
        archive_warehouse=wire(ArchiveWarehouse),
        restore_warehouse=wire(RestoreWarehouse),
        list_warehouses=wire(ListWarehouses),
        receive_stock=wire(ReceiveStock),
        issue_stock=wire(IssueStock),
        transfer_stock=wire(TransferStock),
        adjust_stock=wire(AdjustStock),
        list_stock=wire(ListStock),
        get_movement=wire(GetMovement),
        list_movements=wire(ListMovements),
        verify_stock=wire(VerifyStock),
        receive_goods=wire(ReceiveGoods),
        issue_goods=wire(IssueGoods),
        return_stock=wire(ReturnStock),
        revalue_receipt=wire(RevalueReceipt),
        reserve_stock=wire(ReserveStock),
        release_stock=wire(ReleaseStock),
        list_reservations=wire(ListReservations),
        get_lot=wire(GetLot),
        list_lots=wire(ListLots),
        change_lot=wire(ChangeLot),
        dispatch_transfer=wire(DispatchTransfer),
        arrive_transfer=wire(ArriveTransfer),
        close_transfer=wire(CloseTransfer),
        cancel_transfer=wire(CancelTransfer),
        get_transfer=wire(GetTransfer),
        list_transfers=wire(ListTransfers),
        add_count=wire(AddCount),
        get_count=wire(GetCount),
        list_counts=wire(ListCounts),
        list_count_lines=wire(ListCountLines),
        start_count=wire(StartCount),
        enter_counts=wire(EnterCounts),
        close_count=wire(CloseCount),
        cancel_count=wire(CancelCount),
        report_stock=wire(ReportStock),
        forecast_stock=wire(ForecastStock),
        suggest_reorders=wire(SuggestReorders),
        list_expiring_lots=wire(ListExpiringLots),
        list_slow_movers=wire(ListSlowMovers),
        rank_by_value=wire(RankByValue),
        import_products=wire(ImportProducts),
    )


def _sales(wire: Wiring) -> SalesUseCases:
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
        add_shipment=wire(sales.AddShipment),
        get_shipment=wire(sales.GetShipment),
        list_shipments=wire(sales.ListShipments),
        change_shipment=wire(sales.ChangeShipment),
        delete_shipment=wire(sales.DeleteShipment),
        validate_shipment=wire(sales.ValidateShipment),
        deliver_shipment=wire(sales.DeliverShipment),
        cancel_shipment=wire(sales.CancelShipment),
    )


def _invoicing(wire: Wiring) -> InvoicingUseCases:
    return InvoicingUseCases(
        add_invoice=wire(invoicing.AddInvoice),
        change_invoice=wire(invoicing.ChangeInvoice),
        delete_invoice=wire(invoicing.DeleteInvoice),
        validate_invoice=wire(invoicing.ValidateInvoice),
        abandon_invoice=wire(invoicing.AbandonInvoice),
        add_credit_note=wire(invoicing.AddCreditNote),
        apply_credit=wire(invoicing.ApplyCredit),
        get_invoice=wire(invoicing.GetInvoice),
        list_invoices=wire(invoicing.ListInvoices),
        verify_invoices=wire(invoicing.VerifyInvoices),
    )


def _treasury(wire: Wiring) -> TreasuryUseCases:
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
        get_party_balance=wire(treasury.GetPartyBalance),
    )
