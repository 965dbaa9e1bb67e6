"""What is said when a step with lots is refused. %(fact)s stands for a fact of the refusal."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "lot_needs_a_word": _("Fill this in: a lot is not found again without it."),
    "lot_word_too_long": _("Shorten this to %(longest)s characters."),
    "lot_made_in_the_future": _("This day is still to come. Give the day on which the lot was made."),
    "lot_quantity_out_of_range": _("Give a quantity above zero."),
    "lot_number_taken": _("Lot %(lot_no)s of this product is registered already. Open it in the list, or give this lot another number."),
}
