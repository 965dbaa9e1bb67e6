"""The parameters of a clause as fields, as its schema names them; the rules themselves are asked in the verbs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.clause_types import DUTIES_BY_PERIOD, MAX_LONG_TEXT, OWNERS, SCHEMAS, SIDES
from agreements.clause_words import CHOICES, DAYS, LABELS, TYPES
from agreements.clauses import VARIATION, Param, editable
from agreements.gist import reader_language
from agreements.wording import words_of

SHORT = {"class": "short num"}
# What a form carries beside the parameters.
BESIDE = ("seen", "client_id", "side", "after")
# Fixed by what the library says of the characteristic that was picked, or by the kind of duty: never typed.
GIVEN = {"characteristic_limit": ("characteristic", "method", "edition", "unit", "kind", "safety_class")}


class ParamsForm(forms.Form):
    """The parameters of one clause that a draft may change."""

    def __init__(self, clause_type: str, params: Mapping[str, Any], data: Any = None) -> None:
        super().__init__(data, initial=dict(params))
        for name, param in editable(clause_type).items():
            if fits(clause_type, name, params):
                self.fields[name] = field_of(clause_type, name, param, params)

    def params(self) -> dict[str, Any]:
        """What was said of every parameter; "" where one is left empty."""
        return {name: "" if value in (None, []) else value for name, value in self.cleaned_data.items() if name not in BESIDE}


class DraftClauseForm(ParamsForm):
    """The same with `seen`, the clause as this form showed it: what a colleague changed meanwhile is not written over."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, clause_type: str, params: Mapping[str, Any], data: Any = None, *, checklists: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(clause_type, params, data)
        if "checklist" in OWNERS.get(clause_type, ()):
            self.fields["checklist"] = checklist_field(str(params.get("checklist", "")), checklists)

    def params(self) -> dict[str, Any]:
        """A checklist that is not sent stays the one that stands."""
        return {name: value for name, value in super().params().items() if name != "checklist" or value}

    def seen_again(self, seen: str) -> Self:
        """The same words once more, over the clause as it stands now."""
        self.data = {**self.data.dict(), "seen": seen, "client_id": str(uuid4())}  # type: ignore[attr-defined]
        return self


class NewClauseForm(ParamsForm):
    """A clause of a type, with all of its parameters but those that the library gives."""

    def __init__(
        self, clause_type: str, given: Mapping[str, Any], data: Any = None, *, places: Iterable[tuple[int, str]] = (),
        checklists: Iterable[tuple[str, str]] = (),
    ) -> None:  # fmt: skip
        forms.Form.__init__(self, data, initial=dict(given))
        self.clause_type, self.given = clause_type, given
        for name, param in SCHEMAS[clause_type].items():
            if name not in GIVEN.get(clause_type, ()) and fits(clause_type, name, given):
                self.fields[name] = field_of(clause_type, name, param, given)
        if "checklist" in self.fields:
            self.fields["checklist"] = checklist_field("", checklists)
        if SIDES[clause_type] == "both":
            sides = [("both", _("Both sides")), ("supplier", _("Supplier")), ("owner", _("Chain owner"))]
            self.fields["side"] = forms.ChoiceField(label=_("Whom it binds"), choices=sides, widget=forms.RadioSelect, initial="both")
        last = list(places)
        self.fields["after"] = forms.TypedChoiceField(
            label=_("Where it stands"), coerce=int, choices=[*last], initial=last[-1][0] if last else 0,
        )  # fmt: skip

    def params(self) -> dict[str, Any]:
        kept = {name: self.given[name] for name in GIVEN.get(self.clause_type, ()) if name in self.given}
        return {**kept, **super().params()}


def checklist_field(stands: str, offered: Iterable[tuple[str, str]]) -> forms.ChoiceField:
    """The checklists to choose from; the one that stands stays one of them, offered or not."""
    choices = {**({stands: stands} if stands else {}), **dict(offered)}
    return forms.ChoiceField(label=LABELS["checklist"], choices=list(choices.items()), required=not stands)


def fits(clause_type: str, name: str, params: Mapping[str, Any]) -> bool:
    """Whether a parameter can be meant at all in a clause like this one."""
    if name in params:
        return True
    if clause_type == "characteristic_limit":
        if name == "window_lots":
            return any(params.get("kind") in kinds for kinds in VARIATION.values())
        return params.get("kind") in VARIATION.get(name, (params.get("kind"),))
    if clause_type == "owner_duty" and params.get("duty"):
        by_period = params["duty"] in DUTIES_BY_PERIOD
        return {"every_months": by_period, "due_day_offset": by_period, "days": not by_period}.get(name, True)
    return True


def label_of(clause_type: str, name: str, params: Mapping[str, Any]) -> Any:
    """What a parameter is called where it stands."""
    if name == "days":
        return DAYS.get(str(params.get("duty") or clause_type), LABELS[name])
    return LABELS[name]


def field_of(clause_type: str, name: str, param: Param, params: Mapping[str, Any]) -> forms.Field:
    """The field of one parameter."""
    words: dict[str, Any] = {"label": label_of(clause_type, name, params), "required": not param.optional}
    if clause_type == "owner_duty" and name in ("every_months", "due_day_offset", "days"):
        words["required"] = True
    if param.kind == "whole":
        widget = forms.NumberInput(attrs={**SHORT, "inputmode": "numeric"})
        return forms.IntegerField(min_value=param.low, max_value=param.high, widget=widget, **words)
    if param.kind in ("limit", "amount"):
        return forms.CharField(max_length=20, widget=forms.TextInput(attrs={**SHORT, "inputmode": "decimal"}), **words)
    said_in = {"lang": "zh-Hans"} if name.endswith("_zh") else {"lang": "en"}
    if param.kind == "long":
        return forms.CharField(max_length=MAX_LONG_TEXT, widget=forms.Textarea(attrs={"rows": 4, **said_in}), **words)
    if param.kind == "flag":
        return forms.BooleanField(label=words["label"], required=False)
    if param.kind == "choices":
        return forms.MultipleChoiceField(choices=choices_of(name, param), widget=forms.CheckboxSelectMultiple, **words)
    if param.kind == "choice":
        empty = [("", "—")] if param.optional or name not in params else []
        return forms.ChoiceField(choices=[*empty, *choices_of(name, param)], **words)
    return forms.CharField(max_length=200, widget=forms.TextInput(attrs=said_in), **words)


def choices_of(name: str, param: Param) -> list[tuple[str, str]]:
    """The choices of a parameter in the reader's language."""
    known, language = CHOICES.get(name, {}), reader_language()
    return [(each, str(known[each]) if each in known else words_of(name, each, language)) for each in param.choices]


def said_of(name: str, value: Any) -> str:
    """A value in the reader's language, as a page shows it beside another."""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if value in (None, "", []):
        return "–"
    known = CHOICES.get(name, {})
    return str(known[value]) if isinstance(value, str) and value in known else words_of(name, value, reader_language())


class TypeForm(forms.Form):
    """Which kind of clause is added."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["type"] = forms.ChoiceField(label=_("Kind of clause"), choices=list(TYPES.items()), widget=forms.RadioSelect)
