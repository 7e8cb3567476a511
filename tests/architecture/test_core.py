"""Steps that nobody can miss. Imports between layers are import-linter's; the rest is here."""

import ast
import inspect
import sys
from pathlib import Path

import pytest

from erp_core.kernel.entity import Event, Lifecycle
from erp_core.kernel.ports import UnitOfWork
from erp_core.kernel.use_case import UseCase
from tests.architecture import house

LINES_MAX = 400
FUNCTION_LINES_MAX = 60

# Ports that no store serves, and the adapter that does.
ADAPTERS_OF = {
    "Clock": ["erp_app", "erp_system"],  # the demo's year is another time
    "MailSender": ["erp_smtp"],
    "Observer": ["erp_telemetry"],
    "FileStore": ["erp_memory", "erp_system"],
    "PasswordHasher": ["erp_system"],
    "PdfRenderer": ["erp_memory", "erp_pdf"],
    "TaxIdChecker": ["erp_system"],
}
# Facts that are told to integrators through the outbox, and that nothing of ours acts upon yet.
FOR_OTHERS = {
    "catalog.product_archived": "a web shop takes it off its shelves",
    "invoicing.invoice_abandoned": "whoever insured the claim learns of the loss",
    "invoicing.invoice_reopened": "a web shop holds back again what is not paid after all",
    "invoicing.invoice_paid": "a web shop lets go of what it held back until then",
    "invoicing.invoice_validated": "a tax office's gateway hands it in",
    "parties.party_merged": "whoever keeps the old id must learn the new one",
    "sales.order_cancelled": "a web shop tells its buyer",
    "sales.order_confirmed": "a web shop tells its buyer, a warehouse system begins to pick",
    "sales.quote_accepted": "whoever watches the pipeline learns of it",
    "sales.shipment_cancelled": "a web shop tells its buyer",
    "sales.shipment_validated": "a web shop tells its buyer, a carrier is called",
    "treasury.payment_recorded": "a bank or a till compares it with what it saw",
    "treasury.payment_reversed": "who was told that it was paid learns that it was not",
}
# What only reads, and is allowed by another permission than that of reading.
READING_BY_ANOTHER_NAME = {
    "AuthenticateApiKey": "who holds a key is found out before he may read",
    "RunRecurringInvoices": "finds what is due; each piece is then written by itself",
}

ports = pytest.mark.parametrize("port", house.PORTS, ids=lambda port: port.__name__)
use_cases = pytest.mark.parametrize("use_case", house.USE_CASES, ids=lambda each: each.__name__)
events = pytest.mark.parametrize(
    "event", [each for each in house.CORE if issubclass(each, Event)], ids=lambda e: e.__name__
)
sources = pytest.mark.parametrize(
    "path", house.SOURCES, ids=lambda path: str(path.relative_to(house.ROOT))
)


def test_the_house_is_not_empty() -> None:
    assert len(house.PORTS) > 5
    assert len(house.USE_CASES) > 5


@sources
def test_the_core_imports_only_itself_and_the_standard_library(path: Path) -> None:
    if path.relative_to(house.ROOT).parts[0] != "erp_core":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            assert name.split(".")[0] in {"erp_core", *sys.stdlib_module_names}, name


@sources
def test_files_and_functions_fit_the_eye(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LINES_MAX
    if "versions" in path.parts:
        return  # a migration is one long list of tables, read from top to bottom
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < FUNCTION_LINES_MAX, node.name


@ports
def test_every_port_method_takes_the_context_first_and_is_abstract(port: type) -> None:
    for name, member in vars(port).items():
        if inspect.isfunction(member) and (name == "__call__" or not name.startswith("_")):
            assert list(inspect.signature(member).parameters)[:2] == ["self", "ctx"], name
            assert name in port.__abstractmethods__, name
        if isinstance(member, property):
            assert name in port.__abstractmethods__, name


@ports
def test_every_port_has_a_contract_and_its_adapters(port: type) -> None:
    if UnitOfWork in port.__mro__:
        return  # a view of the transaction: its factory and its repositories are under contract
    expected = ADAPTERS_OF.get(port.__name__, ["erp_memory", "erp_sql"])
    adapters = [
        name
        for name, found in house.ADAPTERS.items()
        if any(port in each.__mro__ for each in found)
    ]
    assert sorted(adapters) == expected
    thing = port.__name__.removesuffix("Repository").removesuffix("Store")
    assert any(each.startswith(thing) and each.endswith("Contract") for each in house.CONTRACTS)


@ports
def test_every_port_says_where_its_contract_is(port: type) -> None:
    if UnitOfWork not in port.__mro__:
        assert "erp_core.testing." in (port.__doc__ or "")


@use_cases
def test_every_use_case_declares_a_permission_of_its_area(use_case: type[UseCase]) -> None:
    area = use_case.__module__.split(".")[1]
    assert use_case.permission.split(".")[0] == area
    assert len(use_case.permission.split(".")) == 3


@use_cases
def test_what_only_reads_is_allowed_by_leave_to_read(use_case: type[UseCase]) -> None:
    reads = use_case.permission.endswith(".read")
    if use_case.__name__ not in READING_BY_ANOTHER_NAME:
        assert reads == use_case.read_only


@use_cases
def test_every_use_case_says_what_it_does(use_case: type[UseCase]) -> None:
    assert vars(use_case).get("__doc__")
    assert not use_case.__doc__.startswith(use_case.__name__)  # what dataclass makes up


@use_cases
def test_every_use_case_takes_the_context_first(use_case: type[UseCase]) -> None:
    names = list(inspect.signature(use_case.execute).parameters)
    assert names == ["self", "ctx", "uow", "command"]


def test_every_use_case_is_wired() -> None:
    concrete = {each for each in house.USE_CASES if not inspect.isabstract(each)}
    assert house.wired() == concrete


def test_every_lifecycle_names_every_state() -> None:
    found = [
        value
        for module in house.modules(house.erp_core)
        for value in vars(module).values()
        if isinstance(value, Lifecycle)
    ]
    assert found
    for lifecycle in found:
        states = set(type(next(iter(lifecycle.steps))))
        assert set(lifecycle.steps) == states
        assert set().union(*lifecycle.steps.values()) <= states


@events
def test_every_event_has_a_handler_or_is_for_others(event: type[Event]) -> None:
    if not hasattr(event, "name") or event.__module__.startswith("erp_core.testing"):
        return
    assert event.name.split(".")[0] == event.__module__.split(".")[1]
    handled = any(
        event.__name__ in path.read_text(encoding="utf-8")
        for path in house.SOURCES
        if path.relative_to(house.ROOT).parts[0] == "apps"
    )
    assert handled != (event.name in FOR_OTHERS)


def test_no_two_events_have_one_name() -> None:
    names = [each.name for each in house.CORE if issubclass(each, Event) and hasattr(each, "name")]
    assert len(names) == len(set(names))


def test_a_use_case_without_permission_is_refused_at_birth() -> None:
    with pytest.raises(TypeError, match="declares no permission"):

        class Careless(UseCase):
            def execute(self, ctx, uow, command):
                raise NotImplementedError
