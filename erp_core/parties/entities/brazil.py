"""The two numbers by which Brazil knows people and companies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_CPF: Final = re.compile(r"[0-9]{11}", re.ASCII)
# Receita Federal, IN RFB 2.229/2024: twelve letters or digits, then two check digits. A CNPJ of
# digits alone, as all were before July 2026, is one of these and keeps its check digits.
_CNPJ: Final = re.compile(r"[0-9A-Z]{12}[0-9]{2}", re.ASCII)

_CPF_BODY: Final = 9
_CNPJ_BODY: Final = 12


def is_cpf(number: str) -> bool:
    """Say whether *number*, eleven bare digits, is a CPF; one digit repeated is none."""
    if not _CPF.fullmatch(number) or len(set(number)) == 1:
        return False
    return number[_CPF_BODY:] == _check_digits(number[:_CPF_BODY], weights_to=11)


def is_cnpj(number: str) -> bool:
    """Say whether *number*, without punctuation and in capitals, is a CNPJ, old or new."""
    if not _CNPJ.fullmatch(number) or len(set(number)) == 1:
        return False
    return number[_CNPJ_BODY:] == _check_digits(number[:_CNPJ_BODY], weights_to=9)


def _check_digits(body: str, weights_to: int) -> str:
    first = _check_digit(body, weights_to)
    return first + _check_digit(body + first, weights_to)


def _check_digit(text: str, weights_to: int) -> str:
    """Modulo 11 with the weights 2, 3, ... from the right, and from 2 again past the last."""
    weighed = (value * weight for value, weight in zip(_values(text), _weights(weights_to)))  # noqa: B905  # the weights never end
    rest = sum(weighed) % 11
    return "0" if rest < 2 else str(11 - rest)  # noqa: PLR2004  # the rule of modulo 11


def _values(text: str) -> Iterable[int]:
    """Return the value of each character from the right: its ASCII code less that of ``0``."""
    return (ord(each) - ord("0") for each in reversed(text))


def _weights(last: int) -> Iterable[int]:
    while True:
        yield from range(2, last + 1)
