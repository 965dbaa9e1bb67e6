"""Papers that leave us: PDF drawn by WeasyPrint from a template and one style sheet, fetching nothing; QR codes that a strict page may show."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import segno
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from weasyprint import CSS, HTML

INK, PAPER = "#14192b", "#ffffff"


def pdf_of(template: str, context: dict[str, Any], *, style: str = "css/print.css") -> bytes:
    """The template as PDF, in the language in force; it may fetch nothing, neither from the net nor from this machine."""
    return _printed(render_to_string(template, context), style)


@lru_cache(maxsize=32)
def _printed(html: str, style: str) -> bytes:
    """The same words make the same paper."""
    pdf: bytes = HTML(string=html, url_fetcher=_nothing).write_pdf(stylesheets=[_style(style)])
    return pdf


@cache
def _style(name: str) -> CSS:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return CSS(filename=found)


def _nothing(url: str, *args: Any, **kwargs: Any) -> Any:
    raise ValueError(f"a paper fetches nothing: {url}")


def qr_svg(said: str, *, dark: str = INK, light: str = PAPER) -> SafeString:
    """A QR code as an SVG without a style attribute. `said` is an address of ours."""
    svg = segno.make(said, error="m").svg_inline(scale=1, border=2, dark=dark, light=light, omitsize=True)
    return mark_safe(svg.replace("<svg ", '<svg role="img" aria-label="QR" ', 1))  # noqa: S308 - made of our own address
