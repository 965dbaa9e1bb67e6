"""What a person types about themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from desk.numbers import read_numbers
from qualitystats.sampling import LEVELS, aqls


class MeForm(forms.Form):
    """Name and language."""

    name = forms.CharField(label=_("Your name"), max_length=60)
    locale = forms.ChoiceField(label=_("Language of pages and mails"), choices=settings.LANGUAGES)


class KeyForm(forms.Form):
    """A new API key."""

    name = forms.CharField(label=_("What the key is for"), max_length=60, help_text=_("So that you know it again: ERP, laboratory system."))
    scopes = forms.ChoiceField(
        label=_("What it may do"),
        choices=[("read", _("Read")), ("read write", _("Read and write"))],
        widget=forms.RadioSelect,
        initial="read",
    )

    def clean_scopes(self) -> Any:
        return self.cleaned_data["scopes"].split()


class PlanForm(forms.Form):
    """Which plan a lot is inspected by."""

    lot = forms.IntegerField(label=_("Items in the lot"), min_value=2, max_value=100_000_000, initial=1200)
    level = forms.ChoiceField(label=_("Inspection level"), choices=[(level, level) for level in LEVELS], initial="II")
    aql = forms.ChoiceField(label="AQL", choices=[(aql, aql) for aql in aqls()], initial="2.5")
    severity = forms.ChoiceField(
        label=_("Inspection severity"),
        choices=[("normal", _("Normal")), ("tightened", _("Tightened")), ("reduced", _("Reduced"))],
        initial="normal",
    )


class _Numbers(forms.CharField):
    """Typed numbers; a word that is none is named."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return read_numbers(text)
        except ValueError as refusal:
            word = str(refusal).partition(": ")[2].strip("'")[:40]
            raise ValidationError(_("%(word)s is not a number."), params={"word": word}) from None


class ColourForm(forms.Form):
    """Two colours in CIELAB."""

    reference = _Numbers(label=_("Standard: L*, a*, b*"), max_length=80, initial="52.10, 41.20, 18.40")
    sample = _Numbers(label=_("Sample: L*, a*, b*"), max_length=80, initial="51.60, 41.90, 18.90")

    def clean_reference(self) -> Any:
        return self._three("reference")

    def clean_sample(self) -> Any:
        return self._three("sample")

    def _three(self, name: str) -> Any:
        found = [number for line in self.cleaned_data[name] for number in line]
        if len(found) != 3:
            raise ValidationError(_("Write three numbers: L*, a* and b*. There are %(n)s."), params={"n": len(found)})
        return found


class CapabilityForm(forms.Form):
    """Readings and the limits they are held against."""

    readings = _Numbers(label=_("Readings"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}))
    lower = forms.FloatField(label=_("Lower limit"), required=False)
    target = forms.FloatField(label=_("Target"), required=False)
    upper = forms.FloatField(label=_("Upper limit"), required=False)

    def clean_readings(self) -> Any:
        lines = self.cleaned_data["readings"]
        if len({len(line) for line in lines}) > 1:
            raise ValidationError(_("Lines are subgroups: write equally many readings in each, or all of them in one line."))
        if sum(map(len, lines)) < 2:
            raise ValidationError(_("One reading has no spread. Write at least two."))
        return lines

    def clean(self) -> Any:
        said = super().clean() or self.cleaned_data
        lower, target, upper = (said.get(name) for name in ("lower", "target", "upper"))
        if self.errors:
            return said
        if lower is None and upper is None:
            raise ValidationError(_("Give a lower limit, an upper limit, or both: a spread alone says nothing about fitness."))
        if lower is not None and upper is not None and lower >= upper:
            self.add_error("upper", _("The upper limit lies above the lower one."))
        elif target is not None and not (lower if lower is not None else target) <= target <= (upper if upper is not None else target):
            self.add_error("target", _("The target lies within the limits."))
        return said
