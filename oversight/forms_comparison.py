"""What people type about comparison rounds; the rules are asked in the verbs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms import DAY
from oversight.services.comparison import MeasureSaid, RoundSaid
from oversight.two_samples import SAMPLES
from oversight.words_comparison import CONDITIONS, KIND_MEANS, KINDS
from parties.fields import DayField
from parties.forms import NamesSelect

Choices = Sequence[tuple[str, str]]


def _number(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=15,
        decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
        **more,
    )


class RoundForm(forms.Form):
    """A round as a draft."""

    kind = forms.ChoiceField(
        label=_("What is compared"),
        widget=forms.RadioSelect,
        choices=[(key, f"{words}: {KIND_MEANS[key]}") for key, words in KINDS.items()],
    )
    name_zh = forms.CharField(label=_("Name of the round"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    product_zh = forms.CharField(label=_("Product or material"), max_length=80)
    product_en = forms.CharField(label=_("Product in English"), max_length=120, required=False)
    node_code = forms.ChoiceField(label=_("Step of the chain"), required=False, widget=NamesSelect)
    benchmark_zh = forms.CharField(
        label=_("Benchmark"), max_length=120, required=False, help_text=_("The standard or the product that every indicator is held to.")
    )
    benchmark_en = forms.CharField(label=_("Benchmark in English"), max_length=160, required=False)
    tester = forms.ChoiceField(
        label=_("Laboratory that tests the products"),
        required=False,
        widget=NamesSelect,
        help_text=_("Not needed between laboratories: each tests its own sample."),
    )
    series_code = forms.CharField(label=_("Series"), max_length=20, required=False, help_text=_("The same word in each round of a series."))
    samples_on = DayField(label=_("Samples by"), widget=DAY)
    results_on = DayField(label=_("Results by"), widget=DAY)
    instructions = forms.CharField(
        label=_("How to treat the sample"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    client_id = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, nodes: Choices, testers: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"client_id": str(uuid4()), "kind": "interlab"}, **kwargs})
        self.fields["node_code"].choices = [("", "—"), *nodes]  # type: ignore[attr-defined]
        self.fields["tester"].choices = [("", "—"), *testers]  # type: ignore[attr-defined]

    def said(self) -> RoundSaid:
        data = self.cleaned_data
        more = {
            name: data[name]
            for name in ("name_en", "product_en", "node_code", "benchmark_zh", "benchmark_en", "series_code", "instructions")
        }
        tester = UUID(data["tester"]) if data["tester"] else None
        return RoundSaid(data["kind"], data["name_zh"], data["product_zh"], data["samples_on"], data["results_on"], more, tester)


class MeasureForm(forms.Form):
    """One indicator: a characteristic by one edition of a method, and what it is held to."""

    indicator = forms.ChoiceField(label=_("Indicator and method"), widget=NamesSelect)
    sample = forms.ChoiceField(
        label=_("Sample"), required=False, choices=[("", _("one sample for all")), *((each, each) for each in SAMPLES)],
        help_text=_("With two samples, A and B, under one code, a bias is told from chance: name the indicator for each of them."),
    )  # fmt: skip
    benchmark_lower = _number(_("Benchmark: at least"))
    benchmark_upper = _number(_("Benchmark: at most"))
    reference_value = _number(_("Value known beforehand"), help_text=_("Left empty, the robust mean of the round is taken."))
    reference_expanded = _number(_("Its expanded uncertainty (k = 2)"), min_value=Decimal(0))
    sigma_pt = _number(
        _("Spread for scores (σpt)"), help_text=_("Left empty, the robust spread of the round is taken."), min_value=Decimal("0.000001")
    )

    def __init__(self, indicators: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"].choices = indicators  # type: ignore[attr-defined]

    def said(self) -> MeasureSaid:
        data = dict(self.cleaned_data)
        code, _mark, edition = data.pop("indicator").partition("|")
        return MeasureSaid(code, edition, **data)


class ReceiveForm(forms.Form):
    """A sample has come."""

    condition = forms.ChoiceField(label=_("Condition of the sample"), widget=forms.RadioSelect, choices=list(CONDITIONS.items()))
    note = forms.CharField(label=_("What is wrong with it"), max_length=200, required=False)


class LeaveOutForm(forms.Form):
    """Why a participant is not counted."""

    because = forms.CharField(label=_("Why it is left out"), max_length=300, help_text=_("The participant reads this note."))


class SheetFileForm(forms.Form):
    """A sheet as CSV."""

    file = forms.FileField(label=_("Sheet of results (CSV)"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))
