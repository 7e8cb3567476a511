"""``python -m erp_pdf``: one process that sets documents."""

from __future__ import annotations

from erp_pdf.worker import main

if __name__ == "__main__":
    main()
