"""What people type about audits and findings."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from audits.status import GRADE_CHIPS

LONGEST_NOTE = 500
LONGEST_WORDS = 1000
PICTURES = "image/jpeg,image/png,image/webp"


def _client_id() -> forms.CharField:
    # Chosen when the form is drawn: the same form sent twice is one act.
    return forms.CharField(widget=forms.HiddenInput, max_length=60, initial=lambda: uuid4().hex)


def _words(label: Any, help_text: Any = "", *, rows: int = 3, required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST_WORDS, widget=area, required=required)


class AnswerForm(forms.Form):
    """One question. Everything may be missing: what there is, is kept."""

    answer = forms.CharField(required=False, max_length=3)
    value = forms.CharField(required=False, max_length=LONGEST_NOTE)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2, "id": "note"})
    )  # fmt: skip
    photo = forms.FileField(label=_("Photo"), required=False)
    client_id = _client_id()


class ReasonForm(forms.Form):
    """Why somebody says no."""

    reason = _words(_("Reason"), _("One or two sentences that the other side can act on."))


class FindingForm(forms.Form):
    """What is required, what was seen, how grave."""

    grade = forms.ChoiceField(label=_("Grade"), choices=[(grade, chip[2]) for grade, chip in GRADE_CHIPS.items()], initial="minor")
    question_code = forms.ChoiceField(label=_("Question"), required=False)
    requirement = _words(_("Requirement"), _("What the agreement or the checklist asks for."), rows=2)
    observed = _words(_("Observed"), _("What you see in the answer or on the photo: where, when, how many."))
    gap = _words(_("Gap"), _("What is missing between the two. The three lines become one sentence."), rows=2, required=False)
    clause_ref = forms.CharField(label=_("Clause"), required=False, max_length=80, help_text=_("Of the agreement or a standard, such as ISO 9001, 8.7."))
    client_id = _client_id()

    def __init__(self, questions: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question_code"].choices = [("", _("None of them")), *questions]  # type: ignore[attr-defined]


class ActionForm(forms.Form):
    """The supplier's answer to a finding, in three fields and a photo."""

    correction = _words(_("Correction now"), _("What you did at once."), rows=2)
    cause = _words(_("Cause"), _("Why it could happen. Ask why until the answer is something you can change."), rows=2)
    action = _words(_("Corrective action"), _("What you changed so that it does not come back."), rows=2)
    photo = forms.FileField(
        label=_("Photo of how it is now"), required=False, widget=forms.FileInput(attrs={"accept": PICTURES, "capture": "environment"})
    )
    client_id = _client_id()
