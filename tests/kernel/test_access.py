"""Who may do what."""

import pytest

from erp_core.kernel.access import Principal, covers, require_grant
from erp_core.kernel.errors import InvariantError, PermissionDeniedError
from erp_core.testing import context


@pytest.mark.parametrize(
    ("grant", "permission", "allowed"),
    [
        ("*", "sales.order.confirm", True),
        ("sales.*", "sales.order.confirm", True),
        ("sales.order.*", "sales.order.confirm", True),
        ("sales.order.confirm", "sales.order.confirm", True),
        ("*.*.read", "sales.order.read", True),
        ("*.order.*", "sales.order.confirm", True),
        ("*.*.read", "sales.order.confirm", False),
        ("sales.*", "salesx.order.confirm", False),
        ("sales.order", "sales.order.confirm", False),
        ("sales.order.confirm", "sales.order", False),
        ("sales.order.*", "sales.order", False),
        ("sales.quote.*", "sales.order.confirm", False),
    ],
)
def test_a_grant_is_a_pattern_of_permissions(grant: str, permission: str, allowed: bool) -> None:
    assert covers(grant, permission) is allowed
    assert Principal(id="ada", grants=frozenset({grant})).may(permission) is allowed


def test_a_principal_without_grants_may_nothing() -> None:
    with pytest.raises(PermissionDeniedError) as refusal:
        context().require("sales.order.read")

    assert refusal.value.details == {"permission": "sales.order.read"}


@pytest.mark.parametrize("bad", ["", "Sales", "sales.", "a.b.c.d", "sa les", "**", "sales.o*"])
def test_a_grant_has_one_spelling(bad: str) -> None:
    with pytest.raises(InvariantError) as refusal:
        require_grant(bad)

    assert refusal.value.field == "grants"


@pytest.mark.parametrize("good", ["*", "sales.*", "*.*.read", "sales.order.confirm", "crm"])
def test_a_grant_is_accepted_as_it_is_documented(good: str) -> None:
    require_grant(good)
