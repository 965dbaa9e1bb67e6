"""The laboratory's pages of a round: the sample comes, results are entered by form or file, a second person releases them."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agreements.forms import refuse
from agreements.selectors.library import editions
from foundation.actor import ActorRequest, Hat, wearing
from foundation.asked import typed
from foundation.errors import FieldsToMend, RuleBroken
from jobs.exports import csv_bytes
from oversight import documents, round_cards
from oversight.comparison import raters_apart
from oversight.forms_comparison import ReceiveForm, SheetFileForm
from oversight.models import RoundMeasure, RoundReading, RoundSheet
from oversight.round_lines import blank_rows, heads, read_sheet, split_values
from oversight.selectors.comparison import characteristics_of, measures_of, readings_of, round_for, sheet_for, sheets_to_fill
from oversight.services import comparison_results as services
from oversight.services.comparison_analysis import readings
from oversight.services.comparison_results import LineSaid
from oversight.views.comparison import crumbs_of
from oversight.words_comparison import CONDITIONS, SHEET_CHIPS

LINES, LINES_OF_GRADES = 1, 3
FIELDS = ("values", "rater", "edition", "expanded", "k")


@wearing(Hat.LAB)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: ActorRequest, participant_id: UUID) -> HttpResponse:
    """The sheet of one sample."""
    found = sheet_for(request.actor, participant_id)
    measures = measures_of(request.actor, found.round)
    if request.method != "POST":
        return _page(request, found, measures, _kept(readings_of(request.actor, [found])), {})
    told = _typed(request, measures)
    try:
        lines = [_line(measure, each) for measure, _number, each in told]
        services.file_sheet(
            actor=request.actor,
            participant_id=found.pk,
            lines=lines,
            via="web",
            conditioning=typed(request, "conditioning"),
            now=timezone.now(),
        )
    except FieldsToMend as broken:
        return _page(request, found, measures, _as_typed(told), _by_line(broken, told), status=422)
    except RuleBroken as broken:
        return _page(request, found, measures, _as_typed(told), {(None, 0): broken.words()}, status=422)
    messages.success(request, _("Kept. A second person releases it."))
    asked = {measure.pk: measure.edition_code for measure in measures}
    rows = readings_of(request.actor, [found])
    if any(row.edition_code != asked[row.measure_id] for row in rows):
        messages.warning(
            request, _("You used another edition than the round asks for. It is kept, but not counted: editions are never mixed.")
        )
    if any(row.is_old_edition for row in rows):
        messages.warning(request, _("An edition you used has been superseded. It is kept as you said it, and the report says so."))
    return redirect("oversight:round_sheet", found.pk)


def _typed(request: ActorRequest, measures: list[RoundMeasure]) -> list[tuple[RoundMeasure, int, dict[str, str]]]:
    told = []
    for measure in measures:
        for number in range(services.MOST_LINES):
            prefix = f"m{measure.order}-{number}-"
            if f"{prefix}values" not in request.POST:
                break
            told.append((measure, number, {name: typed(request, f"{prefix}{name}").strip()[:200] for name in FIELDS}))
    return told


def _line(measure: RoundMeasure, said: dict[str, str]) -> LineSaid:
    return LineSaid(measure.pk, split_values(said["values"]), said["rater"], said["edition"], _number(said["expanded"]), _number(said["k"]))


def _number(text: str) -> Decimal | None:
    """A number as typed; what is none is 0, which the verb refuses at its place."""
    if not text:
        return None
    try:
        value = Decimal(text)
    except ArithmeticError:
        return Decimal(0)
    return round(value, 6) if value.is_finite() and abs(value) < 10**9 else Decimal(0)


def _by_line(broken: FieldsToMend, told: list[Any]) -> dict[tuple[Any, int], str]:
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    found: dict[tuple[Any, int], str] = {}
    for error in broken.errors or []:
        measure, number, _said = told[int(error["pointer"].split("/")[2])]
        found.setdefault((measure.pk, number), error["message"][language])
    return found


def _as_typed(told: list[tuple[RoundMeasure, int, dict[str, str]]]) -> dict[UUID, list[dict[str, str]]]:
    found: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for measure, _number, said in told:
        found[measure.pk].append(said)
    return found


def _kept(rows: list[RoundReading]) -> dict[UUID, list[dict[str, str]]]:
    found: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        numbers = {name: "" if getattr(row, name) is None else f"{getattr(row, name).normalize():f}" for name in ("expanded", "k")}
        found[row.measure_id].append({"values": round_cards.readings_said(row), "rater": row.rater, "edition": row.edition_code, **numbers})
    return found


def _page(
    request: ActorRequest, found: RoundSheet, measures: list[RoundMeasure], said: dict[UUID, list[dict[str, str]]],
    errors: dict[tuple[Any, int], str], *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    whats, open_now = characteristics_of(measures), found.round.state == "collecting"
    named = {line["measure"].pk: line["name"] for line in round_cards.indicator_lines(measures, whats)}
    known, rows, groups = editions(), readings_of(request.actor, [found]), []
    for measure in measures:
        kept = said.get(measure.pk, [])
        least = LINES_OF_GRADES if measure.kind == "ordinal" else LINES
        blank = {**dict.fromkeys(FIELDS, ""), "edition": measure.edition_code}
        lines = [*kept, *([blank] * max(least - len(kept), 1 if kept and open_now and not errors else 0))]
        groups.append(
            {
                "measure": measure, "name": named[measure.pk], "editions": [each.code for each in known if measure.characteristic_code in each.method.characteristic_codes],
                "lines": [{"prefix": f"m{measure.order}-{number}-", **each, "error": errors.get((measure.pk, number), "")} for number, each in enumerate(lines)],
                "raters": _raters(found, measure, rows),
            }
        )  # fmt: skip
    context = {
        "sheet": found, "round": found.round, "name": round_cards.name_of_round(found.round), "groups": groups, "chips": SHEET_CHIPS, "open": open_now,
        "errors": list(errors.values()), "form": ReceiveForm(), "conditions": CONDITIONS, "now": timezone.now(),
        "condition": CONDITIONS.get(found.condition, ""), "may_release": open_now and found.state == RoundSheet.State.ENTERED,
        "by_me": found.entered_by_id == request.actor.person_id, "conditioning": typed(request, "conditioning") or found.conditioning,
        "crumbs": crumbs_of((reverse("oversight:round", args=[found.round_id]), found.round.number), ("", found.blind_code)),
    }  # fmt: skip
    return render(request, "oversight/round_sheet.html", context, status=status)


def _raters(found: RoundSheet, measure: RoundMeasure, kept: list[RoundReading]) -> list[dict[str, Any]]:
    """Which person reads apart from the others of the laboratory; nobody else is shown it."""
    rows = [row for row in kept if row.measure_id == measure.pk]
    gathered = readings(rows, {found.pk: found.blind_code})
    if not gathered:
        return []
    told = raters_apart(gathered[0], measure.kind, spread=float(measure.sigma_pt or 0))
    return [
        {"line": line, "value": round_cards.said(line.value, measure, more=1), "apart": f"{line.apart:+.2f}".replace("-", "\u2212")}
        for line in told
    ]


@wearing(Hat.LAB)
@require_POST
def received(request: ActorRequest, participant_id: UUID) -> HttpResponse:
    """The sample is there."""
    found, form = sheet_for(request.actor, participant_id), ReceiveForm(request.POST)
    if form.is_valid():
        try:
            services.receive_sample(actor=request.actor, participant_id=found.pk, **form.cleaned_data, now=timezone.now())
            return redirect("oversight:round_sheet", found.pk)
        except RuleBroken as broken:
            refuse(form, broken)
    measures = measures_of(request.actor, found.round)
    said = [str(words) for each in form.errors.values() for words in each]
    return _page(request, found, measures, _kept(readings_of(request.actor, [found])), dict.fromkeys([(None, 0)], said[0]), status=422)


@wearing(Hat.LAB)
@require_POST
def release(request: ActorRequest, participant_id: UUID) -> HttpResponse:
    """A second person stands for the results."""
    found = services.release_sheet(actor=request.actor, participant_id=participant_id, now=timezone.now())
    messages.success(request, _("Released. Results are shown once the round is published."))
    return redirect("oversight:round", found.round_id)


@wearing(Hat.LAB)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_file(request: ActorRequest, round_id: UUID) -> HttpResponse:
    """All sheets of a round as one CSV: take it, fill it in, send it back. `?blank=1` gives the file."""
    found = round_for(request.actor, round_id)
    measures, sheets = measures_of(request.actor, found), sheets_to_fill(request.actor, found)
    if request.GET.get("blank"):
        rows = blank_rows([each.blind_code for each in sheets], [(row.word, row.edition_code) for row in measures])
        response = HttpResponse(csv_bytes(heads(), rows), content_type=documents.TYPES["csv"])
        response["Content-Disposition"] = f'attachment; filename="sheet-{found.number}.csv"'
        return response
    form = SheetFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            many = services.file_lines(
                actor=request.actor,
                sheets=sheets,
                measures=measures,
                lines=read_sheet(form.cleaned_data["file"].read()),
                now=timezone.now(),
            )
            messages.success(
                request,
                ngettext("%(n)s sheet is kept. A second person releases it.", "%(n)s sheets are kept. A second person releases them.", many)
                % {"n": many},
            )
            return redirect("oversight:round", found.pk)
        except RuleBroken as broken:
            refuse(form, broken)
    context = {
        "form": form,
        "round": found,
        "sheets": sheets,
        "name": round_cards.name_of_round(found),
        "crumbs": crumbs_of((reverse("oversight:round", args=[found.pk]), found.number), ("", _("Results as a file"))),
    }
    return render(request, "oversight/round_file.html", context, status=422 if form.errors else 200)
