from agreements.services.activation import (
    activate_agreement,
    due_activations,
    due_expiries,
    due_extensions,
    expire_agreement,
    extend_duties,
)
from agreements.services.drafting import change_clause, draft_agreement, return_agreement, send_agreement, set_days
from agreements.services.obligations import arise, meet, waive
from agreements.services.papers import file_document, share_results
from agreements.services.reminding import remind, tell_overdue
from agreements.services.signing import sign_agreement

__all__ = [
    "activate_agreement",
    "arise",
    "change_clause",
    "draft_agreement",
    "due_activations",
    "due_expiries",
    "due_extensions",
    "expire_agreement",
    "extend_duties",
    "file_document",
    "meet",
    "remind",
    "return_agreement",
    "send_agreement",
    "set_days",
    "share_results",
    "sign_agreement",
    "tell_overdue",
    "waive",
]
