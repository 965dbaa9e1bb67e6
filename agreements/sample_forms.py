"""What people type about sealed samples; the rules are asked in the verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms import FileForm
from agreements.sample_words import ILLUMINANTS, OBSERVERS
from agreements.services.samples import SampleSaid
from parties.fields import DayField


def _number(label: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=10, widget=forms.TextInput(attrs={"class": "short num", "inputmode": "text"}))


class SampleForm(FileForm):
    """The swatch in words and numbers, with a photo."""

    product = forms.CharField(label=_("Product"), max_length=120, help_text=_("As both sides call it, for example: 2/26Nm cashmere yarn."))
    colour = forms.CharField(label=_("Colour"), max_length=60, help_text=_("Name or number, for example: Camel 7041."))
    lab_l = _number("L*")
    lab_a = _number("a*")
    lab_b = _number("b*")
    illuminant = forms.ChoiceField(label=_("Illuminant"), choices=[(name, name) for name in ILLUMINANTS])
    observer = forms.TypedChoiceField(label=_("Observer"), coerce=int, choices=[(degrees, f"{degrees}°") for degrees in OBSERVERS])
    expires_on = DayField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date", "class": "short"}))
    holder = forms.CharField(label=_("Who keeps your half, and where"), max_length=80, help_text=_("For example: colour room, cabinet 3."))
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    field_order = (
        "client_id", "evidence_id", "link", "product", "colour", "lab_l", "lab_a", "lab_b", "illuminant", "observer", "expires_on", "holder", "note", "file",
    )  # fmt: skip

    def __init__(self, links: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if links:
            self.fields["link"] = forms.ChoiceField(label=_("With"), choices=[("", "—"), *links])
        self.order_fields(self.field_order)

    def said(self) -> SampleSaid:
        data = self.cleaned_data
        return SampleSaid(
            product=data["product"], colour=data["colour"], lab=(data["lab_l"], data["lab_a"], data["lab_b"]), illuminant=data["illuminant"],
            observer=data["observer"], expires_on=data["expires_on"], holder=data["holder"], note=data["note"],
        )  # fmt: skip


class ConfirmForm(forms.Form):
    """The other half is in one's hands, and it is the same."""

    holder = forms.CharField(label=_("Who keeps your half, and where"), max_length=80, help_text=_("For example: colour room, cabinet 3."))


class ReadingForm(forms.Form):
    """A reading to hold against the sample, under the same light and for the same observer."""

    lab_l = _number("L*")
    lab_a = _number("a*")
    lab_b = _number("b*")
