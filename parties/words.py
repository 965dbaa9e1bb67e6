"""What the rules about people and keys say."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "contact_invalid": _("This is neither a mobile number of 11 digits nor an e-mail address."),
    "contact_taken": _("Somebody signs in with this already. If it is you, sign in first and open the link again."),
    "language_unknown": _("There are two languages: Chinese and English."),
    "role_unknown": _("Choose at least one role from the list."),
    "scope_unknown": _("A key may read, or read and write. Choose one."),
    "token_name_missing": _("Give the key a name, so that you know it again."),
}
