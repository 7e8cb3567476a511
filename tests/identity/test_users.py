"""Users, their passwords and their roles: who may give what to whom."""

import pytest

from erp_core.identity.entities import (
    BUILT_IN_ROLES,
    RoleId,
    UserId,
    UserState,
)
from erp_core.identity.ports import RoleQuery, UserQuery
from erp_core.identity.use_cases import (
    ChangePasswordCommand,
    ChangeUserCommand,
    DefineRoleCommand,
    RoleCommand,
    SetPasswordCommand,
    UserCommand,
)
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    InvariantError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    TooManyAttemptsError,
    TransitionError,
    UnauthenticatedError,
)
from erp_core.kernel.page import PageRequest
from erp_core.testing import context
from tests.identity.house import PASSWORD, House, Interrupted, a_command

OTHER = "black tea, three leaves"


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def manager(house: House) -> Context:
    """Someone who manages users, and may little else."""
    house.define("manager", "identity.user.*", "identity.role.*", "sales.*")
    return house.of(
        house.enter("manager", "manager"), "identity.user.*", "identity.role.*", "sales.*"
    )


def change(house: House, ctx: Context, user_id: UserId, version: int | None = None, **changes):
    command = ChangeUserCommand(id=user_id, version=version, changes=changes)
    return house.identity.change_user(ctx, command)


def define(house: House, ctx: Context, name: str, *grants: str, version: int | None = None):
    command = DefineRoleCommand(id=RoleId(new_id()), name=name, grants=grants, version=version)
    return house.identity.define_role(ctx, command)


def test_a_user_is_entered_read_changed_and_listed(house: House) -> None:
    ana = house.identity.create_user(
        house.admin, a_command(login=" Ana", email="ana@example.org", roles=("sales",))
    )
    changed = change(house, house.admin, ana.id, 1, name="Ana B.", locale="es")
    page = house.identity.list_users(house.admin, UserQuery(page=PageRequest()))

    assert (ana.login, ana.roles, ana.version) == ("ana", ("sales",), 1)
    assert house.identity.get_user(house.admin, UserCommand(id=ana.id)) == changed
    assert [each.login for each in page.items] == ["admin", "ana"]
    assert (changed.name, changed.email, changed.locale) == ("Ana B.", "ana@example.org", "es")


def test_what_has_moved_on_is_not_changed(house: House) -> None:
    ana = house.enter()
    change(house, house.admin, ana.id, 1, name="B")
    with pytest.raises(PreconditionFailedError):
        change(house, house.admin, ana.id, 1, name="C")
    for use_case in (house.identity.disable_user, house.identity.enable_user):
        with pytest.raises(PreconditionFailedError):
            use_case(house.admin, UserCommand(id=ana.id, version=1))


def test_a_user_is_disabled_and_enabled_once(house: House) -> None:
    one = UserCommand(id=house.enter().id)
    with pytest.raises(TransitionError):
        house.identity.enable_user(house.admin, one)
    assert house.identity.disable_user(house.admin, one).state is UserState.DISABLED
    with pytest.raises(TransitionError):
        house.identity.disable_user(house.admin, one)
    assert house.identity.enable_user(house.admin, one).active


def test_a_login_is_taken_in_every_company(house: House) -> None:
    house.enter()
    with pytest.raises(AlreadyExistsError):
        house.identity.create_user(house.rival, a_command())


def test_another_companys_user_is_not_found(house: House) -> None:
    one = UserCommand(id=house.enter().id)
    for ask in (
        house.identity.get_user,
        house.identity.disable_user,
        house.identity.enable_user,
    ):
        with pytest.raises(NotFoundError):
            ask(house.rival, one)
    with pytest.raises(NotFoundError):
        change(house, house.rival, one.id, name="B")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short tea", "identity.password.length"),
        ("x1" * 101, "identity.password.length"),
        ("tea leaves\0", "text.unstorable"),
        ("admin.tea.house", "identity.password.login"),
        ("Admin.Tea.House", "identity.password.login"),
        ("Password123", "identity.password.common"),
        ("aaaaaaaaaaaa", "identity.password.common"),
        ("\uff50assword123", "identity.password.common"),  # a full-width p is a p
    ],
)
def test_a_password_that_will_not_do_is_refused_before_it_is_hashed(
    house: House, password: str, code: str
) -> None:
    command = a_command(login="admin.tea.house", password=password)
    with pytest.raises(InvariantError) as refusal:
        house.identity.create_user(house.admin, command)
    assert (refusal.value.code, refusal.value.field) == (code, "password")


