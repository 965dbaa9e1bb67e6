"""The lists of problems and projects as rows to take away: the same filters and the same words as on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from agreements.models import Characteristic
from foundation.actor import Actor
from jobs.exports import Value
from oversight import documents
from oversight.categories import CATEGORIES
from oversight.models import Problem, ResearchProject, Technique
from oversight.selectors.before_after import ProjectChange, changes_in, lines_of
from oversight.words_problems import PROBLEM_CHIPS, PROJECT_CHIPS, SEVERITIES
from parties.selectors import chain_nodes, names_of, regions
from suppliers.words import in_language

Table = documents.Table


def names() -> dict[str, dict[str, str]]:
    """Names of nodes, places and characteristics, in the reader's language."""
    language = get_language() or ""
    said = {row.pk: in_language(row.name_zh, row.name_en) for row in Characteristic.objects.order_by("order")}
    return {"node": names_of(chain_nodes(), language), "region": names_of(regions(), language), "characteristic": said}


def where_of(row: Problem, known: Mapping[str, Mapping[str, str]]) -> str:
    """Node and places of a problem, in words."""
    node = known["node"].get(row.node_code, "") or _("whole chain")
    places = [known["region"].get(code, code) for code in row.region_codes] or [_("whole city")]
    return " · ".join([node, *places])


def problems_table(rows: Sequence[Problem], known: Mapping[str, Mapping[str, str]], *, asked_on: date) -> Table:
    """The list of problems; the last line says on which day it was asked."""
    heads = [
        _("Number"),
        _("Problem"),
        _("Kind"),
        _("Node"),
        _("Place"),
        _("Characteristic"),
        pgettext("problem", "Severity"),
        _("State"),
        _("Since"),
        _("Confirmed on"),
    ]
    lines: list[list[Value]] = [
        [
            row.code, row.statement, str(CATEGORIES.get(row.category, row.category)), known["node"].get(row.node_code, ""),
            ", ".join(known["region"].get(code, code) for code in row.region_codes), known["characteristic"].get(row.characteristic_code, ""),
            str(SEVERITIES[row.severity]), str(PROBLEM_CHIPS[row.state][2]), timezone.localdate(row.state_since), timezone.localdate(row.confirmed_at) if row.confirmed_at else None,
        ]
        for row in rows
    ]  # fmt: skip
    return heads, [*lines, footnote(asked_on)]


def projects_table(
    rows: Sequence[ResearchProject], known: Mapping[str, Mapping[str, str]], late: Mapping[Any, int], *, asked_on: date
) -> Table:
    """The list of projects."""
    heads = [
        _("Number"),
        _("Project"),
        _("Problem"),
        _("Leads"),
        _("Characteristic"),
        pgettext("project", "From"),
        pgettext("project", "To"),
        _("Firms"),
        pgettext("project", "Months"),
        _("State"),
        _("Ends on"),
        _("Late steps"),
    ]
    lines: list[list[Value]] = [
        [
            row.code, row.title, row.problem.code, in_language(row.lead_name_zh, row.lead_name_en),
            known["characteristic"].get(row.characteristic_code, row.characteristic_code), row.from_value, row.to_value, row.target_firms, row.months,
            str(PROJECT_CHIPS[row.state][2]), row.ends_on, late.get(row.pk, 0),
        ]
        for row in rows
    ]  # fmt: skip
    return heads, [*lines, footnote(asked_on)]


def footnote(asked_on: date) -> list[Value]:
    """When the figures were asked for: a file outlives its figures."""
    return [_("Asked on %(day)s. The page shows how it stands today.") % {"day": asked_on.isoformat()}]


def techniques_table(rows: Sequence[Technique], adopted: Mapping[str, int | None]) -> Table:
    """The techniques, with how many firms work by each."""
    heads = [
        _("Number"),
        _("Version"),
        _("Technique"),
        _("Problem"),
        _("Published by"),
        _("Cost"),
        _("Published on"),
        _("Firms that work by it"),
    ]
    return heads, [
        [
            row.code, row.version, row.name, row.problem.code, in_language(row.publisher_name_zh, row.publisher_name_en), row.cost,
            timezone.localdate(row.published_at) if row.published_at else None, adopters_words(adopted.get(row.code, 0)),
        ]
        for row in rows
    ]  # fmt: skip


def adopters_words(count: int | None) -> str:
    """A count of firms that may be said."""
    return _("fewer than 5") if count is None else str(count)


def data_table(actor: Actor, project: ResearchProject) -> Table:
    """The readings of consenting firms, without firm, customer, product, lot or day of the calendar."""
    heads = ["label", "days_since_change", "reading", "characteristic", "edition"]
    rows: list[list[Value]] = []
    for label, day, readings, decimals in lines_of(actor, project):
        for value in readings:
            rows.append([label, day, value / 10**decimals, project.characteristic_code, project.edition_code])
    return heads, rows


def data_card(project: ResearchProject, change: ProjectChange, *, asked_on: date) -> Table:
    """What the data are, who may use them, and what they cannot say."""
    before = [point for firm in change.firms for point in firm.points if point[0] < 0]
    said = [
        (_("Project"), f"{project.code} · {project.title}"),
        (_("Asked on"), asked_on.isoformat()),
        (_("Characteristic"), project.characteristic_code),
        (_("Method edition"), project.edition_code or _("any")),
        (_("Firms"), str(len(change.firms))),
        (_("Lots before, lots after"), f"{len(before)}, {sum(len(firm.points) for firm in change.firms) - len(before)}"),
        (
            _("Where the readings come from"),
            _("Firms' own records on the platform: own tests, customers' and laboratories' tests of the same lots."),
        ),
        (
            _("What was taken out"),
            _(
                "Firm, customer, product, lot, operator, instrument and calendar day. Labels are random; days count from each firm's own change."
            ),
        ),
        (
            _("What was left out"),
            _("Results below or above what can be seen, corrected results, other method editions, firms that took their consent back."),
        ),
        (
            _("What they may be used for"),
            _("This project alone. A firm may take its consent back; then its readings must be deleted from copies as well."),
        ),
        (
            _("What they cannot say"),
            _("Firms joined by their own choice and without a comparison group: the change is not proven to come from the measure alone."),
        ),
    ]
    return [_("Item"), _("What holds")], [[str(label), words] for label, words in said]


def change_for(actor: Actor, project: ResearchProject) -> ProjectChange:
    """Before and after as the project's institutes read it."""
    return changes_in(project, lines_of(actor, project))


def file_answer(name: str, kind: str, title: str, table: Table) -> HttpResponse:
    """A table as a download."""
    response = HttpResponse(documents.file_of(kind, title, table), content_type=documents.TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
