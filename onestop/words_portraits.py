"""Words of scores, their methods and portraits."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS = {
    "score_weight_out_of_range": _("A weight is a whole number from 0 to %(most)s."),
    "score_weights_not_whole": _("The weights add up to %(total)s. Change them until they come to 100."),
    "score_least_out_of_range": _("The least number is a whole number from 1 to %(most)s."),
    "score_least_parts_out_of_range": _("Ask for 1 to %(most)s known parts: no more than carry a weight."),
    "score_floors_not_falling": _("The floors fall from A to C, each below the one before and above 0."),
    "score_method_why_missing": _("Say why the method changes. Firms read it once it is in force."),
    "score_method_changes_nothing": _("This is what the method in force says already. Change a weight, a least number or a floor."),
    "score_method_not_tried": _("Try it first: the dry run shows who moves and why."),
    "score_method_is_over": _("This version is settled. Draft a new one to change the method."),
    "score_method_needs_a_second_person": _("You proposed this version. A second person of the platform approves it."),
    "score_method_base_moved": _("Another version came into force since it was tried. Try it again, then approve it."),
    "portrait_for_whom_missing": _("Say for whom it is: the name stands beside each opening in your log."),
    "portrait_not_yet": _("There is not enough data for a portrait yet. The page says what is missing."),
    "portrait_too_many_open": _("%(most)s links are open already. Take one back first."),
}
PARTS = {
    "compliance": pgettext_lazy("part of a score", "Duties kept"),
    "conformity": pgettext_lazy("part of a score", "Results within limits"),
    "steadiness": pgettext_lazy("part of a score", "Steadiness"),
    "audits": pgettext_lazy("part of a score", "Audits"),
    "correcting": pgettext_lazy("part of a score", "Findings answered"),
    "freshness": pgettext_lazy("part of a score", "Papers valid"),
}
# How a part comes about, in a sentence that anybody can follow.
HOW = {
    "compliance": _(
        "Duties of your agreements kept by their day, of all that fell due in twelve months; half as much weight for each half year that has passed."
    ),
    "conformity": _(
        "Test results within what was agreed, of all that were judged in twelve months: the lower end of Wilson's 90 % interval, so that few results do not count as many."
    ),
    "steadiness": _(
        "Of each series with control limits the weakest of capability, lot to lot and drift in its consistency index, where its readings are enough; else whether a signal stands open. Look at a signal and note its cause, and such a series counts as steady again."
    ),
    "audits": _("The score of the newest reviewed visit under each agreement, from the last two years, on average."),
    "correcting": _(
        "Findings answered by their day, of all whose day came in twelve months. A contested finding does not count until it is decided."
    ),
    "freshness": _("Certificates and calibrations that are valid today, of all that have a last day."),
}
# What the facts of a part say, with its numbers.
FACTS = {
    "compliance": _("%(met)s of %(due)s duties kept by their day"),
    "conformity": _("%(passed)s of %(judged)s results within what was agreed"),
    "steadiness": _("%(series)s series: %(indexed)s by their consistency index, %(quiet)s of the others without an open signal"),
    "audits": _("%(audits)s reviewed visits"),
    "correcting": _("%(in_time)s of %(due)s findings answered by their day"),
    "freshness": _("%(current)s of %(kept)s papers and calibrations valid"),
}
# What would make a part known: the number that is still missing.
MISSING = {
    "compliance": _("%(n)s more duties that fall due, and this part appears"),
    "conformity": _("%(n)s more judged results, and this part appears"),
    "steadiness": _("%(n)s more series with control limits, and this part appears"),
    "audits": _("The first reviewed visit, and this part appears"),
    "correcting": _("%(n)s more findings whose day has come, and this part appears; without findings it stays out of the sum"),
    "freshness": _("%(n)s more papers or instruments with a last day, and this part appears"),
}
METHOD_STATES = {
    "draft": ("", "pen", pgettext_lazy("score method", "Draft")),
    "proposed": ("info", "clock", pgettext_lazy("score method", "Waits for a second person")),
    "in_force": ("good", "check", pgettext_lazy("score method", "In force")),
    "retired": ("", "record", pgettext_lazy("score method", "Retired")),
    "withdrawn": ("", "minus", pgettext_lazy("score method", "Withdrawn")),
}
PORTRAIT_STATES = {
    "open": ("good", "link", pgettext_lazy("portrait", "Open")),
    "over": ("", "clock", pgettext_lazy("portrait", "Over")),
    "revoked": ("", "undo", pgettext_lazy("portrait", "Taken back")),
}
SCORED_BECAUSE = {"night": _("computed at night"), "appeal": _("computed anew after an appeal")}
SIZES = {
    "micro": _("Micro firm"),
    "small": _("Small firm"),
    "medium": _("Medium firm"),
    "large": _("Large firm"),
}
