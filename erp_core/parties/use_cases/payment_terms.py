"""What a person can do with payment terms."""

from __future__ import annotations

from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import PaymentTerm, PaymentTermChanges, PaymentTermId
from erp_core.parties.ports import PartiesUnitOfWork, PaymentTermQuery


@dataclass(frozen=True, kw_only=True)
class CreatePaymentTerm(UseCase[PartiesUnitOfWork, PaymentTerm, PaymentTerm]):
    """Enter a new payment term. The command is the entity itself: it has nothing to decide.

    Raises:
        AlreadyExistsError: its id or its name is taken.
    """

    permission = "parties.payment_term.create"

    def execute(self, ctx: Context, uow: PartiesUnitOfWork, command: PaymentTerm) -> PaymentTerm:
        return uow.payment_terms.add(ctx, command)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTermCommand:
    """Names a payment term, and the version of it that the caller has seen (None: any)."""

    id: PaymentTermId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class GetPaymentTerm(UseCase[PartiesUnitOfWork, PaymentTermCommand, PaymentTerm]):
    """Read one payment term.

    Raises:
        NotFoundError: no such payment term.
    """

    permission = "parties.payment_term.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: PartiesUnitOfWork, command: PaymentTermCommand
    ) -> PaymentTerm:
        return uow.payment_terms.get(ctx, command.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePaymentTermCommand:
    id: PaymentTermId
    version: int | None
    changes: PaymentTermChanges


@dataclass(frozen=True, kw_only=True)
class ChangePaymentTerm(UseCase[PartiesUnitOfWork, ChangePaymentTermCommand, PaymentTerm]):
    """Correct a payment term; documents that were dated by it stay as they are.

    Raises:
        NotFoundError: no such payment term.
        PreconditionFailedError: it is not at the version the caller saw.
        AlreadyExistsError: the new name is taken.
    """

    permission = "parties.payment_term.change"

    def execute(
        self, ctx: Context, uow: PartiesUnitOfWork, command: ChangePaymentTermCommand
    ) -> PaymentTerm:
        term = uow.payment_terms.get(ctx, command.id).expect(command.version)
        return uow.payment_terms.save(ctx, term.change(command.changes))


@dataclass(frozen=True, kw_only=True)
class ArchivePaymentTerm(UseCase[PartiesUnitOfWork, PaymentTermCommand, PaymentTerm]):
    """Offer a payment term no more; the parties that have it keep it.

    Raises:
        NotFoundError: no such payment term.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is archived already.
    """

    permission = "parties.payment_term.archive"

    def execute(
        self, ctx: Context, uow: PartiesUnitOfWork, command: PaymentTermCommand
    ) -> PaymentTerm:
        term = uow.payment_terms.get(ctx, command.id).expect(command.version)
        return uow.payment_terms.save(ctx, term.archive())


@dataclass(frozen=True, kw_only=True)
class ListPaymentTerms(UseCase[PartiesUnitOfWork, PaymentTermQuery, Page[PaymentTerm]]):
    """Read payment terms a page at a time.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "parties.payment_term.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: PartiesUnitOfWork, command: PaymentTermQuery
    ) -> Page[PaymentTerm]:
        return uow.payment_terms.page(ctx, command)
