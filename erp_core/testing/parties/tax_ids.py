"""Tax ids: numbers that are right, and a checker that knows them by heart."""

from __future__ import annotations

from typing import Final

from erp_core.kernel.context import Context
from erp_core.kernel.errors import InvariantError
from erp_core.parties.entities import VAT_COUNTRIES, TaxIdKind
from erp_core.parties.ports import TaxIdChecker
from erp_core.testing import context, expect

# One of each member state, with its check digits right.
VALID_VAT: Final = {
    "AT": "U13585627",
    "BE": "0428759497",
    "BG": "175074752",
    "CY": "10259033P",
    "CZ": "25123891",
    "DE": "136695976",
    "DK": "13585628",
    "EE": "100594102",
    "ES": "B64717838",
    "FI": "20774740",
    "FR": "23334175221",
    "GR": "094259216",
    "HR": "33392005961",
    "HU": "12892312",
    "IE": "6433435OA",
    "IT": "00743110157",
    "LT": "119511515",
    "LU": "15027442",
    "LV": "40003521600",
    "MT": "11679112",
    "NL": "004495445B01",
    "PL": "8567346215",
    "PT": "501964843",
    "RO": "18547290",
    "SE": "123456789701",
    "SI": "50223054",
    "SK": "2022749619",
    "XI": "980780684",
}


class KnownTaxIds(TaxIdChecker):
    """Takes the numbers of ``VALID_VAT`` and no other VAT number; of the rest it knows nothing."""

    def check(self, ctx: Context, country: str, kind: TaxIdKind, number: str) -> str:
        if kind is TaxIdKind.VAT and VALID_VAT.get(country) != number:
            raise InvariantError(
                f"{number} is no VAT number of {country}",
                code="parties.tax_id.check_digit",
                field="tax_ids",
            )
        return number


class TaxIdCheckerContract:
    """Set ``tax_ids`` before each test."""

    tax_ids: TaxIdChecker

    def check(self, country: str, number: str, kind: TaxIdKind = TaxIdKind.VAT) -> str:
        return self.tax_ids.check(context(), country, kind, number)

    def test_a_right_number_of_every_member_state_is_taken_as_it_is(self) -> None:
        assert set(VALID_VAT) == VAT_COUNTRIES
        for country, number in VALID_VAT.items():
            assert self.check(country, number) == number

    def test_a_wrong_check_digit_is_refused(self) -> None:
        for country, number in VALID_VAT.items():
            place = next(n for n, each in enumerate(number) if each.isdigit() and each != "0")
            wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
            with expect(InvariantError, "parties.tax_id.check_digit") as refusal:
                self.check(country, wrong)
            assert refusal[0].field == "tax_ids"

    def test_what_has_no_known_check_digits_is_taken_as_it_is(self) -> None:
        assert self.check("US", "123456789", TaxIdKind.OTHER) == "123456789"
        assert self.check("DE", "1", TaxIdKind.OTHER) == "1"