def test_nobody_enters_a_user_who_may_more_than_himself(house: House, manager: Context) -> None:
    for roles in (("administrator",), ("auditor",), ("sales", "finance")):
        with pytest.raises(PermissionDeniedError) as refusal:
            house.identity.create_user(manager, a_command(roles=roles))
        assert refusal.value.code == "identity.escalation"
    house.define("clerk", "sales.order.*", "sales.*.read")
    assert house.identity.create_user(manager, a_command(roles=("clerk",))).roles == ("clerk",)


def test_a_role_that_is_not_there_is_not_given(house: House) -> None:
    for ask in (
        lambda: house.identity.create_user(house.admin, a_command(roles=("tea_master",))),
        lambda: change(house, house.admin, house.enter("bo").id, roles=("tea_master",)),
    ):
        with pytest.raises(InvariantError) as refusal:
            ask()
        assert (refusal.value.code, refusal.value.field) == (
            "identity.user.role_unknown",
            "roles",
        )


def test_nobody_manages_a_user_who_may_more_than_himself(house: House, manager: Context) -> None:
    auditor = house.enter("auditor", "auditor")
    one = UserCommand(id=auditor.id)
    for ask in (
        lambda: change(house, manager, auditor.id, email="mine@example.org"),
        lambda: change(house, manager, auditor.id, roles=()),
        lambda: house.identity.disable_user(manager, one),
        lambda: house.identity.enable_user(manager, one),
        lambda: house.identity.set_password(
            manager, SetPasswordCommand(id=auditor.id, password=OTHER)
        ),
    ):
        with pytest.raises(PermissionDeniedError) as refusal:
            ask()
        assert refusal.value.code == "identity.escalation"


def test_roles_are_given_as_far_as_one_holds_them(house: House, manager: Context) -> None:
    house.define("clerk", "sales.order.*")
    ana = house.enter("ana", "clerk")
    with pytest.raises(PermissionDeniedError):
        change(house, manager, ana.id, roles=("clerk", "auditor"))
    assert change(house, manager, ana.id, roles=()).roles == ()


def test_nobody_disables_himself_or_changes_his_own_roles(house: House) -> None:
    me = UserId(house.identity.get_me(house.admin, None).user.id)
    for ask in (
        lambda: house.identity.disable_user(house.admin, UserCommand(id=me)),
        lambda: change(house, house.admin, me, roles=()),
    ):
        with pytest.raises(PermissionDeniedError) as refusal:
            ask()
        assert refusal.value.code == "identity.user.self"
    assert change(house, house.admin, me, name="B", roles=("administrator",)).name == "B"


def test_a_password_is_changed_by_whoever_knows_it_and_ends_all_sessions(house: House) -> None:
    ana = house.enter()
    session, me = house.sign_in(), house.of(ana, "identity.password.change")
    command = ChangePasswordCommand(current_password=PASSWORD, new_password=OTHER)
    house.identity.change_password(me, command)

    with pytest.raises(UnauthenticatedError):
        house.refresh(session.refresh_token)
    with pytest.raises(UnauthenticatedError):
        house.sign_in()
    assert house.sign_in(password=OTHER).user.id == ana.id


def test_a_wrong_current_password_counts_as_a_failure_to_sign_in(house: House) -> None:
    me = house.of(house.enter(), "identity.password.change")
    wrong = ChangePasswordCommand(current_password="wrong", new_password=OTHER)
    for _ in range(5):
        with pytest.raises(InvariantError) as refusal:
            house.identity.change_password(me, wrong)
        assert (refusal.value.code, refusal.value.field) == (
            "identity.password.current",
            "current_password",
        )
    with pytest.raises(TooManyAttemptsError):
        house.identity.change_password(me, wrong)
    with pytest.raises(TooManyAttemptsError):
        house.sign_in()


def test_failures_that_others_had_meanwhile_are_waited_for() -> None:
    house = House(Interrupted())
    me = house.of(house.enter(), "identity.password.change")

    def others_fail() -> None:
        for _ in range(5):
            with pytest.raises(UnauthenticatedError):
                house.sign_in(password="wrong")

    house.hasher.meanwhile = others_fail
    command = ChangePasswordCommand(current_password=PASSWORD, new_password=OTHER)
    with pytest.raises(TooManyAttemptsError):
        house.identity.change_password(me, command)


