"""What the rules about people and keys say."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

WORDS = {
    "contact_invalid": _("This is neither a mobile number of 11 digits nor an e-mail address."),
    "contact_taken": _("Somebody signs in with this already. If it is you, sign in first and open the link again."),
    "language_unknown": _("There are two languages: Chinese and English."),
    "role_unknown": _("Choose at least one role from the list."),
    "scope_unknown": _("A key may read, or read and write. Choose one."),
    "token_name_missing": _("Give the key a name, so that you know it again."),
    "name_missing": _("Write the name."),
    "cqo_is_appointed": _("A chief quality officer is appointed by a signatory, with date and training. Use the appointment."),
    "days_in_the_past": _("Choose today or a later day."),
    "days_in_the_future": _("Choose today or an earlier day."),
    "days_turned_round": _("The last day comes before the first. Turn them round."),
    "days_too_many": _("A deputy stands in for a year at most. Choose an earlier last day."),
    "last_administrator": _("A firm always has an administrator. Give the role to a colleague without an end first."),
    "last_signatory": _("A firm always has a signatory. Give the role to a colleague without an end first."),
    "education_unknown": _("Choose the education from the list."),
    "years_unlikely": _("Write the years in quality work as a number from 0 to 60."),
    "deputy_is_another": _("Nobody stands in for himself. Choose another colleague."),
    "deputy_not_here": _("This colleague holds no role on the first day. Give a role first."),
    "role_not_held": _("Only roles that the colleague holds on the first day can be covered."),
    "role_not_lent": _(
        "Signing and administering are not lent to a deputy. Give the role itself for those days; quality, audit and staff work can be covered."
    ),
    "colleague_over": _("This invitation is not valid any more. Ask whoever sent it for a new one."),
    "colleague_is_another": _("This invitation was made for another mobile number or e-mail than those you sign in with."),
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
# What a role lets somebody do, in one line.
ROLE_MEANS = {
    "org_admin": _("Takes colleagues in, gives and ends roles."),
    "signatory": _("Signs agreements for the firm and appoints the chief quality officer."),
    "cqo": _("Answers for quality in the firm."),
    "quality": _("Sends agreements, judges audits, answers findings."),
    "auditor": _("Carries out self-checks and visits."),
    "staff": _("Files papers and photos, keeps lists."),
    "viewer": _("Reads everything of the firm, changes nothing."),
}
EDUCATIONS = {
    "vocational": _("Vocational school"),
    "college": _("College"),
    "bachelor": _("Bachelor"),
    "master": _("Master or higher"),
}


def reads_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def in_language(zh: str, en: str) -> str:
    """The name in the reader's language; the Chinese one where no other is known."""
    return zh if reads_chinese() or not en else en
