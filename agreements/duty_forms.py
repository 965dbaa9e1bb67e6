"""Forms of a duty: why it is let go, and the record that a process asks for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms import FileForm


class WaiveForm(forms.Form):
    """Why a duty of the other side is let go."""

    why = forms.CharField(
        label=_("Why is it let go?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other side reads this, and it stays in the common record. The bureau does not see it."),
    )  # fmt: skip


class RecordForm(FileForm):
    """The record of a process that a clause asks for."""

    note = forms.CharField(
        label=_("What the record shows"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: dye bath checked each shift, 21 of 21 signed. The chain owner reads this."),
    )  # fmt: skip
    field_order = ("client_id", "evidence_id", "note", "file")
