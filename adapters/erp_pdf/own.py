"""A company's own look: its HTML, filled by a sandboxed Jinja and set by xhtml2pdf.

Nothing is fetched, from nowhere: the fonts are registered, pictures are written into the page as
``data:`` URIs by us. A template that asks for anything else is refused, not silently set without.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import Any, Final

import segno
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment
from markupsafe import Markup
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.default import DEFAULT_FONT

from erp_core.documents.entities import PrintedDocument, PrintedTable
from erp_pdf import type as faces

HTML_CHARACTERS_MAX: Final = 4_000_000  # of what a template makes
ROWS_IN_A_TABLE: Final = 50  # the time to set a table grows with the square of its rows


class BrokenTemplateError(Exception):
    """The company's template cannot be set, for a reason its author can mend."""


def render(document: PrintedDocument) -> bytes:
    """Return *document* as PDF, as its own template has it.

    Raises:
        BrokenTemplateError: the template is no template, or asks for what is not there.
    """
    faces.register()
    return set_html(html_of(document))


def html_of(document: PrintedDocument) -> str:
    """Return the page that *document*'s template makes.

    Raises:
        BrokenTemplateError: it is no template, or makes too much.
    """
    try:
        template = _environment().from_string(document.style.template)
        parts, length = [], 0
        for part in template.generate(**_words(document)):
            length += len(part)
            if length > HTML_CHARACTERS_MAX:
                raise BrokenTemplateError(f"it makes more than {HTML_CHARACTERS_MAX} characters")
            parts.append(part)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        place = f"line {line}: " if line else ""
        raise BrokenTemplateError(f"{place}{error}") from error
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise BrokenTemplateError(f"{type(error).__name__}: {error}") from error
    return "".join(parts)


def set_html(html: str) -> bytes:
    """Set a page.

    Raises:
        BrokenTemplateError: it is no page that can be set.
    """
    # xhtml2pdf's names of fonts, which it forgets after each document.
    DEFAULT_FONT.update({faces.FAMILY.lower(): faces.FAMILY})
    out = BytesIO()
    try:
        done = pisa.CreatePDF(
            html, dest=out, encoding="utf-8", link_callback=_refuse, resource_policy=_policy()
        )
    except BrokenTemplateError:
        raise
    except Exception as error:  # whatever it stumbles over is in the page, and the page is theirs
        raise BrokenTemplateError(f"{type(error).__name__}: {error}") from error
    if done.err or done.warn:
        told = "; ".join(str(each[2]) for each in done.log[:3]) or "it cannot be set"
        raise BrokenTemplateError(told)
    return out.getvalue()


def example() -> str:
    """Return a template to begin with: it makes about what the house's own look is."""
    return (resources.files("erp_pdf") / "templates" / "document.html").read_text("utf-8")


def _words(document: PrintedDocument) -> dict[str, Any]:
    """Return what a template may say."""
    return {
        "document": document,
        "logo": _picture(document.style.logo),
        "codes": [(code, _square(code.payload)) for code in document.codes],
        "chunks": _chunks,
        "page": Markup(document.page).format(  # noqa: S704  # a text of our own catalogue
            page=Markup("<pdf:pagenumber>"), pages=Markup("<pdf:pagecount>")
        ),
        "font": faces.FAMILY,
    }


def _chunks(table: PrintedTable) -> list[tuple[Any, ...]]:
    """Return a table's rows in parts that are set quickly."""
    rows = table.rows
    return [rows[at : at + ROWS_IN_A_TABLE] for at in range(0, len(rows), ROWS_IN_A_TABLE)]


def _picture(image: bytes) -> str:
    if not image:
        return ""
    kind = "png" if image.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{b64encode(image).decode('ascii')}"


def _square(payload: str) -> str:
    out = BytesIO()
    code = segno.make_qr(payload, error="M", boost_error=False, encoding="utf-8")
    code.save(out, kind="png", scale=6)
    return _picture(out.getvalue())


def _refuse(uri: str, _: str | None) -> str:
    if not uri.startswith("data:"):
        raise BrokenTemplateError(f"it asks for {uri[:100]}: nothing is fetched")
    return uri


@lru_cache(maxsize=1)
def _environment() -> SandboxedEnvironment:
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


@lru_cache(maxsize=1)
def _policy() -> ResourceAccessPolicy:
    return ResourceAccessPolicy.server(None, allow_remote=False, allowed_hosts=frozenset())
