"""What the platform types about limits; the rules are asked in the verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.library_words import CLASSES, FIELDS, GRADE_NAMES, in_language
from agreements.limit_files import LARGEST
from agreements.limits import LimitSaid
from agreements.models import Characteristic, MethodEdition, ProductKind, SpecLimit


def _choice(name: str, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=FIELDS[name], required=required)


def _number(name: str) -> forms.CharField:
    return forms.CharField(label=FIELDS[name], required=False, max_length=17, widget=forms.TextInput(attrs={"class": "short num"}))


def _text(name: str, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=FIELDS[name], required=required, max_length=200, help_text=help_text)


class LimitForm(forms.Form):
    """One limit, new or changed."""

    characteristic = _choice("characteristic")
    edition = _choice("edition")
    product = _choice("product", required=False)
    safety_class = _choice("safety_class", required=False)
    grade = _choice("grade", required=False)
    lower = _number("lower")
    target = _number("target")
    upper = _number("upper")
    grade_floor = _number("grade_floor")
    max_cv_percent = _number("max_cv_percent")
    max_lot_delta_e = _number("max_lot_delta_e")
    source_zh = _text("source_zh", _("Standard with its year, class or table. What nobody has read is marked for you."))
    source_en = _text("source_en")
    read_in = _text("read_in", _("The book, page or address where you saw it."), required=False)
    verified = forms.BooleanField(label=_("I have read this in the standard itself, or in two independent sources"), required=False)
    why = forms.CharField(label=_("Why this is proposed"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, shelf: tuple[list[Characteristic], list[MethodEdition], list[ProductKind]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        characteristics, editions, products = shelf
        offered = {
            "characteristic": [(row.code, f"{row.code} · {in_language(row.name_zh, row.name_en)}") for row in characteristics],
            "edition": [(row.code, f"{row.code} · {', '.join(row.method.characteristic_codes)}") for row in editions],
            "product": [("", "—"), *((row.code, in_language(row.name_zh, row.name_en)) for row in products)],
            "safety_class": [("", "—"), *CLASSES.items()],
            "grade": [("", "—"), *GRADE_NAMES.items()],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def said(self) -> LimitSaid:
        """The limit as it was typed; asked after is_valid()."""
        return LimitSaid(**{name: value for name, value in self.cleaned_data.items() if name != "why"})


def as_typed(one: SpecLimit) -> dict[str, Any]:
    """What the form shows of a limit that is to be changed."""
    names = [name for name in LimitForm.base_fields if name != "why"]
    return {name: getattr(one, f"{name}_id" if name in ("characteristic", "edition", "product") else name) for name in names}


class LimitFileForm(forms.Form):
    """A file of limits."""

    file = forms.FileField(
        label=_("File of limits"), help_text=_("JSON, .csv or .xlsx with the heads of the export, up to 2 MB and 1,000 limits."),
        widget=forms.FileInput(attrs={"accept": ".json,.csv,.xlsx,.txt,.tsv"}), allow_empty_file=True,
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 2 MB. Split it in two."))
        return file


class WhyForm(forms.Form):
    """A reason for taking a limit out."""

    why = forms.CharField(label=_("Why it is withdrawn"), max_length=300)
