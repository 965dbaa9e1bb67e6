"""One agreement as the bureau may see it: state and days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.compliance import counted, state_of
from agreements.models import Agreement, Obligation
from agreements.words import AGREEMENT_CHIPS, SIDES, obligation_words
from oversight.words import AUDIT_STATES, FINDING_STATES, GRADES, name_of


def agreement_face(found: Agreement, owed: Sequence[Obligation], work: dict[str, Any], *, today: date) -> dict[str, Any]:
    """One agreement as state and days, for the bureau: no word of what it says."""
    states = {each.pk: state_of(each.due_on, each.met_on, each.waived_at is not None, each.void_at is not None, today) for each in owed}
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
