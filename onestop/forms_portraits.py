"""What a person types about portraits and methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from onestop.scoring import BANDS, MOST_LEAST, MOST_WEIGHT, PARTS
from onestop.services.methods import LONGEST_WHY
from onestop.services.portraits import LONGEST_FOR
from onestop.words_portraits import PARTS as NAMES
from parties.forms import NamesSelect

MOST_GROUNDS = 1_000


class ShareForm(forms.Form):
    """For whom the link is; the form's own id makes a second press the same link."""

    customer = forms.TypedChoiceField(
        label=_("Who reads it"), required=False, coerce=UUID, empty_value=None, widget=NamesSelect,
        help_text=_("A chain owner reads it here in whole percents, without the numbers behind them: those count your other customers too."),
    )  # fmt: skip
    for_whom = forms.CharField(
        label=_("For whom is it?"), max_length=LONGEST_FOR, required=False,
        help_text=_("A bank, a buyer, an office; not needed for a chain owner. Only you read this: it tells your links apart."),
    )  # fmt: skip
    client_id = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, customers: Sequence[tuple[str, Any]], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["customer"].choices = [("", _("somebody outside, by a link")), *customers]  # type: ignore[attr-defined]
        if not customers:
            del self.fields["customer"]


class AppealForm(forms.Form):
    """Which part is wrong, and why."""

    part = forms.ChoiceField(label=_("Which part is wrong?"), choices=list(NAMES.items()))
    grounds = forms.CharField(label=_("What is wrong with it"), max_length=MOST_GROUNDS, widget=forms.Textarea(attrs={"rows": 4}))
    client_id = forms.CharField(max_length=64, widget=forms.HiddenInput)


class MethodForm(forms.Form):
    """Weights, least numbers and floors of a method, and why it changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in PARTS:
            label = pgettext_lazy("score method", "Weight: %(part)s")
            least = pgettext_lazy("score method", "Least number: %(part)s")
            self.fields[f"weight_{name}"] = _number(str(label) % {"part": NAMES[name]}, 0, MOST_WEIGHT)
            self.fields[f"least_{name}"] = _number(str(least) % {"part": NAMES[name]}, 1, MOST_LEAST)
        self.fields["least_parts"] = _number(_("How many parts must be known"), 1, len(PARTS))
        for band in BANDS[:-1]:
            floor = pgettext_lazy("score method", "%(band)s from, in percent")
            self.fields[f"floor_{band}"] = _number(str(floor) % {"band": band}, 1, 100)
        self.fields["why"] = forms.CharField(
            label=_("Why it changes"), max_length=LONGEST_WHY, widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("Firms read this once it is in force."),
        )  # fmt: skip
        self.fields["client_id"] = forms.CharField(max_length=64, widget=forms.HiddenInput)


def _number(label: Any, low: int, high: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=low, max_value=high, widget=forms.NumberInput(attrs={"inputmode": "numeric"}))
