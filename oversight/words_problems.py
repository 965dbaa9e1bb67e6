"""The words of problems, research and techniques."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SEVERITIES: dict[int, Any] = {
    1: _("1 · a nuisance"),
    2: _("2 · costs a little"),
    3: _("3 · goods come back"),
    4: _("4 · orders are lost"),
    5: _("5 · a danger to people"),
}
PROBLEM_CHIPS: dict[str, tuple[str, str, Any]] = {
    "reported": ("", "comment", pgettext_lazy("problem state", "reported")),
    "triaged": ("info", "eye", pgettext_lazy("problem state", "looked at")),
    "confirmed": ("bad", "alert", pgettext_lazy("problem state", "confirmed")),
    "in_research": ("info", "flask", pgettext_lazy("problem state", "in research")),
    "solution_trial": ("info", "spool", pgettext_lazy("problem state", "solution on trial")),
    "solved": ("good", "check", pgettext_lazy("problem state", "solved")),
    "watch": ("warn", "eye", pgettext_lazy("problem state", "under watch")),
    "closed": ("", "check", pgettext_lazy("problem state", "closed")),
}
REPORT_CHIPS: dict[str, tuple[str, str, Any]] = {
    "new": ("info", "clock", pgettext_lazy("problem report", "waits for the bureau")),
    "taken": ("good", "check", pgettext_lazy("problem report", "taken up")),
    "declined": ("", "undo", pgettext_lazy("problem report", "not taken up")),
}
PROJECT_CHIPS: dict[str, tuple[str, str, Any]] = {
    "proposed": ("", "pen", pgettext_lazy("project state", "proposed")),
    "approved": ("info", "check", pgettext_lazy("project state", "approved")),
    "running": ("info", "spool", pgettext_lazy("project state", "running")),
    "review": ("info", "eye", pgettext_lazy("project state", "in review")),
    "adopted": ("good", "check", pgettext_lazy("project state", "adopted")),
    "stopped": ("bad", "undo", pgettext_lazy("project state", "stopped")),
}
TECHNIQUE_CHIPS: dict[str, tuple[str, str, Any]] = {
    "draft": ("", "pen", pgettext_lazy("technique state", "draft")),
    "published": ("good", "check", pgettext_lazy("technique state", "published")),
    "retired": ("", "undo", pgettext_lazy("technique state", "replaced by a newer version")),
}
OFFER_CHIPS: dict[str, tuple[str, str, Any]] = {
    "waiting": ("info", "clock", pgettext_lazy("offer of an institute", "waits for the bureau")),
    "taken": ("good", "check", pgettext_lazy("offer of an institute", "taken")),
    "declined": ("", "undo", pgettext_lazy("offer of an institute", "not taken")),
}
ORIGINS: dict[str, Any] = {
    "words": _("In the reporter's own words"),
    "variation": _("From the comparison of suppliers"),
    "finding": _("From a finding"),
    "lot": _("From a lot"),
    "map": _("From the problem map"),
    "round": _("From a comparison round"),
}
EVIDENCE_KINDS: dict[str, Any] = {
    "supervision": _("Supervision sampling"),
    "round": _("Comparison round"),
    "study": _("Study or survey"),
}
ROADS: dict[str, Any] = {
    "firms": _("Five firms or more did not conform within a year, and their share is at least 5 % at 95 % confidence"),
    "outside": _("A sample of twenty firms or more shows five that did not conform, and a share of at least 5 % at 95 % confidence"),
    "reports": _("Five firms or more report it independently"),
    "severe": _("It endangers people, and three firms or more have it"),
}
PROBLEM_DOES: dict[str, Any] = {
    "triaged": _("Take up for judging"),
    "confirmed": _("Confirm the problem"),
    "in_research": _("Say that research is under way"),
    "solution_trial": _("Say that a solution is on trial"),
    "solved": _("Say that it is solved"),
    "watch": _("Put under watch"),
    "closed": _("Close"),
}
PROJECT_DOES: dict[str, Any] = {
    "approved": _("Approve the project"),
    "running": _("Let the work begin"),
    "review": _("Hand the result in for review"),
    "adopted": _("Adopt the result"),
    "stopped": _("Stop the project"),
}
EVENTS: dict[str, Any] = {
    "registered": _("Registered"),
    "moved": _("New state"),
    "merged": _("Another problem was merged into this one"),
    "merged_away": _("Merged into another problem"),
    "unmerged": _("The merging was undone"),
}
CONSENT_VERSION = 2  # what a firm consents to stands in project_join.html
WORDS: dict[str, Any] = {
    "problem_needs_words": _("Say it in one sentence, %(shortest)s to %(longest)s characters."),
    "problem_category_unknown": _("Choose what kind of problem it is."),
    "problem_place_unknown": _("There is no such node or place in the chain. Choose from the list."),
    "problem_move_unknown": _("From this state the problem does not go there. Reload the page and look again."),
    "problem_evidence_thin": _(
        "The evidence does not suffice yet; %(reporters)s firms report it. Add a supervision result, or wait for more."
    ),
    "problem_merges_with_itself": _("A problem is not merged into itself. Choose another."),
    "problem_merged_already": _("This problem was merged into another already. Undo that first."),
    "problem_not_merged": _("This problem is not merged into another."),
    "problem_not_open_to_research": _("Research starts from a confirmed problem. Confirm it first."),
    "report_settled": _("This report was answered already."),
    "report_needs_problem": _("Choose the problem that the report belongs to."),
    "evidence_counts_odd": _("At least one firm was looked at, and no more can fail than were looked at."),
    "evidence_day_odd": _("The day lies in the future, or more than ten years back."),
    "project_value_unreadable": _("Write a number or a half grade, such as 3-4."),
    "project_aim_is_where_it_starts": _("The aim must differ from where it starts."),
    "project_kind_unfit": _("Only numbers and grades can be followed before and after. Choose another characteristic."),
    "project_edition_unknown": _("This method edition does not belong to the characteristic."),
    "project_institute_unknown": _("There is no such institute here. Choose from the list."),
    "project_move_unknown": _("From this state the project does not go there. Reload the page and look again."),
    "project_needs_result": _("Say in a few sentences what came out before the result is judged."),
    "project_needs_milestone": _("Set one milestone at least before the work begins."),
    "project_not_open_to_firms": _("Firms join a project while it is approved or running."),
    "project_firms_full": _("This project has all the firms it asked for."),
    "project_not_joined": _("Your firm is not in this project."),
    "change_day_odd": _("The day lies in the future, or more than two years back."),
    "milestone_day_odd": _("The day lies outside of the project, or in the future where it is said to be done."),
    "milestone_named_already": _("This project has a milestone of that name."),
    "offer_made_already": _("Your institute has offered already."),
    "technique_needs_parts": _("A technique names its steps and a contact before it is published."),
    "technique_not_draft": _("This version is published. Write the next version instead."),
    "technique_not_published": _("Only a published technique can be adopted."),
    "technique_not_in_force": _("This version is not the published one. Open the published version and go on from there."),
    "technique_without_question": _("This technique names no question for checklists."),
    "consent_needed": _("Tick the box: without consent nothing of yours may be used."),
}
