"""``python -m erp_app``: the same as ``erp``."""

import gc
from typing import Final

from erp_app.cli import main

# Starting makes half a million things that stay. At Python's own threshold of 700 it looks through
# them hundreds of times, which is a tenth of the start, and finds nothing.
_NEW_THINGS: Final = 50_000


def run() -> None:
    """Run the program as ``erp``, however it was started."""
    gc.set_threshold(_NEW_THINGS, 20, 20)
    main(prog_name="erp")


if __name__ == "__main__":
    run()
