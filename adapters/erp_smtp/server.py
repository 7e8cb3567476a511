"""Where the mail server is, and who we are there: read from one address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import unquote, urlsplit

_PORTS: Final = {"smtp": 587, "smtps": 465}  # submission, RFC 6409; TLS at once, RFC 8314
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """A server; a password goes over a line that is not encrypted on this very machine only."""

    host: str
    port: int
    tls: bool = False  # from the first byte; else STARTTLS where the server offers it
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def read(cls, url: str) -> Self:
        """Read ``smtp://user:password@host:port``, or ``smtps://`` for TLS from the first byte.

        Raises:
            ValueError: it is no such address.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("write smtp://USER:PASSWORD@HOST:PORT, or the same with smtps")
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            tls=parts.scheme == "smtps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    @property
    def is_here(self) -> bool:
        """Whether nobody can listen on the way."""
        return self.host in _LOCAL
