"""The trend of compliance as a chart with its table, and bulk reminders as finished values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agreements.models import Agreement
from agreements.services.nudges import Nudge
from agreements.words import SIDES, obligation_words
from foundation.templatetags.qc import changed_query
from inspections.charts.canvas import WIDE, Canvas
from inspections.charts.scales import Scale
from jobs.exports import Value
from oversight.documents import Table
from oversight.filters import Asked
from oversight.selectors.trend import Quarter, QuarterKept, RoundAnswered
from oversight.services.reminders import Preview
from oversight.words import name_of
from suppliers.words import in_language, quarter_words

TALL, LEFT, RIGHT, TOP, BOTTOM = 260, 48.0, 560.0, 24.0, 216.0
MARKS = {"owner": ("s2", "c2"), "supplier": ("s1", "c1")}
FEWEST = 5  # fewer duties are drawn, and said to be few


def _on_axis(quarter: Quarter) -> str:
    """2026 Q1: under an axis there is no room for more."""
    return f"{quarter.starts_on.year} Q{(quarter.starts_on.month + 2) // 3}"


def trend_face(quarters: Sequence[Quarter], asked: Asked, *, owners: Any, regions: Any, nodes: Any, language: str) -> dict[str, Any]:
    """The page: one sentence, the chart, the table, filters in the address."""
    values, out = asked.as_query(), reverse("oversight:compliance_trend_export")
    says = _finding(quarters)
    choices: list[tuple[str, Any, list[tuple[str, str]]]] = [
        ("owner", _("All chain owners"), [(str(row["owner_org_id"]), in_language(row["name_zh"], row["name_en"])) for row in owners]),
        ("region", _("All districts"), [(row.code, name_of(row)) for row in regions if row.kind in ("district", "zone")]),
        ("node", _("All chain nodes"), [(row.code, name_of(row)) for row in nodes]),
    ]
    return {
        "finding": says, "chart": trend_chart(quarters, says), "any": any(each.owner.n + each.supplier.n for each in quarters),
        "selects": [
            {"name": name, "label": every, "value": values.get(name, ""),
             "options": [{"value": "", "label": every}, *({"value": value, "label": label} for value, label in rows)]}
            for name, every, rows in choices
        ],
        "lines": [{"name": quarter_words(each.starts_on), "sides": [_side(side, getattr(each, side)) for side in MARKS]} for each in quarters],
        "heads": [{"label": _("Quarter")}, *({"label": words, "end": True} for side in MARKS for words in _heads(side))],
        "csv_url": out + changed_query(QueryDict(), {**values, "as": "csv"}), "xlsx_url": out + changed_query(QueryDict(), {**values, "as": "xlsx"}),
        "crumbs": [{"url": reverse("oversight:compliance"), "label": _("Compliance")}, {"url": "", "label": _("By quarter")}],
    }  # fmt: skip


def _heads(side: str) -> tuple[str, str]:
    return (_("Chain owner: on time"), _("Chain owner: overdue")) if side == "owner" else (_("Supplier: on time"), _("Supplier: overdue"))


def _side(side: str, kept: QuarterKept) -> dict[str, Any]:
    on_time, overdue = _heads(side)
    words = _("%(kept)s of %(n)s") % {"kept": kept.on_time, "n": kept.n} if kept.n else "—"
    return {"words": words, "rate": kept.rate, "overdue": kept.overdue, "heads": (on_time, overdue)}


def _finding(quarters: Sequence[Quarter]) -> str:
    judged = [each for each in quarters if each.owner.rate is not None and each.supplier.rate is not None]
    if not judged:
        return _("Nothing has come due on both sides in these quarters.")
    last = judged[-1]
    facts = {
        "quarter": quarter_words(last.starts_on),
        "owner": last.owner.rate,
        "supplier": last.supplier.rate,
        "n": last.owner.n,
        "m": last.supplier.n,
    }
    return _("In %(quarter)s chain owners kept %(owner)s%% of %(n)s duties on time, suppliers %(supplier)s%% of %(m)s.") % facts


def trend_chart(quarters: Sequence[Quarter], says: str) -> SafeString:
    """Share met on time of all that came due, a line for each side; a quarter in which nothing came due breaks the line."""
    canvas = Canvas("kept", (WIDE, TALL), title=_("Kept on time, by quarter"), says=says)
    x, y = Scale(0, max(len(quarters) - 1, 1), LEFT + 16, RIGHT - 16), Scale(0, 100, BOTTOM, TOP)
    for share in (0, 25, 50, 75, 100):
        canvas.line("grid", (LEFT, y(share)), (RIGHT, y(share)))
        canvas.text("t3", (LEFT - 6, y(share) + 4), f"{share}%", anchor="end")
    for place, quarter in enumerate(quarters):
        canvas.text("t3", (x(place), BOTTOM + 18), _on_axis(quarter), anchor="middle")
    ends: list[tuple[str, float]] = []
    for side, (line, dot) in MARKS.items():
        points = [(place, getattr(quarter, side)) for place, quarter in enumerate(quarters)]
        for run in _runs(points):
            if len(run) > 1:
                canvas.polyline(line, [(x(place), y(kept.rate or 0)) for place, kept in run])
        for place, kept in points:
            if kept.rate is not None:
                few = f" · {_('few duties')}" if kept.n < FEWEST else ""
                canvas.dot(dot, (x(place), y(kept.rate)), 4, tip=f"{SIDES[side]}: {kept.rate}% ({kept.on_time}/{kept.n}){few}")
        judged = [kept.rate for _place, kept in points if kept.rate is not None]
        ends.append((side, y(judged[-1]) if judged else y(50)))
    _name_ends(canvas, ends)
    return canvas.svg()


def _name_ends(canvas: Canvas, ends: list[tuple[str, float]]) -> None:
    """Each line's name beside its end; two that would lie on each other are put apart."""
    (first, at), (second, other) = ends
    if abs(at - other) < 18:
        at, other = (at - 9, other + 9) if at <= other else (at + 9, other - 9)
    lowest = BOTTOM - 12  # below lie the quarters' names
    over = max(at, other) - lowest
    if over > 0:
        at, other = at - over, other - over
    for side, place in ((first, at), (second, other)):
        canvas.line(MARKS[side][0], (RIGHT + 4, place), (RIGHT + 20, place))
        canvas.text("t2", (RIGHT + 26, place + 4), str(SIDES[side]))


