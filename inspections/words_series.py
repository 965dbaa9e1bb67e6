"""What is said when a step with series is refused. %(fact)s stands for a fact of the refusal."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "series_are_several": _(
        "Several series fit. Name supplier, customer, product, edition and origin: what differs in one of them is never joined."
    ),
    "change_is_said_already": _("A change is marked at lot %(lot)s already. Take it back first, then say it anew."),
    "change_cause_unknown": _("Say what changed: machine, material, way of working, people, environment, measuring, or other."),
    "change_note_long": _("Shorten this to %(most)s characters."),
    "change_has_no_results": _("Lot %(lot)s has no result of this characteristic. Choose a lot that stands in the chart."),
    "change_is_anothers": _("The other side marked this change. Ask them to take it back."),
}
