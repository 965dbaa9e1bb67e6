"""What a person says of a file of statistics."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oversight.chain import day_before_quarter, first_day_of, quarter_of
from parties.fields import DayField
from suppliers.words import quarter_words

QUARTERS_BACK = 20
LARGEST = 5 * 1024 * 1024
TOO_LARGE = _("The file is larger than 5 MB. Statistics of a city are smaller: check that it is the right one.")


def quarters_back(today: date, many: int = QUARTERS_BACK) -> list[str]:
    """The present quarter and those before it, newest first."""
    out = [quarter_of(today)]
    while len(out) < many:
        out.append(quarter_of(day_before_quarter(out[-1])))
    return out


class ChainCountsForm(forms.Form):
    quarter = forms.ChoiceField(label=_("Quarter"))
    source = forms.CharField(label=_("Source"), max_length=120, help_text=_("Who counted, and how people find it again."))
    as_of = DayField(label=_("Day of the figures"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=_(
            "Heads: region_code or town, node, size, firms, above_scale, certified, signed, output_band. Only place and firms are needed."
        ),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quarter"].choices = [(quarter, quarter_words(first_day_of(quarter))) for quarter in quarters_back(today)]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(TOO_LARGE)
        return file
