"""What people type about results, besides the readings themselves; the rules are asked in the verbs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.forms import FileForm
from inspections.reading.days import moment_code
from inspections.services.results_corrected import LONGEST_REASON
from inspections.words_results import WORDS
from parties.forms import NamesSelect

MOMENT = "%Y-%m-%dT%H:%M"
OTHER = "other"
LAB_STATES = (("cma", "CMA"), ("cnas", "CNAS"))


class SaidForm(FileForm):
    """How, when and by whom it was measured."""

    edition = forms.ChoiceField(label=_("Method and edition"), required=False)
    instrument = forms.ChoiceField(label=_("Instrument"), required=False, widget=NamesSelect)
    other_instrument = forms.CharField(label=_("Number on its plate"), required=False, max_length=60)
    measured_at = forms.DateTimeField(
        label=_("Measured at"), required=False, input_formats=[MOMENT, f"{MOMENT}:%S"],
        widget=forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"}),
    )  # fmt: skip
    sample = forms.CharField(label=_("Sample or cone"), required=False, max_length=60)
    operator = forms.CharField(label=_("Measured by"), required=False, max_length=60)
    laboratory = forms.CharField(
        label=_("Laboratory"),
        required=False,
        max_length=120,
        help_text=_("Only where another firm measured; leave it empty for your own test."),
    )
    lab_status = forms.MultipleChoiceField(
        label=_("Its recognition"), required=False, choices=LAB_STATES, widget=forms.CheckboxSelectMultiple
    )
    # What stands behind one tap: rarely needed, never lost.
    RARE = ("measured_at", "sample", "operator", "laboratory", "lab_status")

    def __init__(self, editions: Sequence[tuple[str, str]], instruments: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].choices = [*editions, ("", _("not known"))]  # type: ignore[attr-defined]
        self.fields["instrument"].choices = [("", "—"), *instruments, (OTHER, _("another one"))]  # type: ignore[attr-defined]

    def clean_measured_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["measured_at"]
        if moment is not None and (code := moment_code(moment, timezone.now())):
            raise forms.ValidationError(WORDS[code])
        return moment

    def said(self) -> dict[str, Any]:
        """What every set of the form says, in the words of SetSaid."""
        data = self.cleaned_data
        instrument = data["other_instrument"] if data["instrument"] == OTHER else data["instrument"]
        return {
            "edition": data["edition"], "instrument": instrument, "measured_at": data["measured_at"], "sample": data["sample"],
            "operator": data["operator"], "laboratory": data["laboratory"], "lab_status": tuple(data["lab_status"]),
            "origin": "lab" if data["laboratory"] else "", "key": data["client_id"],
        }  # fmt: skip

    @property
    def rare_fields(self) -> list[Any]:
        return [self[name] for name in self.RARE]

    @property
    def has_rare(self) -> bool:
        """Whether what stands behind the tap holds something that was typed, or something to mend."""
        sent = any(self.data.get(name) for name in ("sample", "laboratory", "lab_status"))
        return bool(sent or any(self[name].errors for name in self.RARE))


class CorrectionForm(SaidForm):
    """The right readings, and why the first were wrong."""

    reason = forms.CharField(
        label=_("Why it is corrected"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_REASON}),
        help_text=_("Both sides read it beside the first result, which stays."),
    )  # fmt: skip


class GridForm(SaidForm):
    """One characteristic over many lots."""

    characteristic = forms.ChoiceField(label=_("Characteristic"))
    paste = forms.CharField(
        label=_("Paste from a table"), required=False, max_length=60_000, strip=False, widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_("One lot a line: its number, then the readings."),
    )  # fmt: skip

    def __init__(self, characteristics: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["characteristic"].choices = characteristics  # type: ignore[attr-defined]
