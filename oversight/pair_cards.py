"""Two samples of one indicator as the page of a round shows them: finding, drawing, table by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from inspections.charts.canvas import number
from oversight.models import RoundAnalysis, RoundMeasure
from oversight.round_charts import Circle, Spot, youden_plot
from oversight.two_samples import Pairs, couples, paired
from oversight.words_comparison import PAIR_SAYS

MOST_LINES = 60


def pair_cards(measures: Sequence[RoundMeasure], analyses: Mapping[UUID, RoundAnalysis], titles: Mapping[UUID, str], own: str) -> list[dict[str, Any]]:  # fmt: skip
    """One card for each indicator of which both samples are worked out. `titles` names the indicators of sample A; `own` is the reader's code."""
    return [
        _card(f"y{one.order}", titles[one.pk], paired(analyses[one.pk].crowd, analyses[two.pk].crowd), own)
        for one, two in couples(measures)
        if one.pk in analyses and two.pk in analyses
    ]


def _card(name: str, title: str, found: Pairs | None, own: str) -> dict[str, Any]:
    heads = [{"label": _("Code")}, {"label": _("z of sample A"), "end": True}, {"label": _("z of sample B"), "end": True}, {"label": _("Verdict")}]
    card: dict[str, Any] = {"id": name, "name": title, "heads": heads, "svg": "", "rows": [], "hidden": 0, "facts": []}
    if found is None:
        return card | {"finding": _("No figure of both samples: it takes five laboratories that have a z score of each.")}
    mine = next((pair for pair in found.pairs if pair.code == own), None)
    share = {"share": f"{found.spread.share:.0%}".replace("%", " %")}
    finding = str(PAIR_SAYS[mine.reads]) if mine else _("%(share)s of the variance is common to both samples: bias of laboratories.") % share
    rows = [
        {"code": pair.code, "first": number(pair.first, 2), "second": number(pair.second, 2), "reads": pair.reads, "is_own": pair.code == own}
        for pair in sorted(found.pairs, key=lambda pair: (pair.first + pair.second, pair.code))
    ]
    facts = [
        (_("Laboratories"), str(found.spread.p)),
        (_("Spread that both samples share"), number(found.spread.s_systematic, 2)),
        (_("Spread that they do not share"), number(found.spread.s_random, 2)),
    ]
    spots = [Spot(pair.code, (pair.first, pair.second), pair.code == own) for pair in found.pairs]
    svg = youden_plot(name, spots, Circle(found.spread.middle, found.spread.radius), title=_("Two samples: %(name)s") % {"name": title}, says=finding)
    return card | {"finding": finding, "svg": svg, "rows": rows[:MOST_LINES], "hidden": max(0, len(rows) - MOST_LINES), "facts": facts}
