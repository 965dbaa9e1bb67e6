"""Results on pages: the piece of a lot's page, and one result with its readings on their limits and its place in the course of lots."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.forms import in_language
from agreements.models import Characteristic, Clause
from agreements.selectors import clauses_by_id
from agreements.selectors.library import characteristic_for
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import NotYours, RuleBroken
from inspections.charts.canvas import MINUS
from inspections.charts.limit_bar import limit_bar, span_of
from inspections.deciding import ASKS_CONCESSION
from inspections.entry import before, typed
from inspections.filing import values_of
from inspections.judging import Limits, difference, limits_of
from inspections.lot_results import Line, lines_of
from inspections.lot_standing import steps_now
from inspections.models import CharacteristicResult
from inspections.on_lot import OnLot
from inspections.result_forms import CorrectionForm
from inspections.result_words import ENTERED, LAB_STATES, MARKS, VERDICTS, WHY, bound_words, number_words, reading_words
from inspections.selectors.decisions import concession_rule, holds_of
from inspections.selectors.lots import lot_for
from inspections.selectors.result_terms import standard_of
from inspections.selectors.results import characteristics_by_code, correction_of, has_hidden, result_for, standing_on
from inspections.selectors.series import Key, series_by_key
from inspections.selectors.series import standard_of as sealed_standard
from inspections.series import COLOUR
from inspections.series_asked import address_of
from inspections.series_cards import shown
from inspections.series_tables import hushed
from inspections.series_words import ORIGINS
from inspections.services.results import ResultsToMend
from inspections.services.results_corrected import correct_result
from inspections.services.results_shown import show_results
from inspections.typed import SetSaid
from inspections.views.entry import entering, entry_context, may_file, said_form, words_of
from parties.roles import MAY_FILE, MAY_WRITE
from records.selectors import shares_for
from suppliers.selectors import link_for

SIDES = (Hat.OWNER, Hat.SUPPLIER)
LOTS_SHOWN = 60  # on the small chart beside one result


def piece(on: OnLot) -> dict[str, Any]:
    """What was found on the lot, the supplier's own test beside the others'; where nothing was, what can be done."""
    rows, total = standing_on(on.actor, on.lot)
    whats = characteristics_by_code({row.characteristic_code for row in rows})
    clauses = {clause.pk: clause for clause in on.clauses_of("characteristic_limit")}
    lines = [_told(line, whats, clauses) for line in lines_of(rows, {code: what.kind for code, what in whats.items()}, whole=len(rows) == total)]
    hidden = on.actor.hat is Hat.SUPPLIER and has_hidden(on.actor, on.lot)
    return {
        "shown": True, "lines": lines, "chips": VERDICTS, "hidden": hidden, "may_show": hidden and bool(on.actor.roles.intersection(MAY_WRITE)),
        "may_file": may_file(on.actor), "total": total, "read": len(rows), "is_owner": on.is_owner,
        "heads": [{"label": label} for label in (_("Characteristic"), _("Limits"), ORIGIN_HEADS["self"](), ORIGIN_HEADS["customer"](), ORIGIN_HEADS["lab"](), _("Verdict"))],
    }  # fmt: skip


ORIGIN_HEADS = {"self": lambda: _("Supplier's own test"), "customer": lambda: _("Chain owner's test"), "lab": lambda: _("Laboratory")}


def _told(line: Line, whats: dict[str, Characteristic], clauses: dict[UUID, Clause]) -> dict[str, Any]:
    what = whats.get(line.characteristic)
    clause = clauses.get(line.clause_id) if line.clause_id else None
    limits = limits_of(clause.params) if clause else Limits()
    places = what.decimals + 1 if what else 2
    unit = "" if what is None or what.kind == "derived" else line.unit
    cells = []
    for name in ORIGIN_HEADS:
        found = line.by.get(name)
        bias = None if name == "self" or found is None else line.bias(name)
        cells.append(
            {
                "label": ORIGIN_HEADS[name](), "found": found, "result": found.rows[-1].pk if found else None,
                "value": _value_of(found, places, unit) if found else "", "bias": _bias_words(bias, places, unit),
            }
        )  # fmt: skip
    name = in_language(what.name_zh, what.name_en) if what else line.characteristic
    said = bound_words(limits.lower, limits.upper, what.kind if what else "", unit)
    return {"line": line, "name": name, "cells": cells, "unit": unit, "limits": said}


def _value_of(found: Any, places: int, unit: str) -> str:
    if found.mean is not None:
        return f"{number_words(found.mean, places)} {unit}".strip()
    return " · ".join(found.words) + (" …" if found.left else "")


def _bias_words(bias: Decimal | None, places: int, unit: str) -> str:
    """The supplier's mean minus the other's, with its sign."""
    if bias is None:
        return ""
    sign = "+" if bias > 0 else ""
    return f"{sign}{number_words(bias, places)} {unit}".strip()


@wearing(*SIDES)
@require_safe
def result(request: ActorRequest, result_id: UUID) -> HttpResponse:
    """One result: what was read, what the agreement asks, what to know of it, and what can be done."""
    actor = request.actor
    row = result_for(actor, result_id)
    what = characteristic_for(row.characteristic_code)
    clause = clauses_by_id(actor, [row.clause_id]).get(row.clause_id) if row.clause_id else None
    limits = limits_of(clause.params, standard=standard_of(actor, row.lot)) if clause else Limits()
    words = reading_words(values_of(row), row.qualifiers, what.kind, width=row.width)
    context = {
        "row": row, "lot": row.lot, "what": what, "name": in_language(what.name_zh, what.name_en), "chips": VERDICTS, "words": words,
        "said": _said(row, words), "why": WHY.get((row.details or {}).get("why", "")), "clause": clause,
        "limits": bound_words(limits.lower, limits.upper, what.kind, "" if row.width > 1 else row.unit),
        "bar": _bar(row, what, limits, words), "differences": _differences(row, limits), "marks": _marks(actor, row), "facts": _facts(row),
        "photo_url": _photo_url(actor, row), "now_row": correction_of(actor, row) if row.replaced_by else None,
        "may_file": may_file(actor), "may_correct": row.org_id == actor.org_id and row.replaced_by is None and may_file(actor),
        "offers": _offers(actor, row) if row.verdict == "out" and row.replaced_by is None and may_file(actor) else [],
        "chart": _course(actor, row, in_language(what.name_zh, what.name_en)),
        "chart_url": reverse("inspections:characteristic", args=[row.characteristic_code]) + address_of(row),
    }  # fmt: skip
    return render(request, "inspections/result.html", context)


def _course(actor: Actor, row: CharacteristicResult, name: str) -> Any:
    """The chart of the series with this lot as its newest point, as far as there is a course; None for a row that stands no more."""
    if row.replaced_by is not None:
        return None
    key = Key(row.supplier_org_id, row.owner_org_id, row.product_code, row.characteristic_code, row.edition_code, row.origin)
    series = series_by_key(actor, [key], limit=LOTS_SHOWN)[key]
    if series.kind == COLOUR and len(series):
        series = series.of_colour(row.lot.colour)
        series = series.against(sealed_standard(actor, key, series)) if len(series) else series
    if not len(series):
        return None
    told = shown(series, name=name, hushed=hushed(actor, series, timezone.now()))
    return next(iter(told.figures), None)


def _said(row: CharacteristicResult, words: list[str]) -> str:
    """The finding in one sentence."""
    taken = len([word for word in words if word != "—"])
    if row.verdict == "out":
        return ngettext("%(out)s of %(n)s reading is outside what was agreed.", "%(out)s of %(n)s readings are outside what was agreed.", taken) % {
            "out": row.out_count, "n": taken,
        }  # fmt: skip
    if row.verdict == "in":
        return ngettext("%(n)s reading, within what was agreed.", "All %(n)s readings are within what was agreed.", taken) % {"n": taken}
    return ngettext("%(n)s reading.", "%(n)s readings.", taken) % {"n": taken}


def _bar(row: CharacteristicResult, what: Characteristic, limits: Limits, words: list[str]) -> Any:
    """The readings on their limits, where they are plain numbers."""
    if row.width > 1 or what.kind in ("ordinal", "binary") or row.qualifiers:
        return ""
    values = [(float(value), word) for value, word in zip(values_of(row), words, strict=True) if value is not None]
    lower, upper = (None if each is None else float(each) for each in (limits.lower, limits.upper))
    span = span_of(lower, upper, [value for value, _word in values])
    if span is None or not values:
        return ""
    labels = tuple("" if each is None else number_words(each) for each in (limits.lower, limits.upper))
    return limit_bar("readings", span, values, (labels[0], labels[1]), title=_("Readings on their limits"), says=" · ".join(words))


def _differences(row: CharacteristicResult, limits: Limits) -> list[tuple[str, str]]:
    """Of a colour: each reading's difference to the sealed sample."""
    if row.width != 3 or limits.standard is None:
        return []
    values = values_of(row)
    colours = [values[at : at + 3] for at in range(0, len(values), 3) if None not in values[at : at + 3]]
    told = [difference(limits.standard, [float(part or 0) for part in each], limits.formula) for each in colours]
    return [(limits.formula, f"{value:.2f}") for value in told]


