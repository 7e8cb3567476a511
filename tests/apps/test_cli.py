"""What an operator types, and what he is told: one line, and an exit code a script can tell."""

import json
import re
import sqlite3
import time
import tomllib
from pathlib import Path

import pytest

import erp_app
from tests.apps.programs import ROOT, environment, erp, program, spelled
from tests.databases import RUN, SERVERS, url
from tests.mail.server import Post, a_server

COMMANDS = [
    *("serve", "init", "config", "doctor", "health", "verify", "openapi"),
    *("backup", "restore", "seed", "seed demo"),
    *("migrate", "migrate up", "migrate down", "migrate status", "migrate sql"),
    *("import", "import products"),
    *("user", "user add", "user list", "user disable", "user enable", "user password"),
]


def one_line(said: str) -> bool:
    return said.startswith("erp: ") and said.count("\n") == 1 and "Traceback" not in said


def test_help_comes_at_once(tmp_path: Path) -> None:
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        assert program("--help", folder=tmp_path).returncode == 0
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.6  # twice the goal: the machine may be busy


def test_help_needs_nothing_that_is_heavy(tmp_path: Path) -> None:
    shown = program("--help", folder=tmp_path, PYTHONPROFILEIMPORTTIME="1").stderr
    imported = {line.rsplit("|", 1)[1].strip() for line in shown.splitlines() if "|" in line}

    assert "click" in imported
    assert not imported & {"flask", "sqlalchemy", "alembic", "waitress", "marshmallow"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_whatever_is_set(tmp_path: Path, command: str) -> None:
    shown = erp(*command.split(), "--help", folder=tmp_path, ERP_PORT="wrong")

    assert shown.returncode == 0
    assert "Usage: erp" in shown.stdout
    if command not in ("migrate", "user", "import", "seed"):
        assert f"Example:  {'ERP_' if 'ERP_' in shown.stdout else 'erp '}" in shown.stdout


def test_the_version_is_the_packages(tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert erp_app.__version__ == project["version"]
    assert program("--version", folder=tmp_path).stdout == f"erp {erp_app.__version__}\n"


def test_wrong_usage_is_told_apart_from_wrong_settings(tmp_path: Path) -> None:
    usage = erp("migrate", "sideways", folder=tmp_path)
    setting = erp("config", folder=tmp_path, ERP_PROT="1")
    value = program("serve", folder=tmp_path, ERP_PORT="x")

    assert (usage.returncode, setting.returncode, value.returncode) == (2, 3, 3)
    assert one_line(setting.stderr)
    assert "did you mean ERP_PORT?" in setting.stderr
    assert one_line(value.stderr)


def test_the_settings_in_force_are_shown_with_secrets_masked(tmp_path: Path) -> None:
    secret = {"ERP_DATABASE_URL": "mysql://erp:tiger@db/erp", "ERP_ADMIN_PASSWORD": "tiger"}
    plain = erp("config", folder=tmp_path, ERP_PORT="9000", **secret)
    data = json.loads(erp("config", "--json", folder=tmp_path, ERP_PORT="9000", **secret).stdout)

    assert re.search(r"^ERP_PORT +9000$", plain.stdout, re.MULTILINE)
    assert "tiger" not in plain.stdout
    assert (data["ERP_PORT"], data["ERP_CURRENCY"]) == (9000, "BRL")
    assert data["ERP_DATABASE_URL"] == "mysql://erp:********@db/erp"


def test_a_schema_is_made_shown_and_taken_back(tmp_path: Path) -> None:
    missing = erp("migrate", "status", folder=tmp_path)
    made = erp("migrate", "up", folder=tmp_path)
    again = erp("migrate", "up", folder=tmp_path)
    checked = erp("migrate", "status", "--json", "--check", folder=tmp_path)
    asked = erp("migrate", "down", "base", folder=tmp_path)
    back = erp("migrate", "down", "base", "--yes", folder=tmp_path)
    pending = erp("migrate", "status", "--check", folder=tmp_path)

    assert (missing.returncode, made.returncode, again.returncode) == (4, 0, 0)
    assert not (tmp_path / "erp.db.secret").exists()
    assert "applied 0001" in made.stderr
    assert "nothing to apply" in again.stderr
    status = json.loads(checked.stdout)
    assert (checked.returncode, status["pending"], status["current"]) == (0, [], status["head"])
    assert asked.returncode == 1  # nobody answered: nothing was taken back
    assert (back.returncode, pending.returncode) == (0, 5)
    assert "pending  0001" in pending.stdout


def test_a_revision_that_is_none_is_one_line(tmp_path: Path) -> None:
    refused = program("migrate", "up", "nonsense", folder=tmp_path)

    assert refused.returncode == 4
    assert one_line(refused.stderr)


def test_the_schema_can_be_printed_for_a_database_that_is_not_there(tmp_path: Path) -> None:
    script = erp("migrate", "sql", folder=tmp_path, ERP_DATABASE_URL="postgres://nowhere/erp")

    assert script.returncode == 0
    assert "CREATE TABLE audit_record" in script.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_database_out_of_reach_is_one_line_without_its_password(tmp_path: Path) -> None:
    for scheme in ("postgresql", "mysql"):
        address = f"{scheme}://erp:tiger@127.0.0.1:1/erp"
        refused = erp("migrate", "up", folder=tmp_path, ERP_DATABASE_URL=address)

        assert refused.returncode == 4
        assert one_line(refused.stderr)
        assert "refused" in refused.stderr
        assert "tiger" not in refused.stderr


@pytest.mark.parametrize("kind", SERVERS)
def test_an_account_that_is_refused_is_one_line(tmp_path: Path, kind: str) -> None:
    server = RUN.server(kind).set(username="nobody_we_know", password="tiger", database="erp")
    address = server.set(drivername=kind).render_as_string(hide_password=False)
    refused = erp("migrate", "up", folder=tmp_path, ERP_DATABASE_URL=address)

    assert refused.returncode == 4
    assert one_line(refused.stderr)
    assert "nobody_we_know" in refused.stderr
    assert "tiger" not in refused.stderr


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/missing/erp.db"
    refused = erp("migrate", "up", folder=tmp_path, ERP_DATABASE_URL=address)

    assert refused.returncode == 4
    assert one_line(refused.stderr)
    assert f"there is no folder {tmp_path}/missing" in refused.stderr


def test_a_file_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "erp.db").mkdir()
    refused = erp("migrate", "up", folder=tmp_path)

    assert refused.returncode == 4
    assert one_line(refused.stderr)
    assert f"give this account the folder {tmp_path}" in refused.stderr


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "erp.db").write_text("not a database" * 100, encoding="utf-8")
    refused = erp("migrate", "up", folder=tmp_path)

    assert refused.returncode == 4
    assert one_line(refused.stderr)
    assert "file is not a database" in refused.stderr


