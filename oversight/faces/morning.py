"""The morning page: five numbers with the sentence each one states, and what waits longest."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from agreements.models import Obligation
from agreements.words import SIDES, obligation_words
from foundation.actor import Actor
from oversight.faces.places import map_face
from oversight.selectors import Morning, morning, place_counts, places, worst_overdue
from oversight.selectors.places import CITY
from oversight.words import name_of
from parties.selectors import names_of, regions

LATE_LINES = 8


def morning_face(actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Five numbers with their sentences, the longest overdue, and the map of the city."""
    today = timezone.localdate(now)
    said = morning(actor, now=now, today=today)
    late = worst_overdue(actor, today=today, size=LATE_LINES)
    shown = map_face(places(CITY), place_counts(actor, parent=CITY, today=today), measure="overdue", parent=CITY)
    return {
        "now": now,
        "today": today,
        "said": said,
        "stats": _stats(said, names_of(regions(), get_language() or ""), today),
        "late": [_late_line(each) for each in late],
        "late_more": said.overdue - len(late),
        **shown,
    }


def _stats(m: Morning, names: dict[str, str], today: date) -> list[dict[str, Any]]:
    table = reverse("oversight:compliance")
    rate = _("%(n)s%%") % {"n": m.rate} if m.rate is not None else "—"
    return [
        {"label": _("Agreements in force"), "value": m.in_force, "sentence": _signed_words(m, names), "url": f"{table}?state=in_force"},
        {"label": _("Overdue obligations"), "value": m.overdue, "sentence": _overdue_words(m, today), "url": f"{table}?overdue=1"},
        {"label": _("Kept on time"), "value": rate, "sentence": _kept_words(m), "url": f"{table}?by=owner"},
        {"label": _("Audits in the next 30 days"), "value": m.audits_soon, "sentence": _audit_words(m), "url": f"{table}?work=audits"},
        {"label": _("Open findings"), "value": m.findings_open, "sentence": _finding_words(m), "url": f"{table}?work=findings"},
    ]


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
