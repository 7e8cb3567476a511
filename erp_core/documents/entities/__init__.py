"""How documents are numbered, and what stands on them when they are printed."""

from erp_core.documents.entities.letterhead import (
    LOGO_BYTES_MAX,
    TEMPLATE_LENGTH_MAX,
    Letterhead,
    LetterheadChanges,
    require_logo,
)
from erp_core.documents.entities.mask import (
    MASK_LENGTH_MAX,
    NUMBER_LENGTH_MAX,
    NumberMask,
    Reset,
)
from erp_core.documents.entities.number_series import (
    DOCUMENT_TYPE_LENGTH_MAX,
    SERIES,
    DocumentType,
    NumberSeries,
    NumberSeriesChanges,
    series_of,
)
from erp_core.documents.entities.payment_codes import epc_payload, pix_payload
from erp_core.documents.entities.printed import (
    AddressBlock,
    Column,
    Fact,
    Paper,
    PaymentCode,
    PrintedDocument,
    PrintedRow,
    PrintedTable,
    PrintedTotal,
    RowKind,
    Style,
    Symbol,
)
from erp_core.documents.entities.printout import (
    DIGEST_LENGTH,
    EDITION_LENGTH_MAX,
    LOCALE_LENGTH_MAX,
    Printed,
    Printout,
    PrintoutKey,
)
from erp_core.documents.entities.wording import Wording

__all__ = [
    "DIGEST_LENGTH",
    "DOCUMENT_TYPE_LENGTH_MAX",
    "EDITION_LENGTH_MAX",
    "LOCALE_LENGTH_MAX",
    "LOGO_BYTES_MAX",
    "MASK_LENGTH_MAX",
    "NUMBER_LENGTH_MAX",
    "SERIES",
    "TEMPLATE_LENGTH_MAX",
    "AddressBlock",
    "Column",
    "DocumentType",
    "Fact",
    "Letterhead",
    "LetterheadChanges",
    "NumberMask",
    "NumberSeries",
    "NumberSeriesChanges",
    "Paper",
    "PaymentCode",
    "Printed",
    "PrintedDocument",
    "PrintedRow",
    "PrintedTable",
    "PrintedTotal",
    "Printout",
    "PrintoutKey",
    "Reset",
    "RowKind",
    "Style",
    "Symbol",
    "Wording",
    "epc_payload",
    "pix_payload",
    "require_logo",
    "series_of",
]
