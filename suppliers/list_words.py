"""Words and chips of the owner's list at work: approvals, tiers, changes of many lines, views, exports."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from suppliers.models import BulkEdit
from suppliers.words import LINK_STATES, in_language, node_names, nodes_said, place_said

LIST_WORDS = {
    "nothing_to_change": gettext_lazy("Nothing would change: each of these suppliers has this value already, or is left out."),
    "list_has_changed": gettext_lazy("The list has changed since you looked. Look at the preview again, then apply."),
    "too_many_lines": gettext_lazy("Up to %(most)s suppliers can be changed at once. Narrow the filters first."),
    "nobody_picked": gettext_lazy("Pick at least one supplier."),
    "value_missing": gettext_lazy("Say first what to change, and to what."),
    "value_unknown": gettext_lazy("Choose a value from the list."),
    "reason_missing": gettext_lazy("Say why. The reason stays beside the decision."),
    "ends_before_it_starts": gettext_lazy("The last day comes before the first. Choose a later one."),
    "until_is_past": gettext_lazy("The last day lies in the past."),
    "way_is_a_circle": gettext_lazy("%(name)s delivers through this firm already: the way up would be a circle."),
    "way_is_too_long": gettext_lazy("A way up has at most five steps. Shorten it first."),
    "via_unknown": gettext_lazy("No firm of your list fits."),
    "via_not_one": gettext_lazy("Several firms fit. Type the whole name or the code of one of them."),
    "tier_follows": gettext_lazy("The tier follows from the firm through which it delivers."),
    "view_name_taken": gettext_lazy("A view of this name exists. Choose another name."),
    "too_many_views": gettext_lazy("Twenty views are kept at most. Delete one first."),
    "view_empty": gettext_lazy("Filter the list first, then keep the view."),
    "export_runs": gettext_lazy("Three exports are being made already. Wait until one is done."),
}

APPROVAL_STATES = {
    "applied": ("info", "clock", gettext_lazy("Applied for")),
    "conditional": ("warn", "alert", gettext_lazy("Conditional")),
    "approved": ("good", "check", gettext_lazy("Approved")),
    "suspended": ("bad", "hold", gettext_lazy("Suspended")),
    "run_out": ("warn", "clock", gettext_lazy("Run out")),
}
APPROVAL_FILTERS = {
    **{code: chip[2] for code, chip in APPROVAL_STATES.items()},
    "none": gettext_lazy("No approval"),
}
PROBLEM_FILTERS = {
    "any": gettext_lazy("Something to mend"),
    "no_phone": gettext_lazy("No mobile number"),
    "invitation_over": gettext_lazy("Invitation has run out"),
    "declined": gettext_lazy("Declined"),
    "incomplete": gettext_lazy("Step or district missing"),
    "suspended": gettext_lazy("Suspended"),
}
# What many lines may be changed in at once.
BULK_FIELDS = {
    "tag": gettext_lazy("Tag"),
    "tier": gettext_lazy("Tier"),
    "nodes": gettext_lazy("Chain steps"),
    "add_node": gettext_lazy("One more step"),
    "region": gettext_lazy("District"),
    "approval": gettext_lazy("Approval"),
}
SKIPPED = {
    "same": gettext_lazy("has this value already"),
    "via": gettext_lazy("delivers through another firm, and its tier follows from that"),
    "behind": gettext_lazy("other firms deliver through it: change its way up on its own page"),
}
EXPORT_STATES = {
    "waiting": ("info", "clock", gettext_lazy("Waiting")),
    "running": ("info", "clock", gettext_lazy("Being made")),
    "done": ("good", "check", gettext_lazy("Ready to download")),
    "failed": ("bad", "alert", gettext_lazy("Not made")),
    "gone": ("", "minus", gettext_lazy("Swept away after a day")),
}


def tier_said(tier: Any) -> str:
    return _("Tier %(n)s") % {"n": tier}


def approval_said(approval: dict[str, Any] | None) -> str:
    """One approval in a line; nothing is a word too."""
    if not approval:
        return _("none")
    words = f"{node_names().get(approval['category'], approval['category'])}: {APPROVAL_STATES[approval['state']][2]}"
    return _("%(words)s, until %(day)s") % {"words": words, "day": approval["until"]} if approval.get("until") else words


def value_said(field: str, value: Any) -> str:
    """A value of a change, before or after, as people say it."""
    if field == "approval":
        return approval_said(value)
    if field == "tier":
        return tier_said(value)
    if field == "region":
        return place_said(value["region"], value["town"]) or _("none")
    if field in ("nodes", "add_node"):
        return nodes_said(value) or _("none")
    return str(value) or _("none")


def target_said(edit: BulkEdit) -> str:
    """What an edit wrote, in one line."""
    value = [edit.value] if edit.field == "add_node" else edit.value
    return f"{BULK_FIELDS[edit.field]} → {value_said(edit.field, value)}"


def edit_said(edit: BulkEdit) -> str:
    """What an edit did, in numbers."""
    said = [ngettext("%(n)s supplier changed", "%(n)s suppliers changed", edit.written) % {"n": edit.written}]
    if edit.skipped:
        said.append(_("%(n)s not changed") % {"n": edit.skipped})
    if edit.undone_at and edit.left_alone:
        said.append(
            ngettext("%(n)s holds another value since and was left", "%(n)s hold another value since and were left", edit.left_alone)
            % {"n": edit.left_alone}
        )
    return " · ".join(said)


def filters_said(chosen: dict[str, str]) -> list[tuple[str, str]]:
    """(filter, its words) of the filters that narrow."""
    words = {
        "state": lambda code: str(LINK_STATES[code][2]), "node": lambda code: node_names()[code], "region": place_said,
        "tier": tier_said, "approval": lambda code: str(APPROVAL_FILTERS[code]), "problem": lambda code: str(PROBLEM_FILTERS[code]),
    }  # fmt: skip
    return [(name, words[name](code) if name in words else code) for name, code in chosen.items()]


def name_of(row: Any) -> str:
    return in_language(row.name_zh, getattr(row, "name_en", ""))
