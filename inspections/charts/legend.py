"""Marks that repeat, explained: a small drawing beside its words."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

from inspections.charts.canvas import MARKS


def key(mark: str, *, dotted: bool = False) -> SafeString:
    """The mark of a line as it looks in a chart, with a dot on it where the chart has dots; silent, since words stand beside it."""
    dot = f'<circle class="pt" cx="10" cy="6" r="3" {MARKS["pt"]}/>' if dotted else ""
    line = f'<path class="{mark}" d="M0 6H20" {MARKS[mark]}/>'
    return mark_safe(f'<svg viewBox="0 0 20 12" aria-hidden="true">{line}{dot}</svg>')  # noqa: S308 - made of our own names


def dot_key(mark: str) -> SafeString:
    """The mark of a dot or of a field."""
    return mark_safe(f'<svg viewBox="0 0 20 12" aria-hidden="true"><circle class="{mark}" cx="10" cy="6" r="5" {MARKS[mark]}/></svg>')  # noqa: S308
