"""What people type at the desk of services; the rules themselves are asked in the verbs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms import ManyFiles, PagesField
from foundation.errors import RuleBroken
from onestop.words_services import KINDS, SATISFACTION
from parties.fields import DayField
from parties.forms import NamesSelect

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})
Choices = Sequence[tuple[str, Any]]
MOST_FILES = 20


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Once(forms.Form):
    """A form that carries the key by which it is done once."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, **words: Any) -> None:
        super().__init__(data, initial={"client_id": uuid4(), **(initial or {})}, **words)


class AskForm(Once):
    """What a firm needs. Two minutes on a phone: most of it is filled in."""

    kind = forms.ChoiceField(
        label=_("Which kind of help"), choices=[(code, words) for code, (words, _icon, _sub) in KINDS.items()], widget=forms.RadioSelect
    )
    need = forms.CharField(
        label=_("What you need"), max_length=1000, widget=area(),
        help_text=_("For example: wet rubbing of a navy rib is 2-3, the customer asks for 3-4. Who looks at the dyeing with us?"),
    )  # fmt: skip
    facts = forms.MultipleChoiceField(
        label=_("What providers may read"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick what they may read. What is not ticked stays with you, and so does your name until you choose a quote."),
    )  # fmt: skip
    node_code = forms.ChoiceField(label=_("Step of the chain"), required=False, widget=NamesSelect)
    wanted_on = DayField(label=_("Needed by"), required=False, widget=DAY)
    file = forms.FileField(
        label=_("Photo or paper"), required=False, widget=forms.FileInput(attrs={"accept": "image/*,.pdf"}),
        help_text=_("Only the provider whose quote you choose gets it."),
    )  # fmt: skip
    contact = forms.CharField(label=_("Whom the chosen provider may call"), max_length=60)
    phone = forms.CharField(
        label=_("Telephone"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )

    def __init__(self, data: Any = None, files: Any = None, *, facts: Choices, nodes: Choices, is_fixed: bool, **words: Any) -> None:
        super().__init__(data, files=files, **words)
        self.fields["node_code"].choices = [("", "—"), *nodes]  # type: ignore[attr-defined]
        self.fields["facts"].choices = facts  # type: ignore[attr-defined]
        if not facts:
            del self.fields["facts"]
        if is_fixed:  # asked of one offer: its kind is the kind
            del self.fields["kind"]


class OfferForm(Once):
    """One offer of a provider."""

    kind = forms.ChoiceField(label=_("Kind of service"), choices=[(code, words) for code, (words, _icon, _sub) in KINDS.items()])
    title = forms.CharField(
        label=_("Title"), max_length=80, help_text=_("For example: colour fastness of knitted goods, with advice on dyeing.")
    )
    about = forms.CharField(label=_("What you do, and what it leads to"), max_length=1000, widget=area(4))
    price_note = forms.CharField(
        label=_("About what it costs"), max_length=200, help_text=_("For example: 300 yuan a test; the first visit is free.")
    )
    answer_hours = forms.IntegerField(label=_("You answer within, in working hours"), min_value=1, max_value=80, initial=8)
    service_days = forms.IntegerField(label=_("You deliver within, in working days"), min_value=1, max_value=250, initial=5)
    capacity = forms.IntegerField(label=_("Requests you take at one time"), min_value=1, max_value=500, initial=10)
    node_codes = forms.MultipleChoiceField(
        label=_("For which steps of the chain"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: for all.")
    )

    def __init__(self, data: Any = None, *, nodes: Choices, **words: Any) -> None:
        super().__init__(data, **words)
        self.fields["node_codes"].choices = nodes  # type: ignore[attr-defined]


class QuoteForm(forms.Form):
    """About what it costs, and by when."""

    price = forms.CharField(label=_("About what it costs"), max_length=200)
    days = forms.IntegerField(label=_("Working days until you deliver"), min_value=1, max_value=250)
    words = forms.CharField(label=_("How you would do it"), max_length=1000, required=False, widget=area())


class WhyForm(forms.Form):
    """A reason that the other side reads."""

    why = forms.CharField(label=_("The reason"), max_length=500, widget=area(2), help_text=_("The other side reads it."))


class HandOverForm(forms.Form):
    """Who answers instead."""

    to = forms.ChoiceField(label=_("Who answers instead"), widget=NamesSelect)

    def __init__(self, others: Choices, data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        self.fields["to"].choices = others  # type: ignore[attr-defined]


class DeliverForm(Once):
    """What was done, with the report and whatever belongs to it."""

    report = forms.CharField(label=_("What you found or did"), max_length=1000, widget=area())
    file = PagesField(
        label=_("Report and photos"), widget=ManyFiles(attrs={"accept": "image/*,.pdf"}),
        help_text=_("One file or several; they are filed among the firm's own files."),
    )  # fmt: skip

    def clean_file(self) -> list[Any]:
        files: list[Any] = self.cleaned_data["file"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(RuleBroken("service_files_too_many", most=MOST_FILES).words())
        return files


class RateForm(forms.Form):
    """One to five, and a word."""

    satisfaction = forms.TypedChoiceField(
        label=_("How satisfied are you?"), choices=list(SATISFACTION.items()), coerce=int, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In your own words"), max_length=500, required=False, widget=area(2), help_text=_("Only the provider reads it.")
    )
