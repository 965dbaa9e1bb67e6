"""What people read of comparison rounds."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS: dict[str, Any] = {
    "product_static": _("Products, static"),
    "product_dynamic": _("Products, dynamic"),
    "interlab": _("Between laboratories"),
}
KIND_MEANS: dict[str, Any] = {
    "product_static": _("products of several firms, once"),
    "product_dynamic": _("the same products again and again, to see which way they go"),
    "interlab": _("one material, tested by many laboratories"),
}
STATE_CHIPS: dict[str, tuple[str, str, Any]] = {
    "draft": ("", "pen", pgettext_lazy("round", "Draft")),
    "open": ("info", "inbox", pgettext_lazy("round", "Open to join")),
    "samples_sent": ("info", "upload", pgettext_lazy("round", "Samples are on their way")),
    "collecting": ("info", "tasks", pgettext_lazy("round", "Results are collected")),
    "closed": ("warn", "lock", pgettext_lazy("round", "Closed")),
    "analysed": ("warn", "chart", pgettext_lazy("round", "Worked out")),
    "published": ("good", "check", pgettext_lazy("round", "Published")),
}
MOVES: dict[str, tuple[Any, Any]] = {
    "open": (_("Open the round"), _("Everybody on the list is asked to take part. Indicators stay as they are from then on.")),
    "samples_sent": (_("Samples are sent"), _("To everybody who takes part. Nobody can join any more.")),
    "collecting": (_("Collect results"), _("The laboratories are told that they can enter results.")),
    "closed": (
        _("Close the round"),
        _("Whoever has not released results by now is left out, with a note. Nothing can be changed any more."),
    ),
    "analysed": (_("Work it out"), _("The figures are worked out once and kept.")),
    "published": (_("Publish"), _("Everybody who took part sees itself and the crowd without names.")),
}
PART_CHIPS: dict[str, tuple[str, str, Any]] = {
    "invited": ("", "inbox", pgettext_lazy("participant", "Asked")),
    "joined": ("good", "check", pgettext_lazy("participant", "Takes part")),
    "declined": ("", "x", pgettext_lazy("participant", "Does not take part")),
    "excluded": ("warn", "alert", pgettext_lazy("participant", "Left out")),
}
SHEET_CHIPS: dict[str, tuple[str, str, Any]] = {
    "waiting": ("", "clock", pgettext_lazy("sample", "Not joined")),
    "joined": ("", "clock", pgettext_lazy("sample", "To be sent")),
    "sent": ("info", "upload", pgettext_lazy("sample", "On its way")),
    "received": ("info", "inbox", pgettext_lazy("sample", "Received")),
    "entered": ("warn", "pen", pgettext_lazy("sample", "Waits for release")),
    "released": ("good", "check", pgettext_lazy("sample", "Released")),
    "left_out": ("", "x", pgettext_lazy("sample", "Not counted")),
}
CONDITIONS: dict[str, Any] = {
    "good": pgettext_lazy("sample", "In good condition"),
    "damaged": pgettext_lazy("sample", "Damaged"),
    "wrong": pgettext_lazy("sample", "Not what it should be"),
}
VERDICT_CHIPS: dict[str, tuple[str, str, Any]] = {
    "ok": ("good", "check", pgettext_lazy("score", "Satisfactory")),
    "look": ("warn", "alert", pgettext_lazy("score", "Look into it")),
    "act": ("bad", "alert", pgettext_lazy("score", "Act on it")),
}
OUTCOMES: dict[str, Any] = {
    "scored": _("Robust mean and spread by Algorithm A; z beside z′, ζ and En where an uncertainty was told."),
    "graded": _("Grades are judged by eye: the middle is a median, the distance is counted in half grades, nothing is averaged."),
    "described": _("Robust mean and spread by Algorithm A, and the distance of each product from the benchmark."),
    "too_few": _("Fewer than five results count: no figure of the crowd is made, because it would say whose it is."),
    "below": _("Some results lie below what can be measured: no mean is made of them."),
    "no_spread": _("All results are the same: there is no spread to score by."),
}
METHODS: dict[str, Any] = {"comparison-1": _("Comparison of results, version 1")}
DRIFTS: dict[str, Any] = {
    "side": _("The last three rounds lie on the same side, beyond 1: look for a bias."),
    "far": _("Two rounds in a row beyond 2: act on it."),
}
PRODUCT_DRIFTS: dict[str, Any] = {
    "side": _("In the last three rounds the product lies on the same side of the crowd, beyond 1: it differs, and keeps doing so."),
    "far": _("Two rounds in a row beyond 2 from the crowd: look into the product."),
}
PAIR_SAYS: dict[str, Any] = {
    "within": _("Both of your results lie within 2."),
    "side": _("Both of your results lie to the same side: look for a bias of calibration or method."),
    "one": _("One of your results lies apart and the other does not: look for a slip, or for poor repeatability."),
}
PAIR_CHIPS: dict[str, tuple[str, str, Any]] = {
    "within": ("good", "check", pgettext_lazy("two samples", "Within 2")),
    "side": ("warn", "alert", pgettext_lazy("two samples", "Same side")),
    "one": ("warn", "alert", pgettext_lazy("two samples", "One apart")),
}
LATE = _("Results were not released in time.")
WORDS: dict[str, Any] = {
    "round_kind_unknown": _("Choose what is compared."),
    "round_days_turned": _("The last day for results comes after the day of the samples."),
    "tester_needed": _("Choose the laboratory that tests the products."),
    "participant_unknown": _("Choose among those who can be asked to this kind of round."),
    "round_is_open": _("Indicators are changed in a draft. This round is open."),
    "round_is_under_way": _("Samples are on their way: nobody joins or leaves this round any more."),
    "round_is_closed": _("The round is closed: what was handed in stays."),
    "indicator_unknown": _("Choose a characteristic of the library."),
    "edition_not_of_it": _("Choose an edition of a method that measures this characteristic."),
    "sample_unknown": _("A round sends one sample, or two: A and B."),
    "sample_without_other": _("An indicator of sample A has its like of sample B, and the other way round."),
    "colour_not_compared": _("A colour has three numbers. Compare its difference from a standard instead."),
    "benchmark_turned": _("The lower end lies above the upper end."),
    "too_many_indicators": _("A round has at most %(most)s indicators."),
    "too_many_takers": _("A round has at most %(most)s participants."),
    "round_step_skipped": _("A round goes forward one step at a time."),
    "round_has_no_indicator": _("Name at least one indicator before the round is opened."),
    "round_needs_takers": _("A round needs at least %(least)s participants: of fewer, the crowd would say whose a figure is."),
    "round_note_needed": _("Say in a few words why."),
    "sample_condition_unknown": _("Say in what condition the sample is."),
    "sample_not_on_its_way": _("No sample is on its way here, or its results are entered already."),
    "sample_came_well": _("Another sample is sent where one came damaged or wrong."),
    "results_not_asked": _("Results can be entered while the round collects them."),
    "sheet_is_empty": _("Enter at least one reading first."),
    "sheet_too_long": _("A sheet has at most %(most)s lines."),
    "indicator_not_asked": _("This round does not ask for that indicator."),
    "rater_twice": _("This person stands twice under one indicator. Put the readings into one line."),
    "uncertainty_above_nothing": _("An uncertainty and its factor are above 0."),
    "second_person_needed": _("%(name)s entered these results. A second person releases them."),
    "sheet_line_unknown": _("Line %(line)s names a sample or an indicator that is not on your sheets."),
    "sheet_line_to_mend": _("Line %(line)s: %(words)s"),
    "sheet_file_unreadable": _("Line %(line)s cannot be read. Take the sheet from here, fill it in and send it as CSV."),
}