def test_a_new_password_obeys_the_rules(house: House) -> None:
    me = house.of(house.enter(), "identity.password.change")
    command = ChangePasswordCommand(current_password=PASSWORD, new_password="short")
    with pytest.raises(InvariantError) as refusal:
        house.identity.change_password(me, command)
    assert refusal.value.field == "new_password"


def test_a_machine_has_no_password(house: House) -> None:
    command = ChangePasswordCommand(current_password=PASSWORD, new_password=OTHER)
    with pytest.raises(PermissionDeniedError) as refusal:
        house.identity.change_password(context("*"), command)
    assert refusal.value.code == "identity.user_only"


def test_a_forgotten_password_is_replaced_and_ends_all_sessions(house: House) -> None:
    ana = house.enter()
    session = house.sign_in()
    for password, error in (("short", InvariantError), ("ana", InvariantError)):
        with pytest.raises(error):
            house.identity.set_password(
                house.admin, SetPasswordCommand(id=ana.id, password=password)
            )
    house.identity.set_password(
        house.admin, SetPasswordCommand(id=ana.id, version=1, password=OTHER)
    )
    with pytest.raises(UnauthenticatedError):
        house.refresh(session.refresh_token)
    assert house.sign_in(password=OTHER).user.version == 2


def test_a_role_is_defined_and_defined_anew(house: House) -> None:
    made = define(house, house.admin, "clerk", "sales.order.*", "catalog.*.read", "sales.order.*")
    again = define(house, house.admin, "clerk", "sales.*", version=1)
    page = house.identity.list_roles(house.admin, RoleQuery(page=PageRequest(sort="name")))

    assert made.grants == ("catalog.*.read", "sales.order.*")
    assert (again.id, again.version, again.grants) == (made.id, 2, ("sales.*",))
    assert house.identity.get_role(house.admin, RoleCommand(id=made.id)) == again
    assert [each.name for each in page.items] == sorted([*BUILT_IN_ROLES, "clerk"])
    with pytest.raises(PreconditionFailedError):
        define(house, house.admin, "clerk", version=1)
    with pytest.raises(PreconditionFailedError):
        define(house, house.admin, "new_one", version=1)


def test_built_in_roles_stay(house: House) -> None:
    for name in BUILT_IN_ROLES:
        with pytest.raises(InvariantError) as refusal:
            define(house, house.admin, name, "sales.*")
        assert refusal.value.code == "identity.role.built_in"


@pytest.mark.parametrize(
    "grants",
    [
        ("*",),
        ("*.*.read",),
        ("identity.*",),
        ("sales.*", "catalog.product.read"),
        ("*.order.confirm",),
    ],
)
def test_nobody_defines_a_role_that_may_more_than_himself(
    house: House, manager: Context, grants: tuple[str, ...]
) -> None:
    with pytest.raises(PermissionDeniedError) as refusal:
        define(house, manager, "clerk", *grants)
    assert refusal.value.code == "identity.escalation"


def test_nobody_redefines_a_role_that_may_more_than_himself(
    house: House, manager: Context
) -> None:
    house.define("clerk", "catalog.*")
    with pytest.raises(PermissionDeniedError):
        define(house, manager, "clerk", "sales.order.*")
    own = define(house, manager, "seller", "sales.order.*", "sales.*.read", "sales.*")
    assert own.version == 1


@pytest.mark.parametrize(
    "grants", [("sales.order.*.x",), ("Sales",), ("",), ("sales.*",) * 51, ("a" * 97,)]
)
def test_what_is_no_grant_is_refused(house: House, grants: tuple[str, ...]) -> None:
    with pytest.raises(InvariantError) as refusal:
        define(house, house.admin, "clerk", *grants)
    assert refusal.value.field == "grants"


def test_an_auditor_reads_everything_and_changes_nothing(house: House) -> None:
    auditor = house.of(house.enter("auditor", "auditor"), *BUILT_IN_ROLES["auditor"])
    assert house.identity.list_users(auditor, UserQuery(page=PageRequest())).items
    assert house.identity.list_roles(auditor, RoleQuery(page=PageRequest())).items
    with pytest.raises(PermissionDeniedError):
        define(house, auditor, "clerk")
    with pytest.raises(PermissionDeniedError):
        house.identity.create_user(auditor, a_command())
