"""What the parties area asks of the outside."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import StaleVersionError
from erp_core.kernel.page import Page, PageRequest
from erp_core.kernel.ports import UnitOfWork
from erp_core.parties.entities import (
    CodeSeries,
    Party,
    PartyId,
    PartyRole,
    PartyState,
    PaymentTerm,
    PaymentTermId,
    PaymentTermState,
    TaxIdKind,
)


class TaxIdChecker(Protocol):
    """Knows the check digits that the core does not compute itself.

    Proved by ``erp_core.testing.parties.TaxIdCheckerContract``.
    """

    @abstractmethod
    def check(self, ctx: Context, country: str, kind: TaxIdKind, number: str) -> str:
        """Return *number*, which is built as it should be, in its canonical form.

        An adapter may go further and ask an authority whether the number was given out.

        Raises:
            InvariantError: a check digit is wrong (``parties.tax_id.check_digit``).
        """


class PartyCodes(Protocol):
    """Gives parties their codes: one counter per company and series.

    Codes are unique but not gap-free: one that was taken by hand is skipped. Documents are
    numbered elsewhere, and more strictly.

    Proved by ``erp_core.testing.parties.PartyCodesContract``.
    """

    @abstractmethod
    def next(self, ctx: Context, series: CodeSeries) -> str:
        """Take the next code of *series* that no party has, and hold the series.

        Raises:
            ContentionError: the series was not free in time.
        """

    @abstractmethod
    def hold(self, ctx: Context, series: CodeSeries) -> None:
        """Keep others from taking codes of *series* until the unit of work ends.

        Who writes a code given by hand does this first: it might be the next.

        Raises:
            ContentionError: the series was not free in time.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyQuery:
    """Which parties: those in any of the states and any of the roles that are named (none: all).

    Every word of *text* begins a word of the name, the trade name, a code, a tax id or an e-mail
    address of the party; accents and case do not matter.
    """

    page: PageRequest
    text: str = ""
    roles: tuple[PartyRole, ...] = ()
    states: tuple[PartyState, ...] = ()


class PartyRepository(Protocol):
    """Keeps parties. Proved by the contracts in ``erp_core.testing.parties``."""

    @abstractmethod
    def add(self, ctx: Context, party: Party) -> Party:
        """Store a new party; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id, a code or a tax id is taken in this company; of a tax id,
                ``details["party_id"]`` says by whom.
            NotFoundError: this company has no such payment term.
        """

    @abstractmethod
    def get(self, ctx: Context, party_id: PartyId) -> Party:
        """Return the party.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def hold(self, ctx: Context, party_id: PartyId) -> Party:
        """Return the party, which nobody locks or merges until the unit of work ends.

        For what is written about a party: a merger comes before and is seen, or it comes after
        and carries what was written along. Many hold one party at once. Call it before locking
        documents: a merger locks the party first, too.

        Raises:
            NotFoundError: this company has none.
            ContentionError: it was not free in time.
        """

    @abstractmethod
    def lock(self, ctx: Context, party_ids: Sequence[PartyId]) -> tuple[Party, ...]:
        """Return the parties in the order asked, ours alone until the unit of work ends.

        Whatever order is asked, they are locked in that of their ids, so that no two callers wait
        for each other. Call it once in a unit of work.

        Raises:
            NotFoundError: this company lacks one of them.
            ContentionError: one was not free in time.
        """

    @abstractmethod
    def save(self, ctx: Context, party: Party) -> Party:
        """Store a changed party; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none, or no such payment term.
            StaleVersionError: ``party.version`` is not the stored one.
            AlreadyExistsError: a new code or tax id is taken; as for ``add``.
        """

    @abstractmethod
    def namesakes(self, ctx: Context, party: Party, limit: int) -> tuple[Party, ...]:
        """Return at most *limit* other, unmerged parties whose name is the same when folded."""

    @abstractmethod
    def page(self, ctx: Context, query: PartyQuery) -> Page[Party]:
        """Return one page of the company's parties.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTermQuery:
    """Which payment terms: those in any of the states that are named (none: all)."""

    page: PageRequest
    states: tuple[PaymentTermState, ...] = ()


class PaymentTermRepository(Protocol):
    """Keeps payment terms.

    Proved by ``erp_core.testing.parties.PaymentTermRepositoryContract``.
    """

    @abstractmethod
    def add(self, ctx: Context, term: PaymentTerm) -> PaymentTerm:
        """Store a new payment term; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id or its name is taken in this company.
        """

    @abstractmethod
    def get(self, ctx: Context, term_id: PaymentTermId) -> PaymentTerm:
        """Return the payment term.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def save(self, ctx: Context, term: PaymentTerm) -> PaymentTerm:
        """Store a changed payment term; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``term.version`` is not the stored one.
            AlreadyExistsError: its new name is taken.
        """

    @abstractmethod
    def page(self, ctx: Context, query: PaymentTermQuery) -> Page[PaymentTerm]:
        """Return one page of the company's payment terms.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """


class PartiesUnitOfWork(UnitOfWork, Protocol):
    """The transaction as the parties area sees it."""

    @property
    @abstractmethod
    def parties(self) -> PartyRepository: ...

    @property
    @abstractmethod
    def party_codes(self) -> PartyCodes: ...

    @property
    @abstractmethod
    def payment_terms(self) -> PaymentTermRepository: ...


def hold_named(ctx: Context, uow: PartiesUnitOfWork, party_id: PartyId) -> Party:
    """Hold the party that a paper names, which was read without a lock.

    Raises:
        StaleVersionError: it was merged since, and the paper names the survivor by now.
        ContentionError: it was not free in time.
    """
    party = uow.parties.hold(ctx, party_id)
    if party.merged_into_id is not None:
        raise StaleVersionError(f"party {party_id} was merged into another meanwhile")
    return party
