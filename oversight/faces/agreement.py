"""One agreement as the bureau may see it: state and days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.compliance import counted
from agreements.models import Agreement, Obligation, StatusNotice
from agreements.selectors import state_on
from agreements.words import AGREEMENT_CHIPS, SIDES, obligation_words
from oversight.words import AUDIT_STATES, FINDING_STATES, GRADES, name_of


def agreement_face(found: Agreement, owed: Sequence[Obligation], work: dict[str, Any], *, today: date) -> dict[str, Any]:
    """One agreement as state and days, for the bureau: no word of what it says."""
    states = {each.pk: state_on(each, today) for each in owed}
    sides = [
        {
            "label": SIDES[side],
            "firm": name_of(found, f"{side}_"),
            "kept": counted(states[each.pk] for each in owed if each.side == side),
            "lines": [_obligation_line(each, states[each.pk]) for each in owed if each.side == side],
        }
        for side in ("owner", "supplier")
    ]
    return {
        "agreement": found,
        "chips": AGREEMENT_CHIPS,
        "sides": sides,
        "shown": len(owed),
        "audits": [{"words": AUDIT_STATES[row["state"]], "n": row["n"]} for row in work["audits"]],
        "findings": [{"words": GRADES[row["grade"]], "state": FINDING_STATES[row["state"]], "n": row["n"]} for row in work["findings"]],
        "crumbs": [{"url": reverse("oversight:compliance"), "label": _("Compliance")}, {"url": "", "label": found.number}],
    }


def notice_days(notices: Sequence[StatusNotice]) -> list[dict[str, Any]]:
    """From which day it stands still, goes on or ends by a notice: days, and no reason."""
    words = {"suspend": _("Suspended from"), "resume": _("Goes on from"), "terminate": _("Ended by notice from")}
    return [{"label": words[each.kind], "on": each.effective_on} for each in notices]


_LOOK = {"met": "met", "met_late": "met", "overdue": "late", "due": "soon", "due_soon": "soon"}


def _obligation_line(each: Obligation, state: str) -> dict[str, Any]:
    extra = {"met_late": _("met after its day"), "waived": _("waived by the other side"), "void": _("no longer asked: the agreement ended")}
    said = extra.get(state, "")
    return {
        "id": each.pk,
        "words": obligation_words(each.kind, None),
        "source": said,
        "due": each.due_on,
        "met": each.met_on,
        "state": _LOOK.get(state, ""),
    }
