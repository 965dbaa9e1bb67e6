"""What people and programs send to the record."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from parties.fields import DayField
from records.services.uploads import PURPOSES


class DisputeForm(forms.Form):
    """Why this side disputes an entry. How short is too short is the service's rule."""

    reason = forms.CharField(
        label=_("What is not right?"),
        help_text=_("One or two sentences. The other side reads them and may answer."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class RevisionForm(forms.Form):
    """A newer file in the place of one that was filed, and from which day it says how things are."""

    file = forms.FileField(label=_("The newer file"), widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp,.pdf,.xlsx,.csv"}))
    counts_from = DayField(
        label=_("Counts from"),
        help_text=_("From this day on it says how things are. That it came today is kept apart, and nobody can change it."),
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class UploadForm(forms.Form):
    """What a sender declares before the first byte."""

    name = forms.CharField(max_length=300)
    size = forms.IntegerField(min_value=0)
    sha256 = forms.RegexField(r"^[0-9a-fA-F]{64}$")
    client_id = forms.RegexField(r"^[\w.-]{1,64}$")
    purpose = forms.ChoiceField(choices=[(name, name) for name in PURPOSES])
