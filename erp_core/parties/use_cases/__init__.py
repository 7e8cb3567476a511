"""What a person can do with parties and payment terms."""

from typing import Generic

from erp_core.kernel.dataclass import dataclass
from erp_core.parties.use_cases.entering import (
    ChangeParty,
    ChangePartyCommand,
    CreateParty,
    EnteredParty,
)
from erp_core.parties.use_cases.keeping import (
    ArchiveParty,
    GetParty,
    ListParties,
    MergeParties,
    MergePartiesCommand,
    PartyCommand,
    RestoreParty,
    W,
)
from erp_core.parties.use_cases.payment_terms import (
    ArchivePaymentTerm,
    ChangePaymentTerm,
    ChangePaymentTermCommand,
    CreatePaymentTerm,
    GetPaymentTerm,
    ListPaymentTerms,
    PaymentTermCommand,
)

__all__ = [
    "ArchiveParty",
    "ArchivePaymentTerm",
    "ChangeParty",
    "ChangePartyCommand",
    "ChangePaymentTerm",
    "ChangePaymentTermCommand",
    "CreateParty",
    "CreatePaymentTerm",
    "EnteredParty",
    "GetParty",
    "GetPaymentTerm",
    "ListParties",
    "ListPaymentTerms",
    "MergeParties",
    "MergePartiesCommand",
    "PartiesUseCases",
    "PartyCommand",
    "PaymentTermCommand",
    "RestoreParty",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartiesUseCases(Generic[W]):
    """All of the parties area, wired: what HTTP, the CLI and an embedding program call.

    *W* is the unit of work of the whole house, which the areas above see when parties merge.
    """

    create_party: CreateParty
    get_party: GetParty
    change_party: ChangeParty
    archive_party: ArchiveParty
    restore_party: RestoreParty
    merge_parties: MergeParties[W]
    list_parties: ListParties
    create_payment_term: CreatePaymentTerm
    get_payment_term: GetPaymentTerm
    change_payment_term: ChangePaymentTerm
    archive_payment_term: ArchivePaymentTerm
    list_payment_terms: ListPaymentTerms
