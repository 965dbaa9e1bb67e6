"""What is said when a decision about a lot, or a change notice, is refused. %(fact)s stands for a fact of the refusal."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "decision_unknown": _("There is no such step with a lot."),
    "decision_is_the_customers": _("This lot was made for a customer, who decides on it. You can put it on hold, rework it or scrap it."),
    "lot_has_moved_on": _("The lot is not where it was when this page was opened, so nothing was changed. Look at it again."),
    "decision_needs_a_reason": _("Choose a reason. For another reason say it in at least %(shortest)s characters."),
    "grade_needed": _("Say as which grade the lot is taken, for example: second grade."),
    "held_already": _("Your firm holds this lot already. The hold that stands was not changed."),
    "held_by_officer": _("A chief quality officer of your firm holds this lot. Only such an officer can end that."),
    "held_by_their_officer": _(
        "The chief quality officer of the other side holds this lot. Only such an officer of theirs or arbitration can end that."
    ),
    "held_by_the_other_side": _("The other side holds this lot. Ask it to end its hold first."),
    "held_with_its_source": _("What this lot comes from is on hold, and this lot with it. End that hold first."),
    "release_is_the_officers": _("A lot on hold is released by the chief quality officer only. You can end your own hold instead."),
    "scrap_out_of_range": _("Between nothing and %(left)s can still be scrapped of this lot. Give such a quantity."),
    "concession_is_the_suppliers": _("The supplier asks for a concession, and may take it back."),
    "no_concession_rule": _("The agreement of the lot's day says nothing of concessions. Rework the lot, or agree on a clause first."),
    "concession_asked_already": _("A concession for this lot is asked for or granted already."),
    "concession_not_from_here": _("A concession is asked for while a lot is inspected, on hold or not accepted."),
    "concession_above_the_rule": _("The agreement allows a concession for at most %(most)s of this lot. Ask for less."),
    "concession_quantity": _("Give a quantity above zero, and at most %(most)s."),
    "concession_is_the_granters": _("Under this agreement concessions are answered by other people of the chain owner: %(who)s."),
    "concession_answered_already": _("This concession was answered already. The first answer stands."),
    "concession_day": _("The last day lies between today and %(last)s: the agreement allows no longer."),
    "words_needed": _("Say it in at least %(shortest)s characters: the other side must be able to follow."),
    "arbitration_not_from_here": _("Arbitration is for a lot that is on hold or not accepted."),
    "arbitration_asked_already": _("A laboratory is asked about this lot already."),
    "laboratory_unknown": _("Choose a laboratory of the list, or name the one your agreement names."),
    "arbitration_is_over": _("This arbitration is over. What was decided stands."),
    "arbitration_not_taken": _("Take the sample first, then say what was found."),
    "verdict_unknown": _("Say whether the sample meets the bounds or not."),
    "verdict_is_the_laboratorys": _("The laboratory works here itself and says what it found. Nobody else does."),
    "change_words_needed": _("Say it in words: the customers decide by it."),
    "change_day": _("Give a day to come, within a year."),
    "change_is_sent": _("This change was told already and stays as it was told. Tell of another one."),
    "nobody_to_tell": _("No customer has an agreement in force that asks to be told of such a change, so nothing was sent."),
    "change_answered_already": _("This change was answered already, or its days ran out. The first answer stands."),
    "change_waits": _("A customer has still to answer, or its days have to run out, before the change is made."),
    "change_day_is_to_come": _("The change was told for %(planned_on)s. Make it on that day or later."),
    "change_refused_by_all": _("Every customer refused this change. Take it back, and tell of another one."),
    "change_answer_unknown": _("Accept, accept with a trial, or refuse."),
    "change_is_the_customers": _("The customer answers a change."),
}
