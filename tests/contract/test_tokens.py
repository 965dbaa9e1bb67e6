"""The look keeps its promises: contrast recomputed from the tokens, one night, no inline style, every icon drawn."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text("utf-8")
TEXT, SHAPE = 4.5, 3.0
GROUNDS = ("paper", "surface", "sunken")

# What stands on what, and the least ratio it needs (WCAG 2.2, 1.4.3 and 1.4.11).
PAIRS: list[tuple[str, str, float]] = [
    *[(ink, ground, TEXT) for ink in ("ink", "ink-2", "ink-3", "accent", "good", "warn", "bad") for ground in GROUNDS],
    *[("edge", ground, SHAPE) for ground in ("paper", "surface", "sunken")],
    *[("focus", ground, SHAPE) for ground in ("paper", "surface", "sunken")],
    *[(tone, f"{tone}-wash", TEXT) for tone in ("good", "warn", "bad", "info", "mute")],
    *[("ink", f"{tone}-wash", TEXT) for tone in ("good", "warn", "bad", "info", "accent")],
    ("accent", "accent-wash", TEXT),
    ("accent-ink", "accent", TEXT),
    ("accent-ink", "accent-hover", TEXT),
    ("ink-2", "accent-wash", TEXT),
    ("bar-ink", "bar", TEXT),
    ("bar-ink-2", "bar", TEXT),
    ("bar-ink", "bar-well", TEXT),
    ("surface", "bad", TEXT),
    *[(f"on-in-{step}", f"in-{step}", TEXT) for step in range(1, 6)],
    *[(f"on-ma-{step}", f"ma-{step}", TEXT) for step in range(1, 6)],
    *[(f"c-{n}", "surface", SHAPE) for n in range(1, 6)],
]


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


def declarations(block: str) -> dict[str, str]:
    return {name: " ".join(value.split()) for name, value in re.findall(r"(--[\w-]+|color-scheme):\s*([^;]+);", block)}


def block_after(opening: str) -> str:
    start = TOKENS.index(opening) + len(opening)
    return TOKENS[start : TOKENS.index("}", start)]


LIGHT = colours(block_after(":root {"))
NIGHT_BY_SYSTEM = ':root:not([data-theme="light"]) {'
NIGHT_BY_CHOICE = ':root[data-theme="dark"] {'
THEMES = {"light": LIGHT, "dark": LIGHT | colours(block_after(NIGHT_BY_CHOICE))}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def test_black_on_white_is_21_to_1():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_the_two_nights_are_the_same():
    assert declarations(block_after(NIGHT_BY_SYSTEM)) == declarations(block_after(NIGHT_BY_CHOICE))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_of_ink_and_ground_has_its_contrast(theme):
    palette = THEMES[theme]

    poor = {
        f"{ink} on {ground}": round(contrast(palette[ink], palette[ground]), 2)
        for ink, ground, least in PAIRS
        if contrast(palette[ink], palette[ground]) < least
    }

    assert poor == {}


def test_every_token_that_is_used_is_defined():
    defined = set(re.findall(r"(--[\w-]+):", TOKENS))
    for name in ("base.css", "components.css"):
        css = (ROOT / "static" / "css" / name).read_text("utf-8")
        assert set(re.findall(r"var\((--[\w-]+)\)", css)) - defined == set(), name


def test_every_icon_in_use_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static" / "icons.svg").read_text("utf-8")))
    used = {name for path in templates() for name in re.findall(r'{% icon "([\w-]+)"', path.read_text("utf-8"))}

    assert used - drawn == set()
    assert "check" in used


def test_every_icon_of_a_state_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static" / "icons.svg").read_text("utf-8")))
    state = re.compile(r'"(?:|info|good|warn|bad)", "([\w-]+)", (?:_|pgettext_lazy|gettext_lazy)\(')
    used = {name for path in ROOT.glob("*/words*.py") for name in state.findall(path.read_text("utf-8"))}

    assert used - drawn == set()
    assert "check" in used


def test_paper_is_light_whatever_the_screen_is():
    assert "@media screen and (prefers-color-scheme: dark) { " + NIGHT_BY_SYSTEM in TOKENS
    assert "@media screen { " + NIGHT_BY_CHOICE in TOKENS


def test_a_figure_keeps_its_line_and_a_heading_stays_with_what_it_heads_on_paper():
    components, paper = ((ROOT / "static" / "css" / name).read_text("utf-8") for name in ("components.css", "print.css"))
    stat = (ROOT / "templates" / "parts" / "stat.html").read_text("utf-8")

    assert ".stat .v > .num { flex: none; white-space: nowrap; }" in components
    assert '<span class="num">{{ stat.value }}</span>' in stat
    assert ".stack, .section { display: block; }" in paper


def test_no_template_has_an_inline_style_or_script():
    forbidden = re.compile(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\ssrc=)|javascript:|\shx-on", re.IGNORECASE)

    found = {str(path.relative_to(ROOT)): forbidden.findall(path.read_text("utf-8")) for path in templates()}

    assert {path: marks for path, marks in found.items() if marks} == {}


def test_every_piece_says_what_it_takes():
    silent = [path.name for path in (ROOT / "templates" / "parts").glob("*.html") if not path.read_text("utf-8").startswith("{# ")]

    assert silent == []
