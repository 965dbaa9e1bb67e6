"""What the rules about papers, stamps and certificates are called, and the answers of the public page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS = {
    "paper_damaged": _(
        "The file kept on our side is not the one whose fingerprint was signed, so it is not handed out and nothing is signed on it. "
        "Tell whoever runs this installation: it is restored from the backup."
    ),
    "stamped_copy_waits": _(
        "A stamped copy of your firm waits already. Compare it, or say what is wrong with it, before you send another."
    ),
    "stamped_pages_missing": _("Choose the photos of the stamped pages, or one PDF."),
    "stamped_pages_too_many": _("At most %(most)s pages. Send them as one PDF."),
    "stamped_copy_is_settled": _("Nothing more is to be said about this stamped copy."),
    "stamped_needs_a_reason": _("Say what is different, in 5 to %(most)s characters, so that the other side can mend it."),
    "ca_is_off": _("No certificate authority is connected here. Sign with your password, or on stamped paper."),
    "ca_answer_is_not_ours": _(
        "This answer of the certificate authority is late, or belongs to somebody else. Nothing was signed; begin again."
    ),
    "ca_signature_is_not_valid": _("The certificate authority's answer is no valid signature of this text. Nothing was signed."),
}
# state -> (tone, icon, label)
STAMPED_CHIPS: dict[str, tuple[str, str, Any]] = {
    "waits": ("info", "clock", pgettext_lazy("stamped copy", "Waits to be compared")),
    "counts": ("good", "check", pgettext_lazy("stamped copy", "Counts as the signature")),
    "differs": ("bad", "x", pgettext_lazy("stamped copy", "Does not match")),
    "settled": ("", "minus", pgettext_lazy("stamped copy", "Signed otherwise")),
}
# state -> (tone, icon, heading, sentence): the public page says one of these and nothing else.
ANSWERS: dict[str, tuple[str, str, Any, Any]] = {
    "valid": (
        "good",
        "check",
        _("Valid"),
        _("This paper belongs to an agreement that both firms have signed, and it has neither ended nor been superseded."),
    ),
    "superseded": (
        "warn",
        "undo",
        _("Superseded"),
        _("Both firms had signed this, and a later version has taken its place. Ask for the newer paper."),
    ),
    "ended": ("warn", "calendar", _("Ended"), _("Both firms had signed this, and the agreement has ended since.")),
    "not_ours": (
        "bad",
        "x",
        _("Not ours"),
        _("No agreement signed by both firms here has this paper. If a single character or byte was changed, the answer is the same."),
    ),
}
