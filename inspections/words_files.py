"""What is said when a step with files is refused. %(fact)s stands for a fact of the refusal."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "result_file_empty": _("There is nothing to read yet. Choose a file."),
    "result_file_too_large": _("The file is larger than %(most)s MB. Split it in two."),
    "result_file_refused": "%(words)s",  # the reader of files has its own words
    "result_file_at_work": _("This file is being worked on. Wait until it is done, or stop it."),
    "nothing_to_file": _("Nothing here can be filed yet. Say first which column is which."),
    "nothing_to_mend": _("Nothing is left to mend in this file."),
    "cell_too_long": _("At most %(most)s characters fit into a cell."),
    "edition_is_not_of_it": _("%(found)s does not measure this characteristic. Choose an edition from the list."),
}
RESULT_FILE_STATES = {
    "reading": ("info", "clock", _("Being read")),
    "needs_mapping": ("warn", "alert", _("Columns to say")),
    "preview": ("warn", "alert", _("To look at")),
    "writing": ("info", "clock", _("Being filed")),
    "done": ("good", "check", _("Filed")),
    "cancelled": ("", "minus", _("Stopped")),
    "refused": ("bad", "x", _("Not readable")),
}
RESULT_ROW_STATES = {
    "accepted": ("good", "check", _("Ready")),
    "warning": ("warn", "alert", _("Ready, look once")),
    "duplicate": ("", "minus", _("Counted once")),
    "rejected": ("bad", "alert", _("To mend")),
    "skipped": ("", "minus", _("Left out")),
}
