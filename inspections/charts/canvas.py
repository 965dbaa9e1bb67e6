"""One drawing as SVG text: every shape has its class, which gives day and night on a page, and its light colours, which give paper.

No style attribute, nothing fetched. Whatever a person typed is escaped. Texts are never smaller than 12 units at the drawn size.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

WIDE, NARROW = 720, 288  # in CSS pixels: a page scrolls a drawing rather than shrink it
SMALLEST_TEXT = 12
MINUS = "\u2212"
FONTS = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
# Class -> the same in attributes, by the light palette (static/css/tokens.css).
MARKS = {
    "grid": 'fill="none" stroke="#e6e1d5"',
    "axis": 'fill="none" stroke="#807b6d"',
    "mid": 'fill="none" stroke="#474e63"',
    "limit": 'fill="none" stroke="#626779" stroke-width="1.5" stroke-dasharray="5 4"',
    "spec": 'fill="none" stroke="#a12d1c" stroke-width="1.5"',
    "ln": 'fill="none" stroke="#2c4292" stroke-width="1.5"',
    "s1": 'fill="none" stroke="#2c4292" stroke-width="2"',
    "s2": 'fill="none" stroke="#b8690f" stroke-width="2"',
    "s3": 'fill="none" stroke="#3d8f86" stroke-width="2"',
    "s4": 'fill="none" stroke="#8c4f7d" stroke-width="2"',
    "s5": 'fill="none" stroke="#777b86" stroke-width="2"',
    "c1": 'fill="#2c4292"', "c2": 'fill="#b8690f"', "c3": 'fill="#3d8f86"', "c4": 'fill="#8c4f7d"', "c5": 'fill="#777b86"',
    "in1": 'fill="#e4e6ee"', "in2": 'fill="#b7c0dc"', "in3": 'fill="#8294c3"', "in4": 'fill="#4f66a8"', "in5": 'fill="#263a82"',
    "oi1": 'fill="#1a2238"', "oi2": 'fill="#1a2238"', "oi3": 'fill="#10162a"', "oi4": 'fill="#ffffff"', "oi5": 'fill="#ffffff"',
    "ma3": 'fill="#d9955a"', "ma4": 'fill="#b45334"', "on3": 'fill="#1c1408"', "on4": 'fill="#ffffff"',
    "pt": 'fill="#fffefb" stroke="#2c4292" stroke-width="1.5"',
    "sig": 'fill="#a12d1c" stroke="#fffefb"',
    "sigring": 'fill="none" stroke="#a12d1c" stroke-width="1.5"',
    "zone": 'fill="#2c4292" fill-opacity=".06"',
    "zone-in": 'fill="#e2efe5"',
    "track": 'fill="#ece8de"',
    "white": 'fill="#fffefb"',
    "whisk": 'fill="none" stroke="#1a2238"',
    "knot": 'fill="#fffefb" stroke="#474e63"',
    "hatch-line": 'fill="none" stroke="#a39d8d" stroke-width="2"',
    "b": 'fill="#1a2238" font-weight="650"',
    "t1": 'fill="#1a2238"',
    "t2": 'fill="#474e63"',
    "t3": 'fill="#626779"',
    "tag-bad": 'fill="#a12d1c" font-weight="650"',
}  # fmt: skip


class Canvas:
    """Collects the shapes of one drawing; `svg()` gives it with its title and what it shows in words."""

    def __init__(self, name: str, size: tuple[int, int], *, title: str, says: str, kind: str = "") -> None:
        """`name` is the drawing's own on its page; `says` tells a reader who does not see it what it shows."""
        self.name, self.title, self.says = name, title, says
        self.width, self.height = size
        self.kind = kind or ("wide" if self.width >= WIDE else "narrow")
        self._parts: list[str] = []

    def path(self, mark: str, steps: str, **more: object) -> None:
        self._parts.append(f'<path class="{mark}" d="{steps}" {_attributes(mark, more)}/>')

    def line(self, mark: str, start: tuple[float, float], end: tuple[float, float], **more: object) -> None:
        steps = f"M{at(start[0])} {at(start[1])}"
        steps += (
            f"H{at(end[0])}"
            if at(start[1]) == at(end[1])
            else f"V{at(end[1])}"
            if at(start[0]) == at(end[0])
            else f"L{at(end[0])} {at(end[1])}"
        )
        self.path(mark, steps, **more)

    def polyline(self, mark: str, points: Iterable[tuple[float, float]], **more: object) -> None:
        places = list(points)
        self.course(mark, all_at([x for x, _y in places]), all_at([y for _x, y in places]), **more)

    def course(self, mark: str, across: Sequence[str], down: Sequence[str], **more: object) -> None:
        """polyline() through places that all_at() has written already."""
        joined = " ".join(map(",".join, zip(across, down, strict=True)))
        self._parts.append(f'<polyline class="{mark}" points="{joined}" {_attributes(mark, more)}/>')

    def dot(self, mark: str, centre: tuple[float, float], radius: float, *, tip: str = "") -> None:
        body = f"><title>{escape(tip)}</title></circle>" if tip else "/>"
        self._parts.append(f'<circle class="{mark}" cx="{at(centre[0])}" cy="{at(centre[1])}" r="{at(radius)}" {MARKS[mark]}{body}')

    def dots(self, mark: str, across: Sequence[str], down: Sequence[str], radius: float, *, tips: Sequence[str] = ()) -> None:
        """dot() of many of one kind at places that all_at() has written already; with tips, each has its own."""
        head, tail = f'<circle class="{mark}" cx="', f'" r="{at(radius)}" {MARKS[mark]}'
        # All in one go; no text on the platform has a NUL in it.
        said = html.escape("\0".join(tips)).split("\0") if tips else []
        ends = [f"{tail}><title>{tip}</title></circle>" for tip in said] or [f"{tail}/>"] * len(across)
        self._parts += [f'{head}{x}" cy="{y}{end}' for x, y, end in zip(across, down, ends, strict=True)]

    def box(self, mark: str, corner: tuple[float, float], size: tuple[float, float], *, tip: str = "", **more: object) -> None:
        body = f"><title>{escape(tip)}</title></rect>" if tip else "/>"
        place = f'x="{at(corner[0])}" y="{at(corner[1])}" width="{at(size[0])}" height="{at(size[1])}"'
        self._parts.append(f'<rect class="{mark}" {place} {_attributes(mark, more)}{body}')

    def text(self, mark: str, place: tuple[float, float], words: str, *, anchor: str = "", size: int = SMALLEST_TEXT) -> None:
        if size < SMALLEST_TEXT:
            raise ValueError(f"size is {size}: must be >= {SMALLEST_TEXT}")
        stands = f' text-anchor="{anchor}"' if anchor else ""
        self._parts.append(
            f'<text class="{mark}" x="{at(place[0])}" y="{at(place[1])}" font-size="{size}"{stands} {MARKS[mark]}>{escape(words)}</text>'
        )

    def label(self, mark: str, place: tuple[float, float], words: str, *, anchor: str = "middle") -> None:
        """Words that may lie on lines: with a ground of their own, so that they can be read."""
        width = width_of(words)
        left = place[0] - {"middle": width / 2, "end": width}.get(anchor, 0.0)
        self.box("white", (left - 3, place[1] - 12), (width + 6, 16), rx=2, fill_opacity=".85")
        self.text(mark, place, words, anchor=anchor)

    def svg(self) -> SafeString:
        head = (
            f'<svg class="plot {self.kind}" viewBox="0 0 {self.width} {self.height}" role="img" font-family="{FONTS}" '
            f'aria-labelledby="{self.name}-t {self.name}-d"><title id="{self.name}-t">{escape(self.title)}</title>'
            f'<desc id="{self.name}-d">{escape(self.says)}</desc>'
        )
        # Every part is made of numbers, of our own names and of escaped words.
        return mark_safe(head + "".join(self._parts) + "</svg>")  # noqa: S308


