"""Whether the books of the stock agree with themselves."""

from __future__ import annotations

from uuid import UUID

from erp_app.composition import core
from erp_app.database import require_file
from erp_app.errands import companies, errand
from erp_app.settings import Settings
from erp_core.inventory.use_cases import VerifyStockQuery


def differences(settings: Settings, company: UUID | None) -> list[dict[str, str]]:
    """Return the stock rows that their movements do not explain, of one company or of all.

    Raises:
        ProgramError: there is no such company.
    """
    require_file(settings)
    with core(settings) as house:
        return [
            {
                "company_id": str(company_id),
                "product_id": str(found.key.product_id),
                "warehouse_id": str(found.key.warehouse_id),
                "lot": found.key.lot,
                "rule": found.rule.value,
                "found": str(found.found),
                "expected": str(found.expected),
            }
            for company_id in companies(house.erp, company)
            for found in house.erp.inventory.verify_stock(
                errand(company_id), VerifyStockQuery()
            ).differences
        ]
