"""What people type about agreements; the rules themselves are asked in the verbs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agreements.clauses import Param, editable
from agreements.words import LABELS

DAY = forms.DateInput(attrs={"type": "date", "class": "short"})


def in_language(name_zh: str, name_en: str) -> str:
    """The name in the reader's language, else the one there is."""
    return name_zh if (get_language() or "").startswith("zh") else (name_en or name_zh)


def first_day_after(last: date | None) -> date | None:
    """The first day no longer covered; the end of the calendar stays where it is, for the rule that refuses it."""
    return last + timedelta(days=1) if last and last < date.max else last


class DaysForm(forms.Form):
    """From which day to which day, both covered."""

    effective_from = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date", "class": "short"}))
    effective_to = forms.DateField(
        label=_("Last day"), required=False, help_text=_("Left open, it runs until one side ends it."), widget=DAY
    )  # fmt: skip

    def days(self) -> dict[str, Any]:
        """The days as the verbs take them: the end is the first day no longer covered."""
        last = self.cleaned_data["effective_to"]
        return {"effective_from": self.cleaned_data["effective_from"], "effective_to": first_day_after(last)}


class DraftForm(DaysForm):
    """With whom, from which template, from when to when."""

    field_order = ("link", "template", "effective_from", "effective_to")

    def __init__(self, links: Iterable[Any], templates: Iterable[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        suppliers = [(str(link.pk), in_language(link.name_zh, link.name_en)) for link in links]
        self.fields["link"] = forms.ChoiceField(label=_("Supplier"), choices=[("", "—"), *suppliers])
        codes = [(row.pk, in_language(row.name_zh, row.name_en)) for row in templates]
        self.fields["template"] = forms.ChoiceField(label=_("Template"), choices=codes, widget=forms.RadioSelect)
        self.order_fields(self.field_order)


class ClauseForm(forms.Form):
    """The parameters of one clause that a draft may change, as its schema names them."""

    def __init__(self, clause_type: str, params: Mapping[str, Any], data: Any = None) -> None:
        super().__init__(data, initial=dict(params))
        for name, param in editable(clause_type).items():
            if name in params or not param.optional:
                self.fields[name] = _field(name, param)

    def params(self) -> dict[str, Any]:
        return {name: value if value is not None else "" for name, value in self.cleaned_data.items()}


def _field(name: str, param: Param) -> forms.Field:
    words = {"label": LABELS[name], "required": not param.optional}
    if param.kind == "whole":
        short = forms.NumberInput(attrs={"class": "short num", "inputmode": "numeric"})
        return forms.IntegerField(min_value=param.low, max_value=param.high, widget=short, **words)
    if param.kind == "limit":
        return forms.CharField(max_length=20, widget=forms.TextInput(attrs={"class": "short num", "inputmode": "decimal"}), **words)
    return forms.CharField(max_length=200, **words)


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
    expires_on = forms.DateField(
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


class StampForm(forms.Form):
    """The pages of the stamped text; a re-sent form files once. The files themselves are read from the request, in their order."""

    client_id = forms.CharField(widget=forms.HiddenInput, initial=uuid4, max_length=64)
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    file = forms.FileField(
        required=False, label=_("The stamped pages: one PDF, or a photo of each page in order"),
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

    sha256 = forms.CharField(label=_("Fingerprint (SHA-256)"), required=False, max_length=200)
