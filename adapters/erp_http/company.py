"""One's own company, oneself and the audit trail over HTTP."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from erp_core.identity.entities import (
    Company,
    CompanyChanges,
    Rounding,
    SettingsChanges,
    StockLeavesAt,
    UserState,
)
from erp_core.identity.use_cases import (
    VERIFIED_AT_ONCE_MAX,
    AuditVerification,
    ChangeCompanyCommand,
    IdentityUseCases,
    Me,
    VerifyAuditQuery,
)
from erp_core.kernel.audit import AuditRecord
from erp_core.kernel.context import Context
from erp_core.kernel.ports import AuditQuery
from erp_core.kernel.sealing import AuditDifference, Fault
from erp_http import show
from erp_http.dto import ListDto, PageDto, RequestDto, ResponseDto
from erp_http.fields import Choice, Exact, Flag, Id, List, Map, Moment, Nested, Text, Whole
from erp_http.routing import Route
from erp_http.session import show_user


class OursDto(RequestDto):
    """A request for what is one's own: there is nothing to say."""

    def make(self, ctx: Context, given: dict[str, Any]) -> None:
        return None


class ChangeSettingsDto(RequestDto):
    rounding = Choice(Rounding)
    cash_step = Exact(allow_none=True)
    stock_leaves_at = Choice(StockLeavesAt)

    def make(self, ctx: Context, given: dict[str, Any]) -> SettingsChanges:
        changes: SettingsChanges = {}
        if "rounding" in given:
            changes["rounding"] = given["rounding"]
        if "cash_step" in given:
            changes["cash_step"] = given["cash_step"]
        if "stock_leaves_at" in given:
            changes["stock_leaves_at"] = given["stock_leaves_at"]
        return changes


_SETTINGS = ChangeSettingsDto()


class ChangeCompanyDto(RequestDto):
    """A merge patch (RFC 7396): what is absent stays, null clears. The currency is for good."""

    name = Text()
    trade_name = Text(allow_none=True)
    tax_ids = List(Text(length=40), allow_none=True)
    address = Text(length=500, allow_none=True)
    locale = Text(length=16)
    time_zone = Text(length=100)
    fiscal_month = Whole()
    settings = Nested(_SETTINGS)

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangeCompanyCommand:
        changes: CompanyChanges = {}
        if "name" in given:
            changes["name"] = given["name"]
        if "trade_name" in given:
            changes["trade_name"] = given["trade_name"] or ""
        if "tax_ids" in given:
            changes["tax_ids"] = tuple(given["tax_ids"] or ())
        if "address" in given:
            changes["address"] = given["address"] or ""
        if "locale" in given:
            changes["locale"] = given["locale"]
        if "time_zone" in given:
            changes["time_zone"] = given["time_zone"]
        if "fiscal_month" in given:
            changes["fiscal_month"] = given["fiscal_month"]
        settings = _SETTINGS.make(ctx, given.get("settings", {}))
        return ChangeCompanyCommand(version=given["if_match"], changes=changes, settings=settings)


class SettingsDto(Schema):
    rounding = Choice(Rounding, required=True)
    cash_step = Exact(required=True, allow_none=True)
    stock_leaves_at = Choice(StockLeavesAt, required=True)


class CompanyDto(ResponseDto[Company]):
    id = Id(required=True)
    version = Whole(required=True)
    name = Text(required=True)
    trade_name = Text(required=True)
    tax_ids = List(Text(), required=True)
    address = Text(required=True)
    currency = Text(required=True)
    locale = Text(required=True)
    time_zone = Text(required=True)
    fiscal_month = Whole(required=True)
    settings = Nested(SettingsDto(), required=True)

    def show(self, thing: Company) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "version": thing.version,
            "name": thing.name,
            "trade_name": thing.trade_name,
            "tax_ids": list(thing.tax_ids),
            "address": thing.address,
            "currency": thing.currency,
            "locale": thing.locale,
            "time_zone": thing.time_zone,
            "fiscal_month": thing.fiscal_month,
            "settings": {
                "rounding": thing.settings.rounding.value,
                "cash_step": show.exact(thing.settings.cash_step),
                "stock_leaves_at": thing.settings.stock_leaves_at.value,
            },
        }


_COMPANY = CompanyDto()


