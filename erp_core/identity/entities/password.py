"""What a password must be: long, and not the first that comes to an attacker's mind."""

from __future__ import annotations

import unicodedata
from typing import Final

from erp_core.kernel.errors import ensure
from erp_core.kernel.text import require_text

SHORTEST: Final = 10  # characters
LONGEST: Final = 200

# The commonest in published leaks that are long enough for the rule above.
_COMMON: Final = """
    0123456789 0987654321 1029384756 1111111111 1122334455 1212121212 1231231231 123123123123
    1234554321 123456789a 1234567890 12345678900 12345678910 1234567891 123456789012 1234567899
    1234qwerasdf 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 3rjs1la7qe 9876543210 a123456789
    aa12345678 aaaaaaaaaa abc1234567 abcd123456 abcde12345 abcdefghij administrador administrator
    asdfasdfasdf asdfghjkl1 asdfghjkl; basketball changeme123 contrasena123 football123
    iloveyou12 iloveyou123 letmein123 motdepasse123 mudar12345 mudar123456 password01 password10
    password11 password12 password123 password1234 password12345 passw0rd123 p@ssw0rd123
    q1w2e3r4t5 q1w2e3r4t5y6 qazwsxedc1 qazwsxedcrfv qwer123456 qwerty1234 qwerty12345
    qwerty123456 qwertyuiop qwertyuiop1 qwertyuiop123 senha12345 senha123456 starwars123
    superman123 welcome123 welcome1234 zaq12wsxcde3 zxcvbnm123
"""


def plain_password(typed: str) -> str:
    """Return *typed* in the one form in which it is hashed: keyboards spell accents in several."""
    return unicodedata.normalize("NFKC", typed)


def require_password(password: str, login: str, *, field: str = "password") -> None:
    """Raise InvariantError unless *password* may be the one of *login*."""
    require_text(
        password, "identity.password.length", shortest=SHORTEST, longest=LONGEST, field=field
    )
    plain = plain_password(password).casefold()
    ensure(
        plain != login.casefold(),
        "identity.password.login",
        "choose a password that is not the login",
        field=field,
    )
    ensure(
        plain not in _COMMON.split() and len(set(plain)) > 1,
        "identity.password.common",
        "this is among the first passwords an attacker tries: choose another",
        field=field,
    )
