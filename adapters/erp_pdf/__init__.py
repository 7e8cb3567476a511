"""Documents as PDF, made by processes of their own, which can be ended at any moment."""

from erp_pdf.pool import WORKER, PdfPool

__all__ = ["WORKER", "PdfPool"]
