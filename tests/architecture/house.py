"""What the house consists of, found by looking."""

import importlib
import pkgutil
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import erp_app
import erp_core
import erp_core.testing
import erp_http
import erp_memory
import erp_pdf
import erp_smtp
import erp_sql
import erp_system
import erp_telemetry
import erp_workers
from erp_core.kernel.errors import ErpError
from erp_core.kernel.piecework import Piecework
from erp_core.kernel.use_case import UseCase
from tests.wiring import an_erp

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for folder in ("erp_core", "adapters", "apps", "migrations", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


def modules(package: ModuleType) -> list[ModuleType]:
    """Return the modules of *package*; alembic's own are run by it, never imported."""
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return [importlib.import_module(each.name) for each in found]


def classes(package: ModuleType) -> list[type]:
    """Return the classes that *package* itself defines."""
    return [
        value
        for module in [package, *modules(package)]
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    ]


CORE = classes(erp_core)
PORTS = [
    each
    for each in CORE
    if getattr(each, "_is_protocol", False) and "ports" in each.__module__.split(".")
]
USE_CASES = [
    each for each in CORE if issubclass(each, UseCase) and each not in (UseCase, Piecework)
]
ERRORS = [each for each in CORE if issubclass(each, ErpError)]
CONTRACTS = {each.__name__ for each in classes(erp_core.testing)}
ADAPTERS = {
    package.__name__: classes(package)
    for package in (
        erp_http,
        erp_memory,
        erp_pdf,
        erp_smtp,
        erp_sql,
        erp_system,
        erp_telemetry,
        erp_workers,
        erp_app,
    )
}
HTTP = ADAPTERS["erp_http"]


def wired() -> set[type]:
    """Return the use cases that the front door offers."""
    whole = an_erp()
    areas = [getattr(whole, each.name) for each in fields(whole)]
    return {type(getattr(area, each.name)) for area in areas for each in fields(area)}
