"""The lists that a firm keeps of itself. One shelf says how a list looks, what its form asks and which verbs it calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.actor import Actor
from records.services.evidence import take_evidence
from suppliers import firm_forms as forms
from suppliers.firm_words import (
    CALIBRATION_STATES,
    CAPACITY_UNITS,
    PAPER_STANDING,
    SHELF_STATES,
    instrument_name,
    paper_name,
)
from suppliers.models import Instrument, Paper, Process, Product, Site
from suppliers.selectors import firm_lists as lists
from suppliers.services import firm as papers
from suppliers.services import firm_instruments as instruments
from suppliers.services import firm_places as places
from suppliers.services import firm_products as products
from suppliers.words import in_language, node_names, nodes_said, place_said


@dataclass(frozen=True)
class Line:
    """One thing as a row: its name, what stands under it, its state, and the cells of the shelf's heads."""

    name: str
    small: str
    state: str
    cells: tuple[Any, ...]


@dataclass(frozen=True)
class Shelf:
    """One list of a firm: `many` and `one` stand in addresses and templates."""

    many: str
    one: str
    model: Any
    icon: str
    title: Any
    sub: Any
    add_words: Any
    empty: tuple[Any, Any]
    heads: tuple[Any, ...]
    form: type[forms.FirmForm]
    rows: Callable[..., list[Any]]
    line: Callable[[Any, date], Line]
    words_of: Callable[[Any], dict[str, Any]]
    add: Callable[[Actor, Any, datetime], Any]
    edit: Callable[[Actor, Any, Any, datetime], Any]
    retire: Callable[..., None]
    take_back: Callable[[Actor, Any, datetime], None]
    chips: Mapping[str, Any]
    edit_form: type[forms.FirmForm] | None = None


def _said(form: Any) -> dict[str, Any]:
    said = {name: value for name, value in form.cleaned_data.items() if name not in ("client_id", "file")}
    if "site_id" in said:
        said["site_id"] = UUID(said["site_id"]) if said["site_id"] else None
    return said


def _once(form: Any) -> UUID:
    client_id: UUID = form.cleaned_data["client_id"]
    return client_id


def _site_line(site: Site, on: date) -> Line:
    where = place_said(site.region_code, site.town_code)
    small = str(_("Main site")) if site.is_main else ""
    return Line(
        in_language(site.name_zh, site.name_en), small, _use(site), (site.address, where, nodes_said(site.node_codes), site.headcount or "")
    )


def _process_line(process: Process, on: date) -> Line:
    site = in_language(process.site.name_zh, process.site.name_en)
    return Line(node_names().get(process.node_code, process.node_code), site, _use(process), (process.machines, capacity_said(process)))


def _product_line(product: Product, on: date) -> Line:
    step = node_names().get(product.node_code, product.node_code)
    cells = (step, product.construction, product.safety_class, "、".join(product.colours))
    return Line(product.name, product.code, _use(product), cells)


def _instrument_line(instrument: Instrument, on: date) -> Line:
    site = in_language(instrument.site.name_zh, instrument.site.name_en) if instrument.site else ""
    cells = (site, instrument.certificate_number, instrument.calibrated_on, instrument.calibration_due_on)
    return Line(instrument_name(instrument.kind, instrument.model), instrument.serial, lists.calibration_of(instrument, on=on), cells)


def _paper_line(paper: Paper, on: date) -> Line:
    cells = (paper.issuer, paper.scope, paper.issued_on, paper.expires_on)
    return Line(paper_name(paper.kind, paper.standard), paper.number, lists.standing_of(paper, on=on), cells)


def capacity_said(process: Process) -> str:
    if process.capacity is None:
        return ""
    return f"{process.capacity:,} {CAPACITY_UNITS.get(process.capacity_unit, process.capacity_unit)}"


def _use(thing: Any) -> str:
    return "retired" if thing.retired_at else "at_work"


def _certificate(actor: Actor, form: Any, now: datetime) -> Any:
    file = form.cleaned_data["file"]
    return take_evidence(actor=actor, now=now, client_id=str(_once(form)), file=file) if file else None


def file_from(actor: Actor, form: Any, now: datetime, *, replaces: Paper | None = None) -> Paper:
    """File the paper of a form, in the place of an older one where there is one."""
    upload = form.cleaned_data["file"]
    return papers.file_paper(
        actor=actor, paper=papers.PaperFacts(**form.facts()), path=Path(upload.temporary_file_path()), name=upload.name or "",
        client_id=str(_once(form)), now=now, replaces=replaces,
    )  # fmt: skip


def _mend_instrument(actor: Actor, row: Instrument, form: Any, now: datetime) -> Instrument:
    said = instruments.InstrumentSaid(**_said(form))
    return instruments.edit_instrument(actor=actor, instrument=row, said=said, now=now, certificate=_certificate(actor, form, now))


def _add_instrument(actor: Actor, form: Any, now: datetime) -> Instrument:
    said, certificate = instruments.InstrumentSaid(**_said(form)), _certificate(actor, form, now)
    return instruments.add_instrument(actor=actor, said=said, client_id=_once(form), now=now, certificate=certificate)


