"""What people type about suppliers, and about themselves when they join."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from parties.forms import ColleagueForm
from suppliers.import_words import FIELD_NAMES
from suppliers.imports import FIELDS
from suppliers.words import districts, node_names

LONGEST_LIST = 10 * 1024 * 1024
LABELS: Mapping[str, Any] = FIELD_NAMES
PICTURES = "image/jpeg,image/png,image/webp"


class ListForm(forms.Form):
    """A pasted list or a file."""

    list = forms.CharField(
        label=_("Paste your list"),
        required=False,
        max_length=LONGEST_LIST,
        help_text=_("Copy the rows from Excel, with the header: name, credit code, contact, mobile, step, district."),
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono"}),
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        required=False,
        help_text=_(".xlsx or .csv, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LONGEST_LIST:
            raise forms.ValidationError(_("The file is larger than 10 MB. Split the list in two."))
        return file


class MappingForm(forms.Form):
    """Which column is which."""

    header_row = forms.TypedChoiceField(
        label=_("Which row is the header?"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Then its words are remembered, and your next list is read without asking."),
    )

    def __init__(
        self, columns: list[dict[str, Any]], names: dict[str, Any], first_rows: list[tuple[int, str]], *args: Any, **kwargs: Any
    ) -> None:
        """`first_rows` are those that may be the header, where none was found."""
        super().__init__(*args, **kwargs)
        if first_rows:
            self.fields["header_row"].choices = [("", _("None: the first row is a firm")), *first_rows]  # type: ignore[attr-defined]
        else:
            del self.fields["header_row"]
        choices = [("", _("not read")), *((field, names[field]) for field in FIELDS)]
        for column in columns:
            self.fields[f"column-{column['index']}"] = forms.ChoiceField(
                label=column["header"] or column["letter"], choices=choices, required=False, initial=column["field"] or ""
            )

    def chosen(self) -> dict[int, str | None]:
        said = self.cleaned_data.items()
        return {int(name.removeprefix("column-")): value or None for name, value in said if name.startswith("column-")}


class SupplierForm(forms.Form):
    """One supplier."""

    name_zh = forms.CharField(label=LABELS["name_zh"], max_length=80, help_text=_("As on the business licence."))
    uscc = forms.CharField(label=LABELS["uscc"], max_length=40, help_text=_("The 18 characters from the business licence."))
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    contact = forms.CharField(label=LABELS["contact"], max_length=60, required=False)
    phone = forms.CharField(label=LABELS["phone"], max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    node_codes = forms.MultipleChoiceField(label=LABELS["nodes"], required=False, widget=forms.CheckboxSelectMultiple)
    region_code = forms.ChoiceField(label=LABELS["region"], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node_codes"].choices = list(node_names().items())  # type: ignore[attr-defined]
        self.fields["region_code"].choices = [("", "—"), *districts()]  # type: ignore[attr-defined]


class NodesForm(forms.Form):
    """What a firm does."""

    nodes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nodes"].choices = list(node_names().items())  # type: ignore[attr-defined]


class JoinForm(NodesForm, ColleagueForm):
    """The first person of a firm."""

    nodes = forms.MultipleChoiceField(widget=forms.MultipleHiddenInput)
    contact = forms.CharField(
        label=_("Mobile number or e-mail"),
        max_length=60,
        help_text=_("You sign in with it."),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    field_order = ("nodes", "name", "contact", "password")


class LicenceForm(forms.Form):
    """The photo of the licence, first thing after joining."""

    file = forms.FileField(
        label=_("Business licence"),
        help_text=_("Lay it flat, in daylight, all four corners in the picture."),
        widget=forms.FileInput(attrs={"accept": f"{PICTURES},application/pdf"}),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
