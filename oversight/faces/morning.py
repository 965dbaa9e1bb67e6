"""The morning page: five numbers with the sentence each one states, and what waits longest."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from agreements.models import Obligation
from agreements.words import SIDES, obligation_words
from foundation.actor import Actor
from oversight.faces.places import map_face
from oversight.selectors import Morning, morning, place_counts, places, worst_overdue
from oversight.selectors.needs import Story, good_story, spikes, stalled_projects
from oversight.selectors.places import CITY
from oversight.words import name_of
from parties.selectors import names_of, regions
from records.appeal_questions import open_score_appeals

LATE_LINES = 8


def morning_face(actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Five numbers with their sentences, the longest overdue, and the map of the city."""
    today = timezone.localdate(now)
    said = morning(actor, now=now, today=today)
    names = names_of(regions(), get_language() or "")
    late = worst_overdue(actor, today=today, size=LATE_LINES)
    shown = map_face(places(CITY), place_counts(actor, parent=CITY, today=today), measure="overdue", parent=CITY)
    return {
        "now": now,
        "today": today,
        "said": said,
        "stats": _stats(said, names, today),
        "needs": needs_face(actor, names, now=now, today=today),
        "story": story_face(good_story(actor, now=now)),
        "late": [_late_line(each) for each in late],
        "late_more": said.overdue - len(late),
        **shown,
    }


def _stats(m: Morning, names: dict[str, str], today: date) -> list[dict[str, Any]]:
    table = reverse("oversight:compliance")
    rate = _("%(n)s%%") % {"n": m.rate} if m.rate is not None else "—"
    return [
        {
            "label": _("Agreements in force"),
            "value": m.in_force,
            "sentence": _signed_words(m, names),
            "url": f"{table}?state=in_force",
            **_change(m.in_force, m.in_force_before, up="good"),
        },
        {
            "label": _("Overdue obligations"),
            "value": m.overdue,
            "sentence": _overdue_words(m, today),
            "url": f"{table}?overdue=1",
            **_change(m.overdue, m.overdue_before, up="bad"),
        },
        {
            "label": _("Kept on time"),
            "value": rate,
            "sentence": _kept_words(m),
            "url": f"{table}?by=owner",
            **_change(m.rate, m.rate_before, up="good", unit="pp"),
        },
        {
            "label": _("Audits in the next 30 days"),
            "value": m.audits_soon,
            "sentence": _audit_words(m),
            "url": f"{table}?work=audits",
            **_change(m.audits_soon, m.audits_before, up=""),
        },
        {
            "label": _("Open findings"),
            "value": m.findings_open,
            "sentence": _finding_words(m),
            "url": f"{table}?work=findings",
            **_change(m.findings_open, m.findings_before, up="bad"),
        },
    ]


def _change(now: int | None, before: int | None, *, up: str, unit: str = "") -> dict[str, Any]:
    """What changed against a week ago; nothing where it is the same or there was nothing to count. `up` says how a rise reads."""
    if now is None or before is None or now == before:
        return {}
    rose, by = now > before, abs(now - before)
    tone = {"good": "good" if rose else "bad", "bad": "bad" if rose else "good"}.get(up, "")
    said = _("%(n)s points") % {"n": by} if unit else str(by)
    words = _("%(n)s more than a week ago") if rose else _("%(n)s fewer than a week ago")
    return {"change": words % {"n": said}, "change_tone": tone, "up": rose}


