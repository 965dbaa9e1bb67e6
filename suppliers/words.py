"""Words and chips of supplier lists, invitations and the firm's own pages."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from parties.reference import chain_nodes, regions

WORDS = {
    "list_empty": _("There is nothing to read yet. Paste your list, or choose a file."),
    "list_refused": "%(words)s",  # the reader of lists has its own words
    "column_unknown": _("Choose a column from the list."),
    "list_at_work": _("This list is being worked on. Wait until it is done, or stop it."),
    "word_missing": _("Choose what the word means."),
    "nothing_to_import": _("Say first which column is which."),
    "undo_too_late": _("An import can be undone for 10 minutes. After that, suppliers stay on your list."),
    "row_is_imported": _("This firm stands on your list already; its row is not read again."),
    "already_listed": _("This code is on your list already, as %(name)s."),
    "code_wrong": "%(words)s",
    "phone_wrong": _("This is not a mobile number of 11 digits. Correct it, or leave it empty."),
    "nothing_picked": _("Pick at least one supplier that has not joined."),
    "nothing_to_invite": _("Nobody here is left to invite: they have joined, have an open invitation, or said that it is not for them."),
    "nobody_waits": _("Nobody here waits with an open invitation."),
    "supplier_has_joined": _("This firm has joined. It needs no invitation."),
    "invitation_not_open": _("No invitation is open for this firm. Make a new one."),
    "no_phone": _("There is no mobile number for this firm. Show it the code, or send the link yourself."),
    "invitation_over": _("This invitation is not valid any more. Ask whoever sent it for a new one."),
    "names_another_firm": _("This invitation names another firm than yours."),
    "node_missing": _("Pick at least one step."),
    "file_missing": _("Take a photo of the paper, or choose a file."),
    "paper_kind_unknown": _("Choose what kind of paper it is."),
}

LINK_STATES = {
    "listed": ("", "minus", _("Not invited")),
    "invited": ("info", "clock", _("Invited")),
    "joined": ("good", "check", _("Joined")),
    "declined": ("warn", "x", _("Declined")),
}
# As it is shown: an invitation whose days are over is no state of the line, but time that passed.
SHOWN_STATES = {**LINK_STATES, "expired": ("warn", "clock", _("Invitation ran out"))}
ROW_STATES = {
    "accepted": ("good", "check", _("Ready")),
    "warning": ("warn", "alert", _("Ready, look once")),
    "duplicate": ("", "minus", _("Counted once")),
    "rejected": ("bad", "alert", _("To mend")),
    "skipped": ("", "minus", _("Left out")),
    "imported": ("good", "check", _("On your list")),
}
IMPORT_STATES = {
    "reading": ("info", "clock", _("Being read")),
    "needs_mapping": ("warn", "alert", _("Columns to say")),
    "preview": ("warn", "alert", _("To look at")),
    "writing": ("info", "clock", _("Being written")),
    "done": ("good", "check", _("On your list")),
    "cancelled": ("", "minus", _("Stopped")),
    "refused": ("bad", "x", _("Not readable")),
}
ORG_STATES = {
    "registered": ("info", "clock", _("Not yet verified")),
    "verifying": ("info", "clock", _("Being checked")),
    "verified": ("good", "shield", _("Verified")),
    "suspended": ("bad", "hold", _("Suspended")),
    "closed": ("", "minus", _("Closed")),
}
PAPER_STATES = {
    "uploaded": ("info", "clock", _("Filed")),
    "verified": ("good", "check", _("Verified")),
    "rejected": ("bad", "x", _("Not accepted")),
    "expired": ("bad", "alert", _("Expired")),
}
PAPER_KINDS = {
    "business_licence": _("Business licence"),
    "certificate": _("Certificate"),
    "test_report": _("Test report"),
    "permit": _("Permit"),
    "other": _("Other paper"),
}
# What a grant of each class lets the other firm see; the class is what the database keeps.
GRANTS = {
    "firm": _("Your firm's name, credit code, place and steps, and that you have joined"),
    "audit_evidence": _("Photos and papers that you file in its audits"),
    "documents": _("Documents that your agreement asks for"),
    "results": _("Test results of what you make for it"),
    "samples": _("Photos of samples that you offer it to seal"),
    "changes": _("Photos of changes that you tell it of"),
}
# Why somebody says that an invitation is not for them. Kept as words: what the owner reads is what was said.
NOT_US = {
    "other_firm": _("We are another firm."),
    "unknown_owner": _("We do not work with this chain owner."),
    "left": _("I do not work for this firm any more."),
}
ROLES = {
    "org_admin": _("administrator"),
    "signatory": _("signatory"),
    "cqo": _("chief quality officer"),
    "quality": _("quality"),
    "auditor": _("auditor"),
    "staff": _("staff"),
    "viewer": _("reader"),
}
NODE_ICONS = {
    "fibre": "spool",
    "spinning": "spool",
    "dyeing": "flask",
    "trims": "link",
    "design": "pen",
    "home": "home",
    "service": "shield",
}


def reads_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def quarter_words(day: date) -> str:
    """The quarter in which a day lies: Q3 2026, 2026 年第 3 季度."""
    return gettext("Q%(number)s %(year)s") % {"number": (day.month + 2) // 3, "year": day.year}


def in_language(zh: str, en: str) -> str:
    """The name in the reader's language; the Chinese one where no other is known."""
    return zh if reads_chinese() or not en else en


def node_names() -> dict[str, str]:
    return {node.code: in_language(node.name_zh, node.name_en) for node in chain_nodes()}


def place_names() -> dict[str, str]:
    return {region.code: in_language(region.name_zh, region.name_en) for region in regions()}


def districts() -> list[tuple[str, str]]:
    """(code, name) of districts and zones."""
    return [(r.code, in_language(r.name_zh, r.name_en)) for r in regions() if r.kind in ("district", "zone")]


def place_said(*codes: str | None) -> str:
    """Where a firm is: from the large to the small in Chinese, the other way round in English."""
    names = place_names()
    known = [names[code] for code in codes if code in names]
    return "".join(known) if reads_chinese() else ", ".join(reversed(known))


def nodes_said(codes: Iterable[str]) -> str:
    """The steps of a firm in one line."""
    names = node_names()
    return ("、" if reads_chinese() else ", ").join(names.get(code, code) for code in codes)
