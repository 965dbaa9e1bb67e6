"""What is said when a step with consistency is refused. %(fact)s stands for a fact of the refusal."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "action_day_out_of_range": _("Choose a day after today, a year ahead at most."),
    "action_needs_words": _("Write from %(shortest)s to %(longest)s characters."),
    "action_needs_a_supplier": _("Pick a supplier in the comparison first."),
    "too_many_at_once": _("%(most)s suppliers at most in one go."),
    "action_is_the_suppliers_to_answer": _("The supplier answers a joint action."),
    "action_is_the_owners_to_close": _("The chain owner closes a joint action."),
}
