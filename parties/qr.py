"""A code for a camera; black on white in the dark theme too, because cameras want it so."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str) -> SafeString:
    """The text as an inline SVG."""
    return mark_safe(segno.make(text, error="m").svg_inline(scale=6, border=4, dark="#000", light="#fff", omitsize=True))  # noqa: S308