def _attributes(mark: str, more: dict[str, object]) -> str:
    given = " ".join(f'{name.replace("_", "-")}="{escape(value)}"' for name, value in more.items())
    known = MARKS[mark]
    if more:
        # An attribute must not stand twice: what is given for this shape wins.
        names = {name.replace("_", "-") for name in more}
        known = " ".join(pair for pair in _pairs(known) if pair.split("=")[0] not in names)
    return f"{known} {given}".strip()


def _pairs(attributes: str) -> list[str]:
    return attributes.replace('" ', '"\n').split("\n")


def at(value: float) -> str:
    """A place in the drawing, to a tenth.

    >>> at(48.0), at(-0.04), at(12.345)
    ('48', '0', '12.3')
    """
    text = f"{value:.1f}"
    return "0" if text in ("-0.0", "0.0") else text.removesuffix(".0")


def all_at(values: Sequence[float]) -> list[str]:
    """at() of many, put into words in one go.

    >>> all_at([48.0, -0.04, 12.345])
    ['48', '0', '12.3']
    """
    text = ("%.1f " * len(values)) % tuple(values)
    return text.replace(".0 ", " ").replace("-0 ", "0 ").split() if values else []


def number(value: float, decimals: int) -> str:
    """A number as people read it: a true minus, thousands apart.

    >>> number(-3.25, 1), number(1560, 0), number(-0.001, 1)
    ('−3.2', '1,560', '0.0')
    """
    text = f"{value:,.{decimals}f}"
    if not text.startswith("-"):
        return text
    return text.replace("-", MINUS if any(digit in text for digit in "123456789") else "")


def numbers(values: Iterable[float], decimals: int) -> list[str]:
    """number() of many; a dash where there is none.

    >>> numbers([-3.25, float("nan"), 1560], 1)
    ['−3.2', '–', '1,560.0']
    """
    form = f",.{decimals}f"
    return ["–" if value != value else format(value, form) if value > 0 else number(value, decimals) for value in values]


def width_of(words: str, size: int = SMALLEST_TEXT) -> float:
    """About how wide words are drawn: Chinese signs are as wide as the text is high, others a little more than half."""
    return sum(size if ord(sign) > 0x2E7F else size * 0.58 for sign in words)


def decimals_of(step: float) -> int:
    """How many decimals a number needs so that one step is seen.

    >>> decimals_of(0.25), decimals_of(5), decimals_of(0.1)
    (2, 0, 1)
    """
    for places in range(7):
        if math.isclose(step * 10**places, round(step * 10**places), abs_tol=1e-9):
            return places
    return 6


def finite_only(values: Iterable[float | None]) -> list[float]:
    return [float(value) for value in values if value is not None and math.isfinite(value)]


def spread_apart(places: Sequence[float], *, least: float, between: tuple[float, float]) -> list[float]:
    """Move labels as little as is needed so that no two are nearer than `least`; their order stays.

    >>> spread_apart([10, 12, 40], least=14, between=(0, 100))
    [10, 24, 40]
    """
    order = sorted(range(len(places)), key=lambda index: places[index])
    out = [float(place) for place in places]
    lowest = between[0]
    for index in order:
        out[index] = max(out[index], lowest)
        lowest = out[index] + least
    highest = between[1]
    for index in reversed(order):
        out[index] = min(out[index], highest)
        highest = out[index] - least
    return [int(each) if each == int(each) else each for each in out]