def _marks(actor: Actor, row: CharacteristicResult) -> list[dict[str, Any]]:
    """What to know of a result; an instrument past its day leads its firm to where its calibration is kept."""
    told, mine = [], row.org_id == actor.org_id
    for mark in row.marks:
        tone, words = MARKS.get(mark, ("info", mark))
        url = reverse("suppliers:instruments") if mark == "instrument_overdue" and mine else ""
        told.append({"tone": tone, "words": words, "url": url, "action": _("Have it calibrated") if url else ""})
    return told


def _facts(row: CharacteristicResult) -> list[tuple[Any, Any]]:
    said = row.details or {}
    states = " · ".join(LAB_STATES[each] for each in said.get("lab_status", ()) if each in LAB_STATES)
    typed_as = said.get("as_typed", {})
    facts = [
        (_("Tested by"), ORIGINS[row.origin]), (_("Laboratory"), " · ".join(each for each in (said.get("laboratory", ""), states) if each)),
        (_("Measured by"), said.get("operator", "")), (_("Sample or cone"), said.get("sample", "")), (_("Instrument"), row.instrument),
        (_("Entered"), ENTERED[row.entered_via]), (_("As typed"), " ".join(str(each) for each in typed_as.values())),
        (_("Why it was corrected"), said.get("reason", "")),
    ]  # fmt: skip
    return [(label, value) for label, value in facts if value]


