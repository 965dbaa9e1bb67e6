"""What is said when a step with results is refused. %(fact)s stands for a fact of the refusal."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "results_missing": _("Enter at least one reading."),
    "result_missing": _("Enter at least one reading."),
    "too_many_results": _("These are too many at once: file at most %(most)s, or bring them in as a file."),
    "too_many_readings": _("One set holds at most %(most)s readings."),
    "characteristic_unknown": _("“%(found)s” is no characteristic of the library. Choose one from the list."),
    "value_not_a_number": _(
        "“%(found)s” is no reading. Enter a number, <20 for below what can be seen, or leave it empty if none was taken."
    ),
    "value_impossible": _("“%(found)s” cannot be. Look at the decimal point and the unit."),
    "unit_mismatch": _("The unit “%(found)s” cannot be turned into “%(expected)s”. Enter the value in that unit."),
    "grade_invalid": _("“%(found)s” is no grade. The grades go from 1 to 5 by half steps, such as 3-4."),
    "grade_looks_like_date": _("A table has turned this grade into the date “%(found)s”. Enter the grade again, such as 3-4."),
    "detection_limit_missing": _("Not detected: say below which value, such as <20."),
    "lab_incomplete": _("A colour has three values: L*, a* and b*. One is missing."),
    "result_key_reused": _("These were filed before with other readings. Open the page anew and enter them again."),
    "origin_is_not_yours": _("Say where this was measured: on your own instruments, or by a laboratory."),
    "correction_needs_a_reason": _("Say why it is corrected, in at most %(longest)s characters."),
    "result_corrected_already": _("This was corrected already. Open the row that stands in its place."),
    "measured_in_the_future": _("This moment is still to come. Give the day and time of the measurement."),
    "measured_too_early": _("This moment lies too far back to be true. Give the day and time of the measurement."),
}
