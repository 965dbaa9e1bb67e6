"""What people type about programmes and the days of visits."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agreements.forms import DAY
from audits.models import OwnerProgramme
from audits.models.programmes import BANDS
from audits.services import ProgrammeSaid, SeasonSaid
from audits.words_planning import LANGUAGE_WORDS
from audits.words_programmes import BAND_WORDS, HALF_WORDS
from parties.fields import DayField
from parties.forms import NamesSelect
from suppliers.words import node_names

LONGEST = 500
NUMBERS = (
    "months_a",
    "months_b",
    "months_c",
    "months_d",
    "notice_days",
    "window_days",
    "review_days",
    "halves",
    "spring_before",
    "spring_after",
)
SAME = ("name", "starts_on", "ends_on", "node_codes", "bands", "required_skill", "required_language", "announced", *NUMBERS)


def _number(label: Any, initial: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, initial=initial, help_text=help_text, min_value=0, max_value=180)


def _words(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))


class ProgrammeForm(forms.Form):
    """A programme as a draft."""

    client_id = forms.CharField(widget=forms.HiddenInput, max_length=60, initial=lambda: uuid4().hex)
    name = forms.CharField(label=pgettext_lazy("programme", "Name"), max_length=80)
    checklist = forms.ChoiceField(label=_("Checklist"), widget=NamesSelect)
    node_codes = forms.MultipleChoiceField(
        label=_("Which steps of the chain"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: all of them.")
    )
    bands = forms.MultipleChoiceField(
        label=_("Which risk bands"), widget=forms.CheckboxSelectMultiple, choices=list(BAND_WORDS.items()), initial=list(BANDS)
    )
    months_a = _number(_("Months between two visits in band A"), 24)
    months_b = _number(_("Months between two visits in band B"), 12)
    months_c = _number(_("Months between two visits in band C"), 6)
    months_d = _number(_("Months between two visits in band D"), 3)
    starts_on = DayField(label=_("First day"), widget=DAY, initial=timezone.localdate)
    ends_on = DayField(label=_("First day no longer covered"), widget=DAY, required=False, help_text=_("Empty: until you end it."))
    announced = forms.BooleanField(
        label=_("The supplier is told before the visit"), required=False, initial=True,
        help_text=_("Not ticked: the supplier sees nothing of a visit before your team starts it in its yard."),
    )  # fmt: skip
    notice_days = _number(_("Days of notice"), 30, _("So many days before the visit the supplier is told."))
    window_days = _number(_("Days of leeway"), 10, _("A plan may put the visit so many days before or after its day."))
    halves = _number(_("Half-days that a visit takes"), 1)
    required_skill = forms.ChoiceField(label=_("The auditor must know"), required=False, widget=NamesSelect)
    required_language = forms.ChoiceField(
        label=_("The auditor must speak"), required=False, choices=[("", _("Any language")), *LANGUAGE_WORDS.items()]
    )
    review_days = _number(_("Working days for the review"), 10)
    spring_before = _number(_("Days without visits before the Spring Festival"), 10)
    spring_after = _number(
        _("Days without visits from the Spring Festival on"), 20, _("Counted from New Year's Day of the lunar calendar.")
    )
    season_name = forms.CharField(label=_("Busy season"), max_length=60, required=False, help_text=_("Every year, no visit falls into it."))
    season_first = DayField(label=_("It begins on"), widget=DAY, required=False)
    season_last = DayField(label=_("Its last day"), widget=DAY, required=False)

    def __init__(self, checklists: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nodes = list(node_names().items())
        self.fields["checklist"].choices = checklists  # type: ignore[attr-defined]
        self.fields["node_codes"].choices = nodes  # type: ignore[attr-defined]
        self.fields["required_skill"].choices = [("", _("Any auditor")), *nodes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("season_first"), said.get("season_last")
        if bool(first) != bool(last):
            self.add_error("season_last", _("Say both days of the busy season, or neither."))
        elif first and last and last < first:
            self.add_error("season_last", _("The last day comes before the first one."))
        return said

    def said(self) -> ProgrammeSaid:
        """The draft that the valid form says."""
        given = self.cleaned_data
        seasons = ()
        if given["season_first"]:
            name = given["season_name"] or str(_("Busy season"))
            seasons = (SeasonSaid(name, given["season_first"], given["season_last"]),)  # type: ignore[assignment]
        return ProgrammeSaid(checklist=given["checklist"], seasons=seasons, **{name: given[name] for name in SAME})


def initial_of(row: OwnerProgramme) -> dict[str, Any]:
    """What the form of a draft begins with."""
    said = {name: getattr(row, name) for name in SAME} | {"checklist": row.checklist_id, "client_id": row.client_id}
    season = row.seasons.order_by("first_on").first()
    if season is not None:
        said |= {"season_name": season.name, "season_first": season.first_on, "season_last": season.last_on}
    return said


class AskDayForm(forms.Form):
    """The firm that is visited asks for another day."""

    wanted_on = DayField(label=_("The day that suits you"), widget=DAY)
    reason = _words(pgettext_lazy("form", "Why"))


class KeepDayForm(forms.Form):
    """The chain owner keeps its day."""

    words = _words(pgettext_lazy("form", "Why"), _("The supplier reads it."))


class MoveForm(forms.Form):
    """The chain owner moves the visit."""

    on = DayField(label=_("New day"), widget=DAY)
    half = forms.ChoiceField(
        label=_("Half of the day"), required=False, choices=[("", _("open")), ("am", HALF_WORDS["am"]), ("pm", HALF_WORDS["pm"])]
    )
    words = forms.CharField(
        label=pgettext_lazy("form", "Why"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed once the supplier was told; it reads it."),
    )  # fmt: skip

    @classmethod
    def of(cls, day: date, half: str) -> MoveForm:
        """With the day that stands."""
        return cls(initial={"on": day, "half": half})


class CallOffForm(forms.Form):
    """The visit does not take place."""

    words = _words(pgettext_lazy("form", "Why"))


class TeamForm(forms.Form):
    """Who goes."""

    person_id = forms.ChoiceField(label=_("Colleague"), widget=NamesSelect)
    lead = forms.BooleanField(label=_("Leads the visit"), required=False)

    def __init__(self, people: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person_id"].choices = people  # type: ignore[attr-defined]