class MyUserDto(Schema):
    id = Id(required=True)
    version = Whole(required=True)
    login = Text(required=True)
    name = Text(required=True)
    email = Text(required=True)
    locale = Text(required=True)
    state = Choice(UserState, required=True)
    roles = List(Text(), required=True)


class MeDto(ResponseDto[Me]):
    user = Nested(MyUserDto(), required=True, allow_none=True)  # null: an API key
    company = Nested(_COMPANY, required=True)
    grants = List(Text(), required=True)

    def show(self, thing: Me) -> dict[str, Any]:
        return {
            "user": None if thing.user is None else show_user(thing.user),
            "company": _COMPANY.show(thing.company),
            "grants": sorted(thing.grants),
        }


class ListAuditDto(ListDto):
    action = Text(load_default="", length=96, metadata={"description": "how it begins"})
    by = Text(load_default="", length=64, metadata={"description": "a user's id"})

    def make(self, ctx: Context, given: dict[str, Any]) -> AuditQuery:
        return AuditQuery(page=self.page(given), action=given["action"], by=given["by"])


class ChangeDto(Schema):
    kind = Text(required=True)
    id = Text(required=True)
    before = Map(Text(), required=True)
    after = Map(Text(), required=True)


class AuditDto(ResponseDto[AuditRecord]):
    id = Id(required=True)
    at = Moment(required=True)
    by = Text(required=True)
    request_id = Text(required=True)
    action = Text(required=True)
    changes = List(Nested(ChangeDto()), required=True)

    def show(self, thing: AuditRecord) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "at": show.moment(thing.at),
            "by": thing.by,
            "request_id": thing.request_id,
            "action": thing.action,
            "changes": [
                {
                    "kind": each.kind,
                    "id": each.id,
                    "before": dict(each.before),
                    "after": dict(each.after),
                }
                for each in thing.changes
            ],
        }


class VerifyAuditDto(RequestDto):
    after = Whole(
        load_default=0, metadata={"description": "position of the last that was checked"}
    )
    limit = Whole(load_default=VERIFIED_AT_ONCE_MAX)

    def make(self, ctx: Context, given: dict[str, Any]) -> VerifyAuditQuery:
        return VerifyAuditQuery(after=given["after"], most=given["limit"])


class AuditDifferenceDto(ResponseDto[AuditDifference]):
    """Where the trail is not what was sealed."""

    fault = Choice(Fault, required=True)
    position = Whole(required=True, allow_none=True)
    record_id = Id(required=True, allow_none=True)

    def show(self, thing: AuditDifference) -> dict[str, Any]:
        return {
            "fault": thing.fault.value,
            "position": thing.position,
            "record_id": show.key(thing.record_id),
        }


_DIFFERENCE = AuditDifferenceDto()


class AuditVerificationDto(ResponseDto[AuditVerification]):
    consistent = Flag(required=True)
    checked = Whole(required=True)
    position = Whole(required=True, metadata={"description": "of the last seal that was checked"})
    digest = Text(required=True, metadata={"description": "of that seal: note it elsewhere"})
    next = Whole(
        required=True, allow_none=True, metadata={"description": "after which to go on; or null"}
    )
    differences = List(Nested(_DIFFERENCE), required=True)

    def show(self, thing: AuditVerification) -> dict[str, Any]:
        position = 0 if thing.last is None else thing.last.position
        return {
            "consistent": not thing.differences,
            "checked": thing.checked,
            "position": position,
            "digest": "" if thing.last is None else thing.last.digest,
            "next": position if thing.more else None,
            "differences": [_DIFFERENCE.show(each) for each in thing.differences],
        }


def routes(identity: IdentityUseCases) -> tuple[Route, ...]:
    return (
        Route(on="GET /v1/me", call=identity.get_me, accepts=OursDto(), returns=MeDto()),
        Route(
            on="GET /v1/company",
            call=identity.get_company,
            accepts=OursDto(),
            returns=_COMPANY,
        ),
        Route(
            on="PATCH /v1/company",
            call=identity.change_company,
            accepts=ChangeCompanyDto(),
            returns=_COMPANY,
        ),
        Route(
            on="GET /v1/audit",
            call=identity.list_audit,
            accepts=ListAuditDto(),
            returns=PageDto(AuditDto()),
        ),
        Route(
            on="GET /v1/audit/verify",
            call=identity.verify_audit,
            accepts=VerifyAuditDto(),
            returns=AuditVerificationDto(),
        ),
    )