SITES = Shelf(
    many="sites", one="site", model=Site, icon="map", title=_("Sites"), sub=_("Where you work. An audit visits a site; a code at its gate comes later."),
    add_words=_("Add a site"), empty=(_("No site yet"), _("Say where you work. One address is enough to begin.")),
    heads=(_("Address"), _("Place"), _("Chain steps"), _("Headcount")), form=forms.SiteForm, rows=lists.sites_of, line=_site_line,
    words_of=lambda row: {
        "name": row.name_zh, "address": row.address, "place": row.town_code or row.region_code, "node_codes": row.node_codes,
        "headcount": row.headcount, "floor_notes": row.floor_notes,
    },
    add=lambda actor, form, now: places.add_site(actor=actor, said=places.SiteSaid(**_said(form)), client_id=_once(form), now=now),
    edit=lambda actor, row, form, now: places.edit_site(actor=actor, site=row, said=places.SiteSaid(**_said(form))),
    retire=lambda actor, row, now: places.retire_site(actor=actor, site=row, now=now),
    take_back=lambda actor, row, now: places.take_back_site(actor=actor, site=row), chips=SHELF_STATES,
)  # fmt: skip
PROCESSES = Shelf(
    many="processes", one="process", model=Process, icon="factory", title=_("Processes and machines"),
    sub=_("What you do at which site, with which machines, and how much a month."), add_words=_("Add a process"),
    empty=(_("No process yet"), _("Add your main machines, about a minute: the step, the machines, what they make in a month.")),
    heads=(_("Main machines"), _("Capacity a month")), form=forms.ProcessForm, rows=lists.processes_of, line=_process_line,
    words_of=lambda row: {name: getattr(row, name) for name in ("node_code", "site_id", "machines", "capacity", "capacity_unit")},
    add=lambda actor, form, now: places.add_process(actor=actor, said=places.ProcessSaid(**_said(form)), client_id=_once(form), now=now),
    edit=lambda actor, row, form, now: places.edit_process(actor=actor, process=row, said=places.ProcessSaid(**_said(form))),
    retire=lambda actor, row, now: places.retire_process(actor=actor, process=row, now=now),
    take_back=lambda actor, row, now: places.take_back_process(actor=actor, process=row), chips=SHELF_STATES,
)  # fmt: skip
PRODUCTS = Shelf(
    many="products", one="product", model=Product, icon="spool", title=_("Products"), sub=_("Your own plain list of what you make."),
    add_words=_("Add a product"), empty=(_("No product yet"), _("Begin with what you make most: its code, its name, its construction.")),
    heads=(_("Step"), _("Construction"), _("GB 18401 class"), _("Colours")), form=forms.ProductForm, rows=lists.products_of, line=_product_line,
    words_of=lambda row: {
        **{name: getattr(row, name) for name in ("code", "name", "node_code", "construction", "safety_class")}, "colours": "、".join(row.colours),
    },
    add=lambda actor, form, now: products.add_product(actor=actor, said=products.ProductSaid(**_said(form)), client_id=_once(form), now=now),
    edit=lambda actor, row, form, now: products.edit_product(actor=actor, product=row, said=products.ProductSaid(**_said(form)), now=now),
    retire=lambda actor, row, now: products.retire_product(actor=actor, product=row, now=now),
    take_back=lambda actor, row, now: products.take_back_product(actor=actor, product=row, now=now), chips=SHELF_STATES,
)  # fmt: skip
INSTRUMENTS = Shelf(
    many="instruments", one="instrument", model=Instrument, icon="flask", title=_("Instruments"),
    sub=_("What you measure with, and until when each is calibrated."), add_words=_("Add an instrument"),
    empty=(_("No instrument yet"), _("Add the balance first: its number, and the day on its calibration label. You are reminded before it runs out.")),
    heads=(_("Site"), _("Calibration certificate"), _("Last calibrated"), _("Calibration holds until")), form=forms.InstrumentForm,
    rows=lists.instruments_of, line=_instrument_line,
    words_of=lambda row: {
        name: getattr(row, name)
        for name in ("kind", "serial", "model", "site_id", "calibrated_on", "calibration_due_on", "certificate_number")
    },
    add=_add_instrument, edit=_mend_instrument,
    retire=lambda actor, row, now: instruments.retire_instrument(actor=actor, instrument=row, now=now),
    take_back=lambda actor, row, now: instruments.take_back_instrument(actor=actor, instrument=row, now=now), chips=CALIBRATION_STATES,
)  # fmt: skip
PAPERS = Shelf(
    many="papers", one="paper", model=Paper, icon="record", title=_("Certificates and papers"),
    sub=_("Only your firm sees them, until an agreement asks for one or you show it."), add_words=_("File a paper"),
    empty=(_("No paper yet"), _("Begin with the business licence: one photo, about a minute.")),
    heads=(_("Issued by"), _("For what"), _("Issued on"), _("Valid until")), form=forms.PaperForm, rows=lists.firm_papers, line=_paper_line,
    words_of=lambda row: {
        "kind": row.standard or row.kind,
        **{name: getattr(row, name) for name in ("number", "issuer", "scope", "issued_on", "expires_on")},
    },
    add=file_from,
    edit=lambda actor, row, form, now: papers.edit_paper(actor=actor, paper=row, said=papers.PaperFacts(**form.facts()), now=now),
    retire=lambda actor, row, now: papers.retire_paper(actor=actor, paper=row, now=now),
    take_back=lambda actor, row, now: papers.take_back_paper(actor=actor, paper=row, now=now), chips=PAPER_STANDING,
    edit_form=forms.PaperWordsForm,
)  # fmt: skip
SHELVES = (SITES, PROCESSES, PRODUCTS, INSTRUMENTS, PAPERS)
NAME_HEAD = pgettext_lazy("thing", "Name")
