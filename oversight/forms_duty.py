"""What officers and sides type about duty cases and appeals."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from oversight.services.duty import SHORTEST
from oversight.words_duty import REASONS
from parties.forms import NamesSelect
from records.appeal_words import OUTCOMES

LONGEST = 2000


def _area(label: Any, help_text: Any = "", *, rows: int = 3, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}), required=required
    )


def _key() -> forms.CharField:
    # Chosen when the form is drawn: the same form sent twice is one act.
    return forms.CharField(widget=forms.HiddenInput, max_length=60, initial=lambda: uuid4().hex)


def _word_for_word() -> str:
    # A lazy word becomes a plain one, in the language of whoever asks first, as soon as a number is put into it.
    return str(_("The firms read this, word for word, so name no other firm: at least %(n)s characters.")) % {"n": SHORTEST}


class CaseForm(forms.Form):
    """A new duty case."""

    reason = forms.ChoiceField(label=_("Kind of reason"), choices=list(REASONS.items()), widget=forms.RadioSelect)
    why = _area(_("Why you look"), lazy(_word_for_word, str)())
    flagged = forms.BooleanField(
        label=_("Tell the firms at the close of the case"), required=False,
        help_text=_("Only where a warning would spoil an investigation. A flagged case ends after 60 days by itself, and then they are told."),
    )  # fmt: skip
    flagged_why = _area(_("Why they are not to know yet"), _("Only for a flagged case. Your office keeps it."), rows=2, required=False)
    client_id = _key()


class ScopedCaseForm(CaseForm):
    """A new case about a firm that is chosen here."""

    firm = forms.ChoiceField(label=_("Firm"), widget=NamesSelect)
    field_order = ["firm", "reason", "why", "flagged", "flagged_why"]

    def __init__(self, firms: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["firm"].choices = firms  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """The end of a case."""

    outcome = _area(_("What came of it"), _("Your office keeps it. Whoever was not told of a look is told now."), rows=2)


class SayForm(forms.Form):
    """One more line on an appeal's timeline."""

    words = _area(_("What you say"), _("Everybody on this timeline reads it."))
    client_id = _key()


class AskLabForm(forms.Form):
    """Which laboratory is asked what."""

    lab = forms.ChoiceField(label=_("Laboratory or institute"), widget=NamesSelect)
    question = _area(_("Question"), _("It reads this question and nothing else: leave out the names of the two sides."))

    def __init__(self, labs: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lab"].choices = labs  # type: ignore[attr-defined]


class DecideAppealForm(forms.Form):
    """The bureau's decision."""

    outcome = forms.ChoiceField(label=_("How you decide"), choices=list(OUTCOMES.items()), widget=forms.RadioSelect)
    reasons = _area(_("Your reasons"), _("Both sides read them. They stand for good."))


class OpinionForm(forms.Form):
    """A laboratory's word."""

    words = _area(_("Your opinion, or why you cannot give one"))
