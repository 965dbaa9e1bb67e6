"""Lists as tables and papers: what each row says, the day of the figures, and the footnotes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jobs.exports import Value
from oversight.campaign_rules import Rule, crowd
from oversight.models import Campaign, PolicyTool
from oversight.selectors.campaigns import uptake_of
from oversight.suppression import MINIMUM
from oversight.words_campaigns import CAMPAIGN_CHIPS, POLICY_KINDS, crowd_words, rule_sentence, text_of

Table = tuple[list[str], list[list[Value]]]


def as_of_words(now: datetime) -> str:
    """The moment of a list's figures, in Shanghai's time."""
    return _("As of %(moment)s, from the rows of this platform.") % {"moment": f"{timezone.localtime(now):%Y-%m-%d %H:%M}"}


def fives_words() -> str:
    """Why no number of firms is exact."""
    return _("Numbers of firms are told in fives, and none under %(n)s: nobody can be read out of them.") % {"n": MINIMUM}


def policies_table(rows: Sequence[PolicyTool]) -> Table:
    """Kind, measure, who may have it, how to ask, until when, uptake."""
    heads = [
        _("Kind"),
        _("Measure"),
        _("Who may have it"),
        _("How to ask for it"),
        _("Whom to ask"),
        _("Document"),
        _("First day"),
        _("Last day"),
        _("Asked for by firms"),
    ]
    lines: list[list[Value]] = [
        [
            str(POLICY_KINDS.get(row.kind, row.kind)), text_of(row, "title"), text_of(row, "eligible"), text_of(row, "apply"), row.contact,
            row.source, row.valid_from, row.valid_to, crowd_words(crowd(row.n_used)),
        ]
        for row in rows
    ]  # fmt: skip
    return heads, lines


def policies_paper(rows: Sequence[PolicyTool], *, now: datetime) -> dict[str, Any]:
    """The list as oversight/paper_list.html prints it."""
    heads, lines = policies_table(rows)
    keep = (0, 1, 2, 3, 7, 8)  # what has room on a page
    return {
        "title": _("Policy tools"), "ref": f"{timezone.localdate(now)}",
        "parts": [{"title": "", "heads": [heads[n] for n in keep], "rows": [[line[n] for n in keep] for line in lines], "notes": []}],
        "notes": [as_of_words(now), fives_words()],
    }  # fmt: skip


def campaigns_table(rows: Sequence[Campaign], places: dict[str, str], nodes: dict[str, str]) -> Table:
    """Campaigns with whom they are for and their uptake."""
    heads = [_("Campaign"), _("State"), _("Meant for firms"), _("Until"), _("Sent"), _("Told"), _("Seen"), _("Done"), _("Not for us")]
    lines: list[list[Value]] = []
    for row in rows:
        taken = uptake_of(row)
        sent = timezone.localdate(row.sent_at) if row.sent_at else None
        lines.append(
            [
                text_of(row, "title"), str(CAMPAIGN_CHIPS[row.state][2]), rule_sentence(Rule.of(row.rule), places, nodes), row.due_on, sent,
                *(crowd_words(taken[name]) if sent else "" for name in ("told", "seen", "done", "passed")),
            ]
        )  # fmt: skip
    return heads, lines
