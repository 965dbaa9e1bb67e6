"""The words of duty cases, of appeals on the bureau's side, and of bulk reminders."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS: dict[str, Any] = {
    "duty_reason_unknown": _("Choose a reason."),
    "duty_why_short": _("Say why in a sentence of at least %(least)s characters. The firms read it."),
    "duty_flag_why_short": _("Say why the firms are not to know yet, in at least %(least)s characters."),
    "duty_scope_missing": _("Choose what the case is about: a firm, or open the case from an agreement or a finding."),
    "duty_scope_too_wide": _("A case is about %(most)s things at most. Open another one."),
    "duty_case_is_closed": _("This case is closed or has run out, so it opens nothing more. Open a new one with its own reason."),
    "duty_outcome_short": _("Say what came of it, in at least %(least)s characters."),
    "nothing_fits_to_remind": _("No agreement was picked. Pick some, or take all that fit the filters."),
}
REASONS: dict[str, Any] = {
    "supervision": pgettext_lazy("duty reason", "Supervision"),
    "complaint": pgettext_lazy("duty reason", "A complaint"),
    "appeal": pgettext_lazy("duty reason", "An appeal"),
    "statistics": pgettext_lazy("duty reason", "Statistics"),
}
CASE_CHIPS: dict[str, Any] = {
    "open": ("info", "eye", pgettext_lazy("duty case", "open")),
    "closed": ("", "check", pgettext_lazy("duty case", "closed")),
    "run_out": ("", "clock", pgettext_lazy("duty case", "run out")),
}
SCOPES: dict[str, Any] = {
    "firm": pgettext_lazy("duty scope", "A firm"),
    "agreement": pgettext_lazy("duty scope", "An agreement"),
    "finding": pgettext_lazy("duty scope", "A finding"),
    "lot": pgettext_lazy("duty scope", "A lot"),
}
LOOKS: dict[str, Any] = {
    "clauses": _("clauses of an agreement"),
    "finding": _("words of a finding and its answers"),
    "lots": _("the list of lots"),
    "results": _("results of a lot"),
    "files": _("the list of files"),
    "file": _("a file"),
}
