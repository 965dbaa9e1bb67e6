"""What people type about agreements; the rules themselves are asked in the verbs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agreements.clause_forms import ParamsForm as ClauseForm  # noqa: F401 - under this name too
from foundation.errors import RuleBroken
from parties.fields import DayField

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})


def in_language(name_zh: str, name_en: str) -> str:
    """The name in the reader's language, else the one there is."""
    return name_zh if (get_language() or "").startswith("zh") else (name_en or name_zh)


def first_day_after(last: date | None) -> date | None:
    """The first day no longer covered; the end of the calendar stays where it is, for the rule that refuses it."""
    return last + timedelta(days=1) if last and last < date.max else last


def refuse(form: forms.Form, broken: RuleBroken) -> None:
    """Put a rule's words on the field it names, else on the form."""
    form.add_error(broken.field if broken.field in form.fields else None, broken.words())


class DaysForm(forms.Form):
    """From which day to which day, both covered."""

    effective_from = DayField(label=_("First day"), widget=DAY)
    effective_to = DayField(
        label=_("Last day"), required=False, help_text=_("Left open, it runs until one side ends it."), widget=DAY
    )  # fmt: skip

    def days(self) -> dict[str, Any]:
        """The days as the verbs take them: the end is the first day no longer covered."""
        last = self.cleaned_data["effective_to"]
        return {"effective_from": self.cleaned_data["effective_from"], "effective_to": first_day_after(last)}


class TemplateChoice(DaysForm):
    """Which template, from when to when. The newest of each stands first; an earlier one may still be taken."""

    def __init__(self, templates: Iterable[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [
            (row.pk, in_language(row.name_zh, row.name_en) if row.is_newest else _("%(name)s · earlier edition %(code)s") % _said(row))
            for row in templates
        ]
        self.fields["template"] = forms.ChoiceField(label=_("Template"), choices=codes, widget=forms.RadioSelect)


def _said(row: Any) -> dict[str, str]:
    return {"name": in_language(row.name_zh, row.name_en), "code": row.pk}


class DraftForm(TemplateChoice):
    """With whom, from which template, from when to when."""

    field_order = ("link", "template", "effective_from", "effective_to")

    def __init__(self, links: Iterable[Any], templates: Iterable[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(templates, *args, **kwargs)
        suppliers = [(str(link.pk), in_language(link.name_zh, link.name_en)) for link in links]
        self.fields["link"] = forms.ChoiceField(label=_("Supplier"), choices=[("", "—"), *suppliers])
        self.order_fields(self.field_order)


class ReasonForm(forms.Form):
    """Why a text goes back."""

    reason = forms.CharField(
        label=_("What should change"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One or two sentences. The chain owner reads them with the next draft; they stand in the common record."),
    )  # fmt: skip


class SignForm(forms.Form):
    """The last step: the hash that was shown, and the password again."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    read = forms.BooleanField(label=_("I have read the whole text and may sign for my firm."))
    password = forms.CharField(
        label=_("Your password"), strip=False, help_text=_("Asked again, so that nobody signs at your open screen."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


class FileForm(forms.Form):
    """Evidence with a form: a file, or the id of one that was uploaded before it; a re-sent form files once."""

    client_id = forms.CharField(widget=forms.HiddenInput, initial=uuid4, max_length=64)
    evidence_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(required=False, label=_("Photo or PDF"))


class DocumentForm(FileForm):
    """The document that a clause asks for: one that is filed already, or a new one."""

    def __init__(self, papers: Iterable[tuple[Any, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        filed = [(str(evidence_id), words) for evidence_id, words in papers]
        if filed:
            self.fields["filed"] = forms.ChoiceField(
                label=_("Which one"), required=False, widget=forms.RadioSelect, initial=filed[0][0],
                choices=[*filed, ("", _("A new file"))],
            )  # fmt: skip
        self.order_fields(["client_id", "evidence_id", "filed", "file", "number", "expires_on"])

    number = forms.CharField(label=_("Number on the document"), required=False, max_length=80)
    expires_on = DayField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date", "class": "short"})
    )  # fmt: skip


class ResultsForm(FileForm):
    """What the chain owner tells of its own duty."""

    note = forms.CharField(
        label=_("What was found"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example: 6 lots received, 5 accepted, 1 returned for pH 8.9. The supplier reads this."),
    )  # fmt: skip
    field_order = ("client_id", "evidence_id", "note", "file")


class ManyFiles(forms.FileInput):
    """Several photos at once: one for each page."""

    allow_multiple_selected = True


class PagesField(forms.FileField):
    """Every chosen file, in the order in which they were chosen; none is for the rule to refuse."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        one = super().clean
        return [one(each, initial) for each in data or []]  # none at all is refused by the rule, in its own words


class StampForm(forms.Form):
    """The pages of the stamped text; a re-sent form files once."""

    client_id = forms.CharField(widget=forms.HiddenInput, initial=uuid4, max_length=64)
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    file = PagesField(
        label=_("The stamped pages: one PDF, or a photo of each page in order"),
        widget=ManyFiles(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
    )  # fmt: skip


class MatchForm(forms.Form):
    """It is the same text."""

    same = forms.BooleanField(label=_("I have compared every page. It is this text, unchanged, with the firm's stamp."))


class OwnMatchForm(MatchForm):
    """The same, as the signature of the firm whose stamp it bears."""

    password = SignForm.base_fields["password"]


class DiffersForm(forms.Form):
    """Why a stamped copy does not count."""

    reason = forms.CharField(
        label=_("What is different"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One sentence, for example: page 3 is missing. The other side reads it; it stands in the common record."),
    )  # fmt: skip


class CheckForm(forms.Form):
    """What anybody may ask of a paper: its fingerprint, or the file itself."""

    sha256 = forms.CharField(label=_("Fingerprint (SHA-256)"), max_length=200)
