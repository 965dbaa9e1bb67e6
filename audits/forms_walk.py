"""What a team types on a page where it has no phone at hand: an answer, a finding, who was met, the closing meeting."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from audits.models import Question
from audits.questions import LONGEST_NAME, LONGEST_TEXT, points_of
from audits.status import GRADE_CHIPS
from audits.words_running import AUDITEE

LONGEST_LINE = 1000


def _client_id() -> forms.UUIDField:
    # Chosen when the form is drawn: the same form sent twice is one act.
    return forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


def _line(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST_LINE, widget=area, required=required)


class WalkAnswerForm(forms.Form):
    """One answer of any kind. Everything may be missing: what there is, is kept."""

    value = forms.CharField(required=False, max_length=LONGEST_TEXT)
    na = forms.BooleanField(label=_("Does not apply here"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 2, "id": "note"}))
    photo = forms.FileField(label=_("Photo"), required=False)
    base_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    client_id = _client_id()


class OnSiteFindingForm(forms.Form):
    """A finding in the making: its three lines and how grave it is."""

    grade = forms.ChoiceField(label=_("Grade"), choices=[(grade, chip[2]) for grade, chip in GRADE_CHIPS.items()], initial="minor")
    question = forms.ChoiceField(label=_("Question"), required=False)
    requirement = _line(_("Requirement"), _("What the agreement or the checklist asks for."))
    observed = _line(_("Observed"), _("What was seen: where, when, how many."))
    gap = _line(_("Gap"), _("What is missing between the two."), required=False)
    clause_ref = forms.CharField(label=_("Clause"), required=False, max_length=80)
    client_id = _client_id()

    def __init__(self, questions: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].choices = [("", _("None of them")), *questions]  # type: ignore[attr-defined]


class StartForm(forms.Form):
    """The opening meeting."""

    names = forms.CharField(
        label=_("Who was met"),
        help_text=_("One name in each line."),
        required=False,
        max_length=1200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    client_id = _client_id()

    def said(self) -> list[str]:
        return [line.strip()[:LONGEST_NAME] for line in self.cleaned_data["names"].splitlines() if line.strip()][:20]


class ClosingForm(forms.Form):
    """The closing meeting: the auditee's word, and its name where it signs."""

    name = forms.CharField(label=_("Who was shown the result"), max_length=LONGEST_NAME)
    role = forms.CharField(label=_("In what position"), max_length=LONGEST_NAME, required=False)
    word = forms.ChoiceField(
        label=_("Its word"), choices=[(key, each[2]) for key, each in AUDITEE.items()], widget=forms.RadioSelect, initial="agrees"
    )
    remark = _line(_("Remark"), required=False)
    signed = forms.CharField(
        label=_("Signed by name"),
        help_text=_("Typed by the auditee. Empty where it does not sign."),
        max_length=LONGEST_NAME,
        required=False,
    )
    client_id = _client_id()


def choices_of(question: Question, language_is_zh: bool) -> list[tuple[str, str]]:
    """What may be chosen for a question that is answered by choosing; nothing for one that is typed."""
    if question.kind == "scale":
        names = {int(each["points"]): each.get("zh" if language_is_zh else "en", "") for each in question.options}
        return [(str(points), f"{points} {names.get(points, '')}".strip()) for points in points_of(question)]
    return [(each["code"], each.get("zh") if language_is_zh else each.get("en") or each.get("zh")) for each in question.options]
