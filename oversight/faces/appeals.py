"""Appeals as finished values: the list of every kind, one timeline of both sides of a score's, the laboratory's own page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audits.words_corrective import APPEAL_CHIPS
from foundation.actor import Actor, Hat
from inspections.decision_words import ARBITRATION_CHIPS
from jobs.exports import Value
from onestop.words_portraits import PARTS
from oversight.documents import Table
from oversight.selectors.appeals import AppealLine
from oversight.words import GRADES, name_of
from records.appeal_words import APPEAL_SIDES, APPEAL_STATES, OUTCOMES
from records.models import AppealEntry, AppealOpinion, ScoreAppeal

CHIPS = {"score": APPEAL_STATES, "finding": APPEAL_CHIPS, "lot": ARBITRATION_CHIPS}
TONES = {"appellant": ("info", "comment"), "respondent": ("warn", "comment"), "bureau": ("", "shield")}


def part_words(part: str) -> str:
    """The part of a score that is appealed against, by its name."""
    return str(PARTS.get(part, part))


def state_of(row: ScoreAppeal | AppealLine) -> str:
    """Its state, or how it was decided."""
    return row.outcome or row.state


def about_words(line: AppealLine) -> str:
    """What the appeal is about, as far as its reader may know."""
    if line.kind == "finding":
        return str(GRADES.get(line.grade, line.grade))
    return part_words(line.part) if line.kind == "score" else _("A lot, before a laboratory")


def appeals_face(found: Sequence[AppealLine], actor: Actor, *, view: str) -> dict[str, Any]:
    """The list with its tabs and exports."""
    is_bureau = actor.hat == Hat.BUREAU
    here = reverse("oversight:bureau_appeals" if is_bureau else "oversight:score_appeals")
    tabs = [("", _("All appeals")), ("open", _("Waiting for a decision")), ("decided", _("Decided"))]
    face: dict[str, Any] = {
        "lines": [_line(line, "oversight:bureau_appeal" if is_bureau else "oversight:score_appeal") for line in found],
        "rows": "oversight/_appeal_rows.html", "id": "appeals", "look": "cards", "shown": len(found), "view": view,
        "heads": [{"label": words} for words in (_("Appeal"), _("Against"), _("State"), _("Filed"))],
        "tabs": [{"label": words, "url": f"{here}?view={key}" if key else here, "current": key == view} for key, words in tabs],
        "is_bureau": is_bureau,
    }  # fmt: skip
    if is_bureau:
        out, kept = reverse("oversight:bureau_appeals_export"), f"&view={view}" if view else ""
        face |= {"csv_url": f"{out}?as=csv{kept}", "xlsx_url": f"{out}?as=xlsx{kept}"}
    return face


def _line(line: AppealLine, one: str) -> dict[str, Any]:
    """A score's leads to its page; a finding's to the state of its agreement, which is as far as the bureau reads; a lot's to nothing."""
    url = reverse(one, args=[line.id]) if line.kind == "score" else ""
    if line.agreement_id is not None:
        url = reverse("oversight:agreement", args=[line.agreement_id])
    return {
        "row": line, "state": state_of(line), "chips": CHIPS[line.kind], "about": about_words(line), "firm": name_of(line, "org_"),
        "other": name_of(line, "respondent_"), "lab": name_of(line, "lab_"), "url": url,
    }  # fmt: skip


def appeals_table(found: Sequence[AppealLine]) -> Table:
    """The appeals as rows to take away."""
    heads = [_("Appeal"), _("Firm"), _("Chain owner"), _("Against"), _("Laboratory"), _("State"), pgettext("appeal", "Filed"), pgettext("appeal", "Decided"), _("Reasons")]
    rows: list[list[Value]] = [
        [
            line.code, name_of(line, "org_"), name_of(line, "respondent_"), about_words(line), name_of(line, "lab_"),
            str(CHIPS[line.kind][state_of(line)][2]), line.filed_at, line.decided_at, line.reasons,
        ]
        for line in found
    ]  # fmt: skip
    return heads, rows


def appeal_face(actor: Actor, row: ScoreAppeal, entries: Sequence[AppealEntry], opinions: Sequence[AppealOpinion]) -> dict[str, Any]:
    """One appeal with its timeline, the oldest first: an argument is read from its beginning."""
    is_bureau = actor.hat == Hat.BUREAU
    back = reverse("oversight:bureau_appeals" if is_bureau else "oversight:score_appeals")
    events = [_said(row, entry) for entry in entries] + [event for opinion in opinions for event in _asked(opinion)] + _decided(row)
    return {
        "row": row, "state": state_of(row), "chips": APPEAL_STATES, "part": part_words(row.part), "firm": name_of(row, "org_"),
        "other": name_of(row, "respondent_"), "facts": about_lines(row.about), "events": sorted(events, key=lambda event: event["at"]),
        "open": row.state in ("filed", "with_lab"), "is_bureau": is_bureau, "with_lab": row.state == "with_lab",
        "mine": row.org_id == actor.org_id,
        "crumbs": [{"url": back, "label": _("Appeals") if is_bureau else _("Appeals against scores")}, {"url": "", "label": row.code}],
    }  # fmt: skip


def about_lines(about: dict[str, Any]) -> list[tuple[str, str]]:
    """What the score said on the day of the appeal, where it said so."""
    heads = {
        "value": _("Value then"),
        "n": _("Counted from"),
        "as_of": _("Day of the score"),
        "method": _("Method"),
        "version": _("Version"),
    }
    return [(label, str(about[key])) for key, label in heads.items() if about.get(key) not in (None, "")]


def _said(row: ScoreAppeal, entry: AppealEntry) -> dict[str, Any]:
    tone, icon = TONES[entry.side]
    firm = {"appellant": name_of(row, "org_"), "respondent": name_of(row, "respondent_")}.get(entry.side, "")
    words = f"{APPEAL_SIDES[entry.side]} · {firm}" if firm else str(APPEAL_SIDES[entry.side])
    file = {"evidence_id": entry.evidence_id} if entry.evidence_id else {}
    return {"tone": tone, "icon": icon, "words": words, "at": entry.at, "by": entry.person_name, "note": entry.words, **file}


def _asked(opinion: AppealOpinion) -> list[dict[str, Any]]:
    lab = name_of(opinion, "lab_")
    out = [
        {
            "tone": "",
            "icon": "flask",
            "words": _("%(lab)s is asked") % {"lab": lab},
            "at": opinion.asked_at,
            "by": opinion.asked_by,
            "note": opinion.question,
        }
    ]
    if opinion.answered_at:
        words = _("%(lab)s cannot say") if opinion.state == "declined" else _("%(lab)s answers")
        out.append({
            "tone": "", "icon": "flask", "words": words % {"lab": lab}, "at": opinion.answered_at, "by": opinion.answered_by, "note": opinion.opinion,
        })  # fmt: skip
    return out


def _decided(row: ScoreAppeal) -> list[dict[str, Any]]:
    if row.decided_at is None:
        return []
    tone = "" if row.outcome == "dismissed" else "good"
    return [
        {
            "tone": tone,
            "icon": "shield",
            "words": str(OUTCOMES[row.outcome]),
            "at": row.decided_at,
            "by": row.decided_by,
            "note": row.reasons,
        }
    ]
