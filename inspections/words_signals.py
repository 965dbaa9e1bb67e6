"""What is said when a step with signals is refused. %(fact)s stands for a fact of the refusal."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "signal_cause_unknown": _("Choose what was behind it: people, machine, material, method, environment, measurement, or nothing found."),
    "signal_words_long": _("Shorten this to %(most)s characters, in one line."),
    "signal_withdrawn": _("This signal no longer stands: with what was corrected or came later, the pattern is gone. There is nothing to record."),
    "signal_has_a_cause": _("A cause is recorded already. Open the signal again to see it."),
    "signal_cause_is_anothers": _("The other side recorded this cause. Only its firm can take it back."),
    "signal_without_a_lot": _("This signal belongs to no single lot. Mark a change on the page of the characteristic."),
    "signal_without_a_cause": _("Record first what has changed."),
}
