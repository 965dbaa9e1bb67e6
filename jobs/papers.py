"""Papers that leave us: PDF drawn by WeasyPrint from a template and one style sheet, fetching nothing; QR codes that a strict page may show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, cast

import segno
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.urls import URLFetcherResponse

INK, PAPER = "#14192b", "#ffffff"


def pdf_of(template: str, context: dict[str, Any], *, style: str = "css/print.css") -> bytes:
    """The template as PDF, in the language in force; it may fetch nothing, neither from the net nor from this machine."""
    return _printed(render_to_string(template, context), style)


def pdf_with_pictures(template: str, context: dict[str, Any], pictures: Mapping[str, bytes], *, style: str = "css/print.css") -> bytes:
    """The same with photos: the template says src="picture:NAME", and of each name these JPEG bytes are taken; nothing else is fetched."""

    from weasyprint.urls import URLFetcherResponse

    def given(url: str, *args: Any, **kwargs: Any) -> URLFetcherResponse:
        scheme, _colon, name = url.partition(":")
        if scheme != "picture" or name not in pictures:
            return cast("URLFetcherResponse", _nothing(url))
        return URLFetcherResponse(url, body=pictures[name], headers={"Content-Type": "image/jpeg"})

    return _drawn(render_to_string(template, context), given, style)


@lru_cache(maxsize=32)
def _printed(html: str, style: str) -> bytes:
    """The same words make the same paper."""
    return _drawn(html, _nothing, style)


def _drawn(html: str, fetcher: Callable[..., Any], style: str) -> bytes:
    from weasyprint import HTML

    pdf: bytes = HTML(string=html, url_fetcher=fetcher).write_pdf(stylesheets=[_style(style)])
    return pdf


@cache
def _style(name: str) -> CSS:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    from weasyprint import CSS

    return CSS(filename=found)


def _nothing(url: str, *args: Any, **kwargs: Any) -> Any:
    raise ValueError(f"a paper fetches nothing: {url}")


def qr_svg(said: str, *, dark: str = INK, light: str = PAPER) -> SafeString:
    """A QR code as an SVG without a style attribute. `said` is an address of ours."""
    svg = segno.make(said, error="m").svg_inline(scale=1, border=2, dark=dark, light=light, omitsize=True)
    return mark_safe(svg.replace("<svg ", '<svg role="img" aria-label="QR" ', 1))  # noqa: S308 - made of our own address
