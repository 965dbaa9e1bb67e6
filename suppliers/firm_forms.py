"""What a firm types about itself: in few fields, on a phone."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.actor import Actor
from parties.fields import DayField
from parties.forms import NamesSelect
from parties.reference import regions
from suppliers.expiry import FIRST_DAY, LAST_DAY
from suppliers.firm_words import CAPACITY_UNITS, INSTRUMENT_KINDS, SAFETY_CLASSES, SHARES, STANDARDS
from suppliers.forms import PICTURES
from suppliers.selectors.firm_lists import sites_of
from suppliers.words import PAPER_KINDS, in_language, node_names, place_names

FILES = f"{PICTURES},application/pdf"
NONE = [("", "—")]


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """Words and files of a form that was sent; nothing of a page that is only looked at."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


class FirmForm(forms.Form):
    """A form of the actor's own firm. Its hidden `client_id` makes a second sending add nothing."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def choose(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


def day_field(label: Any, *, help_text: Any = "") -> DayField:
    days = {"type": "date", "min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
    return DayField(label=label, required=False, help_text=help_text, widget=forms.DateInput(format="%Y-%m-%d", attrs=days))


class SiteForm(FirmForm):
    name = forms.CharField(label=_("Name of the site"), max_length=80, help_text=_("As you call it: main works, workshop 2."))
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    place = forms.ChoiceField(label=_("District or town"), required=False)
    node_codes = forms.MultipleChoiceField(label=_("What is done there"), required=False, widget=forms.CheckboxSelectMultiple)
    headcount = forms.IntegerField(label=_("Headcount"), required=False, min_value=0, max_value=200_000)
    floor_notes = forms.CharField(
        label=_("For whoever visits"),
        max_length=500,
        required=False,
        help_text=_("Which gate, which floor, where the red area is."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("place", place_choices())
        self.choose("node_codes", list(node_names().items()))


class ProcessForm(FirmForm):
    node_code = forms.ChoiceField(label=_("Step"))
    site_id = forms.ChoiceField(label=_("Site"), widget=NamesSelect)
    machines = forms.CharField(
        label=_("Main machines"), max_length=200, required=False, help_text=_("Kind and number: 4 jet dyeing machines, 1 stenter.")
    )
    capacity = forms.IntegerField(label=_("Capacity a month"), required=False, min_value=0, max_value=2_000_000_000)
    capacity_unit = forms.ChoiceField(label=_("Unit"), required=False, choices=[*NONE, *CAPACITY_UNITS.items()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("node_code", list(node_names().items()))
        self.choose("site_id", site_choices(self.actor))


class ProductForm(FirmForm):
    code = forms.CharField(label=pgettext_lazy("product", "Code"), max_length=40, help_text=_("As on your labels."))
    name = forms.CharField(label=_("Name"), max_length=80)
    node_code = forms.ChoiceField(label=_("Step"), required=False)
    construction = forms.CharField(
        label=_("Construction"), max_length=200, required=False, help_text=_("Yarn count, blend, weave, g/m²: 26s, cotton 100%, 180 g/m².")
    )
    safety_class = forms.ChoiceField(
        label=_("GB 18401 class"), required=False, choices=[("", _("does not apply")), *SAFETY_CLASSES.items()]
    )
    colours = forms.CharField(label=_("Colours"), max_length=2500, required=False, help_text=_("Separated by commas."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("node_code", [*NONE, *node_names().items()])

    def clean_colours(self) -> list[str]:
        return [colour.strip() for colour in re.split(r"[,，、;；\n]", self.cleaned_data["colours"]) if colour.strip()]


class InstrumentForm(FirmForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=list(INSTRUMENT_KINDS.items()))
    serial = forms.CharField(label=_("Number on its plate"), max_length=60, widget=forms.TextInput(attrs={"autocapitalize": "characters"}))
    model = forms.CharField(label=_("Maker and model"), max_length=80, required=False)
    site_id = forms.ChoiceField(label=_("Site"), required=False, widget=NamesSelect)
    calibrated_on = day_field(_("Last calibrated"))
    calibration_due_on = day_field(_("Calibration holds until"), help_text=_("You are reminded 60, 30 and 7 days before."))
    certificate_number = forms.CharField(label=_("Number of the calibration certificate"), max_length=80, required=False)
    file = forms.FileField(label=_("Photo or PDF of the certificate"), required=False, widget=forms.FileInput(attrs={"accept": FILES}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("site_id", [*NONE, *site_choices(self.actor)])


class PaperWordsForm(FirmForm):
    """What stands on a paper that is filed already."""

    kind = forms.ChoiceField(label=_("Kind"))
    number = forms.CharField(label=_("Number"), max_length=80, required=False)
    issuer = forms.CharField(label=_("Issued by"), max_length=120, required=False)
    scope = forms.CharField(
        label=_("For what"), max_length=300, required=False, help_text=_("The scope, as on the certificate: products, processes, sites.")
    )
    issued_on = day_field(_("Issued on"))
    expires_on = day_field(_("Valid until"), help_text=_("You are reminded 60, 30 and 7 days before."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        papers = [(kind, words) for kind, words in PAPER_KINDS.items() if kind != "certificate"]
        self.choose("kind", [(_("Certificates"), [*STANDARDS.items(), ("certificate", _("Another certificate"))]), (_("Papers"), papers)])

    def facts(self) -> dict[str, Any]:
        """The cleaned words, with the one choice taken apart into kind and standard."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("client_id", "file")}
        of_a_standard = said["kind"] in STANDARDS
        return {**said, "kind": "certificate" if of_a_standard else said["kind"], "standard": said["kind"] if of_a_standard else ""}


class PaperForm(PaperWordsForm):
    """A paper of the firm with its file; the photo comes first."""

    file = forms.FileField(
        label=_("Photo or PDF"),
        help_text=_("Lay it flat, in daylight, all four corners in the picture."),
        widget=forms.FileInput(attrs={"accept": FILES}),
    )
    field_order = ["kind", "file"]


class ShareForm(forms.Form):
    """What to show to one of the chain owners that the firm joined."""

    link = forms.ChoiceField(label=_("To which chain owner"), widget=NamesSelect)
    what = forms.MultipleChoiceField(label=_("What it may see"), choices=list(SHARES.items()), widget=forms.CheckboxSelectMultiple)

    def __init__(self, links: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["link"].choices = links  # type: ignore[attr-defined]


def site_choices(actor: Actor) -> list[tuple[str, str]]:
    return [(str(site.pk), in_language(site.name_zh, site.name_en)) for site in sites_of(actor)]


def place_choices() -> list[Any]:
    """Districts and zones, each over its towns."""
    names = place_names()
    towns: dict[str, list[tuple[str, str]]] = {}
    for region in regions():
        if region.kind == "town":
            towns.setdefault(region.parent or "", []).append((region.code, names[region.code]))
    heads = [region.code for region in regions() if region.kind in ("district", "zone")]
    return [*NONE, *((names[code], [(code, names[code]), *towns.get(code, [])]) for code in heads)]
