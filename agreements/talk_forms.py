"""What people type when they would rather have other words for a clause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms import ClauseForm
from agreements.models import Clause, Proposal

# The source of a limit that the two agree on is that they agreed: nobody has to type it on a phone.
OF_ITSELF = ("source", "source_zh")
NO_NAME = {"name_zh": "补充约定", "name_en": "Further term"}


def _hidden(form: forms.Form, start: Mapping[str, Any]) -> None:
    form.fields["note"] = forms.CharField(
        label=_("Why"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One sentence helps the other side to say yes."),
    )  # fmt: skip
    form.fields["client_id"] = forms.UUIDField(widget=forms.HiddenInput)
    form.fields["kind"] = forms.CharField(widget=forms.HiddenInput, max_length=8)
    form.fields["base"] = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    form.fields["seen"] = forms.UUIDField(widget=forms.HiddenInput, required=False)
    form.initial = {**form.initial, **start}


class Wished(forms.BaseForm):
    """What every wish carries: why, the clause and the open proposal as they were seen, and its own mark."""

    of_clause: list[str] = []

    def wish(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {name: said[name] for name in ("kind", "note", "base", "seen", "client_id")}

    def seen_again(self, start: Mapping[str, Any]) -> Self:
        """The same words once more, now over the clause and the proposal that are shown beside them."""
        data: Any = self.data
        self.data = again = data.copy()  # a QueryDict: several choices stay several
        for name in ("base", "seen"):
            again[name] = start[name] or ""
        return self


class RemoveForm(Wished, forms.Form):
    """The clause is to go."""

    def __init__(self, clause: Clause | None, standing: Proposal | None, data: Any, start: Mapping[str, Any]) -> None:
        super().__init__(data)
        _hidden(self, start)


class ChangeForm(Wished, ClauseForm):
    """Other numbers for a clause; one that counters begins with what the other side wants."""

    def __init__(self, clause: Clause, standing: Proposal | None, data: Any, start: Mapping[str, Any]) -> None:
        of_wording = start.get("places", ())  # what the sentence has no place for cannot be said in it
        params = standing.params if standing is not None and standing.kind == Proposal.Kind.CHANGE else clause.params
        super().__init__(clause.type, params, data)
        for name in list(self.fields):
            if name in OF_ITSELF or (name not in params and name not in of_wording):
                del self.fields[name]
        self.of_clause = list(self.fields)
        _hidden(self, start)

    def wish(self) -> dict[str, Any]:
        params = {name: value for name, value in self.params().items() if name in self.of_clause}
        return {**super().wish(), "params": params}


class AddForm(RemoveForm):
    """One more clause, in words; it is read by people and not computed."""

    name_zh = forms.CharField(label=_("Short name"), max_length=40, required=False)
    words = forms.CharField(label=_("What the clause says"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    words_en = forms.CharField(
        label=_("The same in English"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Left empty, the same words stand in both languages; the Chinese text prevails."),
    )  # fmt: skip
    binds = forms.ChoiceField(
        label=_("Whom it binds"), choices=[("both", _("Both sides")), ("supplier", _("Supplier")), ("owner", _("Chain owner"))]
    )

    def wish(self) -> dict[str, Any]:
        said = self.cleaned_data
        name = said["name_zh"] or NO_NAME["name_zh"]
        params = {
            "name_zh": name, "name_en": said["name_zh"] or NO_NAME["name_en"], "words_zh": said["words"],
            "words_en": said["words_en"] or said["words"],
        }  # fmt: skip
        return {**super().wish(), "type": "free_text", "binds": said["binds"], "params": params}
