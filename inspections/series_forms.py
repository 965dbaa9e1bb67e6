"""What people say about a series."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.series_words import CAUSES
from parties.forms import NamesSelect


class ChangeForm(forms.Form):
    """From which lot on things are different, and why."""

    lot = forms.ChoiceField(label=_("From lot"))
    cause = forms.ChoiceField(label=_("What changed"), choices=[("", "—"), *CAUSES.items()])
    note = forms.CharField(
        label=_("In your words"), required=False, max_length=120, help_text=_("For example: new spindle on machine 4. Both sides see it.")
    )

    def __init__(self, lots: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lot"] = forms.ChoiceField(label=_("From lot"), choices=lots, widget=NamesSelect)
        self.order_fields(("lot", "cause", "note"))
