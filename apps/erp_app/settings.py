"""What an operator decides, read once from the environment.

The fields of ``Settings`` are the one table: reading, ``erp config`` and docs/configuration.md
are all made from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Final, Self

from erp_app import kinds
from erp_app.errors import SettingsError

PREFIX: Final = "ERP_"
TESTS_PREFIX: Final = "ERP_TEST_"  # the tests' own, and no business of ours
FILE_SUFFIX: Final = "_FILE"
SECRET_KEY_BYTES: Final = 32  # as long as the digest of HMAC-SHA-256, RFC 7518 section 3.2

_ROW: Final = "setting"
_FILE_CHARACTERS_MAX: Final = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One setting, as a person reads of it."""

    name: str
    kind: kinds.Kind
    default: str
    secret: bool
    about: str

    @property
    def file_name(self) -> str:
        """Return the variable that names a file with the value in it."""
        return self.name + FILE_SUFFIX

    def shown(self, value: object) -> str:
        """Return *value* as it may be printed."""
        return self.kind.masked(str(value)) if self.secret else str(value)


def _setting(default: Any, kind: kinds.Kind, about: str, *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={_ROW: (kind, secret, about)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every field is the environment variable ``ERP_`` and its name in capitals."""

    database_url: str = _setting(
        "sqlite:///erp.db",
        kinds.DATABASE_URL,
        "Where the data is. A path after sqlite:/// is relative to the working directory; with a"
        " fourth slash it is absolute.",
        secret=True,
    )
    host: str = _setting(
        "127.0.0.1",
        kinds.HOST,
        "The address to listen on. 0.0.0.0 listens on all; put a proxy that speaks TLS in front.",
    )
    port: int = _setting(
        8080, kinds.whole(0, 65_535), "The port to listen on; 0 takes any that is free."
    )
    secret_key: str = _setting(
        "",
        kinds.optional(
            kinds.Text(
                rule=lambda given: len(given.encode()) >= SECRET_KEY_BYTES,
                allowed=f"at least {SECRET_KEY_BYTES} bytes",
            )
        ),
        "Signs the access tokens. With SQLite it is made once and kept beside the database file"
        " (.secret); a database server's processes must all be given the same one.",
        secret=True,
    )
    admin_login: str = _setting(
        "admin", kinds.text(100), "The login of the first user, made with the company."
    )
    admin_password: str = _setting(
        "",
        kinds.optional(kinds.text(200)),
        "The first user's password. When it is not given, one is made and printed once.",
        secret=True,
    )
    company_name: str = _setting(
        "My Company", kinds.text(200), "The name of the company that is made in an empty database."
    )
    currency: str = _setting("BRL", kinds.CURRENCY, "The currency of that company.")
    locale: str = _setting("pt-BR", kinds.LOCALE, "The language of that company.")
    timezone: str = _setting(
        "America/Sao_Paulo", kinds.ZONE, "The time zone that decides that company's dates."
    )
    smtp_url: str = _setting(
        "",
        kinds.optional(kinds.MAIL_SERVER_URL),
        "The server that takes outgoing mail; none when it is not given. smtp speaks STARTTLS"
        " where the server offers it, smtps speaks TLS from the first byte.",
        secret=True,
    )
    mail_from: str = _setting(
        "",
        kinds.optional(kinds.MAIL_ADDRESS),
        "The sender of outgoing mail; needed where a server for it is given.",
    )
    workers: int = _setting(
        4,
        kinds.whole(0, 256),
        "Threads of the task runner in each process; with 0 it leaves tasks to others.",
    )
    processes: int = _setting(
        1, kinds.whole(1, 256), "Serving processes. More than one shares the listening socket."
    )
    threads: int = _setting(
        8, kinds.whole(1, 256), "Threads in each process that answer requests."
    )
    storage_dir: str = _setting(
        "erp-storage", kinds.text(4096), "The folder for files that do not live in the database."
    )
    pdf_processes: int = _setting(
        2,
        kinds.whole(1, 64),
        "Processes that set documents as PDF, beside each serving process; they are started when"
        " the first is asked for.",
    )
    log_level: str = _setting(
        "info", kinds.choice("debug", "info", "warning", "error"), "The least that is logged."
    )
    shutdown_grace_s: int = _setting(
        15,
        kinds.whole(0, 3600),
        "Seconds that requests and tasks in progress have to end after SIGTERM or SIGINT.",
    )
    request_timeout_s: int = _setting(
        30, kinds.whole(1, 3600), "Seconds that a request may take; then it is a 504."
    )
    task_timeout_s: int = _setting(
        30, kinds.whole(1, 3600), "Seconds that a task such as a PDF or an e-mail may take."
    )
    task_lease_s: int = _setting(
        30,
        kinds.whole(1, 3600),
        "Seconds after which the tasks of a process that died are taken over. A process that"
        " lives renews its claim ten times as often.",
    )
    db_max_open: int = _setting(
        20, kinds.whole(1, 1000), "Connections to the database that a process has open at most."
    )
    db_max_idle: int = _setting(
        12,
        kinds.whole(1, 1000),
        "Connections that are kept when nobody needs them. With fewer than ERP_THREADS and"
        " ERP_WORKERS together, requests beyond them open one of their own.",
    )
    db_conn_max_lifetime_s: int = _setting(
        1800, kinds.whole(1, 86_400), "Seconds after which a connection is replaced."
    )
    db_lock_wait_s: int = _setting(
        5, kinds.whole(1, 300), "Seconds to wait for a lock or a free connection; then a 503."
    )

    db_slow_ms: int = _setting(
        500,
        kinds.whole(0, 3_600_000),
        "Milliseconds from which on a statement is logged as slow, without its values; 0 logs"
        " none.",
    )

    def __post_init__(self) -> None:
        for row, value in self.rows():
            if not row.kind.accepts(value):
                shown = "this value" if row.secret else repr(value)
                allowed = row.kind.allowed
                raise SettingsError(f"{row.name}: {shown} is not allowed; it takes {allowed}")
        if self.smtp_url and not self.mail_from:
            raise SettingsError(
                "ERP_MAIL_FROM: with ERP_SMTP_URL it is needed; set the address mails are from"
            )

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Read *environment*; what is empty there counts as not given.

        Raises:
            SettingsError: a value is bad, given twice or missing, or an ``ERP_`` name is unknown.
        """
        rows = [row for _, row in _table(cls)]
        _refuse_unknown(environment, rows)
        given: dict[str, Any] = {}
        for each, row in _table(cls):
            text = _given(row, environment)
            if text:
                given[each] = row.kind.read(text)
        return cls(**given)

    def rows(self) -> Iterator[tuple[Row, object]]:
        """Yield every setting with its value, in the order of the table."""
        for name, row in _table(type(self)):
            yield row, getattr(self, name)

    @property
    def sqlite_file(self) -> Path | None:
        """Return the database's file, or None when it is kept by a server."""
        scheme, _, rest = self.database_url.partition(":///")
        return Path(rest.partition("?")[0]) if scheme == "sqlite" else None

    @property
    def shown_database_url(self) -> str:
        """Return the database's address without its password."""
        return kinds.DATABASE_URL.masked(self.database_url)


def configuration_markdown() -> str:
    """Return docs/configuration.md."""
    lines = [
        "# Configuration",
        "",
        "Everything is set by environment variables, read once at the start. An unknown `ERP_`",
        "name or a bad value stops the program with one line that names it. `erp config` shows",
        "what is in force. A variable that is empty counts as not given. Where a file is allowed,",
        f"the same name with `{FILE_SUFFIX}` at its end names a file that holds the value.",
        "",
        "| Name | Default | It takes | File | What it decides |",
        "| --- | --- | --- | --- | --- |",
    ]
    for _, row in _table(Settings):
        default = f"`{row.default}`" if row.default else ""
        may_be_file = "yes" if row.secret else ""
        cells = (f"`{row.name}`", default, row.kind.allowed, may_be_file, row.about)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _table(settings: type[Settings]) -> Iterator[tuple[str, Row]]:
    for each in fields(settings):
        kind, secret, about = each.metadata[_ROW]
        yield (
            each.name,
            Row(
                name=PREFIX + each.name.upper(),
                kind=kind,
                default=str(each.default),
                secret=secret,
                about=about,
            ),
        )


def _refuse_unknown(environment: Mapping[str, str], rows: list[Row]) -> None:
    known = {row.name for row in rows} | {row.file_name for row in rows if row.secret}
    for name in sorted(environment):
        ours = name.startswith(PREFIX) and not name.startswith(TESTS_PREFIX)
        if ours and name not in known:
            nearest = max(
                sorted(known), key=lambda each: SequenceMatcher(None, name, each).ratio()
            )
            raise SettingsError(f"{name}: there is no such setting; did you mean {nearest}?")


def _given(row: Row, environment: Mapping[str, str]) -> str:
    text = environment.get(row.name, "")
    path = environment.get(row.file_name, "") if row.secret else ""
    if not path:
        return text
    if text:
        raise SettingsError(f"{row.name}: {row.file_name} is given as well; keep one of the two")
    try:
        with Path(path).open(encoding="utf-8") as file:
            return file.read(_FILE_CHARACTERS_MAX).removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise SettingsError(f"{row.file_name}: cannot read {path}: {reason}") from error
