"""What people say about a file of results: which file, whose lots, which column is which, what a cell should have been."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.actor import Actor, Hat
from inspections.file_words import FIELD_NAMES
from inspections.reading import FIELDS
from inspections.selectors.lots import lot_links
from inspections.services.result_files import LONGEST_CELL, LONGEST_FILE
from inspections.services.results import OWN_ORIGINS
from parties.forms import NamesSelect

ORIGINS = {
    "self": _("Our own tests"),
    "customer": _("Our own tests, as the customer"),
    "lab": _("A laboratory's"),
    "instrument": _("Straight from an instrument"),
}


class ResultFileForm(forms.Form):
    """A file, and whose lots are in it."""

    file = forms.FileField(
        label=_("File of results"),
        help_text=_(".xlsx, .csv or .jsonl, up to 10 MB: a result a row, or a lot a row with its readings side by side."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv,.jsonl,.ndjson"}),
    )
    origin = forms.ChoiceField(label=_("Whose tests"), widget=forms.RadioSelect)
    link = forms.TypedChoiceField(label=_("Lots of"), required=False, empty_value=None, widget=NamesSelect)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = OWN_ORIGINS[actor.hat]
        self.fields["origin"].choices = [(str(each), ORIGINS[str(each)]) for each in mine]  # type: ignore[attr-defined]
        self.fields["origin"].initial = str(mine[0])
        other = "supplier" if actor.hat == Hat.OWNER else "owner"
        every = _("all suppliers") if actor.hat == Hat.OWNER else _("all customers, and our own")
        links = [(str(each.pk), _name(each, other)) for each in lot_links(actor)]
        self.fields["link"].choices = [("", every), *links]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LONGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 10 MB. Split it in two."))
        return file


def _name(link: Any, other: str) -> str:
    return str(link.name_zh if other == "supplier" else link.owner_name_zh)


class ResultMappingForm(forms.Form):
    """Which column is which."""

    header_row = forms.TypedChoiceField(
        label=_("Which row is the header?"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Then its words are remembered, and your next file is read without asking."),
    )

    def __init__(
        self, columns: Sequence[dict[str, Any]], first_rows: Sequence[tuple[int, str]], codes: Sequence[tuple[str, str]], *args: Any
    ) -> None:
        """`first_rows` may be the header, where none was found; `codes` are the characteristics with their names."""
        super().__init__(*args)
        if first_rows:
            self.fields["header_row"].choices = [("", _("None: the first row is a result")), *first_rows]  # type: ignore[attr-defined]
        else:
            del self.fields["header_row"]
        plain = [("", _("not read")), *((field, FIELD_NAMES[field]) for field in FIELDS)]
        readings = [(_("Readings side by side"), [(code, name) for code, name in codes])]
        for column in columns:
            said = (column["field"] or "").split(" x")[0] if column["field"] else ""
            self.fields[f"column-{column['index']}"] = forms.ChoiceField(
                label=column["header"] or column["letter"], choices=[*plain, *readings], required=False, initial=said
            )

    def chosen(self) -> dict[int, str | None]:
        """Place → field; the readings of a characteristic are numbered from left to right."""
        chosen: dict[int, str | None] = {}
        counts: dict[str, int] = {}
        for name, value in self.cleaned_data.items():
            if not name.startswith("column-"):
                continue
            if value and value not in FIELDS:
                counts[value] = counts.get(value, 0) + 1
                value = f"{value} x{counts[value]}"
            chosen[int(name.removeprefix("column-"))] = value or None
        return chosen


class EditionsForm(forms.Form):
    """By which edition each characteristic of a sheet was measured."""

    def __init__(self, measured: Sequence[tuple[str, str, Sequence[str]]], said: dict[str, str], *args: Any) -> None:
        """`measured`: code, name, editions that measure it."""
        super().__init__(*args)
        for code, name, editions in measured:
            choices = [("", _("not said")), *((each, each) for each in editions)]
            self.fields[code] = forms.ChoiceField(label=name, choices=choices, required=False, initial=said.get(code, ""))


class ResultRowForm(forms.Form):
    """The cells of one row."""

    def __init__(self, cells: Sequence[tuple[int, str, str]], most: int, *args: Any) -> None:
        """`cells`: place, label, text."""
        super().__init__(*args)
        for place, label, text in cells:
            self.fields[f"cell-{place}"] = forms.CharField(
                label=label, required=False, max_length=most, initial=text, strip=False,
                widget=forms.Textarea(attrs={"rows": 4, "class": "mono"}) if most > LONGEST_CELL else forms.TextInput(),
            )  # fmt: skip

    def mended(self) -> dict[int, str]:
        """Only what was changed."""
        return {
            int(name.removeprefix("cell-")): value
            for name, value in self.cleaned_data.items()
            if value != (self.fields[name].initial or "")
        }
