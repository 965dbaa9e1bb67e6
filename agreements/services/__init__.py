from agreements.services.activation import activate_agreement, due_activations
from agreements.services.ahead import arise_ahead
from agreements.services.amending import ask_amendment, renew_agreement, start_amendment, withdraw_text
from agreements.services.clause_edits import add_clause, change_clause, keep_late_edit, move_clause, remove_clause
from agreements.services.drafting import draft_agreement, return_agreement, send_agreement, set_days
from agreements.services.ending import carry_out, due_expiries, due_notices, expire_agreement
from agreements.services.ending_soon import due_endings, tell_ending
from agreements.services.life import consent_to_end, resume_agreement, suspend_agreement, take_back_notice, terminate_agreement
from agreements.services.obligations import arise, meet, waive
from agreements.services.papers import file_document, share_results
from agreements.services.reminding import remind, tell_overdue
from agreements.services.signing import sign_agreement

__all__ = [
    "activate_agreement",
    "add_clause",
    "arise",
    "arise_ahead",
    "ask_amendment",
    "carry_out",
    "change_clause",
    "consent_to_end",
    "draft_agreement",
    "due_activations",
    "due_endings",
    "due_expiries",
    "due_notices",
    "expire_agreement",
    "file_document",
    "keep_late_edit",
    "meet",
    "move_clause",
    "remind",
    "remove_clause",
    "renew_agreement",
    "resume_agreement",
    "return_agreement",
    "send_agreement",
    "set_days",
    "share_results",
    "sign_agreement",
    "start_amendment",
    "suspend_agreement",
    "take_back_notice",
    "tell_ending",
    "tell_overdue",
    "terminate_agreement",
    "waive",
    "withdraw_text",
]
