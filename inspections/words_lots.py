"""What is said when a step with lots is refused. %(fact)s stands for a fact of the refusal."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "lot_needs_a_word": _("Fill this in: a lot is not found again without it."),
    "lot_word_too_long": _("Shorten this to %(longest)s characters."),
    "lot_made_in_the_future": _("This day is still to come. Give the day on which the lot was made."),
    "lot_made_too_early": _("This day lies too far back to be true. Give the day on which the lot was made."),
    "lot_quantity_out_of_range": _("Give a quantity above zero, with three decimals at most."),
    "lot_number_taken": _("Lot %(lot_no)s of this product is registered already. Open it in the list, or give this lot another number."),
    "lot_is_not_changed_any_more": _(
        "Something hangs on this lot by now: a result, a decision, a part or a portion. It stays as it is; register a new one instead."
    ),
    "lot_is_not_free": _(
        "Lot %(lot_no)s is on hold or was decided about. It can be divided or put together with others only while it is free."
    ),
    "split_needs_parts": _("Name at least one part and at most %(most)s, each with its number and quantity."),
    "more_than_is_left": _("Only %(left)s is left of this lot. Give less."),
    "merge_needs_lots": _("Choose from two to %(most)s lots."),
    "merge_of_unlike": _(
        "These lots differ in product, colour, unit or customer. Only like goes with like; leave out the one that differs."
    ),
    "nothing_is_left": _("Nothing is left of lot %(lot_no)s. Leave it out."),
    "input_needs_a_name": _("Give the lot number on the label of what went in."),
    "input_goes_in_a_circle": _("Lot %(lot_no)s was made of this one, so it cannot have gone into it. Choose another."),
    "input_is_kept_back": _(
        "Lot %(lot_no)s has been kept back since %(since)s, and nothing may be made of it from that day on. Free it first, or choose another."
    ),
    "input_is_of_another_customer": _("Lot %(lot_no)s belongs to another customer or firm. Name it by what its label says instead."),
    "input_named_already": _("Lot %(lot_no)s is named already."),
    "no_lots_to_label": _("No lot fits these filters, so there is no label to print. Take a filter away."),
    "too_many_inputs": _("At most %(most)s inputs can be named for one lot."),
    "only_an_own_lot_has_portions": _(
        "This lot was made for one customer. Only a lot of your own is given out in portions; split this one instead."
    ),
}
