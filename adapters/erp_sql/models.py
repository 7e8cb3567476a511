"""Every table there is: what migrations are compared with."""

from __future__ import annotations

from erp_sql.audit import AuditRow
from erp_sql.audit_seals import AuditSealRow
from erp_sql.base import Base
from erp_sql.catalog import models as catalog
from erp_sql.documents import job_models, mail_models, print_models
from erp_sql.documents import models as documents
from erp_sql.idempotency import IdempotencyRow
from erp_sql.identity import models as identity
from erp_sql.inventory import count_models
from erp_sql.inventory import models as inventory
from erp_sql.inventory import transfer_models as transfers
from erp_sql.invoicing import models as invoicing
from erp_sql.invoicing import recurring_models as recurring
from erp_sql.outbox import OutboxRow
from erp_sql.parties import models as parties
from erp_sql.sales import models as sales
from erp_sql.sales import shipment_models as shipments
from erp_sql.treasury import models as treasury

__all__ = [
    "AuditRow",
    "AuditSealRow",
    "Base",
    "IdempotencyRow",
    "OutboxRow",
    "catalog",
    "count_models",
    "documents",
    "identity",
    "inventory",
    "invoicing",
    "job_models",
    "mail_models",
    "parties",
    "print_models",
    "recurring",
    "sales",
    "shipments",
    "transfers",
    "treasury",
]
