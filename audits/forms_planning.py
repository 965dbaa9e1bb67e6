"""What a planner types: an auditor, hours away, the days of a plan, another place for a visit."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms import DAY
from audits.services.planning import LeaveSaid, ProfileSaid
from audits.words_planning import HALF_CHOICES, LANGUAGE_WORDS, LEAVE_WORDS
from parties.fields import DayField
from parties.forms import NamesSelect
from suppliers.words import node_names


class ProfileForm(forms.Form):
    """What an auditor can, from where, how much."""

    home_region = forms.ChoiceField(label=_("Sets out from"), widget=NamesSelect)
    node_codes = forms.MultipleChoiceField(
        label=_("Knows these steps of the chain"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("A programme may ask for somebody who knows a step."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Speaks"), required=False, widget=forms.CheckboxSelectMultiple, choices=list(LANGUAGE_WORDS.items())
    )
    days_per_month = forms.IntegerField(
        label=_("Days of visits in a month"), min_value=1, max_value=31, initial=10, help_text=_("Beside travel, reports and other work.")
    )

    def __init__(self, places: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home_region"].choices = places  # type: ignore[attr-defined]
        self.fields["node_codes"].choices = list(node_names().items())  # type: ignore[attr-defined]

    def said(self) -> ProfileSaid:
        return ProfileSaid(**self.cleaned_data)


class NewAuditorForm(forms.Form):
    """Who gets a profile."""

    person_id = forms.ChoiceField(label=_("Colleague"), widget=NamesSelect)

    def __init__(self, people: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person_id"].choices = people  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    """Hours in which an auditor cannot visit."""

    client_id = forms.CharField(widget=forms.HiddenInput, max_length=60, initial=lambda: uuid4().hex)
    kind = forms.ChoiceField(label=_("Why"), choices=list(LEAVE_WORDS.items()))
    first_on = DayField(label=_("From"), widget=DAY)
    last_on = DayField(label=_("To, included"), widget=DAY)
    half = forms.ChoiceField(label=_("Part of the day"), required=False, choices=[("", _("The whole day")), *HALF_CHOICES.items()])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("first_on") and said.get("last_on") and said["last_on"] < said["first_on"]:
            self.add_error("last_on", _("The last day comes before the first one."))
        return said

    def said(self) -> LeaveSaid:
        return LeaveSaid(**{name: self.cleaned_data[name] for name in ("kind", "first_on", "last_on", "half")})


class PlanDaysForm(forms.Form):
    """Which days a plan covers."""

    plan_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    first_on = DayField(label=_("From"), widget=DAY)
    last_on = DayField(label=_("To, included"), widget=DAY)


class MoveBookingForm(forms.Form):
    """Another auditor, day or half for one visit."""

    person_id = forms.ChoiceField(label=_("Auditor"), widget=NamesSelect)
    day = DayField(label=_("Day"), widget=DAY)
    half = forms.ChoiceField(label=_("Part of the day"), choices=list(HALF_CHOICES.items()))
    words = forms.CharField(
        label=_("Why"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A firm that was told of the visit reads this."),
    )  # fmt: skip

    def __init__(self, people: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person_id"].choices = people  # type: ignore[attr-defined]
