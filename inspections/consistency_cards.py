"""What the pages on consistency draw and list, from what was worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.forms import in_language
from agreements.models import Characteristic
from inspections.charts import Branch as Drawn
from inspections.charts import IntervalAxis, IntervalRow, interval_bars, variance_threads
from inspections.consistency import LEAST_OF_A_FIRM, Bias, Firm, Pool, Tree
from inspections.consistency_words import INSIDE, PARTS, SOURCES, bias_words, counted, finding, part_words, tester_words
from inspections.models import CharacteristicResult
from inspections.selectors.consistency import tester_of
from qualitystats.consistency import NOT_APPLICABLE, SCORED, ConsistencyIndex

Names = Mapping[UUID, tuple[str, str, UUID]]
MOST_BARS = 40


def tree_picture(tree: Tree, unit: str, what: Characteristic) -> str:
    """The hundred threads; empty where there is no tree."""
    if not tree.branches:
        return ""
    drawn = [
        Drawn(str(SOURCES[branch.name]), branch.share, branch.low, branch.high, counted(branch), str(INSIDE.get(branch.name, "")))
        for branch in tree.branches
    ]
    square = f"{unit}²" if unit else ""
    total = _("%(value)s, as 100 threads") % {"value": f"{tree.variance:.3g} {square}".strip()}
    name = in_language(what.name_zh, what.name_en)
    title = _("Where the variation of %(name)s comes from") % {"name": name}
    return variance_threads("vt", drawn, total=total, title=title, says=finding(tree)[0])


def tree_lines(tree: Tree, decimals: int, rows_url: str) -> list[dict[str, Any]]:
    """The tree as rows of a table, each leading to what it stands on."""
    return [
        {
            "name": SOURCES[branch.name], "share": round(100 * branch.share), "low": round(100 * branch.low), "high": round(100 * branch.high),
            "sd": _number(branch.sd, decimals + 1), "counted": counted(branch), "url": "#suppliers" if branch.name == "supplier" else rows_url,
        }
        for branch in tree.branches
    ]  # fmt: skip


def row_lines(rows: Sequence[CharacteristicResult], names: Names) -> list[dict[str, Any]]:
    """Tests as rows of a table: who tested, and every reading as it was filed."""
    lines = []
    for row in rows:
        zh, en, _link = names.get(row.supplier_org_id, ("", "", None))
        told = ("", "", row.org_id, row.origin, row.decimals, (), None, "", row.made_on, row.details)
        lines.append({"row": row, "name": in_language(zh, en), "tester": tester_words(tester_of(told)), "readings": _readings(row)})
    return lines


def _readings(row: CharacteristicResult) -> str:
    signs = row.qualifiers or ["="] * len(row.readings)
    said = []
    for place, value in enumerate(row.readings):
        sign = signs[place] if place < len(signs) and signs[place] != "=" else ""
        said.append("\u2014" if value is None else sign + _number(value / 10**row.decimals, row.decimals))
    return "  ".join(said)


def firm_lines(firms: Sequence[Firm], names: Names, pool: Pool, code: str) -> list[dict[str, Any]]:
    """The suppliers as rows of a table."""
    lines = []
    for firm in firms:
        zh, en, link = names.get(firm.supplier_org_id, ("", "", None))
        url = reverse("inspections:variation_of", args=[code, link]) if link and len(pool.suppliers) > 1 else ""
        lines.append(
            {
                "firm": firm,
                "name": in_language(zh, en),
                "url": url,
                "link": link,
                "place": place_words(firm),
                **_in_words(firm, pool.decimals),
            }
        )
    return lines


def _in_words(firm: Firm, decimals: int) -> dict[str, str]:
    said = {"conforming": "", "mean": "", "between": "", "within": ""}
    if firm.conforming is not None and firm.conforming_low is not None and firm.conforming_high is not None:
        said["conforming"] = f"{100 * firm.conforming:.1f} % ({100 * firm.conforming_low:.0f}\u2013{100 * firm.conforming_high:.0f})"
    if firm.mean is not None and firm.mean_low is not None and firm.mean_high is not None:
        said["mean"] = (
            f"{_number(firm.mean, decimals + 1)} ({_number(firm.mean_low, decimals + 1)}\u2013{_number(firm.mean_high, decimals + 1)})"
        )
    for name in ("between", "within"):
        value = getattr(firm, name)
        said[name] = "" if value is None else _number(value, decimals + 1)
    if not said["mean"] and firm.n:
        short = LEAST_OF_A_FIRM - firm.lots
        said["mean"] = ngettext("%(n)d more lot", "%(n)d more lots", short) % {"n": short} if short > 0 else ""
    return said


def _number(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace("-", "\u2212")


def place_words(firm: Firm) -> str:
    """The place where intervals allow one, else between which places it lies."""
    if not firm.first:
        return ""
    return str(firm.first) if firm.first == firm.last else f"{firm.first}\u2013{firm.last}"


def firm_picture(firms: Sequence[Firm], names: Names) -> str:
    """Conforming shares with their intervals."""
    shown = [firm for firm in firms if firm.conforming is not None][:MOST_BARS]
    if not shown:
        return ""
    rows = [
        IntervalRow(
            _short(in_language(*names.get(firm.supplier_org_id, ("", "", None))[:2])), 100 * (firm.conforming or 0), 100 * (firm.conforming_low or 0),
            100 * (firm.conforming_high or 0), ngettext("%(n)d test", "%(n)d tests", firm.judged) % {"n": firm.judged},
        )
        for firm in shown
    ]  # fmt: skip
    title, says = _("Share of tests within limits, by supplier"), _("Where intervals overlap, no supplier is placed before another.")
    return interval_bars("firms", rows, IntervalAxis("%", 1, start=0, end=100), title=title, says=says)


def _short(name: str) -> str:
    """As much of a firm's name as a chart has room for: Chinese characters are twice as wide."""
    bare = name.removesuffix("（示例）").removesuffix(" (demo)").removesuffix("有限公司")
    room = 24
    for place, each in enumerate(bare):
        room -= 2 if ord(each) > 0x2E7F else 1
        if room < 0:
            return bare[:place] + "…"
    return bare


def index_lines(index: ConsistencyIndex) -> list[dict[str, Any]]:
    """The five parts, worst first."""
    lines = []
    for part in index.worst_first:
        name, how = PARTS[part.name]
        score = None if part.state != SCORED or part.score is None else round(part.score)
        lines.append(
            {"part": part, "name": name, "how": how, "score": score, "words": part_words(part), "apart": part.state == NOT_APPLICABLE}
        )
    return lines


def bias_lines(found: Sequence[Bias], unit: str) -> list[dict[str, Any]]:
    """Own tests beside each other tester's."""
    lines = []
    for bias in found:
        apart = "" if bias.mean is None else f"{_signed(bias.mean)} ({_signed(bias.low or 0.0)} … {_signed(bias.high or 0.0)})"
        lines.append({"bias": bias, "tester": tester_words(bias.tester), "words": bias_words(bias, unit), "apart": apart})
    return lines


def _signed(value: float) -> str:
    return f"{value:+.3g}".replace("-", "\u2212")
