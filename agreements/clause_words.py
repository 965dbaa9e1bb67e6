"""What the rules, types and parameters of clauses are called on the screen."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

RULES = {
    "param_is_the_templates": _("Clause %(clause)s, %(label)s: the template fixes this. Choose another template to change it."),
    "param_unknown": _("Clause %(clause)s: there is no field %(label)s."),
    "param_missing": _("Clause %(clause)s, %(label)s: fill this in."),
    "param_not_in_range": _("Clause %(clause)s, %(label)s: a whole number from %(low)s to %(high)s."),
    "param_not_a_number": _("Clause %(clause)s, %(label)s: a plain number, for example 4.0 or -3."),
    "param_not_above_zero": _("Clause %(clause)s, %(label)s: a number above zero, for example 1.0."),
    "param_not_a_grade": _("Clause %(clause)s, %(label)s: a grade from 1 to 5 in half steps, for example 3 or 3-4."),
    "param_not_short_text": _("Clause %(clause)s, %(label)s: one line of at most %(most)s characters."),
    "param_not_a_text": _("Clause %(clause)s, %(label)s: a text of at most %(most)s characters."),
    "param_not_a_choice": _("Clause %(clause)s, %(label)s: one of %(choices)s."),
    "param_says_it_twice": _("Clause %(clause)s, %(label)s: name each only once."),
    "param_not_yes_or_no": _("Clause %(clause)s, %(label)s: yes or no."),
    "param_of_another_duty": _("Clause %(clause)s, %(label)s: this kind of duty has no such field. Leave it empty."),
    "clause_type_unknown": _("Clause %(clause)s: the type %(type)s is not known here."),
    "limit_missing": _("Clause %(clause)s: a limit needs a lower bound, an upper bound, or both."),
    "bound_below_possible": _("Clause %(clause)s, %(label)s: %(value)s cannot be; no reading lies below %(low)s."),
    "bound_above_possible": _("Clause %(clause)s, %(label)s: %(value)s cannot be; no reading lies above %(high)s."),
    "limits_cross": _("Clause %(clause)s: the lower bound %(lower)s must be less than the upper bound %(upper)s."),
    "variation_is_of_another_kind": _(
        "Clause %(clause)s, %(label)s: it cannot be computed for this characteristic. CV and Ppk are for measured values, ΔE between lots is for colour."
    ),
    "ppk_needs_a_bound": _("Clause %(clause)s: Ppk is judged against a limit. Fill in a lower or an upper one."),
    "window_missing": _("Clause %(clause)s: say over how many lots the variation is judged."),
    "window_of_nothing": _(
        "Clause %(clause)s: a number of lots is of use only with a limit on variation. Fill one in, or leave this empty."
    ),
    "sampling_needs_a_plan": _("Clause %(clause)s: fill in an AQL, or the number of specimens of a lot."),
    "aqls_cross": _(
        "Clause %(clause)s: the AQL %(upper)s of the lighter class is stricter than %(lower)s of the graver one. Turn them round."
    ),
    "switching_needs_an_aql": _("Clause %(clause)s: the switching rules need an AQL. Fill one in, or do without switching."),
    "deadlines_cross": _("Clause %(clause)s: critical findings get no more days than major ones, and major no more than minor."),
    "containment_after_the_end": _("Clause %(clause)s: containment comes before the critical deadline: at most %(hours)s hours."),
    "concession_has_no_bound": _("Clause %(clause)s: a concession needs a largest share or a largest quantity."),
    "share_above_the_whole": _("Clause %(clause)s: a share is at most 100 percent of the lot."),
    "notice_longer_than_the_period": _("Clause %(clause)s: the notice is as long as the time between two audits. Choose fewer days."),
    "unit_is_not_the_librarys": _("Clause %(clause)s: the unit is %(unit)s, the library has %(expected)s for this characteristic."),
    "kind_is_not_the_librarys": _("Clause %(clause)s: the library counts this characteristic among the kind %(expected)s."),
    "edition_unknown": _("Clause %(clause)s: the library has no edition %(edition)s of this method."),
    "edition_superseded": _("Clause %(clause)s: %(edition)s no longer stands; the newer edition is %(by)s. Choose one that stands on the first day."),
    "edition_not_yet_valid": _("Clause %(clause)s: %(edition)s is valid only from %(since)s, after the first day of the agreement."),
    "source_is_of_the_former_limit": _(
        "Clause %(clause)s: you changed the limit. Say in both languages where the new one comes from, for example: agreed by both sides."
    ),
    "clause_changed_meanwhile": _(
        "Clause %(clause)s: %(who)s changed it at %(at)s, after you opened it. Your input is kept below; nothing was lost."
    ),
    "clauses_changed_meanwhile": _("The clauses were changed after you opened this page. Look at them again, then decide."),
    "draft_needs_a_clause": _("This is the last clause. An agreement needs at least one; add another first."),
    "batch_needs_a_supplier": _("Choose at least one supplier: tick it, paste its name or code, or take all that fit the filter."),
    "names_not_found": _("Not found in your list, or found more than once: %(names)s. Mend the names or take them out."),
    "place_missing": _("Say which number the clause gets."),
    "batch_too_long": _("A batch holds at most %(most)s suppliers. Make a second one for the others."),
    "batch_is_at_work": _("This batch is being worked on. Wait until it is done, then change it."),
    "batch_has_nothing_to_do": _("Nobody is left: every supplier of this batch is done."),
    "batch_row_is_drafted": _("%(name)s has its draft already. Change the draft itself."),
    "draft_is_there_already": _("%(number)s is a draft for the same days from the same template already. Open that one, or choose other days."),
    "too_many_clauses": _("A text holds at most %(most)s clauses."),
}

# What a parameter is called on a form and in an error.
LABELS: dict[str, Any] = {
    "name_zh": _("Name (Chinese)"),
    "name_en": _("Name (English)"),
    "characteristic": _("Characteristic"),
    "method": _("Method"),
    "edition": _("Edition of the method"),
    "safety_class": _("Safety class of GB 18401"),
    "unit": _("Unit"),
    "kind": _("Kind"),
    "lower": _("Lower limit"),
    "upper": _("Upper limit"),
    "cv_max": _("Largest coefficient of variation CV, %"),
    "lot_delta_e_max": _("Largest ΔE between any two lots"),
    "ppk_min": _("Smallest Ppk"),
    "window_lots": _("Over how many lots"),
    "source": _("Source (English)"),
    "source_zh": _("Source (Chinese)"),
    "stage": _("Stage"),
    "level": _("Inspection level"),
    "aql_critical": _("AQL, critical"),
    "aql_major": _("AQL, major"),
    "aql_minor": _("AQL, minor"),
    "switching": _("Switching rules apply"),
    "n": _("Specimens of a lot, for measured values"),
    "what_zh": _("What is done (Chinese)"),
    "what_en": _("What is done (English)"),
    "frequency": _("How often"),
    "evidence": _("Evidence"),
    "keep_months": _("Kept for how many months"),
    "grace_days": _("Days of grace"),
    "document": _("Kind of document"),
    "every_months": _("Every how many months"),
    "within_days": _("Within how many days"),
    "what": _("What"),
    "days": _("Days"),
    "critical": _("Critical finding, days"),
    "major": _("Major finding, days"),
    "minor": _("Minor finding, days"),
    "containment_hours": _("Hours to contain a critical finding"),
    "audit": _("Kind of audit"),
    "checklist": _("Checklist"),
    "notice_days": _("Days of notice"),
    "review_days": _("Working days to answer"),
    "delta_e_max": _("Largest ΔE to the sealed sample"),
    "formula": _("Formula"),
    "illuminant": _("Illuminant"),
    "observer": _("Observer"),
    "valid_months": _("Valid for how many months"),
    "granted_by": _("Who may grant it"),
    "answer_days": _("Working days to answer"),
    "max_share": _("Largest share of the lot, %"),
    "max_quantity": _("Largest quantity"),
    "expiry_days": _("Days until it lapses"),
    "duty": _("Kind of duty"),
    "due_day_offset": _("Days after the period"),
    "lab_zh": _("Laboratory (Chinese)"),
    "lab_en": _("Laboratory (English)"),
    "costs": _("Who bears the costs"),
    "words_zh": _("Text (Chinese)"),
    "words_en": _("Text (English)"),
}

TYPES: dict[str, Any] = {
    "characteristic_limit": _("Limit"),
    "sampling_plan": _("Sampling"),
    "process_requirement": _("Process"),
    "document_required": _("Document"),
    "change_notice": _("Change notice"),
    "corrective_action_deadline": _("Corrective action"),
    "audit_frequency": _("Self-check"),
    "sealed_sample": _("Sealed sample"),
    "concession_rule": _("Concession"),
    "owner_duty": _("Duty of the chain owner"),
    "data_sharing": _("Data"),
    "dispute": _("Dispute"),
    "free_text": _("Free text"),
}
# Of the kinds that only a form names; the others have their words in the text itself (wording.SAID).
CHOICES: dict[str, dict[str, Any]] = {
    "kind": {
        "variable": _("measured value"), "ordinal": _("grade"), "attribute": _("count of nonconformities"),
        "censored": _("measured above a detection limit"), "derived": _("computed from readings"), "binary": _("yes or no"),
    },
    "document": {
        "business_licence": _("Business licence"), "certificate": _("Certificate"), "test_report": _("Test report"), "permit": _("Permit"),
        "other": _("Another document"),
    },
    "duty": {
        "share_results": _("Give results"), "training": _("Hold a training"), "reply": _("Reply within days"), "payment_term": _("Pay within days"),
        "visit_notice": _("Announce visits"),
    },
}  # fmt: skip
# What the days of a clause count, where "days" alone would not say it.
DAYS: dict[str, Any] = {
    "change_notice": _("Days ahead"),
    "dispute": _("Days to object"),
    "reply": _("Working days to reply"),
    "payment_term": _("Days to pay"),
    "visit_notice": _("Days ahead"),
}
