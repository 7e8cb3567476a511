"""A SQLite file that is not where it was is a database out of reach, and no defect of ours."""

from pathlib import Path

import pytest

from erp_core.kernel.errors import UnavailableError
from erp_core.testing import context, expect
from erp_sql.engine import make_engine
from erp_sql.unit_of_work import SqlStore


@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_that_cannot_be_opened_is_out_of_reach(tmp_path: Path, read_only: bool) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/gone/erp.db", max_open=1, max_idle=0)
    ctx = context()
    with expect(UnavailableError), SqlStore(engine)(ctx, read_only=read_only) as uow:
        uow.outbox.pending(ctx, 1)
    engine.dispose()