def test_the_doctor_finds_a_healthy_house_healthy(tmp_path: Path) -> None:
    erp("migrate", "up", folder=tmp_path)
    examined = erp("doctor", folder=tmp_path)
    data = json.loads(erp("doctor", "--json", folder=tmp_path).stdout)

    assert examined.returncode == 0, examined.stdout
    assert all(line.startswith("ok ") for line in examined.stdout.splitlines())
    names = {each["name"] for each in data}
    assert names == {
        "settings",
        "key",
        "database",
        "clock",
        "schema",
        "storage",
        "data",
        "print",
        "mail",
    }


@pytest.mark.parametrize("kind", SERVERS)
def test_the_doctor_knows_the_servers(tmp_path: Path, kind: str) -> None:
    known = {"ERP_DATABASE_URL": spelled(url(kind, tmp_path))}
    examined = erp("doctor", folder=tmp_path, **known)

    assert examined.returncode == 1
    assert "answers" in examined.stdout
    assert "as the database's" in examined.stdout
    assert "run: erp migrate up" in examined.stdout
    assert "set ERP_SECRET_KEY" in examined.stdout


def test_the_doctor_says_what_to_do(tmp_path: Path) -> None:
    absent = erp("doctor", folder=tmp_path)
    unset = erp("doctor", folder=tmp_path, ERP_PORT="x")
    (tmp_path / "erp.db.secret").write_text("k" * 40, encoding="ascii")
    (tmp_path / "erp.db.secret").chmod(0o644)
    sqlite3.connect(tmp_path / "erp.db").close()
    open_to_others = erp("doctor", folder=tmp_path)

    assert (absent.returncode, unset.returncode, open_to_others.returncode) == (1, 1, 1)
    assert "`erp init` makes it" in absent.stdout
    assert "ERP_PORT: 'x' is not allowed" in unset.stdout
    assert "chmod 600" in open_to_others.stdout
    assert "erp migrate up" in open_to_others.stdout


def test_the_doctor_asks_the_mail_server_and_sends_no_mail(tmp_path: Path) -> None:
    erp("migrate", "up", folder=tmp_path)
    post = Post()
    with a_server(post) as server:
        answered = said_of_mail(tmp_path, f"smtp://127.0.0.1:{server.port}")
    silent = said_of_mail(tmp_path, f"smtp://127.0.0.1:{server.port}")

    assert (answered["ok"], post.ids) == (True, [])
    assert (silent["ok"], "ERP_SMTP_URL" in silent["advice"]) == (False, True)


def said_of_mail(folder: Path, address: str) -> dict[str, object]:
    known = {"ERP_SMTP_URL": address, "ERP_MAIL_FROM": "loja@example.com"}
    found = json.loads(erp("doctor", "--json", folder=folder, **known).stdout)
    return next(each for each in found if each["name"] == "mail")


def test_the_tests_start_programs_without_settings_of_their_own() -> None:
    assert not [name for name in environment() if name.startswith("ERP_")]


def test_the_doctor_finds_a_file_where_the_folder_of_files_should_be(tmp_path: Path) -> None:
    (tmp_path / "erp-storage").touch()
    examined = erp("doctor", folder=tmp_path)

    (line,) = (each for each in examined.stdout.splitlines() if " storage " in each)
    assert line.startswith("FAIL")
    assert "Not a directory" in line
