"""What people type about colleagues: who comes in, who does what, who stands in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from foundation.templatetags.qc import HAN
from parties.fields import DayField
from parties.roles import GIVEN, MAY_BE_COVERED
from parties.words import EDUCATIONS, ROLE_MEANS, ROLES


def _day(label: Any, **more: Any) -> DayField:
    return DayField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _role_choices(names: Iterable[str]) -> list[tuple[str, Any]]:
    return [(name, f"{ROLES[name]} · {ROLE_MEANS[name]}") for name in names]


class NamesSelect(forms.Select):
    """A choice among words of people: on a page in another language each Chinese one is marked, for an option holds no span."""

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, label, *args, **kwargs)
        if HAN.search(str(label)) and not (get_language() or "").startswith("zh"):
            option["attrs"]["lang"] = "zh-Hans"
        return option


class WithColleague(forms.Form):
    """A form that picks a colleague."""

    def __init__(self, people: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in ("person", "stands_for"):
                field.choices = people  # type: ignore[attr-defined]
            if name in ("roles", "role"):
                offered = MAY_BE_COVERED if "stands_for" in self.fields else GIVEN
                field.choices = _role_choices(offered)  # type: ignore[attr-defined]


class InviteForm(WithColleague):
    """Somebody to take in."""

    name = forms.CharField(label=_("Name of your colleague"), max_length=60)
    contact = forms.CharField(label=_("Mobile number or e-mail"), max_length=60, help_text=_("Your colleague signs in with it."))
    roles = forms.MultipleChoiceField(label=_("What your colleague does"), widget=forms.CheckboxSelectMultiple)


class RoleForm(WithColleague):
    """A role for a colleague, from a day on."""

    person = forms.ChoiceField(label=_("Colleague"), widget=NamesSelect)
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    valid_from = _day(_("From"))
    valid_to = _day(_("Last day"), required=False, help_text=_("Empty: until you end it."))


class EndForm(forms.Form):
    """The last day of a role."""

    last_day = _day(_("Last day"), help_text=_("Yesterday at the earliest: then the role is over at once."))


class CqoForm(WithColleague):
    """The appointment of a chief quality officer."""

    person = forms.ChoiceField(label=_("Colleague"), widget=NamesSelect)
    appointed_on = _day(_("Appointed on"))
    education = forms.ChoiceField(label=_("Education"), choices=list(EDUCATIONS.items()))
    years_in_quality = forms.IntegerField(label=_("Years in quality work"), min_value=0, max_value=60)
    training_certificate = forms.CharField(
        label=_("Training certificate number"),
        max_length=60,
        required=False,
        help_text=_("If the training is still to come, leave it empty."),
    )


class DeputyForm(WithColleague):
    """Who stands in for whom."""

    stands_for = forms.ChoiceField(label=_("Who is away"), widget=NamesSelect)
    person = forms.ChoiceField(label=_("Who stands in"), widget=NamesSelect)
    roles = forms.MultipleChoiceField(label=_("For which work"), widget=forms.CheckboxSelectMultiple)
    valid_from = _day(_("From"))
    valid_to = _day(_("Last day"))


class ColleagueForm(forms.Form):
    """A newcomer's name and password; the contact is the invited one."""

    name = forms.CharField(label=_("Your name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Choose a password"),
        min_length=10,
        max_length=128,
        strip=False,
        help_text=_("At least 10 characters, not only digits."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password)
        return str(password)
