"""Papers that leave us as PDF: drawn by WeasyPrint from a template and one style sheet, fetching nothing."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from weasyprint import CSS, HTML


def pdf_of(template: str, context: dict[str, Any], *, style: str = "css/print.css") -> bytes:
    """The template as PDF; it may fetch nothing, neither from the net nor from this machine."""
    pdf: bytes = HTML(string=render_to_string(template, context), url_fetcher=_nothing).write_pdf(stylesheets=[_style(style)])
    return pdf


@cache
def _style(name: str) -> CSS:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return CSS(filename=found)


def _nothing(url: str, *args: Any, **kwargs: Any) -> Any:
    raise ValueError(f"a paper fetches nothing: {url}")
