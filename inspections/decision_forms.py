"""What people type about decisions on lots and about changes; the rules themselves are asked in the verbs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agreements.forms import DAY
from inspections.change_words import KINDS
from inspections.lot_forms import AmountField
from parties.fields import DayField

WORDS = forms.Textarea(attrs={"rows": 3})


class Once(forms.Form):
    """A form that carries the key by which it is done once."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **words: Any) -> None:
        super().__init__(data, initial={"client_id": uuid4(), **words.pop("initial", {})}, **words)


class DecideForm(Once):
    """A step with a lot. The reason is the button that sends it."""

    new_grade = forms.CharField(
        label=_("Taken as"), max_length=60, required=False, help_text=_("For example: second grade, or for linings only.")
    )
    quantity = AmountField(label=_("How much"), required=False, help_text=_("Empty: all that is left."))
    why = forms.CharField(label=_("In your own words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, kind: str, data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        if kind != "regrade":
            del self.fields["new_grade"]
        if kind != "scrap":
            del self.fields["quantity"]


class ConcessionForm(Once):
    """How much is to be delivered as it is, and why the customer can live with it."""

    quantity = AmountField(label=_("Quantity"))
    why = forms.CharField(
        label=_("What is off, and why it can be used all the same"), max_length=500, widget=WORDS,
        help_text=_("Name the characteristic and the value that was measured."),
    )  # fmt: skip


class GrantForm(forms.Form):
    """Granted: how much, and until when."""

    quantity = AmountField(label=_("Quantity granted"))
    until = DayField(label=_("Last day"), widget=DAY)
    why = forms.CharField(label=_("On which terms"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class WordsForm(forms.Form):
    """A reason that the other side reads."""

    why = forms.CharField(label=pgettext_lazy("form", "Why"), max_length=500, widget=WORDS)


class TrialForm(forms.Form):
    """Accepted, if a trial shows something first."""

    why = forms.CharField(label=_("What the trial has to show"), max_length=500, widget=WORDS, help_text=_("How much, by when, and which result you want to see."))


class ArbitrationForm(Once):
    """Which characteristic, which laboratory, and what the sides do not agree on."""

    characteristic = forms.ChoiceField(label=_("What is to be tested"))
    laboratory = forms.ChoiceField(label=_("Laboratory"))
    why = forms.CharField(
        label=_("What you do not agree on"), max_length=500, widget=WORDS, help_text=_("The laboratory does not read this.")
    )

    def __init__(self, characteristics: Sequence[tuple[str, str]], labs: Sequence[tuple[str, str]], data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        self.fields["characteristic"].choices = characteristics  # type: ignore[attr-defined]
        self.fields["laboratory"].choices = labs  # type: ignore[attr-defined]


class VerdictForm(forms.Form):
    """What the laboratory found. The verdict is the button that sends it."""

    why = forms.CharField(
        label=_("Result and reason"), max_length=500, widget=WORDS, help_text=_("Both sides read this. Name the value and the report.")
    )


class ChangeForm(Once):
    """What changes, from what to what, and from which day on."""

    kind = forms.ChoiceField(
        label=_("What changes"), choices=[(code, words) for code, (_icon, words) in KINDS.items()], widget=forms.RadioSelect
    )
    products = forms.CharField(label=_("Which products"), max_length=200, help_text=_("For example: cashmere yarn 2/26Nm, all colours."))
    was = forms.CharField(label=pgettext_lazy("change", "So far"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    becomes = forms.CharField(label=_("From then on"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    planned_on = DayField(label=_("Planned for"), widget=DAY)
    file = forms.FileField(
        label=_("Photo"), required=False, widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
        help_text=_("Of the new machine, the label of the new material, the new place."),
    )  # fmt: skip
