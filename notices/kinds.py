"""The kinds of lines that a firm may find in its inbox, each with the words of a subject line."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

SUBJECTS: dict[str, Any] = {
    "invitation_waiting": _("%(other)s invites your firm to qcchain"),
    "agreement_to_review": _("%(other)s has sent you an agreement to review"),
    "agreement_to_answer": _("%(other)s proposes other words in the agreement"),
    "clause_commented": _("%(other)s says something about a clause"),
    "agreement_to_sign": _("An agreement with %(other)s waits for your signature"),
    "signatory_asked": _("A colleague asks for your firm's signature: agreement with %(other)s"),
    "stamped_to_check": _("A stamped copy of the agreement with %(other)s is to be compared"),
    "stamped_differs": _("The stamped copy of the agreement with %(other)s does not match"),
    "agreement_in_force": _("The agreement with %(other)s is in force"),
    "agreement_returned": _("%(other)s has returned the agreement with remarks"),
    "amendment_in_force": _("A new text of the agreement with %(other)s is in force"),
    "amendment_withdrawn": _("%(other)s has taken its new text back"),
    "agreement_withdrawn": _("%(other)s has taken its agreement back"),
    "amendment_asked": _("%(other)s asks for another text of the agreement"),
    "renewal_asked": _("%(other)s asks to renew the agreement"),
    "agreement_ending": _("The agreement with %(other)s ends soon"),
    "agreement_ended": _("The agreement with %(other)s has ended"),
    "suspend_notice": _("%(other)s gives notice to suspend the agreement"),
    "resume_notice": _("%(other)s lets the agreement go on"),
    "notice_taken_back": _("%(other)s has taken a notice back"),
    "end_to_consent": _("%(other)s gives notice to end the agreement"),
    "agreement_suspended": _("The agreement with %(other)s is suspended"),
    "agreement_resumed": _("The agreement with %(other)s goes on"),
    "agreement_terminated": _("The agreement with %(other)s was terminated"),
    "self_check_due": _("A self-check for %(other)s is due"),
    "audit_scheduled": _("%(other)s has scheduled an audit"),
    "audit_to_review": _("%(other)s has submitted a self-check for your review"),
    "audit_reviewed": _("%(other)s has reviewed your self-check"),
    "finding_raised": _("%(other)s has raised a finding"),
    "finding_contested": _("%(other)s contests a finding"),
    "finding_answered": _("%(other)s has answered a finding"),
    "finding_closed": _("%(other)s has closed a finding"),
    "finding_refused": _("%(other)s has sent your answer to a finding back"),
    "document_due": _("A document for %(other)s is due"),
    "owner_duty_due": _("A duty towards %(other)s is due"),
    "entry_disputed": _("%(other)s disputes an entry of the common record"),
    "obligation_overdue": _("A duty under the agreement with %(other)s is overdue"),
    "duty_reminded": _("%(other)s reminds you of a duty"),
    "supplier_joined": _("%(other)s has joined"),
    "supplier_declined": _("%(other)s says the invitation is not for them"),
    "invitations_ran_out": _("The invitation of %(other)s has run out"),
    "firm_shows": _("%(other)s shows you something of its firm"),
    "paper_expiring": _("%(other)s is valid until %(day)s"),
    "paper_lapsed": _("%(other)s ran out on %(day)s"),
    "calibration_due": _("The calibration of %(other)s holds until %(day)s"),
    "calibration_lapsed": _("The calibration of %(other)s ran out on %(day)s"),
    "list_read": _("Your list %(other)s has been read"),
    "export_ready": _("Your list of %(other)s suppliers is ready to be taken away"),
    "sample_to_confirm": _("%(other)s offers you a sample to seal"),
    "sample_returned": _("%(other)s has sent a sample back"),
    "joint_action_to_answer": _("%(other)s opens a joint action with you"),
    "joint_action_to_close": _("%(other)s has answered a joint action"),
    "joint_action_closed": _("A joint action with %(other)s is closed"),
    "sample_sealed": _("A sample is sealed with %(other)s"),
    "sample_runs_out": _("A sealed sample with %(other)s runs out soon"),
    "sampling_discontinued": _("Inspection of a product with %(other)s is discontinued"),
    "sampling_resumed": _("%(other)s resumes inspection of a product"),
    "inspection_not_accepted": _("%(other)s inspected a lot: not accepted"),
    "signals_to_look_at": _("%(other)s signals to look at"),
    "reading_out_of_limits": _("A reading is out of the agreed limits: %(other)s"),
    "batch_drafted": _("%(other)s drafts are ready to be looked through"),
    "batch_sent": _("%(other)s agreements of a batch were sent"),
    "firm_verified": _("%(other)s has verified your firm"),
    "firm_returned": _("%(other)s has returned your business licence"),
    "firm_checked_again": _("%(other)s looks at your business licence again"),
    "firm_suspended": _("%(other)s has suspended your firm"),
    "licence_to_mend": _("Photograph your business licence again"),
    "result_file_read": _("The results in %(other)s have been read"),
    "result_file_filed": _("The results in %(other)s are filed"),
    "list_written": _("Your list %(other)s stands among your suppliers"),
}


def subject_of(kind: str, facts: dict[str, Any]) -> str:
    """The subject line of a kind in the language in force. Raises KeyError for a kind that nobody has named."""
    zh = (get_language() or "").startswith("zh")
    other = facts.get("other_zh" if zh else "other_en") or facts.get("other_zh") or ""
    return str(SUBJECTS[kind]) % {"other": other, "day": facts.get("day", "")}
