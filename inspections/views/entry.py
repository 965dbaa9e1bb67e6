"""Readings are entered: a lot is chosen, then what was measured, then the numbers, each against the limits of the lot's day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agreements.forms import in_language
from agreements.models import Characteristic, Clause
from agreements.selectors.library import characteristic_for, characteristics
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from inspections.charts.limit_bar import Span, span_of
from inspections.entry import MORE, MOST_AT_ONCE, Asked, asked_of, grade_choices, slots_of, typed
from inspections.judging import Limits, clause_for, limits_of
from inspections.lot_filters import LotsWanted
from inspections.lot_words import LOT_CHIPS, amount
from inspections.models import Lot
from inspections.on_lot import OnLot
from inspections.result_forms import MOMENT, SaidForm
from inspections.result_words import PARTS, bound_words
from inspections.selectors.lots import lot_for, lots, recent_lots
from inspections.selectors.result_terms import what_of
from inspections.selectors.results import edition_used_last, editions_for, instrument_used_last, measured_on
from inspections.selectors.versions_of_day import on_lot
from inspections.services.results import ResultsToMend, file_results
from inspections.typed import SetSaid
from parties.roles import MAY_FILE
from records.services.evidence import PHOTOS, take_evidence
from suppliers.firm_words import instrument_name
from suppliers.selectors.firm_lists import calibration_of, instruments_of

SIDES = (Hat.OWNER, Hat.SUPPLIER)
RECENT = 12


@wearing(*SIDES)
@require_safe
def choose_lot(request: ActorRequest) -> HttpResponse:
    """The youngest lots first; `?q=` finds one by its number. A label's QR code leads to its lot without this page."""
    query = request.GET.get("q", "").strip()[:40]
    rows = lots(request.actor, LotsWanted(number=query), limit=RECENT)[:RECENT] if query else recent_lots(request.actor, limit=RECENT)
    context = {
        "lines": [(row, amount(row.quantity, row.unit)) for row in rows],
        "chips": LOT_CHIPS,
        "query": query,
        "may_file": may_file(request.actor),
    }
    return render(request, "inspections/results_lot.html", context)


@wearing(*SIDES)
@require_safe
def choose_characteristic(request: ActorRequest, lot_id: UUID) -> HttpResponse:
    """What the agreement of the lot's day asks comes first, with its limits; then the rest of the library."""
    lot = lot_for(request.actor, lot_id)
    on = on_lot(request.actor, lot)
    done = measured_on(request.actor, lot)
    first: list[dict[str, Any]] = []
    rest: list[dict[str, Any]] = []
    for row in characteristics():
        clause = next((each for each in on.clauses_of("characteristic_limit") if each.params.get("characteristic") == row.code), None)
        line = {
            "row": row,
            "name": in_language(row.name_zh, row.name_en),
            "done": done.get(row.code, 0),
            "limits": _limits_said(row, clause),
        }
        (first if clause else rest).append(line)
    order = {str(clause.params.get("characteristic")): clause.order for clause in on.clauses_of("characteristic_limit")}
    first.sort(key=lambda line: order[line["row"].code])
    context = {"lot": lot, "on": on, "first": first, "rest": rest, "may_file": may_file(request.actor)}
    return render(request, "inspections/results_characteristic.html", context)


def _limits_said(row: Characteristic, clause: Clause | None) -> str:
    if clause is None:
        return ""
    limits = limits_of(clause.params)
    return bound_words(limits.lower, limits.upper, row.kind, row.unit)


def may_file(actor: Actor) -> bool:
    """Whether the actor's role covers filing."""
    return bool(actor.roles.intersection(MAY_FILE))


@dataclass(frozen=True)
class Entering:
    """One characteristic of one lot before somebody enters it."""

    lot: Lot
    on: OnLot
    row: Characteristic
    clause: Clause | None
    limits: Limits
    asked: Asked
    span: Span | None
    edition: str


def entering(actor: Actor, lot: Lot, row: Characteristic, wanted: int) -> Entering:
    """What the page needs to know: the clause of the lot's day, the edition to measure by, how many readings."""
    on = on_lot(actor, lot)
    known = [each.pk for each in editions_for(row.code)]
    about = [each for each in on.clauses_of("characteristic_limit") if each.params.get("characteristic") == row.code]
    named = next((str(value) for each in about for name in ("edition", "method") if (value := each.params.get(name)) in known), "")
    edition = named or edition_used_last(actor, lot, row.code) or next(iter(known), "")
    clause, _why = clause_for(on.clauses, row.code, edition)
    limits = limits_of(clause.params) if clause else Limits()
    asked = asked_of(what_of(row), row.reading_schema, on.clauses, wanted)
    lower, upper = (None if each is None else float(each) for each in (limits.lower, limits.upper))
    span = span_of(lower, upper) if asked.look == "number" else None
    return Entering(lot, on, row, clause, limits, asked, span, edition)


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: ActorRequest, lot_id: UUID, characteristic: str) -> HttpResponse:
    """The readings of one characteristic. `more` asks for further fields and keeps what was typed."""
    actor = request.actor
    actor.must_hold(*MAY_FILE)
    lot, row = lot_for(actor, lot_id), characteristic_for(characteristic)
    page = entering(actor, lot, row, _wanted(request))
    form = said_form(request, page)
    if request.method != "POST" or "more" in request.POST:
        return _show(request, page, form if request.method != "POST" else said_form(request, page, bound=False), {})
    if not form.is_valid():
        return _show(request, page, form, {})
    try:
        said = SetSaid(row.code, typed(page.asked, request.POST), **form.said(), evidence_id=_photo(request, form))
        (kept,) = file_results(actor=actor, lot=lot, sets=[said], now=timezone.now(), entered_via="web")
    except ResultsToMend as broken:
        return _show(request, page, form, words_of(broken))
    except RuleBroken as broken:
        form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        return _show(request, page, form, {})
    messages.success(request, _("Saved on the server."))
    return redirect("inspections:result", kept.row.pk)


