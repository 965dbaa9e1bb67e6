"""What people type about an inspection by attributes; the rules are asked in the verbs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.models import Inspection
from inspections.sampling_plans import LARGEST_LOT, Planned
from inspections.sampling_words import CLASSES
from inspections.services.sampling import CorrectionSaid, InspectionSaid, Named
from inspections.switching import ClassPlan
from parties.fields import DayField

REASON_LINES = 4


class SizeForm(forms.Form):
    """How many pieces a lot is, where its quantity is kilograms or metres."""

    size = forms.IntegerField(
        label=_("Pieces in the lot"), min_value=2, max_value=LARGEST_LOT, help_text=_("Cones, rolls or pieces: what a sample is drawn from."),
        widget=forms.NumberInput(attrs={"class": "short num", "inputmode": "numeric"}),
    )  # fmt: skip


class CountsForm(forms.Form):
    """Nonconforming pieces by class, with reasons where somebody names them."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    judged = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, plans: Mapping[str, ClassPlan], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plans = plans
        self.fields["client_id"].initial = uuid4
        for name, plan in plans.items():
            self.fields[f"n_{name}"] = forms.IntegerField(
                label=CLASSES[name], min_value=0, max_value=plan.n, initial=0,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "count"}),
            )  # fmt: skip
        choices = [(name, CLASSES[name]) for name in plans]
        for line in range(REASON_LINES):
            self.fields[f"r{line}_class"] = forms.ChoiceField(
                label=_("Class"), choices=choices, required=False, initial="major" if "major" in plans else None
            )  # fmt: skip
            self.fields[f"r{line}_words"] = forms.CharField(label=_("What it was"), max_length=60, required=False)
            self.fields[f"r{line}_n"] = forms.IntegerField(
                label=_("Pieces"),
                min_value=1,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short num"}),
            )

    @property
    def count_fields(self) -> list[tuple[str, ClassPlan, Any]]:
        return [(name, plan, self[f"n_{name}"]) for name, plan in self.plans.items()]

    @property
    def reason_lines(self) -> list[tuple[Any, Any, Any]]:
        return [(self[f"r{line}_class"], self[f"r{line}_words"], self[f"r{line}_n"]) for line in range(REASON_LINES)]

    @property
    def other_fields(self) -> list[Any]:
        """What is neither a count nor a reason."""
        taken = {field.name for line in self.reason_lines for field in line} | {f"n_{name}" for name in self.plans}
        return [field for field in self.visible_fields() if field.name not in taken]

    def counts(self) -> dict[str, int]:
        return {name: self.cleaned_data[f"n_{name}"] for name in self.plans}

    def counted(self) -> str:
        """The counts in one line: the verdict that was shown belongs to these."""
        return ";".join(f"{name}:{n}" for name, n in self.counts().items())

    def named(self) -> list[Named]:
        said = self.cleaned_data
        lines = [(said[f"r{line}_class"], said[f"r{line}_words"].strip(), said[f"r{line}_n"]) for line in range(REASON_LINES)]
        return [Named(klass, words, n or 1) for klass, words, n in lines if klass and words]


class InspectForm(CountsForm):
    """An inspection to be filed."""

    seen = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    inspected_on = DayField(
        label=_("Inspected on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})
    )
    body = forms.CharField(label=_("Which body inspected it"), max_length=80)
    again = forms.BooleanField(label=_("The lot was worked over and submitted again"), required=False)
    unsteady = forms.BooleanField(
        label=_("Production did not run steadily: a break, a change of material, machine or people"), required=False
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, planned: Planned, *args: Any, inspected_before: bool, **kwargs: Any) -> None:
        super().__init__(planned.plans, *args, **kwargs)
        self.fields["seen"].initial = planned.seen
        if planned.asked.stage != "third_party":
            del self.fields["body"]
        if not inspected_before:
            del self.fields["again"]

    def said(self, planned: Planned) -> InspectionSaid:
        data = self.cleaned_data
        return InspectionSaid(
            stage=planned.asked.stage, counts=self.counts(), inspected_on=data["inspected_on"], lot_size=planned.lot_size,
            place=planned.asked.place, named=self.named(), steady=not data["unsteady"], again=data.get("again", False),
            body=data.get("body", ""), note=data["note"], seen=data["seen"],
        )  # fmt: skip


class CorrectForm(CountsForm):
    """Figures put right."""

    lot_size = forms.IntegerField(
        label=_("Pieces in the lot"), min_value=2, max_value=LARGEST_LOT, widget=forms.NumberInput(attrs={"class": "short num"})
    )
    unsteady = forms.BooleanField(
        label=_("Production did not run steadily: a break, a change of material, machine or people"), required=False
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)
    reason = forms.CharField(label=_("Why the figures change"), max_length=200, help_text=_("The other side reads it beside both figures."))

    def __init__(self, row: Inspection, plans: Mapping[str, ClassPlan], *args: Any, **kwargs: Any) -> None:
        found = {f"n_{plan['klass']}": plan["found"] for plan in row.plans}
        named = [count for count in row.counts.all() if count.words][:REASON_LINES]
        for line, count in enumerate(named):
            found |= {f"r{line}_class": count.klass, f"r{line}_words": count.words, f"r{line}_n": count.n}
        initial = {"lot_size": row.lot_size, "unsteady": not row.steady, "note": row.note, **found}
        super().__init__(plans, *args, initial=initial, **kwargs)

    def said(self) -> CorrectionSaid:
        data = self.cleaned_data
        return CorrectionSaid(
            counts=self.counts(), reason=data["reason"], lot_size=data["lot_size"], named=self.named(), steady=not data["unsteady"], note=data["note"]
        )  # fmt: skip


class WordForm(forms.Form):
    """The chain owner's word on a series, with its reason."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
