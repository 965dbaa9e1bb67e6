"""What people type about joint actions; the rules themselves are asked in the verbs."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms import DAY
from parties.fields import DayField


class ActionForm(forms.Form):
    """What both are after, and until when the supplier answers."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    aim = forms.CharField(
        label=_("What to look into together"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you see and what both are after, in two or three sentences. Name no other supplier."),
    )  # fmt: skip
    due_on = DayField(label=_("Answer by"), widget=DAY)

    def __init__(self, data: Any = None, **words: Any) -> None:
        super().__init__(data, initial={"client_id": uuid4()}, **words)

    def clean_client_id(self) -> str:
        return str(self.cleaned_data["client_id"])


class AnswerForm(forms.Form):
    """What the supplier found and did."""

    answer = forms.CharField(
        label=_("What you found and did"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The cause as far as you know it, what you changed, and from which lot on."),
    )  # fmt: skip


class OutcomeForm(forms.Form):
    """What came of it."""

    outcome = forms.CharField(
        label=_("What came of it"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the later lots show. The supplier reads it; it stands in the common record."),
    )  # fmt: skip
