"""What every movement of a use case says of itself."""

from __future__ import annotations

from erp_core.inventory.entities import MovementId, Posting, Reason
from erp_core.kernel.context import Context
from erp_core.kernel.ports import Clock


def posting_of(
    ctx: Context,
    clock: Clock,
    reason: Reason,
    label: str,
    movement_id: MovementId | None = None,
) -> Posting:
    """Say why, when and by whom stock moves."""
    return Posting(
        reason=reason,
        at=clock.now(ctx),
        by=ctx.principal.id,
        label=label,
        movement_id=movement_id,
    )
