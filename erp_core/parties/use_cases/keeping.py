"""Reading, finding and archiving parties, and making one of two."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import Party, PartyId
from erp_core.parties.ports import PartiesUnitOfWork, PartyQuery

W = TypeVar("W", bound=PartiesUnitOfWork)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyCommand:
    """Names a party, and the version of it that the caller has seen (None: any)."""

    id: PartyId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class GetParty(UseCase[PartiesUnitOfWork, PartyCommand, Party]):
    """Read one party.

    Raises:
        NotFoundError: no such party.
    """

    permission = "parties.party.read"
    read_only = True

    def execute(self, ctx: Context, uow: PartiesUnitOfWork, command: PartyCommand) -> Party:
        return uow.parties.get(ctx, command.id)


@dataclass(frozen=True, kw_only=True)
class ListParties(UseCase[PartiesUnitOfWork, PartyQuery, Page[Party]]):
    """Read parties a page at a time, all of them or those that a search finds.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "parties.party.read"
    read_only = True

    def execute(self, ctx: Context, uow: PartiesUnitOfWork, command: PartyQuery) -> Page[Party]:
        return uow.parties.page(ctx, command)


@dataclass(frozen=True, kw_only=True)
class ArchiveParty(UseCase[PartiesUnitOfWork, PartyCommand, Party]):
    """Trade with a party no more; its history stays.

    Raises:
        NotFoundError: no such party.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is archived already.
    """

    permission = "parties.party.archive"

    def execute(self, ctx: Context, uow: PartiesUnitOfWork, command: PartyCommand) -> Party:
        party = uow.parties.get(ctx, command.id).expect(command.version)
        return uow.parties.save(ctx, party.archive())


@dataclass(frozen=True, kw_only=True)
class RestoreParty(UseCase[PartiesUnitOfWork, PartyCommand, Party]):
    """Trade with an archived party again.

    Raises:
        NotFoundError: no such party.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is not archived, or was merged into another.
    """

    permission = "parties.party.restore"

    def execute(self, ctx: Context, uow: PartiesUnitOfWork, command: PartyCommand) -> Party:
        party = uow.parties.get(ctx, command.id).expect(command.version)
        return uow.parties.save(ctx, party.restore())


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePartiesCommand:
    """Names the survivor, and the party it absorbs."""

    id: PartyId
    version: int | None
    from_id: PartyId


@dataclass(frozen=True, kw_only=True)
class MergeParties(UseCase[W, MergePartiesCommand, Party]):
    """Make one party of two: the survivor gains what it lacked, the other is archived for good.

    What refers to the other one follows in the same transaction: each area above that keeps such
    references is wired in as one of *carries*, called with the survivor and the absorbed party.

    Raises:
        NotFoundError: no such party.
        PreconditionFailedError: the survivor is not at the version the caller saw.
        TransitionError: the survivor is archived, or one of them was merged before.
        InvariantError: they are one and the same, or too much would come together.
    """

    permission = "parties.party.merge"

    carries: tuple[Callable[[Context, W, Party, Party], None], ...] = ()

    def execute(self, ctx: Context, uow: W, command: MergePartiesCommand) -> Party:
        survivor, other = uow.parties.lock(ctx, (command.id, command.from_id))
        survivor = survivor.expect(command.version)
        survivor, absorbed = survivor.absorb(other, self.clock.now(ctx))
        absorbed = uow.parties.save(ctx, absorbed)  # first: it lets go of what must be unique
        survivor = uow.parties.save(ctx, survivor)
        for carry in self.carries:
            carry(ctx, uow, survivor, absorbed)
        return survivor
