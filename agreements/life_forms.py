"""What people say of a text in force: another text from a day, stand still, go on, end, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms import DAY, first_day_after
from parties.fields import DayField

REASON_HELP = _("One or two sentences. The other side reads them, and they stand in the common record.")


def _reason(label: Any, *, required: bool = True, help_text: Any = REASON_HELP) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=1000, required=required, widget=forms.Textarea(attrs={"rows": 3}), help_text=help_text
    )  # fmt: skip


class AmendForm(forms.Form):
    """What changes, and from when."""

    summary = forms.CharField(
        label=_("What changes"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In a sentence, for example: results every second month. The supplier reads it above the new text."),
    )  # fmt: skip
    effective_from = DayField(label=_("First day of the new text"), widget=DAY)


class SuspendForm(forms.Form):
    """From which day it stands still."""

    effective_on = DayField(label=_("Stands still from"), widget=DAY)
    reason = _reason(_("Why"))


class ResumeForm(forms.Form):
    """From which day it goes on."""

    effective_on = DayField(label=_("Goes on from"), widget=DAY)
    reason = _reason(_("Why"))


class EndForm(forms.Form):
    """The last day, why, and the password of a signatory."""

    effective_on = DayField(label=_("Last day"), widget=DAY)
    reason = _reason(_("Why"))
    password = forms.CharField(
        label=_("Your password"), strip=False, help_text=_("Asked again, so that nobody gives notice at your open screen."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip

    def clean_effective_on(self) -> date | None:
        """The last day is covered; the verbs take the first one that is not."""
        return first_day_after(self.cleaned_data["effective_on"])


class ConsentForm(forms.Form):
    """The password of a signatory of the other side."""

    password = EndForm.base_fields["password"]


class WishForm(forms.Form):
    """What the supplier would like changed."""

    reason = _reason(_("What should change, and why"))


class WithdrawForm(forms.Form):
    """Why a text is taken back; asked only where the supplier has seen one."""

    reason = _reason(_("Why"))

    def __init__(self, *args: Any, asked: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asked:
            del self.fields["reason"]


class TakeBackForm(forms.Form):
    """Which notice is taken back."""

    notice = forms.UUIDField()
