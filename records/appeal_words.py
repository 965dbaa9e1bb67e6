"""The words of appeals against scores."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS: dict[str, Any] = {
    "appeal_needs_words": _("Say it in a few words, so that the other side can answer."),
    "appeal_waits_already": _("An appeal against this part waits already. Add what is new to its timeline."),
    "appeal_is_decided": _("This appeal is over, so nothing is added to it. A later score may be appealed against anew."),
    "appeal_lab_unknown": _("Choose one of the laboratories in the list."),
    "appeal_lab_is_a_side": _("This laboratory belongs to one of the sides. Choose one that belongs to neither."),
    "appeal_lab_is_asked": _("Another laboratory is asked and has not answered. Wait for its word first."),
    "appeal_outcome_unknown": _("Choose how the appeal is decided."),
    "appeal_waits_for_lab": _("A laboratory is asked. Decide after its word, or after it has declined."),
}
APPEAL_STATES: dict[str, Any] = {
    "filed": ("warn", "clock", pgettext_lazy("score appeal", "waits for the decision")),
    "with_lab": ("info", "flask", pgettext_lazy("score appeal", "with a laboratory")),
    "upheld": ("good", "check", pgettext_lazy("score appeal", "decided for the firm")),
    "partly": ("good", "check", pgettext_lazy("score appeal", "decided in part for the firm")),
    "dismissed": ("", "minus", pgettext_lazy("score appeal", "dismissed")),
    "withdrawn": ("", "undo", pgettext_lazy("score appeal", "taken back")),
}
OUTCOMES: dict[str, Any] = {
    "upheld": _("The firm is right: the part is counted anew"),
    "partly": _("The firm is right in part: the part is counted anew"),
    "dismissed": _("The score stands"),
}
APPEAL_SIDES: dict[str, Any] = {
    "appellant": pgettext_lazy("score appeal", "The firm"),
    "respondent": pgettext_lazy("score appeal", "The chain owner"),
    "bureau": pgettext_lazy("score appeal", "The bureau"),
}