def _photo_url(actor: Actor, row: CharacteristicResult) -> str:
    found = (row.details or {}).get("evidence")
    if not found:
        return ""
    if row.org_id == actor.org_id:
        return reverse("records:evidence_file", args=[UUID(found)])
    share = shares_for(actor, [UUID(found)]).get(UUID(found))
    return reverse("records:shared_file", args=[share.pk]) if share else ""


def _offers(actor: Actor, row: CharacteristicResult) -> list[dict[str, Any]]:
    """What can be done about readings that are out of limits: to measure again first, then what this reader may do with the lot."""
    lot = row.lot
    offers = [("undo", _("Measure it again"), reverse("inspections:results_enter", args=[lot.pk, row.characteristic_code]))]
    if "hold" in steps_now(actor, lot, holds_of(actor, lot)):
        offers.append(("hold", _("Hold the lot"), reverse("inspections:lot_decide", args=[lot.pk]) + "?do=hold"))
    asks = actor.hat is Hat.SUPPLIER and lot.state in ASKS_CONCESSION and bool(actor.roles.intersection(MAY_WRITE))
    if asks and concession_rule(actor, lot) is not None:
        offers.append(("hand", _("Ask for a concession"), reverse("inspections:concession_new", args=[lot.pk])))
    return [{"icon": icon, "label": label, "url": url} for icon, label, url in offers]


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: ActorRequest, result_id: UUID) -> HttpResponse:
    """The right readings in place of wrong ones. The first are shown beside, and stay."""
    actor = request.actor
    row = result_for(actor, result_id)
    actor.must_hold(*MAY_FILE)
    if request.method != "POST" and (row.org_id != actor.org_id or row.replaced_by is not None):
        return redirect("inspections:result", row.replaced_by or row.pk)
    if row.org_id != actor.org_id:
        raise NotYours
    page = entering(actor, row.lot, characteristic_for(row.characteristic_code), len(row.readings) // row.width)
    said = row.details or {}
    form = said_form(
        request, page, kind=CorrectionForm, edition=row.edition_code, instrument=row.instrument, sample=said.get("sample", ""), operator=said.get("operator", ""),
        laboratory=said.get("laboratory", ""), lab_status=said.get("lab_status", []), measured_at=timezone.localtime(row.measured_at).strftime("%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    errors: dict[int, str] = {}
    if request.method == "POST" and form.is_valid():
        now_said = {name: value for name, value in form.said().items() if name != "origin"}
        try:
            right = correct_result(
                actor=actor, result=row, said=SetSaid(row.characteristic_code, typed(page.asked, request.POST), **now_said),
                reason=form.cleaned_data["reason"], now=timezone.now(),
            )  # fmt: skip
        except ResultsToMend as broken:
            errors = words_of(broken)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        else:
            messages.success(request, _("Corrected. The first result stays to be read."))
            return redirect("inspections:result", right.pk)
    words = reading_words(values_of(row), row.qualifiers, page.row.kind, width=row.width)
    context = {
        **entry_context(page, request.POST if request.method == "POST" else before(page.asked, _texts(row, page.row.kind)), errors), "form": form, "wrong": row, "words": words, "may_more": False,
        "back": reverse("inspections:result", args=[row.pk]),
    }  # fmt: skip
    return render(request, "inspections/result_correct.html", context, status=422 if errors or form.errors else 200)


def _texts(row: CharacteristicResult, kind: str) -> list[str]:
    """The values of a row as a person would type them."""
    said = reading_words(values_of(row), row.qualifiers, "" if kind == "binary" else kind)
    return ["" if word == "—" else word.replace(MINUS, "-") for word in said]


@wearing(Hat.SUPPLIER)
@require_POST
def show(request: ActorRequest, link_id: UUID) -> HttpResponse:
    """Let a customer see the readings of its lots."""
    link = link_for(request.actor, link_id)
    shown = show_results(actor=request.actor, link=link, now=timezone.now())
    messages.success(request, ngettext("Shown: %(n)s result.", "Shown: %(n)s results.", shown) % {"n": shown})
    back = request.POST.get("lot", "")
    try:
        return redirect("inspections:lot", lot_for(request.actor, UUID(back)).pk)
    except ValueError:
        return redirect("inspections:results_new")
