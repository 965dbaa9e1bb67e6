"""What the rules of a text's life are called: amended, suspended, ended, renewed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS = {
    "agreement_is_not_in_force": _("This agreement binds nobody now, so there is nothing to amend, suspend or end."),
    "amendment_is_under_way": _("Version %(version)s is being worked on. Finish it or withdraw it first: one text at a time."),
    "summary_too_long": _("Say in at most %(most)s characters what changes."),
    "amendment_starts_too_early": _("A new text begins tomorrow or later: today is judged by the one in force."),
    "amendment_starts_after_the_end": _("The agreement ends on %(last)s. The new text begins on the day after it at the latest, so that no day is left uncovered."),
    "agreement_has_no_end": _("This agreement runs without an end, so there is nothing to renew. Amend it instead."),
    "end_is_given_notice": _("Notice was given that this agreement ends. A new text needs that notice taken back first."),
    "notice_needs_a_reason": _("Say in a few words why; the other side reads it, and it stands in the common record."),
    "nothing_to_withdraw": _("There is no text to take back: nothing is being worked on."),
    "both_have_signed": _("Both sides have signed this text, so it cannot be taken back. Amend it once it is in force."),
    "agreement_is_not_suspended": _("This agreement is not suspended."),
    "who_suspended_resumes": _("The other side suspended the agreement, so it is for that side to let it go on."),
    "notice_is_too_short": _("Notice takes %(days)s days: the last day is %(earliest)s or later, unless the other side agrees to end at once."),
    "notice_comes_too_early": _("Choose %(earliest)s or a later day: nobody is bound backwards."),
    "agreement_ends_before": _("The agreement ends on %(last)s anyway. Choose an earlier day."),
    "notice_stands": _("Such a notice stands already, for %(on)s. It can be taken back by the side that gave it."),
    "notice_needs_no_consent": _("This notice needs no consent."),
    "notice_is_settled": _("This notice was carried out or taken back already."),
}  # fmt: skip

# kind of notice -> (tone, icon, label)
NOTICE_CHIPS: dict[str, tuple[str, str, Any]] = {
    "suspend": ("warn", "clock", pgettext_lazy("notice", "Suspend")),
    "resume": ("good", "next", pgettext_lazy("notice", "Resume")),
    "terminate": ("bad", "x", pgettext_lazy("notice", "End")),
    "amendment": ("info", "pen", pgettext_lazy("notice", "Asks for an amendment")),
    "renewal": ("info", "calendar", pgettext_lazy("notice", "Asks for a renewal")),
}
