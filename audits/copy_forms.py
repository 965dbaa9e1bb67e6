"""What people type when they show an audit to another chain owner, and when they decide about one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from parties.forms import NamesSelect


class ShowForm(forms.Form):
    """To whom, which parts, and whether the words of findings go along."""

    reader = forms.ChoiceField(label=_("Chain owner"), widget=NamesSelect)
    sections = forms.MultipleChoiceField(
        label=_("Only these sections"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: the whole audit with its score."),
    )
    with_words = forms.BooleanField(
        label=_("With the words of the findings"),
        required=False,
        help_text=_("Names of the first chain owner are covered. Read them below before you show them."),
    )
    client_id = forms.CharField(widget=forms.HiddenInput, max_length=60, initial=lambda: uuid4().hex)

    def __init__(self, readers: Iterable[tuple[str, str]], sections: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"].choices = list(readers)  # type: ignore[attr-defined]
        if sections:
            self.fields["sections"].choices = sections  # type: ignore[attr-defined]
        else:
            del self.fields["sections"]


class DeclineForm(forms.Form):
    """Why a copy is not recognised."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences that the other side can act on."),
    )
