"""Documents as PDF, made by processes of their own, which can be ended at any moment."""

from erp_pdf.pool import PdfPool

__all__ = ["PdfPool"]
