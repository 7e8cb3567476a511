"""What documents keep of a party, to JSON and back, side by side."""

from __future__ import annotations

from typing import Any

from erp_core.parties.entities import Address, PartySnapshot
from erp_sql.parties import documents as docs


def write_snapshot(snapshot: PartySnapshot | None) -> dict[str, Any] | None:
    if snapshot is None:
        return None
    return {
        "code": snapshot.code,
        "name": snapshot.name,
        "trade_name": snapshot.trade_name,
        "tax_ids": [docs.write_tax_id(each) for each in snapshot.tax_ids],
        "billing_address": _write_address(snapshot.billing_address),
        "shipping_address": _write_address(snapshot.shipping_address),
        "emails": list(snapshot.emails),
        "phones": list(snapshot.phones),
        "language": snapshot.language,
    }


def read_snapshot(said: dict[str, Any] | None) -> PartySnapshot | None:
    if said is None:
        return None
    return PartySnapshot(
        code=said["code"],
        name=said["name"],
        trade_name=said["trade_name"],
        tax_ids=tuple(docs.read_tax_id(each) for each in said["tax_ids"]),
        billing_address=_read_address(said["billing_address"]),
        shipping_address=_read_address(said["shipping_address"]),
        emails=tuple(said["emails"]),
        phones=tuple(said["phones"]),
        language=said["language"],
    )


def _write_address(address: Address | None) -> dict[str, Any] | None:
    return None if address is None else docs.write_address(address)


def _read_address(said: dict[str, Any] | None) -> Address | None:
    return None if said is None else docs.read_address(said)
