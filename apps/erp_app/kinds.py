"""What a setting's value may look like: how it is read, and how that is said to an operator."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from erp_core.kernel.errors import InvariantError
from erp_core.kernel.money import require_currency

_MASK: Final = "********"
_MASKED_IN_URL: Final = (
    # To the last @: a password may hold one that nobody has escaped.
    (re.compile(r"^([^:/]+://[^:/@]*):.*@", re.DOTALL), rf"\1:{_MASK}@"),
    (re.compile(r"(?i)([?&][^=&]*(?:pass|secret|token|key)[^=&]*)=[^&]*"), rf"\1={_MASK}"),
)
_DATABASES: Final = ("sqlite", "postgres", "postgresql", "mysql", "mariadb")
_LOCALE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")  # the usual part of BCP 47
_MAIL_ADDRESS: Final = re.compile(r"[^@\s<>]+@[^@\s<>]+|[^@<>\r\n]*<[^@\s<>]+@[^@\s<>]+>")
_ZONE_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]*")
_DIGITS_MAX: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(ABC):
    """A way to spell values; ``allowed`` completes the sentence "it takes ..."."""

    allowed: str

    @abstractmethod
    def read(self, text: str) -> object:
        """Return the value that *text* spells; what does not fit, ``accepts`` refuses."""

    @abstractmethod
    def accepts(self, value: object) -> bool:
        """Say whether *value* may be used."""

    def masked(self, text: str) -> str:
        """Return a secret as it may be shown."""
        return _MASK if text else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Kind):
    """A whole number between two bounds."""

    lowest: int
    highest: int

    def read(self, text: str) -> object:
        plain = text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX
        return int(text) if plain else text

    def accepts(self, value: object) -> bool:
        return type(value) is int and self.lowest <= value <= self.highest


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Kind):
    """Text that a rule accepts."""

    rule: Callable[[str], bool]
    is_url: bool = False

    def read(self, text: str) -> object:
        return text

    def accepts(self, value: object) -> bool:
        return isinstance(value, str) and value.isprintable() and self.rule(value)

    def masked(self, text: str) -> str:
        if not self.is_url:
            return _MASK if text else ""
        for pattern, replacement in _MASKED_IN_URL:
            text = pattern.sub(replacement, text)
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Kind):
    """One of a few words, in any case."""

    words: tuple[str, ...]

    def read(self, text: str) -> object:
        return text.lower()

    def accepts(self, value: object) -> bool:
        return value in self.words


def whole(lowest: int, highest: int) -> Whole:
    return Whole(
        lowest=lowest, highest=highest, allowed=f"a whole number from {lowest} to {highest}"
    )


def text(longest: int) -> Text:
    return Text(
        rule=lambda given: bool(given.strip()) and len(given) <= longest,
        allowed=f"1 to {longest} characters",
    )


def choice(*words: str) -> Choice:
    return Choice(words=words, allowed=f"one of {', '.join(words)}")


def optional(kind: Text) -> Text:
    return Text(
        rule=lambda given: not given or kind.rule(given),
        is_url=kind.is_url,
        allowed=kind.allowed,
    )


def _is_database(url: str) -> bool:
    scheme, found, rest = url.partition("://")
    if not found or scheme not in _DATABASES:
        return False
    if scheme == "sqlite":
        path = rest.partition("?")[0]
        return path.startswith("/") and path[1:] not in ("", ":memory:") and path[-1] != "/"
    parts = _split(url)
    return parts is not None and len(parts.path) > 1


def _is_mail_server(url: str) -> bool:
    parts = _split(url)
    return parts is not None and parts.scheme in ("smtp", "smtps") and bool(parts.hostname)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # read, and so checked, only when asked for
    except ValueError:
        return None
    return parts


def _is_currency(code: str) -> bool:
    try:
        require_currency(code)
    except InvariantError:
        return False
    return True


def _is_zone(name: str) -> bool:
    if not _ZONE_NAME.fullmatch(name):
        return False
    try:
        ZoneInfo(name)
    except (OSError, KeyError, ValueError):  # a folder of zones, not there, no name
        return False
    return True


DATABASE_URL: Final = Text(
    rule=_is_database,
    is_url=True,
    allowed="sqlite:///FILE, or postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or the same with"
    " postgres, mysql or mariadb in front; what is special in a password is written as %40",
)
MAIL_SERVER_URL: Final = Text(
    rule=_is_mail_server,
    is_url=True,
    allowed="smtp://USER:PASSWORD@HOST:PORT, or the same with smtps in front",
)
MAIL_ADDRESS: Final = Text(
    rule=lambda given: bool(_MAIL_ADDRESS.fullmatch(given)),
    allowed="an address such as ana@example.com, or Ana <ana@example.com>",
)
HOST: Final = Text(
    rule=lambda given: bool(given) and not set(given) & set(" /@"),
    allowed="a host name or an IP address",
)
CURRENCY: Final = Text(rule=_is_currency, allowed="a currency's code in ISO 4217, such as BRL")
LOCALE: Final = Text(
    rule=lambda given: bool(_LOCALE.fullmatch(given)),
    allowed="a language and a country in BCP 47, such as pt-BR",
)
ZONE: Final = Text(
    rule=_is_zone, allowed="a time zone's name in the IANA database, such as America/Sao_Paulo"
)
