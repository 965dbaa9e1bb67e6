"""A row's course at a glance: the last lots with what was agreed, signals filled. Words stand beside it, so it is silent by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from inspections.charts.canvas import MARKS, at, finite_only
from inspections.charts.scales import Scale, range_of

WIDTH, HEIGHT = 132, 32
LAST = 40


def sparkline(
    points: Sequence[float], *, lower: float | None = None, upper: float | None = None, signals: Collection[int] = (), says: str = ""
) -> SafeString:  # fmt: skip
    """The last forty points; a limit is drawn only where the course comes near it, else the course would be flat."""
    start = max(0, len(points) - LAST)
    shown = list(points[start:])
    known = finite_only(shown)
    low, high = range_of(known, margin=0.12)
    near = [limit for limit in (lower, upper) if limit is not None and low - (high - low) <= limit <= high + (high - low)]
    low, high = range_of(known, near, margin=0.12)
    x, y = Scale(0, max(len(shown) - 1, 1), 5, WIDTH - 5), Scale(low, high, HEIGHT - 4, 4)
    parts = [f'<path class="spec" d="M0 {at(y(limit))}H{WIDTH}" {MARKS["spec"]}/>' for limit in near]
    runs: list[list[str]] = [[]]
    for place, value in enumerate(shown):
        if value == value:
            runs[-1].append(f"{at(x(place))},{at(y(value))}")
        elif runs[-1]:
            runs.append([])
    parts += [f'<polyline class="ln" points="{" ".join(run)}" {MARKS["ln"]}/>' for run in runs if len(run) > 1]
    for place, value in enumerate(shown):
        if value == value and start + place in signals:
            parts.append(f'<circle class="sig" cx="{at(x(place))}" cy="{at(y(value))}" r="3.5" {MARKS["sig"]}/>')
    if known and shown[-1] == shown[-1] and len(points) - 1 not in signals:
        parts.append(f'<circle class="pt" cx="{at(x(len(shown) - 1))}" cy="{at(y(shown[-1]))}" r="2.5" {MARKS["pt"]}/>')
    role = f'role="img" aria-label="{escape(says)}"' if says else 'aria-hidden="true"'
    return mark_safe(f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" {role}>{"".join(parts)}</svg>')  # noqa: S308
