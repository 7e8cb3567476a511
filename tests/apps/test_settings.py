"""Settings: one table, read once, and one line for whoever got one wrong."""

import stat
import threading
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from erp_app import kinds
from erp_app.errors import SettingsError
from erp_app.secret import secret_file, secret_key
from erp_app.settings import Settings, configuration_markdown

DOCUMENT = Path(__file__).parents[2] / "docs" / "configuration.md"


def refusal(**environment: str) -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.read(environment)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_without_any_variable_the_embedded_default_is_served_on_loopback() -> None:
    settings = Settings.read({"PATH": "/bin", "ERP_TEST_POSTGRES_URL": "anything"})

    assert settings == Settings()
    assert (settings.database_url, settings.host, settings.port) == (
        *("sqlite:///erp.db", "127.0.0.1"),
        8080,
    )
    assert (settings.currency, settings.locale) == ("BRL", "pt-BR")


def test_what_is_given_is_read_and_what_is_empty_is_not_given() -> None:
    given = {"ERP_PORT": "0", "ERP_LOG_LEVEL": "DEBUG", "ERP_MAIL_FROM": "Ana <ana@x.org>"}
    settings = Settings.read(given | {"ERP_HOST": "", "ERP_CURRENCY": "EUR"})

    assert (settings.port, settings.log_level, settings.currency) == (0, "debug", "EUR")
    assert (settings.host, settings.mail_from) == ("127.0.0.1", "Ana <ana@x.org>")


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1


def test_an_unknown_name_is_refused_and_the_nearest_one_is_named() -> None:
    assert "ERP_DATABSE_URL" in refusal(ERP_DATABSE_URL="x")
    assert "did you mean ERP_DATABASE_URL?" in refusal(ERP_DATABSE_URL="x")
    assert "did you mean ERP_SECRET_KEY_FILE?" in refusal(ERP_SECRETKEY_FILE="x")


def test_only_a_secret_may_come_from_a_file() -> None:
    assert "ERP_PORT_FILE: there is no such setting" in refusal(ERP_PORT_FILE="x")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ERP_PORT", "65536"),
        ("ERP_PORT", "-1"),
        ("ERP_PORT", "8080.0"),
        ("ERP_PORT", "\u0663"),  # a digit, but not of ours
        ("ERP_PORT", "9" * 5000),
        ("ERP_HOST", "two words"),
        ("ERP_CURRENCY", "real"),
        ("ERP_LOCALE", "pt_BR"),
        ("ERP_TIMEZONE", "Mars/Olympus"),
        ("ERP_TIMEZONE", "../etc/passwd"),
        ("ERP_TIMEZONE", "America"),
        ("ERP_LOG_LEVEL", "loud"),
        ("ERP_MAIL_FROM", "ana"),
        ("ERP_COMPANY_NAME", "   "),
        ("ERP_COMPANY_NAME", "two\nlines"),
        ("ERP_THREADS", "0"),
    ],
)
def test_a_bad_value_is_refused_by_name_with_what_is_allowed(name: str, value: str) -> None:
    assert refusal(**{name: value}).startswith(f"{name}: ")
    assert "it takes" in refusal(**{name: value})


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///erp.db",
        "sqlite:////var/lib/erp/erp.db",
        "postgres://erp@localhost/erp",
        "postgresql://erp:secret@db:5432/erp?sslmode=require",
        "mysql://erp:secret@db/erp",
        "mariadb://erp@[::1]:3306/erp",
    ],
)
def test_a_database_may_be_spelled_in_any_usual_way(url: str) -> None:
    assert Settings.read({"ERP_DATABASE_URL": url}).database_url == url


@pytest.mark.parametrize(
    "url",
    [
        "erp.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "oracle://erp:tiger@db/erp",
        "postgresql+psycopg2://erp:tiger@db/erp",
        "postgresql://erp:tiger@db",
        "mysql://erp:tiger@db:port/erp",
    ],
)
def test_another_database_is_refused_and_its_password_not_repeated(url: str) -> None:
    said = refusal(ERP_DATABASE_URL=url)

    assert said.startswith("ERP_DATABASE_URL: ")
    assert "postgresql://" in said
    assert "tiger" not in said