def needs_face(actor: Actor, names: dict[str, str], *, now: datetime, today: date) -> list[dict[str, Any]]:
    """Appeals first, since a firm waits for them; then what stands out and what stands still."""
    lines: list[dict[str, Any]] = [
        {
            "url": reverse("oversight:bureau_appeal", args=[each.pk]),
            "verb": _("%(firm)s appeals against a score") % {"firm": name_of(each, "org_")},
            "sub": each.code, "when": "", "due": None, "state": "wait" if each.state == "with_lab" else "",
        }
        for each in open_score_appeals(actor, limit=5)
    ]  # fmt: skip
    lines += [
        {
            "url": f"{reverse('oversight:compliance')}?region={each.region_code}&work=findings",
            "verb": _("%(place)s: %(n)s findings this week, %(usual)s usually")
            % {"place": names.get(each.region_code, each.region_code), "n": each.this_week, "usual": f"{each.usual:.1f}"},
            "sub": _("Something to look at, not a verdict"), "due": None, "state": "",
        }
        for each in spikes(actor, now=now)
    ]  # fmt: skip
    lines += [
        {
            "url": reverse("oversight:project", args=[each.project.pk]), "verb": _("A project stands still: %(title)s") % {"title": each.project.title},
            "sub": f"{each.project.code} · {name_of(each.project, 'lead_')}", "due": each.due_on, "state": "",
        }
        for each in stalled_projects(actor, today=today)
    ]  # fmt: skip
    return lines


def story_face(story: Story) -> dict[str, Any] | None:
    """Something that went well, by what the bureau may know of it."""
    if story.problem is not None:
        return {
            "words": story.problem.statement,
            "kind": _("Solved"),
            "url": reverse("oversight:problem", args=[story.problem.pk]),
            "at": story.problem.state_since,
        }
    if story.finding is not None and story.finding.closed_at is not None:
        days = (story.finding.closed_at - story.finding.raised_at).days
        words = ngettext(
            "A finding under agreement %(number)s was closed after %(days)s day.", "A finding under agreement %(number)s was closed after %(days)s days.", days
        ) % {"number": story.finding.agreement.number, "days": days}  # fmt: skip
        return {
            "words": words,
            "kind": pgettext("finding", "Closed"),
            "url": reverse("oversight:agreement", args=[story.finding.agreement_id]),
            "at": story.finding.closed_at,
        }
    return None


def _signed_words(m: Morning, names: dict[str, str]) -> str:
    if not m.signed_this_week:
        return _("None was signed in the last 7 days.")
    words = ngettext("%(n)s signed in the last 7 days", "%(n)s signed in the last 7 days", m.signed_this_week) % {"n": m.signed_this_week}
    if not m.top_region:
        return _("%(words)s.") % {"words": words}
    return _("%(words)s, %(top)s of them in %(place)s.") % {
        "words": words,
        "top": m.top_region_signed,
        "place": names.get(m.top_region, m.top_region),
    }


def _overdue_words(m: Morning, today: date) -> str:
    if not m.overdue or m.oldest_due_on is None:
        return _("Both sides have kept every day so far.")
    days = (today - m.oldest_due_on).days
    oldest = ngettext("The longest has waited %(days)s day.", "The longest has waited %(days)s days.", days) % {"days": days}
    return _("%(n)s of them on the chain owner's side. %(oldest)s") % {"n": m.overdue_owner, "oldest": oldest}


def _kept_words(m: Morning) -> str:
    if not m.came_due:
        return _("Nothing has come due yet.")
    return _("%(due)s came due so far, %(kept)s were met on time.") % {"due": m.came_due, "kept": m.kept_on_time}


def _audit_words(m: Morning) -> str:
    if not m.audits_waiting:
        return _("No submitted self-check waits for its verdict.")
    return ngettext(
        "%(n)s submitted self-check waits for the chain owner's verdict.",
        "%(n)s submitted self-checks wait for the chain owner's verdict.",
        m.audits_waiting,
    ) % {"n": m.audits_waiting}


def _finding_words(m: Morning) -> str:
    if not m.findings_open:
        return _("No finding is open.")
    return _("%(grave)s critical or major; %(late)s past their day.") % {"grave": m.findings_grave, "late": m.findings_late}


def _late_line(late: Obligation) -> dict[str, Any]:
    owner = late.side == "owner"
    who = name_of(late.agreement, "owner_" if owner else "supplier_")
    return {
        "url": reverse("oversight:agreement", args=[late.agreement_id]),
        "verb": _("%(firm)s: %(duty)s") % {"firm": who, "duty": obligation_words(late.kind, None)},
        "sub": _("%(side)s · agreement %(number)s") % {"side": SIDES[late.side], "number": late.agreement.number},
        "due": late.due_on,
        "state": "",
    }
