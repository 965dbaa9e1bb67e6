"""One characteristic lot by lot: its chart, its change points, and the same as files and on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agreements.documents import Table
from agreements.forms import in_language
from agreements.models import Characteristic
from agreements.paging import table_file
from agreements.selectors.library import characteristic_for
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from foundation.templatetags.qc import changed_query
from inspections.models import ChangePoint, WatchedSeries
from inspections.selectors.series import LIMIT, changes_of, key_of, known_series, open_signals, series_by_key, standard_of
from inspections.series import COLOUR, Series
from inspections.series_asked import PARTS, Choice, address_of, chosen, parts_of
from inspections.series_cards import Shown, bounds_words, shown
from inspections.series_forms import ChangeForm
from inspections.series_tables import hushed, list_table, lot_lines, lots_table, other_name
from inspections.series_words import CAUSES, ORIGINS
from inspections.services.changes import mark_change, undo_change
from inspections.signal_words import KINDS
from inspections.views.series_list import MOST_ROWS, PAGE, lines_of, list_heads
from jobs.papers import pdf_of

SIDES = (Hat.OWNER, Hat.SUPPLIER)


@wearing(*SIDES)
@require_safe
def characteristic(request: ActorRequest, characteristic: str) -> HttpResponse:
    """One series where the address leaves one, else those to choose from: what differs in method or tester is never drawn together."""
    what, choice = _asked(request, characteristic)
    if not choice.is_one:
        return _chooser(request, what, choice)
    return _page(request, what, choice)


def _asked(request: ActorRequest, code: str) -> tuple[Characteristic, Choice]:
    what = characteristic_for(code)
    return what, chosen(known_series(request.actor, characteristic=what.code), request.GET)


def _chooser(request: ActorRequest, what: Characteristic, choice: Choice, *, status: int = 200) -> HttpResponse:
    rows = choice.rows[:PAGE]
    context = {
        "what": what, "name": in_language(what.name_zh, what.name_en), "lines": lines_of(request, list(rows)), "mixed": choice.is_mixed,
        "asked": bool(choice.asked), "all": len(choice.rows), "left": max(len(choice.rows) - PAGE, 0), "now": timezone.now(),
        "heads": [{"label": label, "end": end} for label, end in list_heads()],
    }  # fmt: skip
    return render(request, "inspections/characteristic_choose.html", context, status=status)


def _series(request: ActorRequest, choice: Choice) -> tuple[Series, list[str]]:
    """The series that was asked for, and the colours there are: of a colour only one is shown."""
    key = key_of(choice.rows[0])
    series = series_by_key(request.actor, [key], limit=LIMIT)[key]
    if series.kind != COLOUR or not len(series):
        return series, []
    colours = list(dict.fromkeys(reversed(series.colours)))
    colour = request.GET.get("colour", "")
    series = series.of_colour(colour if colour in colours else colours[0])
    return series.against(standard_of(request.actor, key, series)), colours


def _shown(request: ActorRequest, what: Characteristic, series: Series) -> Shown:
    return shown(series, name=in_language(what.name_zh, what.name_en), hushed=hushed(request.actor, series, timezone.now()))


def _page(request: ActorRequest, what: Characteristic, choice: Choice, form: ChangeForm | None = None) -> HttpResponse:
    series, colours = _series(request, choice)
    told, row = _shown(request, what, series), choice.rows[0]
    context = {
        **_said(request, what, series, row), "told": told, "series": series, "lines": lot_lines(series, told),
        "wide": [figure for figure in told.figures if not figure.narrow], "beside": [figure for figure in told.figures if figure.narrow],
        "selects": _selects(request, what, choice), "changes": _changes(request, choice, series), "causes": CAUSES, "signals": [(one, KINDS[one.kind]) for one in open_signals(request.actor, choice.rows)],
        "form": form or ChangeForm(_lots_to_choose(series)), "query": address_of(row), "limit": LIMIT if len(series) >= LIMIT else 0,
        "colours": [{"label": each or _("no colour named"), "url": changed_query(request.GET, {"colour": each}), "current": each == series.colours[-1]} for each in colours],
        "now": timezone.now(),
    }  # fmt: skip
    return render(request, "inspections/characteristic.html", context, status=422 if form is not None and form.errors else 200)


def _said(request: ActorRequest, what: Characteristic, series: Series, row: WatchedSeries) -> dict[str, Any]:
    """The facts that name a series, on the page and on paper."""
    query = address_of(row) + (f"&colour={series.colours[-1]}" if series.kind == COLOUR and len(series) else "")
    code = what.code
    return {
        "what": what, "name": in_language(what.name_zh, what.name_en), "firm": other_name(request.actor, series), "row": row,
        "origin": ORIGINS[row.origin], "asked_words": bounds_words(series), "lots": len(series), "readings": series.n_readings,
        "csv_url": reverse("inspections:characteristic_csv", args=[code]) + query, "xlsx_url": reverse("inspections:characteristic_xlsx", args=[code]) + query,
        "pdf_url": reverse("inspections:characteristic_pdf", args=[code]) + query,
    }  # fmt: skip


def _lots_to_choose(series: Series) -> list[tuple[str, str]]:
    """Lots at which a change may be marked, newest first; before the first one there is nothing to change from."""
    lots = list(zip(series.lots, series.lot_nos, series.made_on, strict=True))[1:]
    return [(str(lot), f"{no} · {day.isoformat()}") for lot, no, day in reversed(lots)]


def _changes(request: ActorRequest, choice: Choice, series: Series) -> list[dict[str, Any]]:
    points: list[ChangePoint] = changes_of(request.actor, key_of(choice.rows[0]), series)
    numbers = dict(zip(series.lots, series.lot_nos, strict=True))
    return [
        {
            "point": point,
            "cause": CAUSES[point.cause],
            "lot_no": numbers.get(point.lot_id, ""),
            "mine": point.org_id == request.actor.org_id,
        }
        for point in points
    ]


def _selects(request: ActorRequest, what: Characteristic, choice: Choice) -> list[dict[str, Any]]:
    """The parts of the key in which the known series of this characteristic differ."""
    known = known_series(request.actor, characteristic=what.code) if len(choice.asked) else choice.rows
    labels = dict(zip(PARTS, (_("Supplier"), _("Customer"), _("Product"), _("Method edition"), _("Tested by")), strict=True))
    here = parts_of(choice.rows[0])
    found = []
    for name in ("product", "edition", "origin"):
        values = sorted({parts_of(row)[name] for row in known})
        if len(values) > 1:
            options = [{"value": value, "label": str(ORIGINS[value]) if name == "origin" else value} for value in values]
            found.append({"name": name, "label": labels[name], "options": options, "value": here[name]})
    return found


@wearing(*SIDES)
@require_safe
def characteristic_csv(request: ActorRequest, characteristic: str) -> HttpResponse:
    return table_file(characteristic, "csv", _table(request, characteristic))


@wearing(*SIDES)
@require_safe
def characteristic_xlsx(request: ActorRequest, characteristic: str) -> HttpResponse:
    return table_file(characteristic, "xlsx", _table(request, characteristic))


def _table(request: ActorRequest, code: str) -> Table:
    """The lots of one series; where several fit, the list of them."""
    what, choice = _asked(request, code)
    if not choice.is_one:
        return list_table(lines_of(request, list(choice.rows)[:MOST_ROWS]))
    series, _colours = _series(request, choice)
    name = in_language(what.name_zh, what.name_en)
    return lots_table(series, _shown(request, what, series), name=name, edition=choice.rows[0].edition_code)


@wearing(*SIDES)
@require_safe
def characteristic_pdf(request: ActorRequest, characteristic: str) -> HttpResponse:
    """The same charts and their lots on paper."""
    what, choice = _asked(request, characteristic)
    if not choice.is_one:
        return redirect("inspections:characteristic", what.code)
    series, _colours = _series(request, choice)
    told = _shown(request, what, series)
    context = {
        **_said(request, what, series, choice.rows[0]),
        "told": told,
        "series": series,
        "lines": lot_lines(series, told),
        "printed_on": timezone.localdate(),
    }
    response = HttpResponse(pdf_of("inspections/series_paper.html", context), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{what.code}.pdf"'
    return response


@wearing(*SIDES)
@require_POST
def change_mark(request: ActorRequest, characteristic: str) -> HttpResponse:
    """Mark a change at a lot of the series that the address names."""
    what, choice = _asked(request, characteristic)
    if not choice.is_one:
        return _chooser(request, what, choice, status=422)
    series, _colours = _series(request, choice)
    form = ChangeForm(_lots_to_choose(series), request.POST)
    if form.is_valid():
        try:
            mark_change(
                actor=request.actor, lot_id=UUID(form.cleaned_data["lot"]), characteristic=what.code, cause=form.cleaned_data["cause"],
                note=form.cleaned_data["note"], now=timezone.now(),
            )  # fmt: skip
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        else:
            messages.success(request, _("Marked. Limits are made anew from this lot on."))
            return redirect(reverse("inspections:characteristic", args=[what.code]) + address_of(choice.rows[0]))
    return _page(request, what, choice, form)


@wearing(*SIDES)
@require_POST
def change_undo(request: ActorRequest, characteristic: str, point_id: UUID) -> HttpResponse:
    what = characteristic_for(characteristic)
    point = undo_change(actor=request.actor, point_id=point_id, now=timezone.now())
    messages.success(request, _("Taken back. The limits are again those from before."))
    found = known_series(
        request.actor, characteristic=what.code, product_code=point.product_code, supplier_org_id=point.supplier_org_id,
        owner_org_id=point.owner_org_id,
    )  # fmt: skip
    choice = chosen(found, request.GET)
    return redirect(reverse("inspections:characteristic", args=[what.code]) + (address_of(choice.rows[0]) if choice.rows else ""))
