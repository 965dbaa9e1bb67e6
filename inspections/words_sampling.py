"""What is said when a step with sampling is refused. %(fact)s stands for a fact of the refusal."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "lot_has_no_relation": _("This lot was made for no customer yet, so no agreement says how it is sampled. Register a portion for a customer first."),
    "no_plan_for_stage": _("The agreement of the day on which the lot was made asks for no inspection by attributes at this stage."),
    "lot_size_out_of_range": _("Say how many pieces (cones, rolls) the lot has: a whole number from 2 to %(most)s."),
    "count_missing": _("Count this class too; where nothing was found, enter 0."),
    "found_more_than_taken": _("More were counted than the %(n)s pieces that were taken. A piece counts once, under its worst nonconformity."),
    "named_more_than_counted": _("The reasons of this class add up to more than the nonconforming pieces that were counted: %(n)s. A piece counts once."),
    "reason_of_no_class": _("This class is not counted under the plan."),
    "inspected_in_the_future": _("This day is still to come. Give the day of the inspection."),
    "inspected_too_early": _("This day lies too far back to be true. Give the day of the inspection."),
    "body_needed": _("Say which body inspected the lot."),
    "plan_changed": _("Another lot was inspected meanwhile and the plan is another now. Your counts are kept: look at the plan, then file them."),
    "sampling_is_discontinued": _("Inspection of this product is discontinued: five lots were not accepted on tightened inspection. It goes on once the supplier has acted and the chain owner resumes it."),
    "lot_inspected_already": _("This lot was inspected at this stage already. To mend figures, correct that inspection; after the lot was worked over, say that it was submitted again."),
    "inspection_is_corrected": _("This inspection was corrected already. Correct the newer one."),
    "correction_needs_a_reason": _("Say in a few words why the figures change. The other side reads it."),
    "correction_changes_nothing": _("These are the figures that stand. Change something, or go back."),
    "sampling_goes_on": _("Inspection is not discontinued: there is nothing to resume."),
    "sampling_word_needs_a_reason": _("Say in a few words why, so that the other side understands it."),
}  # fmt: skip
