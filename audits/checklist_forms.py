"""What people type when they write a checklist. What is wrong with a question is told when it is saved, and kept all the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from audits.checklist_body import LONGEST, MOST_MINUTES, MOST_PHOTOS, MOST_WEIGHT, SUB_ELEMENTS
from audits.checklist_text import Unreadable, conditions_from, conditions_text, options_from, options_text
from audits.words_checklists import ENTRIES, KINDS, PHOTOS, PROPOSES, SCORINGS
from parties.forms import NamesSelect
from qualitystats.process_audit import ELEMENTS

SHEETS = ".xlsx,.csv"
SELDOM = (
    "help_zh", "help_en", "example", "drop_example", "show_if", "node_codes", "clause_type", "source", "element", "sub_element", "proposes",
)  # fmt: skip
CODE = r"[A-Za-z0-9][A-Za-z0-9._\-]{0,19}"


def _line(entry: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=ENTRIES[entry], max_length=LONGEST[entry], required=False, **more)


def _box(entry: str, rows: int = 2, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=ENTRIES[entry], max_length=LONGEST.get(entry, 4000), required=False, widget=widget, **more)


def _code(**more: Any) -> forms.RegexField:
    mend = {"invalid": _("Up to 20 letters, digits, dots and hyphens, for example P2-1.")}
    return forms.RegexField(CODE, label=ENTRIES["code"], max_length=20, error_messages=mend, **more)


class HeadForm(forms.Form):
    """What a checklist is called, how long it takes, how it is scored."""

    name_zh = _line("name_zh")
    name_en = _line("name_en")
    minutes = forms.IntegerField(label=ENTRIES["minutes"], min_value=1, max_value=MOST_MINUTES)
    scoring = forms.ChoiceField(label=ENTRIES["scoring"], choices=list(SCORINGS.items()), widget=forms.RadioSelect)
    node_codes = forms.MultipleChoiceField(
        label=ENTRIES["node_codes"], required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("For which steps it is meant. None ticked: for all."),
    )  # fmt: skip
    source_zh = _box("source_zh")
    source_en = _box("source_en", help_text=_("The standard or the agreement that the questions go back to."))
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, nodes: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node_codes"].choices = nodes  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("name_zh") and not said.get("name_en"):
            self.add_error("name_zh", _("Give the checklist a name."))
        return said


class NewForm(forms.Form):
    """A new checklist: a name, and the sheet it is in, if there is one."""

    name_zh = _line("name_zh")
    name_en = _line("name_en", help_text=_("One of the two is enough."))
    file = forms.FileField(
        label=_("File of questions"), required=False, widget=forms.FileInput(attrs={"accept": SHEETS}),
        help_text=_("An Excel sheet with one question in a row. Without it you begin with an empty checklist."),
    )  # fmt: skip
    client_id = forms.CharField(widget=forms.HiddenInput, max_length=60, initial=lambda: uuid4().hex)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("name_zh") and not said.get("name_en"):
            self.add_error("name_zh", _("Give the checklist a name."))
        return said


class FileForm(forms.Form):
    """A sheet that takes the place of all questions of a draft."""

    file = forms.FileField(label=_("File of questions"), widget=forms.FileInput(attrs={"accept": SHEETS}))
    revision = forms.IntegerField(widget=forms.HiddenInput)


class SectionForm(forms.Form):
    """A part of a checklist."""

    code = _code(help_text=_("Short; it begins the codes of its questions. For example P2."))
    name_zh = _line("name_zh")
    name_en = _line("name_en", help_text=_("One of the two is enough."))
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("name_zh") and not said.get("name_en"):
            self.add_error("name_zh", _("Give the section a name."))
        return said


class QuestionForm(forms.Form):
    """One question in full."""

    section = forms.ChoiceField(label=ENTRIES["section"], required=False, widget=NamesSelect)
    code = _code(help_text=_("It stays the same in later versions, so that answers can be compared."))
    text_zh = _box("text_zh")
    text_en = _box("text_en", help_text=_("One of the two is enough."))
    help_zh = _box("help_zh")
    help_en = _box("help_en", help_text=_("What to look at, what counts."))
    kind = forms.ChoiceField(label=ENTRIES["kind"], choices=list(KINDS.items()))
    options = _box(
        "options", 4,
        help_text=_(
            "Only for “one of several”, one in a line: code | Chinese | English | share of fulfilment in percent. "
            "For points you may leave it empty: 0, 4, 6, 8, 10."
        ),
    )  # fmt: skip
    unit = _line("unit")
    lowest = forms.CharField(label=ENTRIES["lowest"], max_length=20, required=False)
    highest = forms.CharField(
        label=ENTRIES["highest"], max_length=20, required=False, help_text=_("A number outside of the two is “not good”.")
    )
    weight = forms.IntegerField(label=ENTRIES["weight"], min_value=0, max_value=MOST_WEIGHT, help_text=_("0: asked, but not scored."))
    is_critical = forms.BooleanField(label=_("Critical: a bad answer caps the class at C"), required=False)
    photo = forms.ChoiceField(label=ENTRIES["photo"], choices=list(PHOTOS.items()))
    photos_least = forms.IntegerField(label=ENTRIES["photos_least"], min_value=1, max_value=MOST_PHOTOS)
    example = forms.FileField(
        label=ENTRIES["example_id"], required=False, widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("How good looks. Your firm's picture; those who answer see it beside the question."),
    )  # fmt: skip
    drop_example = forms.BooleanField(label=_("Take the example photo away"), required=False)
    show_if = _box(
        "show_if", 2,
        help_text=_("One condition in a line, all must hold: P2-1 = no, na · P2-1 != yes · P2-4 > 5 · P2-4 < 5. Empty: always asked."),
    )  # fmt: skip
    node_codes = forms.MultipleChoiceField(
        label=ENTRIES["node_codes"], required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Asked only at sites of these steps. None ticked: everywhere."),
    )  # fmt: skip
    clause_type = forms.ChoiceField(
        label=ENTRIES["clause_type"], required=False, help_text=_("A finding of this question begins with that clause.")
    )
    source = _line("source", help_text=_("For example ISO 9001:2015, 8.5.2."))
    element = forms.ChoiceField(label=ENTRIES["element"], required=False, choices=[("", "–"), *((each, each) for each in ELEMENTS)])
    sub_element = forms.ChoiceField(
        label=ENTRIES["sub_element"], required=False, choices=[("", "–"), *((each, each) for each in SUB_ELEMENTS)]
    )
    proposes = forms.ChoiceField(
        label=ENTRIES["proposes"], required=False, choices=list(PROPOSES.items()),
        help_text=_("When the answer differs from the supplier's page, the supplier is asked whether to take it over."),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, choices: Mapping[str, list[tuple[str, Any]]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("text_zh") and not said.get("text_en"):
            self.add_error("text_zh", _("Write the question."))
        self._read("options", lambda text: options_from(said.get("kind", ""), text))
        self._read("show_if", conditions_from)
        return said

    def _read(self, name: str, read: Any) -> None:
        try:
            self.cleaned_data[name] = read(self.cleaned_data.get(name, ""))
        except Unreadable as odd:
            self.add_error(name, _("This line cannot be read: %(line)s") % {"line": odd.line})

    def main(self) -> list[forms.BoundField]:
        """The fields that nearly every question needs."""
        return [field for field in self.visible_fields() if field.name not in SELDOM]

    def more(self) -> list[forms.BoundField]:
        """The others, which the page folds away."""
        return [field for field in self.visible_fields() if field.name in SELDOM]

    def more_opens(self) -> bool:
        """Whether something stands in one of the others."""
        return any(field.errors or field.value() not in (None, "", [], False) for field in self.more())

    def question(self) -> dict[str, Any]:
        """The question as a body has it, its example apart."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("revision", "example", "drop_example")}


def typed(question: Mapping[str, Any]) -> dict[str, Any]:
    """A question of a body as the form shows it."""
    try:
        options = options_text(question["kind"], question["options"])
    except KeyError:  # kept from a sheet, for a kind that has none
        options = "\n".join(str(option.get("code", "")) for option in question["options"])
    return {**question, "options": options, "show_if": conditions_text(question["show_if"])}
