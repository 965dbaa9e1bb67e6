"""What people type about corrective action step by step, about contests and appeals, and about follow-ups."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from audits.forms import LONGEST_WORDS, PICTURES, ReasonForm
from audits.services.effect import MOST_LOTS
from audits.statement import FISHBONE, MOST_WHYS
from audits.status import GRADE_CHIPS
from audits.words_corrective import BRANCHES, OUTCOMES
from parties.fields import DayField
from parties.forms import NamesSelect

LINE = 200


def _key() -> forms.CharField:
    # Chosen when the form is drawn: the same form sent twice is one act.
    return forms.CharField(widget=forms.HiddenInput, max_length=60, initial=lambda: uuid4().hex)


def _area(label: Any, help_text: Any = "", *, rows: int = 2, required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST_WORDS, widget=area, required=required)


def _photo(label: Any) -> forms.FileField:
    return forms.FileField(label=label, required=False, widget=forms.FileInput(attrs={"accept": PICTURES, "capture": "environment"}))


class ContainForm(forms.Form):
    """What was done at once."""

    measures = _area(_("What you did at once"), _("Sorted, stopped, set apart: so that nothing more gets through."))
    scope = _area(_("What you looked through"), _("Which lots, how many pieces, what is on its way to a customer."), required=False)
    photo = _photo(_("Photo"))
    client_id = _key()


class PlanForm(forms.Form):
    """Whys and fishbone lead to the cause; the plan follows from it. One of the two ways to the cause is enough."""

    cause = _area(_("The cause"), _("What the whys or the branches lead to: something you can change."))
    action = _area(_("What you will change"), _("So that it does not come back."))
    prevention = _area(
        _("Where else it could happen"), _("Other machines, products or sites to which you carry the change."), required=False
    )
    responsible = forms.CharField(label=_("Who sees to it"), max_length=60)
    planned_for = DayField(label=_("Done by"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}))
    client_id = _key()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines: dict[str, forms.Field] = {}
        for number in range(1, MOST_WHYS + 1):
            label = _("Why did it happen?") if number == 1 else _("And why that?")
            lines[f"why_{number}"] = forms.CharField(label=label, required=False, max_length=LINE)
        for branch in FISHBONE:
            lines[f"fish_{branch}"] = forms.CharField(label=BRANCHES[branch], required=False, max_length=LINE)
        self.fields = {**lines, **self.fields}

    def whys(self) -> list[str]:
        """The chain as typed."""
        return [self.cleaned_data[f"why_{number}"] for number in range(1, MOST_WHYS + 1)]

    def fishbone(self) -> dict[str, str]:
        """The branches as typed."""
        return {branch: self.cleaned_data[f"fish_{branch}"] for branch in FISHBONE}


class DoneForm(forms.Form):
    """The plan was carried out; the photo shows it."""

    done = _area(_("What was done"), _("In your words; the plan stands beside it."))
    photo = _photo(_("Photo of how it is now"))
    client_id = _key()


class VerifyForm(forms.Form):
    """Close at once, or after some lots."""

    lots_wanted = forms.IntegerField(
        label=_("Lots to watch"), required=False, min_value=0, max_value=MOST_LOTS, help_text=_("Empty: close at once. Else the next lots show whether it works.")
    )  # fmt: skip


class EffectForm(forms.Form):
    """Whether it works."""

    works = forms.ChoiceField(
        label=_("Does it work?"), choices=[("yes", _("It works: close the finding")), ("no", _("It does not: open it again"))], widget=forms.RadioSelect
    )  # fmt: skip
    words = _area(_("What the lots show"))


class ContestForm(ReasonForm):
    """Why the supplier does not agree, with a photo where there is one."""

    photo = _photo(_("Photo or paper that shows it"))
    client_id = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False, initial=lambda: uuid4().hex)


class RewordForm(forms.Form):
    """The three lines anew, and why."""

    grade = forms.ChoiceField(label=_("Grade"))
    requirement = _area(_("Requirement"))
    observed = _area(_("Observed"), rows=3)
    gap = _area(_("Gap"), required=False)
    reason = _area(_("Reason"), _("One or two sentences that the other side can act on."))

    def __init__(self, grades: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = [(grade, GRADE_CHIPS[grade][2]) for grade in grades]  # type: ignore[attr-defined]


class AppealForm(forms.Form):
    """Who decides, and why it is asked."""

    arbiter = forms.ChoiceField(label=_("Third party"), widget=NamesSelect, help_text=_("It reads the words of both sides and no name."))
    reason = _area(_("Why you appeal"), _("Leave names out: the third party is not to know who you are."))
    client_id = _key()

    def __init__(self, parties: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["arbiter"].choices = parties  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    """The third party's word."""

    outcome = forms.ChoiceField(
        label=_("Your word"), choices=[("upheld", _("The finding stands")), ("withdrawn", _("The finding is withdrawn"))], widget=forms.RadioSelect
    )  # fmt: skip
    reason = _area(_("Reason"), _("Both sides read it."))


class FollowUpForm(forms.Form):
    """When a follow-up takes place."""

    visit_on = DayField(label=_("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}))
    half = forms.ChoiceField(label=_("Half of the day"), choices=[("am", _("Morning")), ("pm", _("Afternoon"))], initial="am")
    announced = forms.BooleanField(label=_("Announce it to the supplier"), required=False, initial=True)


class LookForm(forms.Form):
    """What was seen of one finding at a follow-up."""

    outcome = forms.ChoiceField(label=_("What you see"), choices=list(OUTCOMES.items()), widget=forms.RadioSelect)
    seen = _area(_("In your words"))
    photo = _photo(_("Photo of how it is now"))
    client_id = _key()
