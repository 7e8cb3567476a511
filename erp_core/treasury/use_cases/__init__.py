"""What a person can do with payments and bank accounts."""

from erp_core.kernel.dataclass import dataclass
from erp_core.treasury.use_cases.bank_accounts import (
    AddBankAccount,
    ArchiveBankAccount,
    BankAccountCommand,
    ChangeBankAccount,
    ChangeBankAccountCommand,
    GetBankAccount,
    ListBankAccounts,
    RestoreBankAccount,
)
from erp_core.treasury.use_cases.mailing import SendStatement, SendStatementCommand
from erp_core.treasury.use_cases.merging import carry_payments
from erp_core.treasury.use_cases.payments import (
    AllocatePayment,
    AllocatePaymentCommand,
    PaymentSheet,
    RecordPayment,
    RecordPaymentCommand,
    ReversePayment,
    ReversePaymentCommand,
)
from erp_core.treasury.use_cases.printing import PrintStatement, StatementRequest
from erp_core.treasury.use_cases.reading import (
    DIFFERENCES_MAX,
    GetPartyBalance,
    GetPayment,
    ListPayments,
    PaymentVerification,
    VerifyPayments,
    VerifyPaymentsQuery,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TreasuryUseCases:
    """All of treasury, wired: what HTTP, the CLI and an embedding program call."""

    add_bank_account: AddBankAccount
    get_bank_account: GetBankAccount
    change_bank_account: ChangeBankAccount
    archive_bank_account: ArchiveBankAccount
    restore_bank_account: RestoreBankAccount
    list_bank_accounts: ListBankAccounts
    record_payment: RecordPayment
    allocate_payment: AllocatePayment
    reverse_payment: ReversePayment
    get_payment: GetPayment
    list_payments: ListPayments
    verify_payments: VerifyPayments
    get_party_balance: GetPartyBalance
    print_statement: PrintStatement
    send_statement: SendStatement


__all__ = [
    "DIFFERENCES_MAX",
    "AddBankAccount",
    "AllocatePayment",
    "AllocatePaymentCommand",
    "ArchiveBankAccount",
    "BankAccountCommand",
    "ChangeBankAccount",
    "ChangeBankAccountCommand",
    "GetBankAccount",
    "GetPartyBalance",
    "GetPayment",
    "ListBankAccounts",
    "ListPayments",
    "PaymentSheet",
    "PaymentVerification",
    "PrintStatement",
    "RecordPayment",
    "RecordPaymentCommand",
    "RestoreBankAccount",
    "ReversePayment",
    "ReversePaymentCommand",
    "SendStatement",
    "SendStatementCommand",
    "StatementRequest",
    "TreasuryUseCases",
    "VerifyPayments",
    "VerifyPaymentsQuery",
    "carry_payments",
]