@pytest.mark.parametrize("url", ["smtp://", "http://mail", "mail.example.com", "smtp://h:x"])
def test_a_mail_server_needs_its_scheme_and_its_host(url: str) -> None:
    assert "smtp://" in refusal(ERP_SMTP_URL=url)


def test_who_mails_says_from_whom() -> None:
    said = refusal(ERP_SMTP_URL="smtp://mail:25")
    assert said == (
        "ERP_MAIL_FROM: with ERP_SMTP_URL it is needed; set the address mails are from"
    )
    assert Settings.read({"ERP_MAIL_FROM": "ana@x.org"}).smtp_url == ""


def test_a_secret_may_come_from_a_file_but_not_from_two_places(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("open sesame\n", encoding="utf-8")

    assert Settings.read({"ERP_ADMIN_PASSWORD_FILE": str(file)}).admin_password == "open sesame"
    said = refusal(ERP_ADMIN_PASSWORD_FILE=str(file), ERP_ADMIN_PASSWORD="other")
    assert "ERP_ADMIN_PASSWORD_FILE is given as well" in said


def test_a_secrets_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")

    assert "No such file" in refusal(ERP_SECRET_KEY_FILE=str(tmp_path / "none"))
    assert "not UTF-8" in refusal(ERP_SECRET_KEY_FILE=str(tmp_path / "binary"))


def test_a_short_secret_key_is_refused_without_repeating_it() -> None:
    said = refusal(ERP_SECRET_KEY="hunter2")

    assert "at least 32 bytes" in said
    assert "hunter2" not in said


def test_secrets_are_neither_shown_nor_represented() -> None:
    settings = Settings.read(
        {
            "ERP_DATABASE_URL": "postgres://ana:tig%23er@db/erp?sslpassword=tiger&x=1",
            "ERP_SMTP_URL": "smtp://ana:tiger@mail",
            "ERP_MAIL_FROM": "ana@example.com",
            "ERP_SECRET_KEY": "tiger" * 8,
            "ERP_ADMIN_PASSWORD": "tiger",
        }
    )
    shown = {row.name: row.shown(value) for row, value in settings.rows()}

    masked_url = "postgres://ana:********@db/erp?sslpassword=********&x=1"
    assert shown["ERP_DATABASE_URL"] == settings.shown_database_url == masked_url
    assert shown["ERP_SMTP_URL"] == "smtp://ana:********@mail"
    assert shown["ERP_SECRET_KEY"] == shown["ERP_ADMIN_PASSWORD"] == "********"
    assert shown["ERP_PORT"] == "8080"
    assert "tig" not in repr(settings)


def test_a_password_that_nobody_escaped_is_masked_all_the_same() -> None:
    shown = kinds.DATABASE_URL.masked("postgres://ana:p@ss:w/o#rd@db/erp")

    assert shown == "postgres://ana:********@db/erp"


def test_the_documentation_is_what_the_table_says() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == configuration_markdown()


def at(folder: Path, **more: str) -> Settings:
    return Settings(database_url=f"sqlite:///{folder}/erp.db", **more)


def test_the_key_of_an_sqlite_database_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = secret_key(at(tmp_path)), secret_key(at(tmp_path))
    kept = secret_file(tmp_path / "erp.db")

    assert first == second
    assert len(first.encode()) >= 32
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["erp.db.secret"]


def test_programs_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    keys, ready = [], threading.Barrier(8)

    def start() -> None:
        ready.wait()
        keys.append(secret_key(at(tmp_path)))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_a_given_key_is_used_and_none_is_kept(tmp_path: Path) -> None:
    assert secret_key(at(tmp_path, secret_key="k" * 32)) == "k" * 32
    assert list(tmp_path.iterdir()) == []


def test_a_database_server_needs_a_key_that_is_given() -> None:
    with pytest.raises(SettingsError, match=r"^ERP_SECRET_KEY: it must be given"):
        secret_key(Settings(database_url="postgresql://db/erp"))


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 40])
def test_a_spoilt_key_is_refused_rather_than_used(tmp_path: Path, content: bytes) -> None:
    secret_file(tmp_path / "erp.db").write_bytes(content)
    with pytest.raises(SettingsError, match="holds no key"):
        secret_key(at(tmp_path))


def test_a_key_that_cannot_be_kept_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"^ERP_SECRET_KEY: cannot keep it in "):
        secret_key(at(tmp_path / "file" / "below"))
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
