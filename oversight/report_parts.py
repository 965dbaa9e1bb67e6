"""The parts of a report: each a table of figures as they stand, with what a reader must know of them. No firm is named in any."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from agreements.models import Agreement, Obligation
from foundation.actor import Actor
from oversight.categories import CATEGORIES
from oversight.chain_documents import chain_table
from oversight.faces.chain import source_words
from oversight.lists import names as list_names
from oversight.lists import problems_table, projects_table
from oversight.models import Campaign, WeakLinkFigure
from oversight.papers_campaigns import campaigns_table, fives_words, policies_table
from oversight.report_periods import Period
from oversight.round_documents import list_table
from oversight.selectors.chain_page import ChainAsked, chain_look
from oversight.selectors.comparison import rounds
from oversight.selectors.counting import MET, ON_TIME, overdue
from oversight.selectors.places import CITY, place_counts, places
from oversight.selectors.policies import published_policies
from oversight.selectors.problem_map import published_quarters
from oversight.selectors.problems import Wanted as ProblemsWanted
from oversight.selectors.problems import problems
from oversight.selectors.projects import late_milestones, projects
from oversight.suppression import ALL, MINIMUM, hidden_parts
from oversight.words import name_of
from oversight.words_problem_map import STANDINGS, percent
from parties.selectors import names_of, regions
from suppliers.words import node_names, quarter_words

MOST_LINES = 200
Cell = str | int | None


@dataclass(frozen=True)
class Asked:
    """Who asks, of which period, at which moment."""

    actor: Actor
    period: Period
    now: datetime


@dataclass(frozen=True)
class Part:
    """One table of a report."""

    heads: list[str]
    rows: list[list[Cell]]
    notes: list[str] = field(default_factory=list)


def _names() -> dict[str, str]:
    return names_of(regions(), get_language() or "")


def _merged_words() -> str:
    return _(
        "Places with fewer than %(n)s firms, and as many more as it takes that they cannot be worked out, are merged to protect them."
    ) % {"n": MINIMUM}


def _with_the_few_merged(
    firms: Mapping[str, int], figures: Mapping[str, Sequence[int]], names: Mapping[str, str]
) -> tuple[list[list[Cell]], bool]:
    """Rows by place, the few in one row, the whole at the end; and whether any were merged."""
    hidden = hidden_parts(firms)
    rows: list[list[Cell]] = [[names.get(code, code), n, *figures[code]] for code, n in firms.items() if code not in hidden]
    merged = [code for code in firms if code in hidden]
    if merged and sum(firms[code] for code in merged) >= MINIMUM:
        rows.append(
            [
                _("Merged"),
                sum(firms[code] for code in merged),
                *(sum(column) for column in zip(*(figures[code] for code in merged), strict=True)),
            ]
        )
    if rows and sum(firms.values()) >= MINIMUM:
        rows.append([_("Together"), sum(firms.values()), *(sum(column) for column in zip(*figures.values(), strict=True))])
    return rows, bool(merged)


def map_part(asked: Asked) -> Part:
    """Firms, signed agreements and overdue duties by district, as they stand."""
    counts = place_counts(asked.actor, parent=CITY, today=timezone.localdate(asked.now))
    here = places(CITY)
    firms = {place.code: counts.firms.get(place.code, 0) for place in here}
    figures = {
        code: [counts.agreements.get(code, 0), counts.overdue.get(code, 0), counts.overdue_owner.get(code, 0)] for code in firms
    }  # fmt: skip
    rows, merged = _with_the_few_merged(firms, figures, {place.code: name_of(place) for place in here})
    heads = [_("Place"), _("Firms"), _("Signed agreements"), _("Overdue duties"), _("of these, chain owner's")]
    return Part(heads, rows, [_("Firms on the platform, not all firms of the city."), *([_merged_words()] if merged else [])])


def compliance_part(asked: Asked) -> Part:
    """Duties that came due in the period, by district and side: how many, met on time, met late, overdue."""
    today, period = timezone.localdate(asked.now), asked.period
    duties = (
        Obligation.objects.visible_to(asked.actor)
        .filter(due_on__gte=period.first, due_on__lt=period.after)
        .exclude(agreement__region_code="")
    )
    sides: dict[str, Any] = {}
    for side in ("owner", "supplier"):
        of = Q(side=side)
        sides |= {
            f"{side}_due": Count("id", filter=of & (MET | overdue(today))), f"{side}_on_time": Count("id", filter=of & ON_TIME),
            f"{side}_late": Count("id", filter=of & MET & Q(met_on__gt=F("due_on"))), f"{side}_overdue": Count("id", filter=of & overdue(today)),
        }  # fmt: skip
    counted: Any = duties.order_by().values("agreement__region_code").annotate(firms=Count("supplier_org_id", distinct=True), **sides)
    found = {row["agreement__region_code"]: row for row in counted.order_by("agreement__region_code")}
    figures = {code: [row[name] for name in sides] for code, row in found.items()}
    rows, merged = _with_the_few_merged({code: row["firms"] for code, row in found.items()}, figures, _names())
    said = [_("Came due"), _("Met on time"), _("Met late"), _("Overdue")]
    heads = [_("District"), _("Suppliers"), *(f"{side}: {words}" for side in (_("Chain owner"), _("Supplier")) for words in said)]
    return Part(
        heads,
        rows,
        [_("What came due in the period; waived, void and paused duties are not counted."), *([_merged_words()] if merged else [])],
    )


def agreements_part(asked: Asked) -> Part:
    """Agreements signed in the period and in force today, by step of the chain."""
    rows = Agreement.objects.visible_to(asked.actor)
    in_period = Q(signed_at__date__gte=asked.period.first, signed_at__date__lt=asked.period.after)
    lines: list[list[Cell]] = []
    for code, name in node_names().items():
        of = rows.filter(node_codes__contains=[code])
        n: dict[str, int] = of.aggregate(
            firms=Count("supplier_org_id", distinct=True, filter=Q(state=Agreement.State.IN_FORCE)),
            in_force=Count("id", filter=Q(state=Agreement.State.IN_FORCE)),
            signed=Count("id", filter=in_period),
        )
        if n["firms"] >= MINIMUM:
            lines.append([name, n["firms"], n["in_force"], n["signed"]])
    heads = [_("Step of the chain"), _("Suppliers"), _("Agreements in force"), _("Signed in the period")]
    return Part(
        heads, lines, [_("Steps with fewer than %(n)s suppliers are left out. An agreement may name several steps.") % {"n": MINIMUM}]
    )


def chain_part(asked: Asked) -> Part:
    """The industry chain: every place with all its steps, and the city step by step."""
    look = chain_look(asked.actor, ChainAsked())
    heads, rows = chain_table(look)
    every, all_steps, parent = _("All"), _("All steps"), look.parent.code
    kept = [row for row in rows if row[3] == every and (row[2] == all_steps or row[0] == parent)]
    lines = [[_plain(value) for value in (*row[1:3], *row[4:-1])] for row in kept]
    return Part([*heads[1:3], *heads[4:-1]], lines, [source_words(look)])


def weak_links_part(asked: Asked) -> Part:
    """The weak links of the latest published quarter: the city in each category, and the places that stand above it."""
    heads = [_("Category"), _("Place"), _("Firms looked at"), _("Share, weighted by severity (%)"), _("Interval (%)"), _("Beside the city")]
    cut = next((cut for cut in published_quarters(asked.actor) if cut.period_on < asked.period.after), None)
    if cut is None:
        return Part(heads, [], [_("No quarter of the problem map has been published yet.")])
    names = _names()
    rows = WeakLinkFigure.objects.visible_to(asked.actor).filter(cut_id=cut.period_on, node_code=ALL)
    shown = [row for row in rows if not row.is_hidden and (row.place_code == CITY or row.standing in ("above", "far_above"))]
    shown.sort(key=lambda row: (-(row.lower or 0), row.category, row.place_code))
    lines: list[list[Cell]] = [
        [
            str(CATEGORIES.get(row.category, row.category)), names.get(row.place_code, row.place_code), row.firms, percent(row.share),
            f"{percent(row.lower)}–{percent(row.upper)}", str(STANDINGS[row.standing][2]) if row.standing else "",
        ]
        for row in shown
    ]  # fmt: skip
    words = _(
        "Of %(quarter)s, the latest that is published: first where the lower end of the interval is highest. Merged cells are not listed."
    )
    return Part(heads, lines, [words % {"quarter": quarter_words(cut.period_on)}])


def problems_part(asked: Asked) -> Part:
    """The list of confirmed problems that are open."""
    found = problems(asked.actor, ProblemsWanted(state="open"), limit=MOST_LINES)
    heads, rows = problems_table(found, list_names(), asked_on=timezone.localdate(asked.now))
    return Part(heads, [[_plain(value) for value in row] for row in rows[:-1]])  # the last line is the day, which stands in the notes


def projects_part(asked: Asked) -> Part:
    """The list of joint projects."""
    found, today = projects(asked.actor, limit=MOST_LINES), timezone.localdate(asked.now)
    late = late_milestones(asked.actor, [row.pk for row in found], today=today)
    heads, rows = projects_table(found, list_names(), late, asked_on=today)
    return Part(heads, [[_plain(value) for value in row] for row in rows[:-1]])


def comparison_part(asked: Asked) -> Part:
    """The comparison rounds of the period: what was compared, not who took part."""
    period = asked.period
    found = [
        row
        for row in rounds(asked.actor, limit=MOST_LINES)
        if row.state != "draft" and row.samples_on < period.after and row.results_on >= period.first
    ]
    heads, rows = list_table(found)
    return Part(heads, [[_plain(value) for value in row] for row in rows], [_("Who took part, and how each one stood, is theirs alone.")])


def policies_part(asked: Asked) -> Part:
    """The measures that are offered today."""
    heads, lines = policies_table(published_policies(asked.actor, today=timezone.localdate(asked.now)))
    keep = (0, 1, 2, 3, 7, 8)
    return Part([heads[n] for n in keep], [[_plain(line[n]) for n in keep] for line in lines], [fives_words()])


def campaigns_part(asked: Asked) -> Part:
    """The campaigns sent in the period, with their uptake."""
    rows = Campaign.objects.visible_to(asked.actor).filter(org_id=asked.actor.org_id, sent_at__date__gte=asked.period.first)
    rows = rows.filter(sent_at__date__lt=asked.period.after).select_related("uptake").order_by("sent_at", "id")
    heads, lines = campaigns_table(list(rows[:MOST_LINES]), _names(), node_names())
    return Part(heads, [[_plain(value) for value in line] for line in lines], [fives_words()])


def _plain(value: Any) -> Cell:
    """As it is frozen: words, whole numbers, nothing."""
    return value if value is None or isinstance(value, int) else str(value)


PARTS: dict[str, tuple[Any, Callable[[Asked], Part]]] = {
    "chain": (gettext_lazy("Industry chain"), chain_part),
    "weak_links": (gettext_lazy("Weak links"), weak_links_part),
    "problems": (gettext_lazy("List of problems"), problems_part),
    "projects": (gettext_lazy("List of joint projects"), projects_part),
    "map": (gettext_lazy("Firms and agreements by place"), map_part),
    "compliance": (gettext_lazy("How both sides kept their word"), compliance_part),
    "agreements": (gettext_lazy("Agreements by step of the chain"), agreements_part),
    "policies": (gettext_lazy("List of policy tools"), policies_part),
    "comparison": (gettext_lazy("Comparison rounds"), comparison_part),
    "campaigns": (gettext_lazy("Campaigns"), campaigns_part),
}
THREE_LISTS = ("problems", "projects", "policies")


def frozen(asked: Asked, codes: Sequence[str]) -> list[dict[str, Any]]:
    """The chosen parts in the order of the list, as they are kept: only words, whole numbers and nothing."""
    out = []
    for code, (title, make) in PARTS.items():
        if code in codes:
            part = make(asked)
            rows = [[_plain(value) for value in row] for row in part.rows]
            out.append(
                {
                    "code": code,
                    "title": str(title),
                    "heads": [str(head) for head in part.heads],
                    "rows": rows,
                    "notes": [str(note) for note in part.notes],
                }
            )
    return out
