"""Words of the platform's look at a firm: states, ready reasons, and what is wrong with a code."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from suppliers.import_words import issue_words
from suppliers.imports.fields import read_uscc
from suppliers.words import ORG_STATES

# state -> (tone, icon, label), as the platform reads it
STATES: dict[str, tuple[str, str, Any]] = {
    "waiting": ("info", "clock", _("Waits to be verified")),
    "verified": ("good", "shield", _("Verified")),
    "returned": ("warn", "undo", _("Returned")),
    "suspended": ("bad", "hold", _("Suspended")),
}
# Why a licence goes back, as the firm reads it: what is wrong, and how to mend it.
REASONS: dict[str, Any] = {
    "blurred": _("The photo is blurred or cut off. Lay the licence flat, in daylight, all four corners in the picture."),
    "name_differs": _("The name on the licence is not the name given here."),
    "code_differs": _("The credit code on the licence is not the code given here."),
    "expired": _("The licence has expired. Photograph the one that holds now."),
    "not_licence": _("This is not a business licence."),
    "other": _("Another reason:"),
}
# The same, short, as the platform ticks it.
REASONS_SHORT: dict[str, Any] = {
    "blurred": _("Blurred or cut off"),
    "name_differs": _("Name differs"),
    "code_differs": _("Code differs"),
    "expired": _("Expired"),
    "not_licence": _("Not a licence"),
    "other": _("Other, in my words"),
}
# What the firm reads of its own state: (sentence, what comes next).
OWN: dict[str, tuple[Any, Any]] = {
    "registered": (
        _("Not yet verified"),
        _("File a photo of your business licence: the platform then compares it with what you say of your firm."),
    ),
    "verifying": (_("The platform is checking your licence"), _("You can go on meanwhile. You are told as soon as it is done.")),
    "verified": (_("Verified"), _("The platform has compared your licence with what you say of your firm.")),
    "suspended": (
        _("Suspended"),
        _("The platform has taken the verification back for now. File a licence that holds, or ask the platform."),
    ),
    "closed": (_("Closed"), _("This firm no longer works here. Its record stays.")),
}
WORDS: dict[str, Any] = {
    "verification_decided": _("This was decided already. Open the queue again."),
    "verification_reason_missing": _("Tick at least one reason, so that the firm knows what to mend."),
    "verification_reason_unknown": _("Choose reasons from the list."),
    "verification_note_missing": _("Write the reason in a few words: the firm reads them."),
    "verification_undo_late": _("A decision can be taken back for 10 minutes. Suspend the firm instead, or wait for a new licence."),
    "verification_newer": _("The firm has filed another licence since. Look at that one."),
    "verification_code_wrong": _("The credit code does not fit together, so the firm cannot be verified. Return it."),
    "verification_code_taken": _(
        "%(name)s is verified with this code already. Two firms never share one: return this one, or look at the other first."
    ),
    "verification_not_verified": _("Only a verified firm can be suspended, and only a suspended one taken back."),
}


def code_words(code: str) -> str:
    """What does not fit in a credit code, in the reader's language; empty when it fits."""
    issue = next((issue for issue in read_uscc(code).issues if issue.level == "error"), None)
    return issue_words(issue) if issue else ""


def own_face(state: str, row: Any, *, mend_url: str) -> dict[str, Any]:
    """What a firm reads of its own verification: for templates/suppliers/_verification.html. `row` is its newest asking, or None."""
    tone, icon, label = ORG_STATES[state]
    words, onward = OWN[state]
    returned = row is not None and row.state == "returned" and state in ("registered", "suspended")
    suspended = row is not None and row.state == "suspended"
    return {
        "state": state, "tone": tone, "icon": icon, "label": label, "words": words, "next": onward,
        "reasons": [REASONS[code] for code in row.reasons] if returned else [], "note": row.note if returned or suspended else "",
        "at": row.decided_at or row.asked_at if row is not None else None,
        "mend_url": mend_url if state in ("registered", "suspended") else "",
    }  # fmt: skip
