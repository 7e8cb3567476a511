"""Check digits by python-stdnum, which knows how each country computes its own."""

from __future__ import annotations

from typing import Final

from stdnum.exceptions import ValidationError
from stdnum.util import get_cc_module

from erp_core.kernel.context import Context
from erp_core.kernel.errors import InvariantError
from erp_core.parties.entities import TaxIdKind, vat_number, vat_prefix
from erp_core.parties.ports import TaxIdChecker

_MODULES: Final = {"XI": "GB"}  # Northern Ireland's numbers are the United Kingdom's


class StdnumTaxIds(TaxIdChecker):
    """Computes; asks nobody. What is no VAT number it takes as it is."""

    def check(self, ctx: Context, country: str, kind: TaxIdKind, number: str) -> str:
        module = get_cc_module(_MODULES.get(country, country).lower(), "vat")
        if kind is not TaxIdKind.VAT or module is None:
            return number
        try:
            # With the prefix: a French number may begin with FR for another reason.
            valid = module.validate(vat_prefix(country) + number)
        except ValidationError as error:
            raise InvariantError(
                f"{number} is no VAT number of {country}, a digit is wrong: "
                "compare it with the paper",
                code="parties.tax_id.check_digit",
                field="tax_ids",
            ) from error
        return vat_number(country, valid) or number