def _runs(points: Sequence[tuple[int, QuarterKept]]) -> list[list[tuple[int, QuarterKept]]]:
    runs: list[list[tuple[int, QuarterKept]]] = [[]]
    for place, kept in points:
        if kept.rate is None:
            runs.append([])
        else:
            runs[-1].append((place, kept))
    return runs


def trend_table(quarters: Sequence[Quarter]) -> Table:
    """The same as rows to take away."""
    heads = [_("Quarter"), _("Whose"), _("On time"), _("Late"), _("Overdue"), _("Came due"), _("Share on time, %")]
    rows: list[list[Value]] = [
        [quarter_words(each.starts_on), str(SIDES[side]), kept.on_time, kept.late, kept.overdue, kept.n, kept.rate]
        for each in quarters
        for side in MARKS
        for kept in [getattr(each, side)]
    ]
    return heads, rows


def preview_face(found: Preview) -> dict[str, Any]:
    """Who would be told of what, and who is left out and why."""
    return {
        "nudges": [_nudge(each) for each in found.nudges],
        "ids": found.obligation_ids,
        "skipped": [
            *({"name": _bound(each), "why": _("reminded today already")} for each in found.told_today),
            *({"name": _both(each), "why": _("the agreement is suspended, so its duties stand still")} for each in found.standing_still),
            *({"name": _both(each), "why": _("nothing is overdue")} for each in found.nothing),
        ],
        "crumbs": [{"url": reverse("oversight:compliance") + "?by=worst", "label": _("Compliance")}, {"url": "", "label": _("Remind")}],
    }


def _bound(nudge: Nudge) -> str:
    return f"{name_of(nudge.agreement, f'{nudge.side}_')} · {nudge.agreement.number}"


def _both(agreement: Agreement) -> str:
    return f"{name_of(agreement, 'owner_')} · {name_of(agreement, 'supplier_')} · {agreement.number}"


def _nudge(nudge: Nudge) -> dict[str, Any]:
    return {
        "firm": _bound(nudge), "side": SIDES[nudge.side],
        "duties": [{"words": obligation_words(duty.kind, None), "due": duty.due_on} for duty in nudge.duties],
    }  # fmt: skip


def rounds_face(found: Sequence[RoundAnswered]) -> dict[str, Any]:
    """What was sent and what came of it."""
    return {
        "lines": [
            {"row": each.row, "answered": _("%(met)s of %(n)s duties met since") % {"met": each.met, "n": each.duties}, "done": each.met == each.duties}
            for each in found
        ],
        "heads": [{"label": words} for words in (_("Sent"), _("By"), _("Sides told"), _("Left out"), _("What came of it"))],
        "rows": "oversight/_round_rows.html", "look": "cards tight",
        "crumbs": [{"url": reverse("oversight:compliance"), "label": _("Compliance")}, {"url": "", "label": _("Reminders")}],
    }  # fmt: skip