def _wanted(request: ActorRequest) -> int:
    sent = request.POST if request.method == "POST" else request.GET
    count = sent.get("n", "")
    wanted = int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 0
    return min(wanted + MORE, MOST_AT_ONCE) if "more" in request.POST else wanted


def said_form(request: ActorRequest, page: Entering, *, bound: bool = True, kind: type[SaidForm] = SaidForm, **initial: Any) -> Any:
    """The form with the firm's instruments; unbound it keeps what was typed before."""
    editions = [(each.pk, each.pk) for each in editions_for(page.row.code)]
    instruments = instruments_to_choose(request.actor)
    start = {
        "edition": page.edition, "instrument": instrument_used_last(request.actor, page.lot, page.row.code),
        "measured_at": timezone.localtime().strftime(MOMENT), **initial,
    }  # fmt: skip
    if request.method == "POST" and bound:
        return kind(editions, instruments, request.POST, request.FILES)
    if request.method == "POST":
        start |= {name: request.POST.get(name, "") for name in kind.base_fields if name in request.POST}
    return kind(editions, instruments, initial=start)


def instruments_to_choose(actor: Actor) -> list[tuple[str, str]]:
    """The firm's instruments, each with the state of its calibration."""
    today = timezone.localdate()
    named = []
    for each in instruments_of(actor):
        words = f"{each.serial} · {instrument_name(each.kind, each.model)}"
        overdue = calibration_of(each, on=today) == "overdue"
        named.append((each.serial, f"{words} · {_('calibration overdue')}" if overdue else words))
    return named


def _photo(request: ActorRequest, form: SaidForm) -> UUID | None:
    said = form.cleaned_data
    if not said["file"] and not said["evidence_id"]:
        return None
    evidence = take_evidence(
        actor=request.actor,
        now=timezone.now(),
        client_id=f"{said['client_id']}-photo",
        file=said["file"],
        evidence_id=said["evidence_id"],
        allowed=PHOTOS,
    )
    return UUID(str(evidence.pk))


def words_of(broken: ResultsToMend, number: int = 0) -> dict[int, str]:
    """Place of a reading -> what is wrong with it; what is wrong with the whole set stands at its first reading."""
    found: dict[int, str] = {}
    for fault in broken.faults:
        if fault.set == number:
            found.setdefault(fault.at or 0, RuleBroken(fault.code, **(fault.facts or {})).words())
    return found


def _show(request: ActorRequest, page: Entering, form: SaidForm, errors: Mapping[int, str]) -> HttpResponse:
    context = {**entry_context(page, request.POST, errors), "form": form, "back": reverse("inspections:results_of_lot", args=[page.lot.pk])}
    return render(request, "inspections/results_enter.html", context, status=422 if errors or form.errors else 200)


def entry_context(page: Entering, sent: Mapping[str, str], errors: Mapping[int, str]) -> dict[str, Any]:
    """What _readings.html shows."""
    slots = slots_of(page.asked, sent, errors, page.span)
    first = next((slot for slot in slots if slot.error), None)
    return {
        "lot": page.lot, "row": page.row, "name": in_language(page.row.name_zh, page.row.name_en), "clause": page.clause, "input_kind": page.asked.look,
        "limits": bound_words(page.limits.lower, page.limits.upper, page.row.kind, "" if page.asked.look == "colour" else page.row.unit),
        "groups": _groups(slots), "grades": grade_choices(), "signs": page.asked.signs, "span": page.span, "count": page.asked.count,
        "unit": "" if page.asked.look == "colour" else page.row.unit, "first_error": first, "amount": amount(page.lot.quantity, page.lot.unit),
        "may_more": page.asked.count < MOST_AT_ONCE,
    }  # fmt: skip


def _groups(slots: Sequence[Any]) -> list[dict[str, Any]]:
    """The fields of one reading together, with its number and the words of its parts."""
    groups: dict[int, dict[str, Any]] = {}
    for slot in slots:
        group = groups.setdefault(slot.number, {"number": slot.number, "slots": []})
        group["slots"].append({"slot": slot, "part": PARTS.get(slot.part, slot.part)})
    return list(groups.values())
