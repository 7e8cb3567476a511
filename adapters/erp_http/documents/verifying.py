"""Whether numbers have no gap and files are what they were, over HTTP."""

from __future__ import annotations

from typing import Any, Final

from erp_core.documents.entities import DIGEST_LENGTH, NumberDifference, NumberRule
from erp_core.documents.use_cases import (
    DIFFERENCES_MAX,
    FILES_AT_ONCE_MAX,
    DocumentsUseCases,
    FileDifference,
    FileRule,
    FileVerification,
    NumberVerification,
    VerifyFilesQuery,
    VerifyNumbersQuery,
)
from erp_core.kernel.context import Context
from erp_http.dto import RequestDto, ResponseDto
from erp_http.fields import Choice, Flag, List, Nested, Text, Whole
from erp_http.routing import Route


class VerifyNumbersDto(RequestDto):
    def make(self, ctx: Context, given: dict[str, Any]) -> VerifyNumbersQuery:
        return VerifyNumbersQuery()


class VerifyFilesDto(RequestDto):
    after = Text(
        load_default="",
        length=DIGEST_LENGTH,
        metadata={"description": "next of the answer before"},
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> VerifyFilesQuery:
        return VerifyFilesQuery(after=given["after"])


class NumberDifferenceDto(ResponseDto[NumberDifference]):
    document_type = Text(required=True, metadata={"examples": ["invoicing.invoice"]})
    period = Text(required=True, metadata={"examples": ["2026"]})
    rule = Choice(NumberRule, required=True)
    first = Whole(required=True, metadata={"description": "the first count that breaks it"})
    last = Whole(required=True)

    def show(self, thing: NumberDifference) -> dict[str, Any]:
        return {
            "document_type": thing.document_type,
            "period": thing.period,
            "rule": thing.rule.value,
            "first": thing.first,
            "last": thing.last,
        }


class NumberVerificationDto(ResponseDto[NumberVerification]):
    consistent = Flag(required=True)
    differences = List(Nested(NumberDifferenceDto), required=True, most=DIFFERENCES_MAX)

    def show(self, thing: NumberVerification) -> dict[str, Any]:
        return {
            "consistent": thing.consistent,
            "differences": [_NUMBER.show(each) for each in thing.differences],
        }


class FileDifferenceDto(ResponseDto[FileDifference]):
    digest = Text(required=True, metadata={"description": "SHA-256, in hexadecimal"})
    rule = Choice(FileRule, required=True)

    def show(self, thing: FileDifference) -> dict[str, Any]:
        return {"digest": thing.digest, "rule": thing.rule.value}


class FileVerificationDto(ResponseDto[FileVerification]):
    consistent = Flag(required=True)
    checked = Whole(required=True, metadata={"description": "so many files were read"})
    differences = List(Nested(FileDifferenceDto), required=True, most=FILES_AT_ONCE_MAX + 1)
    next = Text(
        required=True, allow_none=True, metadata={"description": "null: these were the last"}
    )

    def show(self, thing: FileVerification) -> dict[str, Any]:
        return {
            "consistent": thing.consistent,
            "checked": len(thing.checked),
            "differences": [_FILE.show(each) for each in thing.differences],
            "next": thing.next,
        }


_NUMBER: Final = NumberDifferenceDto()
_FILE: Final = FileDifferenceDto()


def routes(area: DocumentsUseCases) -> tuple[Route, ...]:
    return (
        Route(
            on="GET /v1/number-series/verify",
            call=area.verify_numbers,
            accepts=VerifyNumbersDto(),
            returns=NumberVerificationDto(),
        ),
        Route(
            on="GET /v1/files/verify",
            call=area.verify_files,
            accepts=VerifyFilesDto(),
            returns=FileVerificationDto(),
        ),
    )
