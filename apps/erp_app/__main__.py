"""``python -m erp_app``: the same as ``erp``."""

from erp_app.cli import main

if __name__ == "__main__":
    main(prog_name="erp")
