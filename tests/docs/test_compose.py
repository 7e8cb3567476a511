"""The examples of how to run it: whatever they name is known to the program and to each other."""

import re
from pathlib import Path
from typing import Any, Final

import click
import pytest
import yaml

from erp_app.cli import main
from erp_app.settings import Settings
from tests.apps.programs import ROOT

COMPOSE: Final = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
OURS: Final = [name for name, each in SERVICES.items() if each["image"].startswith("erp:")]
PROFILES: Final = ("postgresql", "mysql")
GIVEN: Final = {
    "ERP_SECRET_KEY": "k3y-" * 16,
    "ERP_ADMIN_PASSWORD": "correct horse battery",
    "DB_PASSWORD": "s3cret",
}
EXAMPLES: Final = (
    "docker-compose.yml",
    "docs/examples/nginx.conf",
    "docs/scaling.md",
    "Dockerfile",
)


def filled(value: str) -> str:
    """Put in what the reader was told to write into .env; what is missing is a KeyError."""
    return re.sub(r"\$\{(\w+)(?::\?[^}]*)?\}", lambda match: GIVEN[match[1]], value)


@pytest.mark.parametrize("service", OURS)
def test_every_service_of_ours_starts_with_what_it_is_given(service: str) -> None:
    each = SERVICES[service]
    environment = {name: filled(value) for name, value in each["environment"].items()}
    settings = Settings.read(environment)
    command = main.commands[each["command"][0]]

    assert isinstance(command, click.Command)
    assert settings.secret_key == GIVEN["ERP_SECRET_KEY"]
    assert f"@{each['profiles'][0]}/" in settings.database_url
    assert settings.smtp_url == "smtp://mail:1025"
    assert settings.storage_dir.startswith(each["volumes"][0].rpartition(":")[2])
    assert int(each["stop_grace_period"].removesuffix("s")) > settings.shutdown_grace_s + 10
    assert settings.db_max_open >= settings.threads + settings.workers + 2
    assert each["read_only"] is True


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_is_whole(profile: str) -> None:
    chosen = {name for name, each in SERVICES.items() if profile in each["profiles"]}
    kinds = sorted(SERVICES[name]["command"][0] for name in chosen & set(OURS))

    assert kinds == ["serve", "worker"]
    assert {profile, "mail"} <= chosen
    for name in chosen:
        for other, how in SERVICES[name].get("depends_on", {}).items():
            assert other in chosen
            healthy = how["condition"] == "service_healthy"
            assert not healthy or other in OURS or "healthcheck" in SERVICES[other]


def test_every_volume_is_declared() -> None:
    used = {each.partition(":")[0] for one in SERVICES.values() for each in one.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_setting_that_an_example_names_is_one(example: str) -> None:
    text = Path(ROOT / example).read_text(encoding="utf-8")
    named = set(re.findall(r"\bERP_[A-Z_]+[A-Z]", text)) - {"ERP_TEST_IMAGE"}
    known = {row.name for row, _ in Settings().rows()}

    assert named
    assert named <= known | {f"{each}_FILE" for each in known}


def test_the_image_runs_commands_that_there_are() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    (checked,) = re.findall(r'HEALTHCHECK .* CMD \["/usr/bin/erp", "(\w+)"\]', text)
    (entry,) = re.findall(r'^ENTRYPOINT \["(.+)"\]$', text, re.MULTILINE)
    (served,) = re.findall(r'^CMD \["(\w+)"\]$', text, re.MULTILINE)

    assert {checked, served} <= set(main.commands)
    assert entry == "/usr/bin/erp"
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE)[-1] == "scratch"
    assert "USER 65532:65532" in text
