"""What people type about lots; the rules are asked in the verbs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.lot_words import UNITS
from inspections.services.descent import MOST_PARTS, InputSaid, Part
from inspections.services.lots import LotSaid
from parties.fields import DayField
from parties.forms import NamesSelect

OWN = "own"
SEPARATOR = "\x1f"
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})
Named = tuple[str, str]
# Full-width digits and marks as Chinese keyboards give them, and marks between thousands.
_PLAIN = str.maketrans("０１２３４５６７８９．", "0123456789.", ",，' \u2009\u00a0")


class AmountField(forms.Field):
    """A quantity as people write it: 1200, 1,200 or １２００．５."""

    longest = 20

    def __init__(self, **words: Any) -> None:
        attributes = {"class": "short num", "inputmode": "decimal", "autocomplete": "off", "maxlength": self.longest}
        super().__init__(widget=forms.TextInput(attrs=attributes), **words)

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()[: self.longest].translate(_PLAIN)
        if not text:
            return None
        try:
            return Decimal(text)
        except InvalidOperation:
            raise forms.ValidationError(_("A plain number, for example 1200 or 350.5.")) from None


class LotForm(forms.Form):
    """A lot as its label says. `known` are (code, name, colour) of what was made before; `links` are relations to choose from."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    lot_no = forms.CharField(
        label=_("Lot number"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"})
    )
    quantity = AmountField(label=_("Quantity"))
    unit = forms.ChoiceField(label=_("Unit"), choices=list(UNITS.items()), widget=forms.Select(attrs={"class": "short"}))
    made_on = DayField(
        label=_("Made on"), widget=DAY, help_text=_("The agreement in force on this day decides by what the lot is judged.")
    )
    product = forms.CharField(label=_("Product"), max_length=120, required=False)
    product_code = forms.CharField(label=_("Product code"), max_length=40, required=False, help_text=_("Charts join lots of one code."))
    colour = forms.CharField(label=_("Colour"), max_length=60, required=False, help_text=_("Name or number, for example: Camel 7041."))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    field_order = ("client_id", "link", "known", "lot_no", "quantity", "unit", "made_on", "product", "product_code", "colour", "note")
    # What a phone shows at once; the rest stands behind one tap.
    rare = ("product", "product_code", "colour", "note")

    def __init__(self, links: Sequence[Named], known: Sequence[tuple[str, str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if links:
            self.fields["link"] = forms.ChoiceField(label=_("For whom"), choices=links, widget=NamesSelect)
        if known:
            said = [(SEPARATOR.join(each), " · ".join(word for word in each if word)) for each in known]
            self.fields["known"] = forms.ChoiceField(
                label=_("Product"), required=False, choices=[*said, ("", _("another product: fill it in below"))], widget=NamesSelect
            )
            self.fields["product"].label = _("Another product")
        else:
            self.fields["product"].required = True
        self.order_fields(self.field_order)

    @property
    def usual_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.rare or field.field.required]

    @property
    def rare_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name in self.rare and not field.field.required]

    @property
    def rare_are_open(self) -> bool:
        """Whether somebody must see the rare fields: one is wrong, or the product is none of the known ones."""
        return any(field.errors for field in self.rare_fields) or ("known" in self.fields and not self["known"].value())

    def said(self, node_code: str = "") -> LotSaid:
        data = self.cleaned_data
        code, product, colour = [*data.get("known", "").split(SEPARATOR), "", "", ""][:3]
        if data["product"]:
            code, product, colour = data["product_code"], data["product"], ""
        return LotSaid(
            data["lot_no"], product, data["made_on"], data["quantity"], data["unit"], product_code=code, colour=data["colour"] or colour,
            node_code=node_code, note=data["note"],
        )  # fmt: skip


class SplitForm(forms.Form):
    """Parts of a lot: a number and a quantity each; a line left empty is none."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, rows: int, *args: Any, parts: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = min(max(rows, len(parts), 1), MOST_PARTS)
        for number in range(1, self.rows + 1):
            no, quantity = parts[number - 1] if number <= len(parts) else ("", "")
            self.fields[f"no_{number}"] = forms.CharField(
                label=_("Lot number of part %(n)s") % {"n": number}, max_length=40, required=False, initial=no
            )
            self.fields[f"quantity_{number}"] = AmountField(
                label=_("Quantity of part %(n)s") % {"n": number}, required=False, initial=quantity
            )

    @property
    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"no_{number}"], self[f"quantity_{number}"]) for number in range(1, self.rows + 1)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for number in range(1, self.rows + 1):
            no, quantity = data.get(f"no_{number}"), data.get(f"quantity_{number}")
            if no and quantity is None and f"quantity_{number}" not in self.errors:
                self.add_error(f"quantity_{number}", _("How much of it?"))
            if quantity is not None and not no:
                self.add_error(f"no_{number}", _("Which number does it get?"))
        return data

    def parts(self) -> list[Part]:
        data = self.cleaned_data
        return [Part(data[f"no_{n}"], data[f"quantity_{n}"]) for n in range(1, self.rows + 1) if data.get(f"no_{n}")]


class MergeForm(forms.Form):
    """Which lots go together with this one, and what the new lot is called."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, like: Sequence[Named], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lots"] = forms.MultipleChoiceField(label=_("Together with"), choices=like, widget=forms.CheckboxSelectMultiple)
        self.fields["lot_no"] = forms.CharField(label=_("Number of the new lot"), max_length=40)


class InputForm(forms.Form):
    """What went into a lot: one of the maker's lots, or what its label says."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    parent_no = forms.CharField(label=_("Lot number on its label"), max_length=40, required=False)
    made_by = forms.CharField(label=_("Which firm made it"), max_length=80, required=False)
    material = forms.CharField(
        label=_("What it is"), max_length=120, required=False, help_text=_("For example: cashmere tops, reactive black, buttons.")
    )
    quantity = AmountField(label=_("How much of it"), required=False)
    unit = forms.ChoiceField(
        label=_("Unit"), required=False, choices=[("", "—"), *UNITS.items()], widget=forms.Select(attrs={"class": "short"})
    )
    field_order = ("client_id", "parent", "parent_no", "made_by", "material", "quantity", "unit")

    def __init__(self, parents: Sequence[Named], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if parents:
            choices = [("", _("none of these: by its label, below")), *parents]
            self.fields["parent"] = forms.ChoiceField(label=_("One of these lots"), required=False, choices=choices, widget=NamesSelect)
        self.order_fields(self.field_order)

    def parent_id(self) -> UUID | None:
        chosen = self.cleaned_data.get("parent")
        return UUID(chosen) if chosen else None

    def said(self, parent: Any) -> InputSaid:
        data = self.cleaned_data
        words = {name: data[name] for name in ("parent_no", "made_by", "material", "quantity", "unit")}
        return InputSaid(parent=parent, **words)


class PortionForm(forms.Form):
    """How much of an own lot goes to which customer."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, links: Sequence[Named], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["link"] = forms.ChoiceField(label=_("Customer"), choices=[("", "—"), *links], widget=NamesSelect)
        self.fields["quantity"] = AmountField(label=_("Quantity"))
        self.fields["lot_no"] = forms.CharField(
            label=_("Lot number for this customer"), max_length=40, required=False, help_text=_("Left empty, it keeps the number of the whole.")
        )  # fmt: skip


def refuse(form: forms.Form, broken: Any) -> None:
    """Put a rule's words on the field it names, else on the form."""
    form.add_error(broken.field if broken.field in form.fields else None, broken.words())
